package dev.sovereign.finance.electrum;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.MerkleProof;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.net.Alarm;
import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/// A conversation with one Electrum server. Any thread may ask; answers are matched by their id.
/// What breaks the protocol, and an answer that does not come, ends the session for everybody.
///
/// Nothing in an answer is believed here: a [MerkleProof] may lead nowhere, a transaction may be
/// another than the one asked for.
public final class ElectrumSession implements AutoCloseable {

    /// Milliseconds for one answer; of license.md section 7.
    public static final int ANSWER_MILLIS = 20_000;

    /// Questions without an answer yet; of license.md section 7.
    public static final int IN_FLIGHT = 32;

    /// Milliseconds for each of the two answers of the greeting, so that an attempt takes at most
    /// 20 s: 10 to connect through a proxy, 5 for TLS, and this.
    private static final int GREETING_MILLIS = 2_500;

    /// Milliseconds without a question after which we ping: servers hang up after 10 minutes.
    private static final int PING_MILLIS = 300_000;

    /// Notifications in a minute. A busy script and fast blocks make some dozens; a guess.
    static final int NOTIFICATIONS = 600;

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final String CLIENT = "sovereign";
    private static final JsonFactory JSON = new JsonFactory();
    private static final HexFormat HEX = HexFormat.of();

    /// Hears what the server says unasked. Called on the session's reader, so it must not block.
    public interface Listener {

        /// Hears nothing.
        Listener NONE =
                new Listener() {
                    @Override
                    public void tip(ServerTip tip) {}

                    @Override
                    public void historyChanged() {}

                    @Override
                    public void ended(ServerException why) {}
                };

        /// The server says that there is another last block; some may have been skipped.
        void tip(ServerTip tip);

        /// The server says that a subscribed script has another history.
        void historyChanged();

        /// The session is over; nothing follows.
        void ended(ServerException why);
    }

    private record Question<T>(
            String method, Incoming.Shape<T> shape, CompletableFuture<T> answer) {

        void answerWith(Incoming incoming) throws ServerException {
            answer.complete(incoming.value("result", shape));
        }
    }

    private final Socket socket;
    private final Listener listener;
    private final int answerMillis;
    private final Semaphore free = new Semaphore(IN_FLIGHT);
    private final CountDownLatch over = new CountDownLatch(1);

    /// Guards writing, so that lines stay whole.
    private final ReentrantLock writing = new ReentrantLock();

    /// Guards the fields below.
    private final Object lock = new Object();

    private final Map<Long, Question<?>> questions = new HashMap<>();
    private long lastId;
    private long lastQuestionNanos = System.nanoTime();
    private @Nullable ServerException ended;

    private volatile ProtocolVersion protocol = ProtocolVersion.OLDEST;
    private volatile String software = "";

    /// Of the reader alone.
    private long minuteNanos = System.nanoTime();

    private int notifications;

    ElectrumSession(Socket socket, Listener listener, int answerMillis) {
        this.socket = socket;
        this.listener = listener;
        this.answerMillis = answerMillis;
        Thread.ofVirtual().name("electrum-reader").start(this::readAll);
    }

    /// The first words: nothing may be asked before.
    void greet(Network network) throws ServerException, InterruptedException {
        Answers.Version version =
                ask(
                        "server.version",
                        out -> {
                            out.writeString(CLIENT);
                            out.writeStartArray();
                            out.writeString(ProtocolVersion.OLDEST.toString());
                            out.writeString(ProtocolVersion.NEWEST.toString());
                            out.writeEndArray();
                        },
                        Answers::version,
                        GREETING_MILLIS);
        protocol = version.protocol();
        software = version.software();
        Answers.Features features =
                ask("server.features", _ -> {}, Answers::features, GREETING_MILLIS);
        String function = features.hashFunction();
        if (!features.genesis().equals(network.genesis().hash())
                || (function != null && !function.equals("sha256"))) {
            throw end(
                    new ServerException(
                            ServerError.OTHER_NETWORK,
                            "the server serves a chain that begins with "
                                    + features.genesis()
                                    + ", not "
                                    + network,
                            "check license.network and license.electrum",
                            null));
        }
        Thread.ofVirtual().name("electrum-ping").start(this::pingWhenIdle);
    }

    /// What the server calls itself; printable.
    public String software() {
        return software;
    }

    /// Asks for the last block, and to hear of every other one from now on.
    public ServerTip subscribeTip() throws ServerException, InterruptedException {
        return ask("blockchain.headers.subscribe", _ -> {}, Answers::tip, answerMillis);
    }

    /// Headers from a height on: fewer than asked for when the chain ends there or the server sends
    /// no more at once; none when it has none.
    ///
    /// @param count 1 to 2,016
    public byte[] headers(int start, int count) throws ServerException, InterruptedException {
        if (start < 0 || count < 1 || count > Answers.HEADERS) {
            throw new IllegalArgumentException("no headers: " + start + ", " + count);
        }
        return ask(
                "blockchain.block.headers",
                out -> {
                    out.writeNumber(start);
                    out.writeNumber(count);
                },
                parser -> Answers.headers(parser, count),
                answerMillis);
    }

    /// All transactions that the server knows for a script, in blocks and in the mempool.
    ///
    /// @throws ServerException [ServerError#HISTORY_TOO_LARGE] for a script that many use
    public List<HistoryEntry> history(byte[] script) throws ServerException, InterruptedException {
        return askOfScript("get_history", script, Answers::history);
    }

    /// Asks to hear when the history of a script changes.
    public void subscribeScript(byte[] script) throws ServerException, InterruptedException {
        askOfScript("subscribe", script, Answers::ignored);
    }

    private <T> T askOfScript(String what, byte[] script, Incoming.Shape<T> shape)
            throws ServerException, InterruptedException {
        boolean itself = protocol.isAtLeast(ProtocolVersion.SCRIPTS);
        String name = itself ? HEX.formatHex(script) : scriptHash(script);
        return ask(
                "blockchain." + (itself ? "scriptpubkey." : "scripthash.") + what,
                out -> out.writeString(name),
                shape,
                answerMillis);
    }

    /// The bytes that the server holds for a txid.
    public byte[] transaction(Hash txid) throws ServerException, InterruptedException {
        return ask(
                "blockchain.transaction.get",
                out -> out.writeString(txid.toString()),
                Answers::transaction,
                answerMillis);
    }

    /// The way from a transaction to the root of the block at `height`.
    public MerkleProof branch(Hash txid, int height) throws ServerException, InterruptedException {
        return ask(
                "blockchain.transaction.get_merkle",
                out -> {
                    out.writeString(txid.toString());
                    out.writeNumber(height);
                },
                parser -> Answers.branch(parser, height),
                answerMillis);
    }

    /// The first transaction of the block at `height`, and its way to the root.
    public ServerCoinbase coinbase(int height) throws ServerException, InterruptedException {
        return ask(
                "blockchain.transaction.id_from_pos",
                out -> {
                    out.writeNumber(height);
                    out.writeNumber(0);
                    out.writeBoolean(true);
                },
                parser -> Answers.coinbase(parser, height),
                answerMillis);
    }

    void ping() throws ServerException, InterruptedException {
        ask("server.ping", _ -> {}, Answers::ignored, answerMillis);
    }

    /// Ends the session because what the server said is not true.
    public void endAsLiar(ServerException why) {
        end(why);
    }

    private <T> T ask(String method, Parameters parameters, Incoming.Shape<T> shape, int millis)
            throws ServerException, InterruptedException {
        if (!free.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            throw end(late(method, millis, null));
        }
        Question<T> question = new Question<>(method, shape, new CompletableFuture<>());
        long id = add(question);
        write(line(id, method, parameters), millis);
        try {
            return question.answer.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw end(late(method, millis, late));
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ServerException why) {
                // of this thread's stack, not of the reader's
                throw new ServerException(why.error(), why.words(), why.hint(), why);
            }
            throw new IllegalStateException("the reader broke", failed.getCause());
        }
    }

    private static ServerException late(String method, int millis, @Nullable Throwable cause) {
        return new ServerException(
                ServerError.TIMEOUT,
                "the server did not answer " + method + " within " + millis / 1_000 + " s",
                null,
                cause);
    }

    private interface Parameters {
        void write(JsonGenerator out);
    }

    /// A question that nobody waits for any longer stays until its answer is there: its id is still
    /// known then.
    private long add(Question<?> question) throws ServerException {
        synchronized (lock) {
            if (ended != null) {
                free.release();
                throw new ServerException(ended.error(), ended.words(), ended.hint(), ended);
            }
            lastId++;
            lastQuestionNanos = System.nanoTime();
            questions.put(lastId, question);
            return lastId;
        }
    }

    private static byte[] line(long id, String method, Parameters parameters) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
            out.writeStartObject();
            out.writeStringProperty("jsonrpc", "2.0");
            out.writeNumberProperty("id", id);
            out.writeStringProperty("method", method);
            out.writeName("params");
            out.writeStartArray();
            parameters.write(out);
            out.writeEndArray();
            out.writeEndObject();
        }
        line.write('\n');
        return line.toByteArray();
    }

    private void write(byte[] line, int millis) throws ServerException {
        writing.lock();
        try (Alarm _ = Alarm.set(Duration.ofMillis(millis), socket)) {
            OutputStream out = socket.getOutputStream();
            out.write(line);
            out.flush();
        } catch (IOException broken) {
            throw end(
                    new ServerException(
                            ServerError.UNREACHABLE, "the connection broke", null, broken));
        } finally {
            writing.unlock();
        }
    }

    private void readAll() {
        try {
            LineReader lines = new LineReader(socket.getInputStream());
            while (true) {
                take(Incoming.read(lines.next()));
            }
        } catch (ServerException why) {
            end(why);
        } catch (IOException broken) {
            end(new ServerException(ServerError.UNREACHABLE, "the connection broke", null, broken));
        } catch (RuntimeException | Error bug) {
            failAll(bug);
            throw bug;
        }
    }

    private void take(Incoming incoming) throws ServerException {
        if (incoming.isNotification()) {
            countNotification();
            notified(incoming);
            return;
        }
        if (!incoming.isAnswer()) {
            throw ServerException.fault(
                    incoming.isRefusal()
                            ? "the server ended with an error: \"" + incoming.words() + "\""
                            : "the server sent a line that is neither answer nor notification");
        }
        Question<?> question;
        synchronized (lock) {
            question = questions.get(incoming.id());
        }
        if (question == null) {
            throw ServerException.fault(
                    "the server answered with the id " + incoming.id() + ", which we never sent");
        }
        // a fault in the answer ends the session, and with it this question, so it stays until then
        if (incoming.isRefusal()) {
            question.answer.completeExceptionally(refusal(question.method, incoming.words()));
        } else {
            question.answerWith(incoming);
        }
        synchronized (lock) {
            questions.remove(incoming.id());
        }
        free.release();
    }

    private static ServerException refusal(String method, String words) {
        return words.contains("history too large")
                ? new ServerException(
                        ServerError.HISTORY_TOO_LARGE,
                        "the server keeps no history of an address that is used this often",
                        "pass the txid of the payment: `sovereign license activate TXID`",
                        null)
                : new ServerException(
                        ServerError.REFUSAL,
                        "the server refused " + method + ": \"" + words + "\"");
    }

    private void notified(Incoming incoming) throws ServerException {
        switch (incoming.method()) {
            case "blockchain.headers.subscribe" ->
                    listener.tip(incoming.value("params", Answers::tips));
            case "blockchain.scripthash.subscribe", "blockchain.scriptpubkey.subscribe" ->
                    listener.historyChanged();
            default -> {
                // a newer protocol's, or noise against those who watch the line: `server.ping`
            }
        }
    }

    private void countNotification() throws ServerException {
        long now = System.nanoTime();
        if (now - minuteNanos > MINUTE_NANOS) {
            minuteNanos = now;
            notifications = 0;
        }
        notifications++;
        if (notifications > NOTIFICATIONS) {
            throw ServerException.fault(
                    "the server sent more than " + NOTIFICATIONS + " notifications in a minute");
        }
    }

    private void pingWhenIdle() {
        try {
            while (!over.await(PING_MILLIS, TimeUnit.MILLISECONDS)) {
                boolean idle;
                synchronized (lock) {
                    idle =
                            System.nanoTime() - lastQuestionNanos
                                    >= TimeUnit.MILLISECONDS.toNanos(PING_MILLIS);
                }
                if (idle) {
                    ping();
                }
            }
        } catch (ServerException failed) {
            end(failed);
        } catch (InterruptedException never) {
            // nobody else knows this thread
            Thread.currentThread().interrupt();
        }
    }

    /// Ends the session, the first time for this reason.
    ///
    /// @return `why`, to throw it
    private ServerException end(ServerException why) {
        synchronized (lock) {
            if (ended != null) {
                return why;
            }
            ended = why;
        }
        failAll(why);
        listener.ended(why);
        return why;
    }

    private void failAll(Throwable why) {
        List<Question<?>> left;
        synchronized (lock) {
            left = List.copyOf(questions.values());
            questions.clear();
        }
        left.forEach(question -> question.answer.completeExceptionally(why));
        free.release(left.size());
        over.countDown();
        try {
            socket.close();
        } catch (IOException broken) {
            why.addSuppressed(broken);
        }
    }

    /// Whether the session is over, and why; null while it goes on.
    public @Nullable ServerException ended() {
        synchronized (lock) {
            return ended;
        }
    }

    /// Hangs up.
    @Override
    public void close() {
        end(new ServerException(ServerError.UNREACHABLE, "the session was closed"));
    }

    private static String scriptHash(byte[] script) {
        try {
            return Hash.at(MessageDigest.getInstance("SHA-256").digest(script), 0).toString();
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }
}
