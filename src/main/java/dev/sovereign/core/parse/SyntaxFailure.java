package dev.sovereign.core.parse;

/// Leaves the item that cannot be read; what is wrong with it was reported. Never leaves the
/// package.
final class SyntaxFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("StaticAssignmentOfThrowable") // without a stack trace, and a signal only
    static final SyntaxFailure INSTANCE = new SyntaxFailure();

    private SyntaxFailure() {
        super("reported", null, false, false);
    }
}
