package dev.sovereign.core.eval;

/// A value that cannot be computed, on its way to where the rule and the row are known.
final class Uncomputable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String what;

    /// Whether the values it happened on are said.
    private final boolean detailed;

    Uncomputable(String what) {
        this(what, false);
    }

    private Uncomputable(String what, boolean detailed) {
        super(what, null, false, false);
        this.what = what;
        this.detailed = detailed;
    }

    String what() {
        return what;
    }

    /// The same with the values it happened on, unless they are said already or there are none.
    Uncomputable on(String values) {
        return detailed || values.isEmpty()
                ? this
                : new Uncomputable(what + " where " + values, true);
    }
}
