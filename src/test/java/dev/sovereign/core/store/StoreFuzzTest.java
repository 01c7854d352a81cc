package dev.sovereign.core.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sovereign.error.SovereignException;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/// Bytes from outside, mutated: every parser refuses or reads, with bounded memory.
/// `-Dsovereign.fuzz.count=1000000` for the long run, `-Dsovereign.fuzz.seed` repeats.
final class StoreFuzzTest {

    private static final int COUNT = Integer.getInteger("sovereign.fuzz.count", 3000);
    private static final long SEED = Long.getLong("sovereign.fuzz.seed", 7);

    private static byte[] mutate(byte[] bytes, Random random) {
        byte[] mutated = bytes.clone();
        for (int i = 1 + random.nextInt(4); i > 0 && mutated.length > 0; i--) {
            switch (random.nextInt(5)) {
                case 0 -> mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
                case 1 ->
                        mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
                case 2 -> mutated = Arrays.copyOf(mutated, random.nextInt(mutated.length + 1));
                case 3 -> {
                    int from = random.nextInt(mutated.length);
                    int to = random.nextInt(mutated.length);
                    int length = Math.min(16, mutated.length - Math.max(from, to));
                    System.arraycopy(mutated, from, mutated, to, length);
                }
                default -> {
                    int at = random.nextInt(mutated.length);
                    Arrays.fill(
                            mutated,
                            at,
                            Math.min(mutated.length, at + 1 + random.nextInt(10)),
                            (byte) (random.nextBoolean() ? 0xff : 0x80));
                }
            }
        }
        return mutated;
    }

    @Test
    void tuplesComeBackWhateverTheyAre() throws MalformedException {
        TupleCodec codec = new TupleCodec();
        for (int i = 0; i < COUNT / 3; i++) {
            Random random = new Random(SEED + i);
            int width = random.nextInt(5);
            int count = random.nextInt(8) == 0 ? random.nextInt(3000) : random.nextInt(30);
            int from = random.nextInt(3);
            long[][] columns = new long[width][count + from];
            for (long[] column : columns) {
                int bits = random.nextInt(65);
                long base = random.nextBoolean() ? 0 : random.nextLong();
                for (int r = 0; r < column.length; r++) {
                    column[r] = base + (bits == 0 ? 0 : random.nextLong() >> (64 - bits));
                }
            }
            ByteOutput out = new ByteOutput(16);
            codec.encode(out, columns, from, count);
            long[][] back = new long[width][0];
            assertEquals(
                    count, TupleCodec.decode(new ByteInput(out.toByteArray()), back), "seed " + i);
            assertEquals(rows(columns, from, count), rows(back, 0, count), "seed " + (SEED + i));
        }
    }

    private static List<String> rows(long[][] columns, int from, int count) {
        return java.util.stream.IntStream.range(from, from + count)
                .mapToObj(
                        r -> Arrays.toString(Arrays.stream(columns).mapToLong(c -> c[r]).toArray()))
                .sorted()
                .toList();
    }

    @Test
    void stringsComeBackWhateverTheyAre() throws MalformedException {
        for (int i = 0; i < COUNT; i++) {
            Random random = new Random(SEED + i);
            char[] chars = new char[random.nextInt(12)];
            for (int c = 0; c < chars.length; c++) {
                chars[c] =
                        (char)
                                switch (random.nextInt(3)) {
                                    case 0 -> 0xd700 + random.nextInt(0x1000);
                                    case 1 -> 0xfff0 + random.nextInt(16);
                                    default -> random.nextInt(0x10000);
                                };
            }
            ByteOutput out = new ByteOutput(4);
            out.string(new String(chars));
            assertArrayEquals(
                    chars, new ByteInput(out.toByteArray()).string().toCharArray(), "seed " + i);
        }
    }

    @Test
    void payloadsAreReadOrRefused() {
        SimpleSymbols symbols = new SimpleSymbols();
        Authors authors = new Authors(new byte[16]);
        PayloadWriter writer = new PayloadWriter(symbols, authors);
        Random random = new Random(SEED);
        RandomDrafts drafts = new RandomDrafts(random, symbols);
        TreeSet<String> outcomes = new TreeSet<>();
        for (int i = 0; i < COUNT; i++) {
            writer.begin(random.nextBoolean() ? "reason" : null);
            for (Change change : drafts.next(1, 6).changes()) {
                if (!(change instanceof Change.Retract)) {
                    writer.add(
                            change,
                            name -> name.equals("edge") ? RandomDrafts.EDGE : RandomDrafts.NAMED,
                            (_, _) -> {});
                }
            }
            byte[] payload = mutate(writer.rest().toByteArray(), random);
            try {
                PayloadReader reader = new PayloadReader(_ -> 0, authors);
                reader.begin();
                reader.read(new ByteInput(payload), 1, NoReplay.INSTANCE);
                outcomes.add("read");
            } catch (MalformedException refused) {
                outcomes.add("refused");
            }
        }
        assertEquals("[read, refused]", outcomes.toString());
    }

    @Test
    void manifestsAndHeadersAreReadOrRefused() {
        Random random = new Random(SEED);
        Manifest manifest =
                new Manifest(1, new byte[16], 3, new byte[32], new byte[16], "00112233");
        byte[] text = manifest.serialize().getBytes(StandardCharsets.UTF_8);
        byte[] header =
                new LogFormat.FileHeader(1, true, 1, new byte[16], new byte[32], 1)
                        .serialize()
                        .array();
        for (int i = 0; i < COUNT; i++) {
            byte[] bad = mutate(text, random);
            try {
                Manifest read = Manifest.parse(new String(bad, StandardCharsets.UTF_8));
                assertEquals(manifest.serialize(), read.serialize());
            } catch (MalformedException refused) {
                // as it should be
            }
            byte[] badHeader = mutate(header, random);
            try {
                LogFormat.FileHeader.parse(badHeader, badHeader.length);
                assertArrayEquals(header, Arrays.copyOf(badHeader, header.length));
            } catch (MalformedException refused) {
                // as it should be
            }
        }
    }

    @Test
    void logsAndBackupsAreReadOrRefused() throws IOException {
        SimpleSymbols symbols = new SimpleSymbols();
        SimFiles whole = new SimFiles();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FactStore store = SimStore.open(whole, symbols, NoReplay.INSTANCE)) {
            SimStore.fill(store, 1, 3);
            store.compact(Progress.NONE);
            SimStore.fill(store, 4, 9);
            store.backup(out, Progress.NONE);
        }
        Path log = SimStore.DIRECTORY.resolve("g2/000001.log");
        Random random = new Random(SEED);
        for (int i = 0; i < COUNT / 5; i++) {
            SimFiles files = whole.copy();
            files.put(log, mutate(whole.bytes(log), random));
            Model found = new Model(symbols);
            try (FactStore _ = SimStore.open(files, symbols, found)) {
                for (int k = 1; k <= found.facts.size(); k++) {
                    assertEquals(
                            true,
                            found.facts.contains("edge(" + k + "," + (k + 1) + ",)@" + k),
                            "case " + i);
                }
            } catch (SovereignException refused) {
                assertEquals("core.store-", refused.first().code().substring(0, 11));
            }
            try {
                FactStore.restore(
                        files,
                        SimStore.DIRECTORY,
                        SimStore.OPTIONS,
                        new ByteArrayInputStream(mutate(out.toByteArray(), random)),
                        "b",
                        Progress.NONE);
            } catch (SovereignException refused) {
                assertEquals("core.store-", refused.first().code().substring(0, 11));
            }
        }
    }
}
