package dev.sovereign.finance;

import java.math.BigInteger;

/// A block that this program was shipped with as part of the best chain.
///
/// @param hash of `header`
/// @param work of the chain up to and with it
public record Checkpoint(int height, Header header, Hash hash, BigInteger work) {

    public Checkpoint(int height, Header header, BigInteger work) {
        this(height, header, header.hash(), work);
    }
}
