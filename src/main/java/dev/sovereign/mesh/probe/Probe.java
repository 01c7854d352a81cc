package dev.sovereign.mesh.probe;

import dev.sovereign.mesh.Stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Three protocols of our own that tests of other implementations drive: bytes that come back, a
/// digest of bytes, their number. On only when somebody asks for them.
public final class Probe {

    /// Returns bytes as they come, and ends when the other side does.
    public static final String ECHO = "/sovereign/echo/1.0.0";

    /// Reads to the end, then answers with the count (u64, big-endian) and SHA-256.
    public static final String DIGEST = "/sovereign/digest/1.0.0";

    /// Reads to the end, then answers with the count alone.
    public static final String SINK = "/sovereign/sink/1.0.0";

    /// Streams of one connection that are served at once: as many as it may have.
    public static final int MAX_INBOUND = 256;

    private static final int CHUNK_BYTES = 65_507;

    /// A stream begins with this and takes a whole chunk once it has shown that it moves much.
    private static final int FIRST_CHUNK_BYTES = 4_096;

    private Probe() {}

    public static void echo(Stream stream) throws IOException {
        byte[] chunk = new byte[FIRST_CHUNK_BYTES];
        int count;
        while ((count = stream.read(chunk, 0, chunk.length)) >= 0) {
            stream.write(chunk, 0, count);
            chunk = enough(chunk, count);
        }
    }

    public static void digest(Stream stream) throws IOException {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK has no SHA-256", missing);
        }
        byte[] chunk = new byte[FIRST_CHUNK_BYTES];
        long total = 0;
        int count;
        while ((count = stream.read(chunk, 0, chunk.length)) >= 0) {
            sha256.update(chunk, 0, count);
            total += count;
            chunk = enough(chunk, count);
        }
        ByteBuffer answer = ByteBuffer.allocate(Long.BYTES + sha256.getDigestLength());
        stream.write(answer.putLong(total).put(sha256.digest()).array());
    }

    public static void sink(Stream stream) throws IOException {
        byte[] chunk = new byte[FIRST_CHUNK_BYTES];
        long total = 0;
        int count;
        while ((count = stream.read(chunk, 0, chunk.length)) >= 0) {
            total += count;
            chunk = enough(chunk, count);
        }
        stream.write(ByteBuffer.allocate(Long.BYTES).putLong(total).array());
    }

    private static byte[] enough(byte[] chunk, int count) {
        return count == chunk.length && count < CHUNK_BYTES ? new byte[CHUNK_BYTES] : chunk;
    }
}
