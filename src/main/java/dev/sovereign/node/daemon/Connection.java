package dev.sovereign.node.daemon;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.SovereignException;
import dev.sovereign.node.Log;
import dev.sovereign.node.NodeError;
import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Build;
import dev.sovereign.protocol.Codec;
import dev.sovereign.protocol.FrameBuffer;
import dev.sovereign.protocol.FrameReader;
import dev.sovereign.protocol.Message;
import dev.sovereign.protocol.ProtocolError;
import dev.sovereign.protocol.ProtocolException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// One caller. Its own thread ([#run]) reads frames and never waits for anything else; each request
/// runs on a thread of its own and writes under a fair lock, so that answers take turns.
public final class Connection implements Runnable {

    /// How long the last word waits for the frame before it: far more than a caller that reads
    /// needs.
    private static final long LAST_WORD_MILLIS = 500;

    private final Link channel;
    private final Host daemon;
    private final String number;
    private final long openedNanos = System.nanoTime();

    /// Held while a frame is written, so that frames stay whole.
    private final ReentrantLock writing = new ReentrantLock(true);

    /// Requests under way; guarded by itself.
    private final Map<Long, SocketExchange> exchanges = new HashMap<>();

    private volatile boolean greeted;

    /// @param number for the log
    public Connection(Link channel, Host daemon, String number) {
        this.channel = channel;
        this.daemon = daemon;
        this.number = number;
    }

    @Override
    public void run() {
        try {
            FrameReader reader = new FrameReader(channel, Bounds.REQUEST_FRAME_BYTES);
            while (reader.next()) {
                receive(Codec.fromCaller(reader.bytes(), reader.offset(), reader.length()));
            }
        } catch (ProtocolException wrong) {
            daemon.log().warn("connection " + number + ": " + wrong.getMessage());
            breakOff(wrong.diagnostic());
        } catch (IOException gone) {
            daemon.log().debug("connection " + number + " ended: " + gone.getMessage());
        } catch (RuntimeException | Error defect) {
            daemon.log().error("connection " + number + " failed", defect);
        } finally {
            close();
            cancelAll();
            daemon.ended(this);
        }
    }

    private void receive(Message.FromCaller message) throws IOException {
        if (!greeted) {
            greet(message);
            return;
        }
        switch (message) {
            case Message.Hello _ -> throw violation("a second handshake");
            case Message.Ask(long id, Request<?> request) -> begin(id, request);
            case Message.Unreadable(long id, Diagnostic why) ->
                    begin(id, new SovereignException(List.of(why)));
            case Message.Cancel(long id) -> {
                SocketExchange exchange = exchange(id);
                if (exchange != null) {
                    exchange.cancel();
                }
            }
            case Message.FileChunk chunk -> {
                Upload upload = upload(chunk.id(), chunk.handle());
                if (upload != null && !upload.put(chunk.bytes(), chunk.end())) {
                    throw violation("more bytes of a file than were granted");
                }
            }
            case Message.FileFailed failed -> {
                Upload upload = upload(failed.id(), failed.handle());
                if (upload != null) {
                    upload.fail(failed.reason());
                }
            }
            case Message.Unknown _ -> {
                // from a newer caller, which can do without an answer
            }
        }
    }

    private void greet(Message.FromCaller message) throws IOException {
        if (!(message instanceof Message.Hello hello)) {
            throw violation("the first frame is not a handshake");
        }
        greeted = true;
        daemon.log().debug("connection " + number + " from build " + hello.build());
        FrameBuffer frame = new FrameBuffer(Bounds.RESPONSE_FRAME_BYTES);
        Codec.encode(Build.hello(daemon.pid()), frame);
        write(frame);
    }

    private void begin(long id, Request<?> request) throws ProtocolException {
        SocketExchange exchange = register(id);
        Thread.ofVirtual()
                .name("request-" + number + "-" + id)
                .start(() -> end(id, exchange, request, () -> daemon.handle(request, exchange)));
    }

    private void begin(long id, SovereignException refusal) throws ProtocolException {
        SocketExchange exchange = register(id);
        Thread.ofVirtual()
                .name("request-" + number + "-" + id)
                .start(() ->
                        end(
                                id,
                                exchange,
                                null,
                                () -> {
                                    throw refusal;
                                }));
    }

    private interface Work {
        Response.Closing answer() throws IOException, InterruptedException;
    }

    private SocketExchange register(long id) throws ProtocolException {
        synchronized (exchanges) {
            if (exchanges.size() >= Bounds.REQUESTS_PER_CONNECTION) {
                throw new ProtocolException(
                        ProtocolError.TOO_MANY_REQUESTS,
                        "more than " + Bounds.REQUESTS_PER_CONNECTION + " requests at once");
            }
            SocketExchange exchange = new SocketExchange(this, id);
            if (exchanges.putIfAbsent(id, exchange) != null) {
                throw violation("the id " + id + " is under way already");
            }
            return exchange;
        }
    }

    /// Runs on the request's own thread.
    private void end(long id, SocketExchange exchange, @Nullable Request<?> request, Work work) {
        if (!daemon.begin(exchange, request instanceof Request.Stop)) {
            forget(id);
            exchange.close(failure(DaemonError.STOPPING, "the daemon is ending", "ask again"));
            return;
        }
        try {
            Response.Closing closing = answer(exchange, work);
            forget(id);
            exchange.close(closing);
        } finally {
            daemon.end(exchange);
        }
    }

    private Response.Closing answer(SocketExchange exchange, Work work) {
        try {
            return work.answer();
        } catch (SovereignException refusal) {
            return new Response.Failure(refusal.diagnostics());
        } catch (InterruptedException cancelled) {
            return failure(NodeError.CANCELLED, "the request was cancelled", null);
        } catch (IOException broke) {
            if (exchange.cancelled()) {
                return failure(NodeError.CANCELLED, "the request was cancelled", null);
            }
            daemon.log().error("a request failed", broke);
            return failure(NodeError.IO, String.valueOf(broke.getMessage()), null);
        } catch (RuntimeException | Error defect) {
            String logId = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
            daemon.log().error("defect " + logId, defect);
            return failure(
                    NodeError.BUG,
                    "a defect of Sovereign, logged as " + logId,
                    "`sovereign daemon logs` shows it; please report it");
        }
    }

    private static Response.Failure failure(ErrorCode code, String message, @Nullable String hint) {
        return new Response.Failure(List.of(Diagnostic.error(code, message, hint)));
    }

    /// Writes one frame, waiting for its turn and for the caller to read. Any request's thread.
    ///
    /// @throws IOException when the caller is gone; the connection is then closed
    void write(FrameBuffer frame) throws IOException {
        writing.lock();
        try {
            ByteBuffer bytes = ByteBuffer.wrap(frame.bytes(), 0, frame.size());
            while (bytes.hasRemaining()) {
                // the JDK copies through a direct buffer as large as what it is given
                int to = Math.min(frame.size(), bytes.position() + Bounds.STREAM_FRAME_BYTES);
                channel.write(bytes.limit(to));
                bytes.limit(frame.size());
            }
        } catch (IOException gone) {
            close();
            throw gone;
        } finally {
            writing.unlock();
        }
    }

    /// The last word to a caller, by the reader's thread: waits for an answer that is being
    /// written, but not for a caller that does not read.
    private void breakOff(Diagnostic why) {
        try {
            if (!writing.tryLock(LAST_WORD_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            FrameBuffer frame = new FrameBuffer(Bounds.RESPONSE_FRAME_BYTES);
            Codec.encode(new Message.Broken(List.of(why)), frame);
            channel.lastWord(ByteBuffer.wrap(frame.bytes(), 0, frame.size()));
        } catch (IOException gone) {
            // it need not be told
        } finally {
            writing.unlock();
        }
    }

    /// Tells the caller that nothing unanswered was begun. Waits for one that does not read.
    void bye() {
        try {
            FrameBuffer frame = new FrameBuffer(Bounds.RESPONSE_FRAME_BYTES);
            Codec.encode(new Message.Bye(), frame);
            write(frame);
        } catch (IOException gone) {
            // it need not be told
        }
    }

    boolean isGreeted() {
        return greeted;
    }

    long openedNanos() {
        return openedNanos;
    }

    Log log() {
        return daemon.log();
    }

    /// Any thread; a thread that reads or writes here wakes with an exception.
    public void close() {
        try {
            channel.close();
        } catch (IOException gone) {
            // there is nothing left to close
        }
    }

    private void cancelAll() {
        List<SocketExchange> all;
        synchronized (exchanges) {
            all = new ArrayList<>(exchanges.values());
        }
        all.forEach(SocketExchange::cancel);
    }

    private @Nullable SocketExchange exchange(long id) {
        synchronized (exchanges) {
            return exchanges.get(id);
        }
    }

    private @Nullable Upload upload(long id, int handle) {
        SocketExchange exchange = exchange(id);
        return exchange == null ? null : exchange.upload(handle);
    }

    private void forget(long id) {
        synchronized (exchanges) {
            exchanges.remove(id);
        }
    }

    private static ProtocolException violation(String what) {
        return new ProtocolException(ProtocolError.VIOLATION, what);
    }
}
