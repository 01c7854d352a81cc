package dev.sovereign.node.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Questions without end, more than there are cores, on threads as a connection has them: other
/// callers are answered meanwhile, and cancelling ends each.
final class EndlessQuestionsTest {

    private static final String RULES =
            """
            n(x) :- x = range(0, 1000000).
            endless(c) :- c = count : { n(x), n(y), x + y != 17 }.
            """;

    @Test
    @Timeout(120)
    void leaveTheNodeToOthers(@TempDir Path root) throws Exception {
        try (TestNode node = new TestNode(root)) {
            node.ask(new Request.Assert(List.of(new Request.Program("t", "small(7).")), null));
            int many = 2 * Runtime.getRuntime().availableProcessors() + 2;
            CountDownLatch begun = new CountDownLatch(many);
            List<Begun> exchanges = new ArrayList<>();
            List<CompletableFuture<@Nullable Response>> endings = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                Begun exchange = new Begun(begun);
                exchanges.add(exchange);
                endings.add(onVirtualThread(() -> node.ask(endless(), exchange)));
            }
            assertTrue(begun.await(60, TimeUnit.SECONDS));

            TestNode.Collector small = new TestNode.Collector();
            onVirtualThread(() -> node.ask(TestNode.query("small(x)?"), small))
                    .get(60, TimeUnit.SECONDS);
            assertEquals(List.of(List.of(7L)), small.rows);

            exchanges.forEach(TestNode.Collector::cancel);
            for (var ending : endings) {
                Throwable why = ending.handle((_, failure) -> failure).get(60, TimeUnit.SECONDS);
                SovereignException cancelled = assertInstanceOf(SovereignException.class, why);
                assertEquals("core.cancelled", cancelled.first().code());
            }
        }
    }

    private static Request.Query endless() {
        return new Request.Query(
                "endless(c)?",
                List.of(new Request.Program("endless", RULES)),
                null,
                null,
                false,
                Request.Limits.NONE);
    }

    private interface Asking {
        Response ask() throws Exception;
    }

    private static CompletableFuture<@Nullable Response> onVirtualThread(Asking asking) {
        CompletableFuture<@Nullable Response> answer = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        answer.complete(asking.ask());
                    } catch (Exception | AssertionError failure) {
                        answer.completeExceptionally(failure);
                    }
                });
        return answer;
    }

    /// Tells when its question can be cancelled: just before it is evaluated.
    private static final class Begun extends TestNode.Collector {
        private final CountDownLatch begun;

        Begun(CountDownLatch begun) {
            this.begun = begun;
        }

        @Override
        public void onCancel(Runnable hook) {
            super.onCancel(hook);
            begun.countDown();
        }
    }
}
