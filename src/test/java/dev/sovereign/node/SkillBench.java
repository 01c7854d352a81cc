package dev.sovereign.node;

import dev.sovereign.runtime.Knowledge;
import dev.sovereign.runtime.Maximum;
import dev.sovereign.runtime.Order;
import dev.sovereign.runtime.Skills;
import dev.sovereign.runtime.Verdict;
import dev.sovereign.runtime.pack.Capability;
import dev.sovereign.runtime.pack.PackageReader;
import dev.sovereign.runtime.pack.SkillPackage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Runs a small skill again and again in this process: `SkillBench RUNS`. Prints runs a second and
/// the heap after each tenth of them.
final class SkillBench {
    private SkillBench() {}

    public static void main(String[] args) throws Exception {
        int runs = Integer.parseInt(args[0]);
        Path folder = Files.createTempDirectory("skill-bench-");
        Skills skills =
                new Skills(
                        folder.resolve("skills"),
                        folder.resolve("code"),
                        new Skills.Surroundings(
                                new Nothing(),
                                _ -> "none",
                                Map.of(),
                                Maximum.STANDARD,
                                2,
                                InstantSource.system(),
                                Throwable::printStackTrace));
        SkillPackage added =
                PackageReader.folder(
                        name -> Files.newInputStream(Path.of("examples/skills/summary", name)));
        skills.install(added, false, added.manifestSha256(), List.of());
        byte[] input = "[1,2,3]".getBytes(StandardCharsets.UTF_8);
        Order order = new Order("summary", "summary", List.of(), input, null, null);
        for (int part = 0; part < 10; part++) {
            long start = System.nanoTime();
            for (int i = 0; i < runs / 10; i++) {
                if (skills.run(order, _ -> {}).verdict() != Verdict.OK) {
                    throw new IllegalStateException("a run failed");
                }
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            System.err.printf(
                    "%6.0f runs/s, heap %.1f MiB%n",
                    runs / 10.0 / seconds,
                    (runtime.totalMemory() - runtime.freeMemory()) / 1048576.0);
        }
    }

    private record Nothing() implements Knowledge {
        @Override
        public byte[] query(
                String text, Collection<Capability.Read> granted, int maxBytes, long deadlineNanos)
                throws Refused {
            throw new Refused(Refused.Why.NO_RELATION, text);
        }

        @Override
        public int check(String facts, Set<String> granted) throws Refused {
            throw new Refused(Refused.Why.NO_RELATION, facts);
        }

        @Override
        public Written commit(
                List<String> asserts,
                List<String> retracts,
                Set<String> granted,
                String author,
                String reason) {
            return new Written(0, 0, 0);
        }
    }
}
