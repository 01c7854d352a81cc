package dev.sovereign.finance.electrum;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.finance.TestChain;
import dev.sovereign.finance.net.ServerException;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// Hostile answers: each line is read or refused, in bounded time, whatever it was asked to be.
/// -Dsovereign.fuzz.count=10000000 for the long run.
class AnswersFuzzTest {

    /// Of issue 5; a line is read twice, and each shape is tried on it.
    private static final long SLOWEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final long seed = Long.getLong("sovereign.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private static final Incoming.Shape<?> HEADERS = parser -> Answers.headers(parser, 3);
    private static final Incoming.Shape<?> BRANCH = parser -> Answers.branch(parser, 4);
    private static final Incoming.Shape<?> COINBASE = parser -> Answers.coinbase(parser, 4);

    private static final List<Incoming.Shape<?>> SHAPES =
            List.of(
                    Answers::version,
                    Answers::features,
                    Answers::tip,
                    Answers::tips,
                    HEADERS,
                    Answers::history,
                    Answers::transaction,
                    BRANCH,
                    COINBASE,
                    Answers::ignored);

    /// A line, and what its request asked for.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Seed(byte[] line, Incoming.Shape<?> shape) {}

    private static List<Seed> corpus() throws IOException {
        TestChain chain = new TestChain().mine(3);
        chain.mineWith(
                TestChain.payment(1, TestChain.opReturn(new byte[32])), TestChain.payment(2));
        List<Seed> lines = new ArrayList<>();
        for (String version : List.of("1.4", "1.6")) {
            HonestScript honest = new HonestScript(chain).speaking(version);
            lines.add(seed(Answers::version, "[\"Server 1\",\"" + version + "\"]"));
            lines.add(seed(Answers::features, honest.features()));
            lines.add(seed(Answers::tip, honest.tip()));
            lines.add(seed(HEADERS, honest.headers(1, 3)));
            lines.add(seed(Answers::history, honest.history("00".repeat(32))));
            lines.add(
                    seed(
                            Answers::history,
                            "[{\"tx_hash\":\"" + "ab".repeat(32) + "\",\"height\":-1,\"fee\":3}]"));
            lines.add(
                    seed(
                            Answers::history,
                            "{\"history\":[{\"tx_hash\":\""
                                    + "ab".repeat(32)
                                    + "\",\"height\":7}]}"));
            lines.add(seed(Answers::transaction, "\"" + "00".repeat(60) + "\""));
            lines.add(seed(BRANCH, HonestScript.branchJson(chain.branch(4, 1), 4, 1)));
            lines.add(seed(COINBASE, honest.idFromPosition(4, 0)));
            lines.add(seed(Answers::ignored, "null"));
        }
        lines.add(
                new Seed(
                        "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":2,\"message\":\"no \\u001b\"},\"id\":5}\n"
                                .getBytes(StandardCharsets.UTF_8),
                        Answers::version));
        lines.add(
                new Seed(
                        "{\"method\":\"blockchain.headers.subscribe\",\"params\":[{\"height\":1,\"hex\":\"00\"}]}\n"
                                .getBytes(StandardCharsets.UTF_8),
                        Answers::tips));
        return lines;
    }

    private static Seed seed(Incoming.Shape<?> shape, String result) {
        String line = "{\"jsonrpc\":\"2.0\",\"result\":" + result + ",\"id\":5}   \n";
        return new Seed(line.getBytes(StandardCharsets.UTF_8), shape);
    }

    @Test
    void mutatedAnswersAreReadOrRefused() throws IOException {
        List<Seed> corpus = corpus();
        int count = Integer.getInteger("sovereign.fuzz.count", 60_000);
        long read = 0;
        long slow = 0;
        long began = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Seed line = corpus.get(random.nextInt(corpus.size()));
            byte[] bytes = mutated(line.line().clone(), corpus);
            // sometimes what another request would have asked for
            boolean fits = random.nextInt(5) > 0;
            Incoming.Shape<?> shape =
                    fits ? line.shape() : SHAPES.get(random.nextInt(SHAPES.size()));
            long before = System.nanoTime();
            try {
                read += readOrRefuse(bytes, shape);
            } catch (IOException | RuntimeException | Error defect) {
                throw new AssertionError(words(bytes), defect);
            }
            if (System.nanoTime() - before > SLOWEST_NANOS) {
                // the machine may have paused us: slow is what is slow again
                long again = System.nanoTime();
                readOrRefuse(bytes, shape);
                slow += System.nanoTime() - again > SLOWEST_NANOS ? 1 : 0;
            }
        }
        System.err.printf(
                "electrum answers: %,d lines in %,d ms, %,d of them read, seed %d%n",
                count, (System.nanoTime() - began) / 1_000_000, read, seed);
        assertTrue(slow == 0, slow + " lines took over 100 ms twice, seed " + seed);
        assertTrue(read > count / 10, "hardly any line survived its mutation: " + read);
    }

    private int readOrRefuse(byte[] bytes, Incoming.Shape<?> shape) throws IOException {
        LineReader lines = new LineReader(new ByteArrayInputStream(bytes));
        int read = 0;
        try {
            while (true) {
                Incoming incoming = Incoming.read(lines.next());
                assertTrue(
                        incoming.words().chars().allMatch(c -> c >= ' ' && c <= '~'),
                        "words that cannot be printed");
                String field = incoming.isNotification() ? "params" : "result";
                incoming.value(field, shape);
                read++;
            }
        } catch (ServerException refused) {
            assertTrue(
                    String.valueOf(refused.words()).chars().allMatch(c -> c >= ' ' && c <= '~'),
                    "a message that cannot be printed");
            return read;
        }
    }

    private byte[] mutated(byte[] line, List<Seed> corpus) {
        byte[] bytes = line;
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(14)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                case 3 -> bytes = spliced(bytes, at, token());
                case 4 -> bytes = spliced(bytes, at, Arrays.copyOfRange(bytes, at / 2, at));
                case 5 ->
                        bytes =
                                spliced(
                                        bytes,
                                        at,
                                        corpus.get(random.nextInt(corpus.size())).line());
                case 6 -> bytes[at] = (byte) "{}[]\",:0-.e\\\n".charAt(random.nextInt(13));
                default -> digit(bytes, at);
            }
        }
        return bytes;
    }

    /// Most of what servers send is hex: another digit keeps its form.
    private void digit(byte[] bytes, int at) {
        if (Character.digit(bytes[at], 16) >= 0) {
            bytes[at] = (byte) Character.forDigit(random.nextInt(16), 16);
        }
    }

    private byte[] token() {
        String[] tokens = {
            "null", "-1", "9223372036854775808", "1e999", "0.5", "[[[[[[[[[[[[[[[[[[[[", "{\"id\":",
            "\"\\ud800\"", "\"height\":2147483648", "\"pos\":-0", ",", "\\u0000", "true", "\ufeff"
        };
        return tokens[random.nextInt(tokens.length)].getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] spliced(byte[] bytes, int at, byte[] piece) {
        byte[] whole = Arrays.copyOf(bytes, bytes.length + piece.length);
        System.arraycopy(piece, 0, whole, at, piece.length);
        System.arraycopy(bytes, at, whole, at + piece.length, bytes.length - at);
        return whole;
    }

    private String words(byte[] bytes) {
        return "seed " + seed + ": " + new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
