package dev.sovereign.finance;

import org.jspecify.annotations.Nullable;

/// A license without a network: everything that shows that a transaction is in the chain
/// (license.md, section 10). Nothing of it is secret, nothing signed; it proves itself. Read and
/// written by [ProofJson].
///
/// @param raw the transaction, with its witness
/// @param proof that it is in its block
/// @param coinbase that block's first transaction, whose branch has the same length; null when the
///   source had none
/// @param start height of the first of `headers`
/// @param headers 80 bytes each; they include the block's
/// @param anchor the header that the reader has to know: the first of `headers`, or the one after
///   the last
@SuppressWarnings("ArrayRecordComponent") // never compared; handed over, not shared
public record ProofFile(
        Network network,
        byte[] raw,
        MerkleProof proof,
        @Nullable Coinbase coinbase,
        int start,
        byte[] headers,
        Anchor anchor) {

    /// The first transaction of a block, to tell how deep the tree is.
    ///
    /// @param proof its position is 0, its height the block's
    @SuppressWarnings("ArrayRecordComponent") // never compared; handed over, not shared
    public record Coinbase(byte[] raw, MerkleProof proof) {}

    /// A block by height and hash.
    public record Anchor(int height, Hash hash) {}

    public ProofFile {
        int count = headers.length / Header.BYTES;
        if (start < 0 || count == 0 || headers.length % Header.BYTES != 0) {
            throw new IllegalArgumentException("no headers");
        }
        if (proof.height() < start || proof.height() >= start + count) {
            throw new IllegalArgumentException("the block's header is not among the headers");
        }
        if (anchor.height() != start && anchor.height() != start + count) {
            throw new IllegalArgumentException("the anchor is at neither end of the headers");
        }
    }

    /// How many headers there are.
    public int count() {
        return headers.length / Header.BYTES;
    }

    /// Height of the last of `headers`.
    public int end() {
        return start + count() - 1;
    }

    /// The block's header.
    public Header block() {
        return Header.at(headers, (proof.height() - start) * Header.BYTES);
    }
}
