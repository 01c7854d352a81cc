package dev.sovereign.finance.electrum;

import dev.sovereign.finance.Header;

/// What a server says is the last block; checked by nobody yet.
///
/// @param height 0 or more
public record ServerTip(int height, Header header) {
    public ServerTip {
        if (height < 0) {
            throw new IllegalArgumentException("no height: " + height);
        }
    }
}
