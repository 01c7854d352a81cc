package dev.sovereign.core.analyze;

/// The functors that evaluation carries out; what a call's operands are stands beside it in
/// [Term.Call].
public enum Functor {
    /// One argument.
    NEGATE("-"),
    /// On symbols: concatenation.
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    MODULO("%"),
    POWER("^"),
    BIT_AND("band"),
    BIT_OR("bor"),
    BIT_XOR("bxor"),
    BIT_NOT("bnot"),
    SHIFT_LEFT("bshl"),
    SHIFT_RIGHT("bshr"),
    SHIFT_RIGHT_UNSIGNED("bshru"),
    /// Not zero is true; the result is 0 or 1. So the other logical ones.
    LOGICAL_AND("land"),
    LOGICAL_OR("lor"),
    LOGICAL_XOR("lxor"),
    LOGICAL_NOT("lnot"),
    /// Any number of arguments, at least one; numbers by value, symbols by code point.
    MIN("min"),
    MAX("max"),
    /// Any number of symbols.
    CAT("cat"),
    STRLEN("strlen"),
    /// Text, first index from 0, length.
    SUBSTR("substr"),
    /// The bits of any value as a number.
    ORD("ord"),
    TO_NUMBER("to_number"),
    TO_UNSIGNED("to_unsigned"),
    TO_FLOAT("to_float"),
    TO_STRING("to_string"),
    /// `autoinc()`: another number for each row, from 0.
    COUNTER("autoinc"),
    /// `recursive_iteration_cnt()`: rounds of the fixpoint so far.
    ITERATION("recursive_iteration_cnt"),
    /// Declared with `.functor` and computed by somebody else: the first argument is its name, a
    /// symbol, the others are its own.
    OUTER("@"),
    /// `as(x, type)` where the kinds differ: the same bits.
    REINTERPRET("as");

    private final String word;

    Functor(String word) {
        this.word = word;
    }

    /// As written in a program.
    public String word() {
        return word;
    }
}
