package dev.sovereign.finance;

/// What is wrong with a header, in the order in which it is checked.
public enum HeaderFault {
    /// Not a whole number of headers, none, or more than [FinanceLimits#MAX_RUN_HEADERS].
    LENGTH,
    /// The chain begins or passes elsewhere than where a checkpoint is.
    CHECKPOINT,
    /// It does not name its parent.
    LINK,
    /// Its target is not the one that the difficulty rule gives.
    BITS,
    /// Its hash is above its target: nobody worked for it.
    POW,
    /// Its time is not after the median of the 11 before, or more than two hours ahead of our
    /// clock. The latter may pass.
    TIME
}
