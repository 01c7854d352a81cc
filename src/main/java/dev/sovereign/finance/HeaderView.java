package dev.sovereign.finance;

/// The headers that a check may look back on.
interface HeaderView {
    /// Bits of the header at `height`.
    int bits(int height);

    /// Time of the header at `height`, in seconds, unsigned in 32 bits.
    long time(int height);

    /// The lowest height that can be asked for.
    int base();
}
