package dev.sovereign.runtime;

import dev.sovereign.runtime.pack.Capability;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// What the node knows, as skills reach it; `node` hands it over. Any thread.
///
/// A relation that is not among those granted is one that does not exist: no method looks at the
/// knowledge base before it has compared names with the grant.
public interface Knowledge {

    /// What a skill is told. No stack trace: it is an answer.
    final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        /// The number that the skill sees.
        public enum Why {
            /// No such relation, or none that it may know of.
            NO_RELATION(1),
            /// The text is no query, or no facts.
            TEXT(2),
            /// Too large, too slow, too many.
            LIMIT(3);

            private final int code;

            Why(int code) {
                this.code = code;
            }

            public int code() {
                return code;
            }
        }

        private final Why why;

        public Refused(Why why, String message) {
            super(message, null, false, false);
            this.why = why;
        }

        public Why why() {
            return why;
        }
    }

    /// @param tx 0 when nothing changed
    record Written(long tx, long asserted, long retracted) {}

    /// Answers one query.
    ///
    /// @param granted relations that it may name
    /// @param maxBytes of the answer
    /// @param deadlineNanos as `System.nanoTime`
    /// @return rows as JSON objects, one a line
    /// @throws InterruptedException when the run was cancelled
    byte[] query(String text, Collection<Capability.Read> granted, int maxBytes, long deadlineNanos)
            throws Refused, IOException, InterruptedException;

    /// Checks a text of facts as far as that can be done without looking at what is known.
    ///
    /// @param granted relations that it may name
    /// @return how many facts it holds
    int check(String facts, Set<String> granted) throws Refused;

    /// Writes everything in one transaction, or nothing.
    ///
    /// @param retracts facts of which only those go that `author` asserted
    /// @param granted as it is now: it may be less than it was when the texts were checked
    /// @param author as in `skill disk-watch 1.2.0`
    Written commit(
            List<String> asserts,
            List<String> retracts,
            Set<String> granted,
            String author,
            String reason)
            throws Refused, IOException, InterruptedException;
}
