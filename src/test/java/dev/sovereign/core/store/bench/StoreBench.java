package dev.sovereign.core.store.bench;

import dev.sovereign.core.store.Change;
import dev.sovereign.core.store.Column;
import dev.sovereign.core.store.ColumnKind;
import dev.sovereign.core.store.Draft;
import dev.sovereign.core.store.FactStore;
import dev.sovereign.core.store.Progress;
import dev.sovereign.core.store.Replay;
import dev.sovereign.core.store.StoreInfo;
import dev.sovereign.core.store.StoreOptions;
import dev.sovereign.core.store.Symbols;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/// `java dev.sovereign.core.store.bench.StoreBench [folder]`: prints one line a figure, plain and
/// encrypted.
public final class StoreBench {

    private static final int FACTS = 1_000_000;
    private static final List<Column> EDGE =
            List.of(
                    new Column("from", "number", ColumnKind.NUMBER),
                    new Column("to", "number", ColumnKind.NUMBER));

    private final Path directory;
    private final boolean encrypted;

    private StoreBench(Path directory, boolean encrypted) {
        this.directory = directory;
        this.encrypted = encrypted;
    }

    public static void main(String[] args) throws Exception {
        Path base =
                args.length > 0
                        ? Files.createDirectories(Path.of(args[0]))
                        : Files.createTempDirectory("storebench");
        for (int round = 0; round < Integer.getInteger("rounds", 3); round++) {
            for (boolean encrypted : new boolean[] {false, true}) {
                Path directory = base.resolve("r" + round + encrypted);
                new StoreBench(directory, encrypted).run(round);
                delete(directory);
            }
        }
    }

    private void say(int round, String what, double value, String unit) {
        System.out.printf(
                Locale.ROOT,
                "%d %-9s %-34s %,12.1f %s%n",
                round,
                encrypted ? "encrypted" : "plain",
                what,
                value,
                unit);
    }

    private void run(int round) throws Exception {
        long[][] columns = new long[2][FACTS];
        Random random = new Random(42);
        for (int i = 0; i < FACTS; i++) {
            columns[0][i] = random.nextInt(FACTS);
            columns[1][i] = random.nextInt(FACTS);
        }
        try (FactStore store = open(new Counting())) {
            if (encrypted) {
                store.encrypt(Progress.NONE);
            }
            long start = System.nanoTime();
            store.append(
                    draft(
                            new Change.Declare("edge", EDGE),
                            new Change.Assert("edge", columns, FACTS)));
            store.force();
            say(round, "bulk", FACTS / seconds(start) / 1e6, "M facts/s");
            say(round, "log", store.info().logBytes() / (double) FACTS, "bytes/fact");
        }
        for (int i = 0; i < 2; i++) {
            long start = System.nanoTime();
            Counting sink = new Counting();
            FactStore store = open(sink);
            say(round, "open from the log", seconds(start) * 1e3, "ms");
            check(sink.rows == FACTS);
            store.close();
        }
        try (FactStore store = open(new Counting())) {
            long start = System.nanoTime();
            store.compact(Progress.NONE);
            say(round, "compact", seconds(start) * 1e3, "ms");
            StoreInfo info = store.info();
            say(round, "compacted log", info.logBytes() / (double) FACTS, "bytes/fact");
            say(round, "compacted H2", info.stateBytes() / (double) FACTS, "bytes/fact");
        }
        for (int i = 0; i < 2; i++) {
            long start = System.nanoTime();
            Counting sink = new Counting();
            FactStore store = open(sink, 0);
            say(round, "open from H2", seconds(start) * 1e3, "ms");
            check(sink.rows == FACTS && store.recovery().fromState());
            store.close();
        }
        one(round);
        group(round);
    }

    private void one(int round) {
        try (FactStore store = open(new Counting())) {
            long[] nanos = new long[1000];
            for (int i = 0; i < nanos.length; i++) {
                long start = System.nanoTime();
                store.append(edge(i));
                store.force();
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            say(round, "one forced transaction p50", nanos[nanos.length / 2] / 1e3, "us");
            say(round, "one forced transaction p99", nanos[nanos.length * 99 / 100] / 1e3, "us");
        }
    }

    private void group(int round) throws Exception {
        try (FactStore store = open(new Counting())) {
            int threads = 32;
            int each = 1000;
            CountDownLatch done = new CountDownLatch(threads);
            long start = System.nanoTime();
            for (int t = 0; t < threads; t++) {
                int first = t * each;
                Thread.ofVirtual()
                        .start(() -> {
                            for (int i = 0; i < each; i++) {
                                store.append(edge(first + i));
                                store.force();
                            }
                            done.countDown();
                        });
            }
            done.await();
            say(round, "32 threads", threads * each / seconds(start), "durable tx/s");
        }
    }

    private static Draft edge(long i) {
        return draft(new Change.Assert("edge", new long[][] {{i}, {i + 1}}, 1));
    }

    private static Draft draft(Change... changes) {
        return new Draft(System.currentTimeMillis(), "node", "assert", null, List.of(changes));
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void check(boolean claim) {
        if (!claim) {
            throw new IllegalStateException("the store did not give back what was put in");
        }
    }

    private FactStore open(Replay sink) {
        return open(sink, StoreOptions.REPLAY_BYTES);
    }

    private FactStore open(Replay sink, long replayBytes) {
        StoreOptions daemon = StoreOptions.of(directory.resolve("store.key"));
        return FactStore.open(
                directory.resolve("store"),
                new StoreOptions(
                        daemon.keyFile(),
                        false,
                        Long.MAX_VALUE / 2,
                        replayBytes,
                        daemon.segmentBytes(),
                        daemon.clock()),
                new NoSymbols(),
                sink);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static final class NoSymbols implements Symbols {
        @Override
        public long intern(String text) {
            throw new IllegalStateException("numbers only");
        }

        @Override
        public long find(String text) {
            return -1;
        }

        @Override
        public String text(long id) {
            throw new IllegalStateException("numbers only");
        }
    }

    /// Takes rows into arrays, as a caller would.
    private static final class Counting implements Replay {
        private final long[][] rows2 = new long[3][1 << 21];
        private int rows;

        @Override
        public void relation(String name, List<Column> columns) {}

        @Override
        public void asserted(String relation, long[][] columns, long[] assertingTx, int count) {
            System.arraycopy(columns[0], 0, rows2[0], rows, count);
            System.arraycopy(columns[1], 0, rows2[1], rows, count);
            System.arraycopy(assertingTx, 0, rows2[2], rows, count);
            rows += count;
        }

        @Override
        public void retracted(
                String relation, long[][] columns, long[] assertingTx, int count, long tx) {}

        @Override
        public void module(String name, String text, long tx) {}

        @Override
        public void moduleRemoved(String name, long tx) {}

        @Override
        public void through(long tx) {}

        @Override
        public void restart() {
            rows = 0;
        }
    }
}
