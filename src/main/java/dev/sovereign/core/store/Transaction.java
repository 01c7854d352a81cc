package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

/// What the log says about one transaction, without its changes.
///
/// @param id local number: 1, 2, 3 … without gaps
/// @param timeMillis since the epoch, UTC
/// @param authorSequence 1, 2, 3 … of this author
/// @param what such as `assert`
/// @param reason null when none was given, or forgotten
/// @param asserted tuples in its asserts
/// @param retracted tuples in its retracts
/// @param previousHash SHA-256, hex, of the same author's transaction before; for the first of
///   store id and author
/// @param payloadHash SHA-256, hex
/// @param hash SHA-256, hex, of the header, which includes both hashes above
/// @param forgotten its payload has been erased
public record Transaction(
        long id,
        long timeMillis,
        String author,
        long authorSequence,
        String what,
        @Nullable String reason,
        long asserted,
        long retracted,
        String previousHash,
        String payloadHash,
        String hash,
        boolean forgotten) {}
