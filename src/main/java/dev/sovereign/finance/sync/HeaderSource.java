package dev.sovereign.finance.sync;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.net.ServerException;

import org.jspecify.annotations.Nullable;

/// Somebody who shows headers. One thread at a time.
public interface HeaderSource {

    /// The hash of what it says is its last block; null when it does not say.
    @Nullable Hash tipHash();

    /// The height of what it says is its last block; [Integer#MAX_VALUE] when it does not say.
    int tipHeight();

    /// Headers from `height` on, or from wherever else its chain continues `parent`; none when it
    /// has none there.
    ///
    /// @return a multiple of 80 bytes; whether they are right is not known
    byte[] headers(int height, Hash parent) throws ServerException, InterruptedException;
}
