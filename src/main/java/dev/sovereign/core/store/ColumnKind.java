package dev.sovereign.core.store;

/// How the 64 bits of a column are read.
public enum ColumnKind {
    // The ordinal is the byte on disk. Do not sort.
    /// Two's complement.
    NUMBER,
    /// As unsigned.
    UNSIGNED,
    /// The bits of a `double`.
    FLOAT,
    /// An id of the caller's [Symbols]; a string on disk.
    SYMBOL;

    /// The byte on disk.
    @SuppressWarnings("EnumOrdinal") // the order is fixed, see above
    int code() {
        return ordinal();
    }
}
