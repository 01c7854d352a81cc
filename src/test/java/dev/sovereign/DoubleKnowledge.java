package dev.sovereign;

import dev.sovereign.core.SystemRelation;
import dev.sovereign.core.eval.OuterFunctors;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.node.Exchange;
import dev.sovereign.node.KnowledgeHandler;
import dev.sovereign.node.NodeError;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// A knowledge base that does what the text of a query says, so that the daemon around it can be
/// tested:
///
/// | text | does |
/// |---|---|
/// | `rows N` | streams N rows of one number and one long symbol |
/// | `sent` | answers one row: how many rows were handed to all exchanges |
/// | `wait` | streams one row, then waits until it is cancelled |
/// | `waiting` | answers one row: how many wait |
/// | `defect` | throws what no handler should |
/// | `break` | breaks the whole handler |
/// | anything else | one row with the text itself |
///
/// `Assert` appends the text to the file `facts` of the home and forces it.
final class DoubleKnowledge implements KnowledgeHandler {

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();
    private final FileChannel facts;
    private volatile @Nullable Throwable broken;

    private DoubleKnowledge(FileChannel facts) {
        this.facts = facts;
    }

    static KnowledgeHandler open(
            Home home,
            Configuration configuration,
            List<SystemRelation> outside,
            OuterFunctors functors)
            throws IOException {
        if (Files.exists(home.data().resolve("refuse"))) {
            throw new IOException("told to refuse");
        }
        return new DoubleKnowledge(
                FileChannel.open(
                        home.data().resolve("facts"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND));
    }

    @Override
    public Response.Closing handle(Request<?> request, Exchange exchange)
            throws IOException, InterruptedException {
        return switch (request) {
            case Request.Query query -> query(query.text(), exchange);
            case Request.Assert facts -> append(facts);
            case Request.Import files -> read(files, exchange);
            case Request.StoreBackup _ -> {
                exchange.send(new Response.Chunk(new byte[1_000_000]));
                yield new Response.StoreReport("", 0, 0, 0, 1, false, 0, 0, 0, List.of(), null);
            }
            case Request.RulesShow show ->
                    new Response.Source(show.name(), "x".repeat(Integer.parseInt(show.name())));
            default ->
                    new Response.Failure(
                            List.of(
                                    Diagnostic.error(
                                            NodeError.LOCAL_ONLY, "not in this double", null)));
        };
    }

    private Response.Closing query(String text, Exchange exchange)
            throws IOException, InterruptedException {
        if (text.startsWith("rows ")) {
            return rows(Long.parseLong(text.substring(5)), exchange);
        }
        switch (text) {
            case "sent" -> one(sent.get(), exchange);
            case "waiting" -> one(waiting.get(), exchange);
            case "wait" -> {
                CountDownLatch cancelled = new CountDownLatch(1);
                exchange.onCancel(cancelled::countDown);
                one("waiting", exchange);
                waiting.incrementAndGet();
                try {
                    cancelled.await();
                } finally {
                    waiting.decrementAndGet();
                }
                throw new InterruptedException("cancelled");
            }
            case "defect" -> throw new IllegalStateException("a secret");
            case "break" -> {
                IOException why = new IOException("told to break");
                broken = why;
                throw why;
            }
            default -> one(text, exchange);
        }
        return new Response.Answers(1, false, null, null, 0);
    }

    private static void one(Object value, Exchange exchange) throws InterruptedException {
        exchange.send(new Response.Columns("q", List.of("X"), List.of("symbol")));
        exchange.send(new Response.Rows(List.of(List.of(value))));
    }

    private Response.Closing rows(long count, Exchange exchange) throws InterruptedException {
        exchange.send(new Response.Columns("q", List.of("N", "S"), List.of("number", "symbol")));
        List<List<@Nullable Object>> batch = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            batch.add(List.of(i, "a symbol of forty characters, or nearly so"));
            if (batch.size() == 1_000 || i == count - 1) {
                exchange.send(new Response.Rows(batch));
                sent.addAndGet(batch.size());
                batch = new ArrayList<>();
            }
        }
        return new Response.Answers(count, false, null, null, 0);
    }

    private Response.Closing append(Request.Assert request) throws IOException {
        for (Request.Program program : request.facts()) {
            ByteBuffer line =
                    ByteBuffer.wrap((program.text() + "\n").getBytes(StandardCharsets.UTF_8));
            synchronized (this) {
                facts.write(line);
                facts.force(false);
            }
        }
        return new Response.Committed(1, request.facts().size(), 0, 0);
    }

    private static Response.Closing read(Request.Import request, Exchange exchange)
            throws IOException, InterruptedException {
        long bytes = 0;
        for (String file : request.files()) {
            try (InputStream in = exchange.want(file, request.into())) {
                if (request.dryRun()) {
                    bytes += in.readNBytes(10).length; // and close long before the end
                } else {
                    byte[] buffer = new byte[10_000];
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        bytes += n;
                    }
                }
            }
        }
        return new Response.Imported(1, bytes, 0, 0, List.of());
    }

    @Override
    public Beat heartbeat() {
        return new Beat(new Response.Knowledge(1, 2, 3, 4), new Response.Store("double", 5, false));
    }

    @Override
    public @Nullable Throwable broken() {
        return broken;
    }

    @Override
    public void close() {
        try {
            facts.close();
        } catch (IOException ignored) {
            // nothing is buffered
        }
    }
}
