import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Codec;
import dev.sovereign.protocol.FrameBuffer;
import dev.sovereign.protocol.FrameReader;
import dev.sovereign.protocol.Message;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Load on an open connection to a running daemon, timed from outside with the protocol's own codec.
///
/// usage: java -cp CLIENT_JAR bench/Load.java SOCKET BUILD status COUNT          round trips of `status`
///                                                         assert COUNT          one-fact transactions, one connection
///                                                         query SECONDS TEXT    one question again and again, one connection
///                                                         writers N SECONDS     one-fact transactions, N connections
/// Prints one JSON object: count, seconds, per second, and p50, p90, p99 in microseconds.
public final class Load {

    private Load() {}

    public static void main(String[] args) throws Exception {
        Path socket = Path.of(args[0]);
        String build = args[1];
        switch (args[2]) {
            case "status" -> {
                int count = Integer.parseInt(args[3]);
                try (Connection connection = new Connection(socket, build)) {
                    connection.times(count / 4, i -> new Request.Status());
                    report("status", connection.times(count, i -> new Request.Status()), 1);
                }
            }
            case "assert" -> {
                int count = Integer.parseInt(args[3]);
                try (Connection connection = new Connection(socket, build)) {
                    connection.times(count / 4, i -> fact(-1 - i, 0));
                    report("assert", connection.times(count, i -> fact(i, 0)), 1);
                }
            }
            case "query" -> queries(socket, build, Double.parseDouble(args[3]), args[4]);
            case "writers" -> writers(socket, build, Integer.parseInt(args[3]), Integer.parseInt(args[4]));
            default -> throw new IllegalArgumentException(args[2]);
        }
    }

    private static Request<?> fact(long value, int writer) {
        return new Request.Assert(
                List.of(new Request.Program("assert", "load(" + value + "," + writer + ").")), null);
    }

    private static void queries(Path socket, String build, double seconds, String text) throws Exception {
        Request.Query query = new Request.Query(text, List.of(), null, null, false, Request.Limits.NONE);
        long[] times = new long[1 << 20];
        int n = 0;
        try (Connection connection = new Connection(socket, build)) {
            long end = System.nanoTime() + (long) (seconds * 1e9);
            while (System.nanoTime() < end && n < times.length) {
                times[n++] = connection.time(query);
            }
        }
        report("query", Arrays.copyOf(times, n), 1);
    }

    private static void writers(Path socket, String build, int writers, int seconds) throws Exception {
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000L;
        long base = System.currentTimeMillis() * 1000; // facts that an earlier run did not assert
        List<Future<long[]>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            for (int w = 0; w < writers; w++) {
                int writer = w + 1;
                Callable<long[]> work =
                        () -> {
                            long[] times = new long[1 << 20];
                            int n = 0;
                            try (Connection connection = new Connection(socket, build)) {
                                while (System.nanoTime() < end && n < times.length) {
                                    times[n] = connection.time(fact(base + n, writer));
                                    n++;
                                }
                            }
                            return Arrays.copyOf(times, n);
                        };
                all.add(threads.submit(work));
            }
        }
        long took = System.nanoTime() - start;
        long[] times = new long[0];
        for (Future<long[]> one : all) {
            long[] more = one.get();
            int old = times.length;
            times = Arrays.copyOf(times, old + more.length);
            System.arraycopy(more, 0, times, old, more.length);
        }
        print("writers-" + writers, times, took);
    }

    private static void report(String name, long[] times, int connections) {
        print(name, times, Arrays.stream(times).sum() / connections);
    }

    private static void print(String name, long[] times, long tookNanos) {
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        double seconds = tookNanos / 1e9;
        System.out.printf(
                Locale.ROOT,
                "{\"load\":\"%s\",\"count\":%d,\"seconds\":%.3f,\"perSecond\":%.0f,\"p50Micros\":%.1f,\"p90Micros\":%.1f,\"p99Micros\":%.1f}%n",
                name, sorted.length, seconds, sorted.length / seconds,
                at(sorted, 0.5), at(sorted, 0.9), at(sorted, 0.99));
    }

    private static double at(long[] sorted, double quantile) {
        return sorted.length == 0 ? 0 : sorted[(int) (quantile * (sorted.length - 1))] / 1e3;
    }

    private interface Ask {
        Request<?> request(int i);
    }

    private static final class Connection implements AutoCloseable {
        private final SocketChannel channel;
        private final FrameReader in;
        private final FrameBuffer out = new FrameBuffer(Bounds.REQUEST_FRAME_BYTES);
        private long id;

        Connection(Path socket, String build) throws Exception {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            in = new FrameReader(channel, Bounds.RESPONSE_FRAME_BYTES);
            send(new Message.Hello(Codec.PROTOCOL, "bench", build, ProcessHandle.current().pid()));
            if (!(next() instanceof Message.Hello)) {
                throw new IOException("no handshake");
            }
        }

        long[] times(int count, Ask ask) throws Exception {
            long[] times = new long[count];
            for (int i = 0; i < count; i++) {
                times[i] = time(ask.request(i));
            }
            return times;
        }

        /// Nanoseconds from before the request was encoded until its closing response was read.
        long time(Request<?> request) throws Exception {
            long start = System.nanoTime();
            send(new Message.Ask(++id, request));
            while (true) {
                Message message = next();
                if (message instanceof Message.Answer(long to, Response response) && to == id) {
                    if (response instanceof Response.Failure failure) {
                        throw new IOException("refused: " + failure);
                    }
                    if (response instanceof Response.Closing) {
                        return System.nanoTime() - start;
                    }
                } else {
                    throw new IOException("unexpected " + message);
                }
            }
        }

        private void send(Message message) throws Exception {
            Codec.encode(message, out);
            ByteBuffer bytes = ByteBuffer.wrap(out.bytes(), 0, out.size());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        private Message next() throws Exception {
            if (!in.next()) {
                throw new IOException("closed");
            }
            return Codec.fromNode(in.bytes(), in.offset(), in.length());
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
