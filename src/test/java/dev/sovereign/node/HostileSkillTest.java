package dev.sovereign.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sovereign.core.KnowledgeBase;
import dev.sovereign.core.eval.OuterFunctors;
import dev.sovereign.core.store.StoreOptions;
import dev.sovereign.runtime.Knowledge;
import dev.sovereign.runtime.Maximum;
import dev.sovereign.runtime.Order;
import dev.sovereign.runtime.RunReport;
import dev.sovereign.runtime.Skills;
import dev.sovereign.runtime.Verdict;
import dev.sovereign.runtime.pack.Capability;
import dev.sovereign.runtime.pack.Packages;
import dev.sovereign.runtime.pack.SkillPackage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A skill that tries what it should not (`src/test/resources/skills/probe.c`): each attempt ends
/// as docs/skills.md says, and the next run answers as before.
class HostileSkillTest {

    private static final String ASKS =
            """
            [capabilities]
            read = ["disk(host, mount, bytes)"]
            write = ["alert"]
            env = ["LANG"]
            clock = "real"
            random = "real"
            [limits]
            fuel = 200_000_000
            memory_mib = 4
            timeout_ms = 10_000
            output_kib = 128
            """;

    @TempDir Path folder;

    private KnowledgeBase base;
    private Skills skills;
    private final CountDownLatch asked = new CountDownLatch(1);

    @BeforeEach
    void open() throws IOException, InterruptedException {
        base =
                KnowledgeBase.open(
                        folder.resolve("store"),
                        StoreOptions.of(folder.resolve("store.key")),
                        Map::of,
                        List.of());
        base.add(
                List.of(new KnowledgeBase.Text("test", "disk(\"a\", \"/\", 1). secret(1).")),
                KnowledgeBase.NODE,
                null);
        skills =
                new Skills(
                        folder.resolve("skills"),
                        folder.resolve("code"),
                        new Skills.Surroundings(
                                new Watched(),
                                _ -> "none",
                                Map.of("LANG", "C", "HOME", "/root", "TOKEN", "x"),
                                Maximum.STANDARD,
                                2,
                                InstantSource.system(),
                                failure -> fail(failure)));
        byte[] module;
        try (var in = HostileSkillTest.class.getResourceAsStream("/skills/probe.wasm")) {
            module = Objects.requireNonNull(in).readAllBytes();
        }
        SkillPackage probe = Packages.of(Packages.manifest("probe", "1.0.0", module, ASKS), module);
        skills.install(
                probe,
                false,
                probe.manifestSha256(),
                Stream.of("read=disk(host, mount, bytes)", "write=alert", "env=LANG")
                        .map(Capability::parse)
                        .toList());
    }

    @AfterEach
    void close() {
        skills.close();
        base.close();
    }

    /// Says when it is first asked.
    private final class Watched implements Knowledge {
        @Override
        public byte[] query(
                String text, Collection<Capability.Read> granted, int maxBytes, long deadlineNanos)
                throws Refused, IOException, InterruptedException {
            byte[] answer =
                    SkillKnowledge.query(
                            base, text, granted, maxBytes, deadlineNanos, OuterFunctors.NONE);
            asked.countDown();
            return answer;
        }

        @Override
        public int check(String facts, Set<String> granted) throws Refused {
            return SkillKnowledge.check(facts, granted);
        }

        @Override
        public Written commit(
                List<String> asserts,
                List<String> retracts,
                Set<String> granted,
                String author,
                String reason)
                throws Refused, IOException, InterruptedException {
            return SkillKnowledge.commit(base, asserts, retracts, granted, author, reason);
        }
    }

    private RunReport run(Skills.Started started, String... what) throws InterruptedException {
        return skills.run(
                new Order("probe", null, List.of(what), new byte[0], null, null), started);
    }

    private RunReport run(String... what) throws InterruptedException {
        return run(_ -> {}, what);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void answersAsBefore() throws InterruptedException {
        RunReport report = run("query", "disk(H, M, B)?");
        assertEquals(Verdict.OK, report.verdict(), report.message());
        assertEquals("24\n{\"H\":\"a\",\"M\":\"/\",\"B\":1}\n", text(report.output()));
    }

    private boolean holds(String fact) {
        return base.history(new KnowledgeBase.Text("fact", fact)).holds();
    }

    @Test
    void everyAttemptEndsAsStatedAndTheNextRunAnswersAsBefore() throws Exception {
        answersAsBefore();
        long tx = base.counts().tx();
        record Attempt(String what, Verdict verdict) {}
        for (Attempt attempt :
                List.of(
                        new Attempt("spin", Verdict.OUT_OF_FUEL),
                        new Attempt("flood", Verdict.TRAP),
                        new Attempt("log-flood", Verdict.OK),
                        new Attempt("assert-then-fail", Verdict.FAILED),
                        new Attempt("assert-then-trap", Verdict.TRAP),
                        new Attempt("deep", Verdict.CALL_STACK),
                        new Attempt("memory", Verdict.OK),
                        new Attempt("outside", Verdict.TRAP))) {
            RunReport report = run(attempt.what());
            assertEquals(attempt.verdict(), report.verdict(), attempt + report.message());
            assertTrue(report.output().length <= 128 << 10, attempt.what());
            assertTrue(report.log().length <= 128 << 10, attempt.what());
            RunReport again = run(attempt.what());
            assertEquals(report.fuel(), again.fuel(), attempt.what());
            answersAsBefore();
        }
        assertEquals(tx, base.counts().tx(), "a run that did not end well has written");
        assertTrue(Integer.parseInt(text(run("memory").output()).strip()) < 4);
    }

    @Test
    void aSleeperEndsAtItsDeadlineOrWhenItIsCancelled() throws Exception {
        skills.grant("probe", List.of(Capability.parse("clock=real")));
        long before = System.nanoTime();
        RunReport late =
                skills.run(
                        new Order("probe", null, List.of("sleep"), new byte[0], null, 200L),
                        _ -> {});
        assertEquals(Verdict.TIMEOUT, late.verdict());
        assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(4));
        RunReport cancelled =
                run(
                        ticket ->
                                Thread.ofVirtual()
                                        .start(() -> {
                                            while (skills.running() == 0) {
                                                Thread.onSpinWait();
                                            }
                                            ticket.cancel();
                                        }),
                        "sleep");
        assertEquals(Verdict.CANCELLED, cancelled.verdict());
        // with a clock that stands, an hour is over at once
        skills.revoke("probe", List.of(Capability.parse("clock=real")));
        assertEquals(Verdict.OK, run("sleep").verdict());
        answersAsBefore();
    }

    @Test
    void revokingStopsTheNextCallOfARunUnderWay() throws Exception {
        CompletableFuture<RunReport> running = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        running.complete(run("until-revoked"));
                    } catch (Throwable failed) {
                        running.completeExceptionally(failed);
                    }
                });
        assertTrue(asked.await(30, TimeUnit.SECONDS));
        skills.revoke("probe", List.of(Capability.parse("read=disk(host, mount, bytes)")));
        RunReport report = running.get(30, TimeUnit.SECONDS);
        assertEquals(Verdict.OK, report.verdict(), report.message());
        assertEquals("1 there is no relation disk\n", text(report.output()));
        assertTrue(holds("alert(\"kept\")"));
    }

    @Test
    void whatWasWrittenBeforeARevocationIsNotCommittedAfterIt() throws Exception {
        CompletableFuture<RunReport> running = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        running.complete(run("until-revoked"));
                    } catch (Throwable failed) {
                        running.completeExceptionally(failed);
                    }
                });
        assertTrue(asked.await(30, TimeUnit.SECONDS));
        skills.revoke("probe", List.of());
        RunReport report = running.get(30, TimeUnit.SECONDS);
        assertEquals(Verdict.REFUSED, report.verdict());
        assertEquals("there is no relation alert", report.message());
        assertFalse(holds("alert(\"kept\")"));
    }

    @Test
    void relationsThatAreNotGrantedCannotBeToldFromThoseThatDoNotExist() throws Exception {
        for (String form :
                List.of(
                        "%s(X)?",
                        "disk(H, M, B), !%s(B)?", "disk(H, M, B), B = count : { %s(_) }?")) {
            RunReport secret = run("query", form.formatted("secret"));
            RunReport absent = run("query", form.formatted("nobody"));
            assertEquals(
                    text(absent.output()).replace("nobody", "secret"), text(secret.output()), form);
            assertEquals("1 there is no relation secret\n", text(secret.output()));
            assertEquals(absent.fuel(), secret.fuel(), form);
        }
        for (String form : List.of("%s(1).", "alert(\"x\"). %s(1).")) {
            RunReport secret = run("assert", form.formatted("secret"));
            RunReport absent = run("assert", form.formatted("nobody"));
            assertEquals(
                    text(absent.output()).replace("nobody", "secret"), text(secret.output()), form);
            assertEquals(absent.fuel(), secret.fuel(), form);
        }
    }

    @Test
    void factsOfARunAreBounded() throws Exception {
        RunReport report = run("many-facts");
        assertEquals(Verdict.OK, report.verdict(), report.message());
        assertTrue(text(report.output()).startsWith("20000 3 "), text(report.output()));
        assertEquals(20_000, base.counts().facts() - 2);
    }

    @Test
    void onlyGrantedVariablesAreSeenAndClocksAndChanceAreFixedUnlessGranted() throws Exception {
        assertEquals("LANG=C\n", text(run("env").output()));
        String first = text(run("time").output());
        assertTrue(first.startsWith("946684800 "), first);
        assertEquals(first, text(run("time").output()));
        skills.grant("probe", List.of());
        String real = text(run("time").output());
        assertFalse(real.startsWith("946684800 "), real);
        assertNotEquals(real.substring(real.indexOf(' ')), first.substring(first.indexOf(' ')));
    }
}
