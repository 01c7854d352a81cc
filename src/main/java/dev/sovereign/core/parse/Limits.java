package dev.sovereign.core.parse;

/// The bounds of one parse. All are guesses far above what people write.
public final class Limits {

    /// Longest text, in chars: 256 Mi, about 15 million short facts.
    public static final int TEXT_CHARS = 256 << 20;

    /// Deepest nesting of terms, bodies, components and includes; every level costs a few stack
    /// frames.
    public static final int NESTING = 200;

    /// Errors and warnings of one text that are reported; the rest is counted out
    /// (specs/datalog.md).
    public static final int DIAGNOSTICS = 50;

    /// Longest symbol or identifier, in chars.
    public static final int TOKEN_CHARS = 1 << 20;

    /// Most arguments of one atom, functor or record.
    public static final int ARGUMENTS = 1_024;

    /// Most conjuncts of one body: what binds what is found in turns over all of them.
    public static final int CONJUNCTS = 10_000;

    /// Most files one program may include, counted with repetition.
    public static final int INCLUDES = 1_000;

    /// Most tokens that macros of one text may expand to.
    public static final int MACRO_TOKENS = 1_000_000;

    private Limits() {}
}
