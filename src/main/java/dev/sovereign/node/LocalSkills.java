package dev.sovereign.node;

import dev.sovereign.protocol.Home;
import dev.sovereign.runtime.Knowledge;
import dev.sovereign.runtime.Maximum;
import dev.sovereign.runtime.Skills;
import dev.sovereign.runtime.pack.Capability;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The installed skills of a home for a command that needs no daemon, read when they are first
/// asked for; what can be made of their code meanwhile is kept for others. For one thread.
final class LocalSkills implements AutoCloseable {

    private final Home home;
    private @Nullable Skills opened;

    LocalSkills(Home home) {
        this.home = home;
    }

    Skills open() {
        Skills present = opened;
        if (present == null) {
            present =
                    new Skills(
                            home.data().resolve("skills"),
                            home.data().resolve("skill-code"),
                            new Skills.Surroundings(
                                    new Nothing(),
                                    _ ->
                                            "it asks for a license, and only the daemon looks at"
                                                    + " those",
                                    Map.of(),
                                    Maximum.STANDARD,
                                    1,
                                    InstantSource.system(),
                                    _ -> {})); // code that cannot be kept is made again
            opened = present;
        }
        return present;
    }

    @Override
    public void close() {
        Skills present = opened;
        if (present != null) {
            present.close();
        }
    }

    /// No knowledge base, so no relation exists.
    private record Nothing() implements Knowledge {
        @Override
        public byte[] query(
                String text, Collection<Capability.Read> granted, int maxBytes, long deadlineNanos)
                throws Refused {
            throw none();
        }

        @Override
        public int check(String facts, Set<String> granted) throws Refused {
            throw none();
        }

        @Override
        public Written commit(
                List<String> asserts,
                List<String> retracts,
                Set<String> granted,
                String author,
                String reason)
                throws Refused {
            throw none();
        }

        private static Refused none() {
            return new Refused(Refused.Why.NO_RELATION, "there is no knowledge base");
        }
    }
}
