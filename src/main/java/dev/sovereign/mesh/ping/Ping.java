package dev.sovereign.mesh.ping;

import dev.sovereign.mesh.Stream;
import dev.sovereign.mesh.wire.MalformedException;

import java.io.IOException;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Both sides of `/ipfs/ping/1.0.0`: 32 bytes that the other side sends back.
///
/// @see <a href="https://github.com/libp2p/specs/blob/master/ping/ping.md">ping</a>
public final class Ping {

    public static final String PROTOCOL = "/ipfs/ping/1.0.0";

    /// Streams of one connection that are served at once, from the specification.
    public static final int MAX_INBOUND = 2;

    private static final int BYTES = 32;

    private Ping() {}

    /// Sends back whatever comes, until the other side ends.
    public static void serve(Stream stream) throws IOException {
        byte[] question = new byte[BYTES];
        while (true) {
            int first = stream.read(question, 0, BYTES);
            if (first < 0) {
                return;
            }
            if (first < BYTES) {
                stream.readFully(question, first, BYTES - first);
            }
            stream.write(question);
        }
    }

    /// Asks once and waits for the answer.
    ///
    /// @return nanoseconds
    public static long measure(Stream stream, RandomGenerator random) throws IOException {
        byte[] question = new byte[BYTES];
        random.nextBytes(question);
        byte[] answer = new byte[BYTES];
        long start = System.nanoTime();
        stream.write(question);
        stream.readFully(answer, 0, BYTES);
        long nanos = System.nanoTime() - start;
        if (!Arrays.equals(question, answer)) {
            throw new MalformedException("a ping came back changed");
        }
        return nanos;
    }
}
