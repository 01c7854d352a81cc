package dev.sovereign.core.eval;

import dev.sovereign.core.analyze.Kind;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Functors that a program declares with `.functor` and that somebody else computes; the node's are
/// tools of skills. Pure: the same arguments always give the same value. Any thread.
public interface OuterFunctors {

    /// Characters of a text in a message.
    int SHOWN_CHARS = 60;

    /// Where there are none.
    OuterFunctors NONE =
            name -> {
                throw new Refused(
                        Refused.Why.MISSING,
                        "nobody here computes the functor @" + name,
                        "install a skill that asks for nothing and has a tool of that name");
            };

    /// Looks for a functor before anything is computed.
    Outer find(String name) throws Refused;

    /// One functor.
    interface Outer {

        /// @param arguments each a [Long], a [java.math.BigInteger] for a larger unsigned, a
        ///   [Double] or a [String]
        /// @param result the kind that the program declares
        /// @param control of the evaluation: is charged for the work, and says when to end it
        /// @return a value of the same classes
        Object call(List<Object> arguments, Kind result, Control control) throws Refused;
    }

    /// A call as one would write it, long texts cut.
    static String shown(String name, List<Object> arguments) {
        return "@"
                + name
                + "("
                + String.join(", ", arguments.stream().map(OuterFunctors::shown).toList())
                + ")";
    }

    /// A value as one would write it, long texts cut.
    static String shown(Object value) {
        if (!(value instanceof String text)) {
            return value.toString();
        }
        return '"'
                + (text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS - 1) + "…")
                + '"';
    }

    /// Why there is no value. No stack trace: it is an answer.
    final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        /// What kind of refusal it is.
        public enum Why {
            /// There is no such functor.
            MISSING,
            /// It has no value for these arguments.
            FAILED,
            /// It takes more than it may.
            LIMIT
        }

        private final Why why;
        private final @Nullable String hint;

        public Refused(Why why, String message, @Nullable String hint) {
            super(message, null, false, false);
            this.why = why;
            this.hint = hint;
        }

        public Why why() {
            return why;
        }

        public @Nullable String hint() {
            return hint;
        }
    }
}
