package dev.sovereign.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Hostile bytes: every frame is read or refused, in bounded time and memory.
/// -Dsovereign.fuzz.count=1000000 for the long run; each find becomes a file in
/// `src/test/resources/protocol/frames`.
class FrameFuzzTest {

    private static final long SLOWEST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long seed = Long.getLong("sovereign.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void mutatedFramesAreReadOrRefused() throws IOException {
        List<byte[]> corpus = corpus();
        int count = Integer.getInteger("sovereign.fuzz.count", 30_000);
        long read = 0;
        for (int i = 0; i < count; i++) {
            byte[] bytes = mutated(corpus.get(random.nextInt(corpus.size())));
            long before = System.nanoTime();
            try {
                read += readOrRefuse(bytes);
            } catch (RuntimeException | Error defect) {
                throw new AssertionError(words(bytes), defect);
            }
            assertTrue(System.nanoTime() - before < SLOWEST_NANOS, () -> words(bytes));
        }
        assertTrue(read > count / 100, "hardly any frame survived its mutation: " + read);
    }

    @Test
    void formerFindsAreReadOrRefused() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/protocol/frames"))) {
            List<Path> finds = files.toList();
            assertTrue(!finds.isEmpty());
            for (Path find : finds) {
                readOrRefuse(Files.readAllBytes(find));
            }
        }
    }

    @Test
    void aLengthBeyondTheLimitIsRefusedBeforeAnythingIsKept() {
        for (int length : new int[] {Bounds.REQUEST_FRAME_BYTES + 1, Integer.MAX_VALUE, -1}) {
            byte[] bytes = ByteBuffer.allocate(8).putInt(length).array();
            ProtocolException refused =
                    assertThrows(ProtocolException.class, () -> frames(bytes).next());
            assertEquals(ProtocolError.FRAME_TOO_LARGE, refused.error());
        }
    }

    @Test
    void aFrameThatEndsEarlyIsNoFrame() {
        byte[] bytes = ByteBuffer.allocate(5).putInt(Bounds.REQUEST_FRAME_BYTES).array();
        assertThrows(EOFException.class, () -> frames(bytes).next());
    }

    @Test
    void manyFramesOfManySizesComeOneByOne() throws IOException {
        List<byte[]> sent = new ArrayList<>();
        java.io.ByteArrayOutputStream wire = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < 200; i++) {
            byte[] frame = new byte[random.nextInt(1 << random.nextInt(19))];
            random.nextBytes(frame);
            sent.add(frame);
            wire.writeBytes(ByteBuffer.allocate(4).putInt(frame.length).array());
            wire.writeBytes(frame);
        }
        FrameReader reader = frames(wire.toByteArray());
        for (byte[] frame : sent) {
            assertTrue(reader.next());
            byte[] came =
                    Arrays.copyOfRange(
                            reader.bytes(), reader.offset(), reader.offset() + reader.length());
            assertTrue(Arrays.equals(frame, came), "seed " + seed);
        }
        assertTrue(!reader.next());
    }

    /// How many messages came out.
    private static long readOrRefuse(byte[] bytes) throws IOException {
        long read = 0;
        for (boolean toNode : new boolean[] {true, false}) {
            FrameReader reader = frames(bytes);
            try {
                while (reader.next()) {
                    if (toNode) {
                        Codec.fromCaller(reader.bytes(), reader.offset(), reader.length());
                    } else {
                        Codec.fromNode(reader.bytes(), reader.offset(), reader.length());
                    }
                    read++;
                }
            } catch (ProtocolException | EOFException refused) {
                // as it should
            }
        }
        return read;
    }

    private static FrameReader frames(byte[] bytes) {
        return new FrameReader(
                Channels.newChannel(new ByteArrayInputStream(bytes)), Bounds.REQUEST_FRAME_BYTES);
    }

    private List<byte[]> corpus() throws ProtocolException {
        Samples samples = new Samples(random);
        List<byte[]> corpus = new ArrayList<>();
        FrameBuffer frame = new FrameBuffer(Bounds.RESPONSE_FRAME_BYTES);
        for (int round = 0; round < 3; round++) {
            for (Class<?> kind : ProtocolTool.requests()) {
                Codec.encode(new Message.Ask(1 + round, (Request<?>) samples.of(kind)), frame);
                corpus.add(Arrays.copyOf(frame.bytes(), frame.size()));
            }
            for (Class<?> kind : ProtocolTool.responses()) {
                Codec.encode(new Message.Answer(1 + round, (Response) samples.of(kind)), frame);
                corpus.add(Arrays.copyOf(frame.bytes(), frame.size()));
            }
        }
        for (Message message :
                new Message[] {
                    new Message.Hello(1, "v", "b", 2),
                    new Message.Cancel(3),
                    new Message.FileChunk(1, 2, new byte[40], false),
                    new Message.FileFailed(1, 2, "why"),
                    new Message.Credit(1, 2, 3),
                    new Message.FileClose(1, 2),
                    new Message.Bye()
                }) {
            Codec.encode(message, frame);
            corpus.add(Arrays.copyOf(frame.bytes(), frame.size()));
        }
        return corpus;
    }

    private byte[] mutated(byte[] original) {
        byte[] bytes = original.clone();
        for (int n = 1 + random.nextInt(4); n > 0 && bytes.length > 5; n--) {
            int at = 4 + random.nextInt(bytes.length - 4);
            switch (random.nextInt(8)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = spliced(bytes, at, at + random.nextInt(bytes.length - at), "");
                case 3 -> bytes = spliced(bytes, at, at, TOKENS[random.nextInt(TOKENS.length)]);
                case 4 -> {
                    int end = Math.min(bytes.length, at + random.nextInt(30));
                    String piece = new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
                    bytes = spliced(bytes, at, at, piece.repeat(1 + random.nextInt(50)));
                }
                case 5 -> bytes = Arrays.copyOf(bytes, at);
                case 6 -> bytes[random.nextInt(4)] = (byte) random.nextInt();
                default ->
                        bytes = spliced(bytes, at, at + 1, TOKENS[random.nextInt(TOKENS.length)]);
            }
        }
        if (random.nextInt(10) > 0) {
            ByteBuffer.wrap(bytes).putInt(bytes.length - 4);
        }
        return bytes;
    }

    private static final String[] TOKENS = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u",
        "\\ud800",
        "null",
        "true",
        "-",
        "0",
        "1e999",
        "9".repeat(30),
        "9".repeat(70),
        "[".repeat(2_000),
        "{\"a\":".repeat(1_500),
        "\"\"",
        "\u0000",
        "\u00c3",
        "\u00ed\u00a0\u0080",
        "-9223372036854775808",
        "1.5",
        " ",
        "\"id\":0,"
    };

    private static byte[] spliced(byte[] bytes, int from, int to, String middle) {
        byte[] insert = middle.getBytes(StandardCharsets.ISO_8859_1);
        byte[] out = new byte[from + insert.length + bytes.length - to];
        System.arraycopy(bytes, 0, out, 0, from);
        System.arraycopy(insert, 0, out, from, insert.length);
        System.arraycopy(bytes, to, out, from + insert.length, bytes.length - to);
        return out;
    }

    private String words(byte[] bytes) {
        return "seed " + seed + ": " + HexFormat.of().formatHex(bytes);
    }
}
