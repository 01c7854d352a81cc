package dev.sovereign.mesh.perf;

import dev.sovereign.mesh.Stream;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Both sides of `/perf/1.0.0`: the opener says how much it wants, sends as much as it likes and
/// ends; the other side then sends what was wanted.
///
/// @see <a href="https://github.com/libp2p/specs/blob/master/perf/perf.md">perf</a>
public final class Perf {

    public static final String PROTOCOL = "/perf/1.0.0";

    /// Streams of one connection that are served at once; ours.
    public static final int MAX_INBOUND = 8;

    /// One frame's body, so that none is split.
    private static final int CHUNK_BYTES = 65_507;

    /// What a measurement took.
    ///
    /// @param uploadNanos until the other side had begun to answer
    /// @param downloadNanos from then to the end
    public record Result(long uploadNanos, long downloadNanos) {}

    private Perf() {}

    public static void serve(Stream stream) throws IOException {
        byte[] wanted = new byte[Long.BYTES];
        stream.readFully(wanted, 0, wanted.length);
        byte[] chunk = new byte[CHUNK_BYTES];
        int count;
        do {
            count = stream.read(chunk, 0, chunk.length);
        } while (count >= 0);
        // unsigned: a huge number sends until the opener has had enough and resets
        long left = ByteBuffer.wrap(wanted).getLong();
        while (left != 0) {
            count = Long.compareUnsigned(left, CHUNK_BYTES) < 0 ? (int) left : CHUNK_BYTES;
            stream.write(chunk, 0, count);
            left -= count;
        }
        stream.closeWrite();
    }

    /// Sends `upload` bytes and receives `download`, at least one of each.
    public static Result measure(Stream stream, long upload, long download) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        long start = System.nanoTime();
        stream.write(ByteBuffer.allocate(Long.BYTES).putLong(download).array());
        for (long left = upload; left > 0; left -= CHUNK_BYTES) {
            stream.write(chunk, 0, (int) Math.min(left, CHUNK_BYTES));
        }
        stream.closeWrite();
        long received = Math.max(0, stream.read(chunk, 0, chunk.length));
        long turned = System.nanoTime();
        int count;
        while ((count = stream.read(chunk, 0, chunk.length)) >= 0) {
            received += count;
        }
        long end = System.nanoTime();
        if (received != download) {
            throw new IOException(received + " of " + download + " bytes came back");
        }
        return new Result(turned - start, end - turned);
    }
}
