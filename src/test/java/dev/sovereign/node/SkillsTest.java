package dev.sovereign.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sovereign.core.KnowledgeBase;
import dev.sovereign.core.eval.OuterFunctors;
import dev.sovereign.core.store.StoreOptions;
import dev.sovereign.error.SovereignException;
import dev.sovereign.runtime.Installed;
import dev.sovereign.runtime.Knowledge;
import dev.sovereign.runtime.Maximum;
import dev.sovereign.runtime.Order;
import dev.sovereign.runtime.Proposal;
import dev.sovereign.runtime.RunReport;
import dev.sovereign.runtime.Skills;
import dev.sovereign.runtime.Verdict;
import dev.sovereign.runtime.pack.Capability;
import dev.sovereign.runtime.pack.PackageReader;
import dev.sovereign.runtime.pack.Packages;
import dev.sovereign.runtime.pack.SkillPackage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// Skills on a real knowledge base, with the modules of `examples/skills`.
class SkillsTest {

    private static final Path EXAMPLES = Path.of("examples/skills");

    @TempDir Path folder;

    private KnowledgeBase base;
    private Skills skills;
    private String license = "no license";

    @BeforeEach
    void open() {
        base =
                KnowledgeBase.open(
                        folder.resolve("store"),
                        StoreOptions.of(folder.resolve("store.key")),
                        Map::of,
                        List.of());
        skills = opened();
    }

    @AfterEach
    void close() {
        skills.close();
        base.close();
    }

    private Skills opened() {
        return new Skills(
                folder.resolve("skills"),
                folder.resolve("code"),
                new Skills.Surroundings(
                        new Direct(base),
                        _ -> license.isEmpty() ? null : license,
                        Map.of("LANG", "C", "SECRET", "x"),
                        Maximum.STANDARD,
                        2,
                        InstantSource.system(),
                        failure -> fail(failure)));
    }

    private record Direct(KnowledgeBase base) implements Knowledge {
        @Override
        public byte[] query(
                String text, Collection<Capability.Read> granted, int maxBytes, long deadlineNanos)
                throws Refused, IOException, InterruptedException {
            return SkillKnowledge.query(
                    base, text, granted, maxBytes, deadlineNanos, OuterFunctors.NONE);
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

    // ---- helpers ----

    private static SkillPackage example(String name) throws IOException, InterruptedException {
        return PackageReader.folder(
                file -> Files.newInputStream(EXAMPLES.resolve(name).resolve(file)));
    }

    /// The module of an example under another manifest.
    private static SkillPackage manifest(String example, String name, String version, String rest)
            throws IOException, InterruptedException {
        byte[] module = example(example).module();
        return Packages.of(Packages.manifest(name, version, module, rest), module);
    }

    private Installed install(SkillPackage added, String... granted) {
        return skills.install(
                added,
                false,
                added.manifestSha256(),
                Stream.of(granted).map(Capability::parse).toList());
    }

    private Installed installSilently(SkillPackage added) {
        return skills.install(added, false, added.manifestSha256(), null);
    }

    private RunReport run(String skill, @Nullable String tool, String input, String... arguments)
            throws InterruptedException {
        return skills.run(
                new Order(
                        skill,
                        tool,
                        List.of(arguments),
                        input.getBytes(StandardCharsets.UTF_8),
                        null,
                        null),
                _ -> {});
    }

    private static String output(RunReport report) {
        assertEquals(Verdict.OK, report.verdict(), report.message() + text(report.log()));
        return text(report.output()).strip();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String code(org.junit.jupiter.api.function.Executable does) {
        return assertThrows(SovereignException.class, does).first().code();
    }

    private void add(String... facts) throws IOException, InterruptedException {
        for (String fact : facts) {
            base.add(List.of(new KnowledgeBase.Text("test", fact)), KnowledgeBase.NODE, null);
        }
    }

    private boolean holds(String fact) {
        return base.history(new KnowledgeBase.Text("fact", fact)).holds();
    }

    // ---- the examples ----

    @Test
    void aSkillInRustReadsAndWrites() throws Exception {
        installSilently(example("summary"));
        assertEquals(
                "{\"count\":3,\"least\":-4,\"greatest\":9,\"mean\":2.000}",
                output(run("summary", "summary", "[1, 9, -4]")));
        RunReport failed = run("summary", "summary", "[x]");
        assertEquals(Verdict.FAILED, failed.verdict());
        assertEquals(1, failed.exit());
        assertEquals("not a whole number: x\n", text(failed.log()));
    }

    @Test
    void aSkillInJavaScriptRunsTheSameWayEachTime() throws Exception {
        installSilently(example("reshape"));
        RunReport first = run("reshape", "group", "[{\"a\":1},{\"a\":2},{\"a\":1}]", "a");
        assertEquals("[{\"a\":\"1\",\"count\":2},{\"a\":\"2\",\"count\":1}]", output(first));
        RunReport second = run("reshape", "group", "[{\"a\":1},{\"a\":2},{\"a\":1}]", "a");
        assertEquals(first.fuel(), second.fuel());
        assertArrayEquals(first.output(), second.output());
        assertTrue(text(run("reshape", "group", "{").log()).contains("SyntaxError"));
    }

    @Test
    void aSkillInGoReadsGrantedFolders() throws Exception {
        Path logs = Files.createDirectories(folder.resolve("logs/sub"));
        Files.writeString(logs.resolve("b.log"), "fine\nERROR one\nERROR two\n");
        Files.writeString(logs.resolveSibling("a.log"), "ERROR three\n");
        Files.createSymbolicLink(logs.resolve("link.log"), Path.of("/etc/passwd"));
        String root = folder.resolve("logs").toString();
        install(
                manifest(
                        "log-scan",
                        "log-scan",
                        "1.0.0",
                        "[capabilities]\nfiles = [{ path = \"" + root + "\" }]"),
                "files=r:" + root);
        assertEquals(
                "{\"lines\":3,\"files\":[\"%s/a.log\",\"%s/sub/b.log\"]}".formatted(root, root),
                output(run("log-scan", "scan", "", root, "ERROR")));
        assertEquals(Verdict.FAILED, run("log-scan", "scan", "", folder.toString(), "x").verdict());
        skills.revoke("log-scan", List.of());
        assertEquals(Verdict.FAILED, run("log-scan", "scan", "", root, "ERROR").verdict());
    }

    @Test
    void aSkillInCWritesFactsAsItsAuthorInOneTransaction() throws Exception {
        install(example("disk-watch"), "read=disk(host, mount, bytes)", "write=alert");
        add("disk(\"web1\", \"/\", 2000).", "disk(\"web2\", \"/\", 5).");
        RunReport report = run("disk-watch", "check", "");
        assertEquals("{\"disks\":2,\"full\":1}", output(report));
        assertTrue(holds("alert(\"web1\", \"/\")"));
        assertFalse(holds("alert(\"web2\", \"/\")"));
        var written = base.log(Long.MAX_VALUE, 1).getFirst();
        assertEquals(report.tx(), written.id());
        assertEquals("skill disk-watch 1.0.0", written.author());
        assertTrue(
                Objects.requireNonNull(written.reason())
                        .contains(report.fuel() + " units of fuel"));
        // what it asserted it may take back, and nobody else's fact
        add("alert(\"web2\", \"/\").");
        run("disk-watch", "check", "", "1000000");
        assertFalse(holds("alert(\"web1\", \"/\")"));
        assertTrue(holds("alert(\"web2\", \"/\")"));
    }

    @Test
    void aRunThatDoesNotEndWellWritesNothing() throws Exception {
        install(example("disk-watch"), "read=disk(host, mount, bytes)", "write=alert");
        add("disk(\"web1\", \"/\", 2000).");
        RunReport whole = run("disk-watch", "check", "", "9999999");
        long before = base.counts().tx();
        for (long fuel = whole.fuel() - 1; fuel > 0; fuel -= 997) {
            RunReport stopped =
                    skills.run(
                            new Order(
                                    "disk-watch",
                                    "check",
                                    List.of("9999999"),
                                    new byte[0],
                                    fuel,
                                    null),
                            _ -> {});
            assertEquals(Verdict.OUT_OF_FUEL, stopped.verdict());
            assertEquals(0, stopped.tx());
        }
        assertEquals(before, base.counts().tx());
        // columns of another kind: the whole run is refused
        add("alert(7).");
        assertEquals(Verdict.REFUSED, run("disk-watch", "check", "").verdict());
        assertEquals(before + 1, base.counts().tx());
    }

    /// What the toolchain at hand makes of the sources behaves as what is committed.
    @Test
    void aRebuiltExampleBehavesTheSame() throws Exception {
        Path copy = folder.resolve("rebuilt");
        try (Stream<Path> all = Files.walk(EXAMPLES)) {
            for (Path each : all.toList()) {
                Files.copy(each, copy.resolve(EXAMPLES.relativize(each).toString()));
            }
        }
        String name = null;
        for (String candidate : List.of("disk-watch", "summary", "log-scan")) {
            Process build =
                    new ProcessBuilder("./build", candidate)
                            .directory(copy.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("build.log").toFile())
                            .start();
            if (build.waitFor() == 0) {
                name = candidate;
                break;
            }
        }
        assumeTrue(
                name != null, "neither clang with wasi-libc, nor rustc with wasm32-wasip1, nor go");
        String built = Objects.requireNonNull(name);
        SkillPackage rebuilt =
                PackageReader.folder(
                        file -> Files.newInputStream(copy.resolve(built).resolve(file)));
        String[] grants =
                rebuilt.manifest().capabilities().stream()
                        .map(Capability::text)
                        .toArray(String[]::new);
        add("disk(\"web1\", \"/\", 2000).");
        install(example(built), grants);
        String tool = rebuilt.manifest().tools().getFirst().name();
        RunReport before = run(built, tool, "[1, 2]");
        skills.remove(built);
        install(rebuilt, grants);
        RunReport after = run(built, tool, "[1, 2]");
        assertEquals(before.verdict(), after.verdict());
        assertEquals(text(before.output()), text(after.output()));
        assertEquals(text(before.log()), text(after.log()));
    }

    /// `skill new` hands out what the examples are made with.
    @Test
    void theStartingPointsHaveTheFilesOfTheExamples() throws IOException {
        Path templates = Path.of("src/main/resources/dev/sovereign/cli/skill");
        assertEquals(
                Files.readString(EXAMPLES.resolve("sovereign.h")),
                Files.readString(templates.resolve("c/sovereign.h")));
        assertEquals(
                Files.readString(EXAMPLES.resolve("reshape/main.c")),
                Files.readString(templates.resolve("js/main.c")));
    }

    // ---- grants ----

    @Test
    void whatIsNotGrantedCannotBeToldFromWhatDoesNotExist() throws Exception {
        install(example("disk-watch"));
        RunReport nothingThere = run("disk-watch", "check", "");
        add("disk(\"web1\", \"/\", 2000).");
        RunReport notGranted = run("disk-watch", "check", "");
        skills.grant("disk-watch", List.of(Capability.parse("read=disk(host, mount, bytes)")));
        assertEquals(Verdict.FAILED, nothingThere.verdict());
        assertArrayEquals(nothingThere.log(), notGranted.log());
        assertArrayEquals(nothingThere.output(), notGranted.output());
        assertEquals(nothingThere.fuel(), notGranted.fuel());
        assertEquals(nothingThere.exit(), notGranted.exit());
        assertEquals("query: there is no relation disk\n", text(notGranted.log()));
        RunReport mayNotWrite = run("disk-watch", "check", "");
        assertEquals("assert: there is no relation alert\n", text(mayNotWrite.log()));
        skills.remove("disk-watch");
        install(example("disk-watch"), "read=disk(host, mount, bytes)", "write=alert");
        base.remove(
                List.of(new KnowledgeBase.Text("test", "disk(\"web1\", \"/\", 2000).")),
                false,
                KnowledgeBase.NODE,
                null);
        assertEquals("{\"disks\":0,\"full\":0}", output(run("disk-watch", "check", "")));
    }

    @Test
    void aGrantForOneVersionDoesNotServeOneThatAsksForMore() throws Exception {
        String asks = "[capabilities]\nread = [\"disk(h, m, b)\"]\n";
        String asksMore = asks + "write = [\"alert\"]\n";
        install(manifest("disk-watch", "w", "1.0.0", asks), "read=disk(h, m, b)");

        SkillPackage more = manifest("disk-watch", "w", "1.1.0", asksMore);
        Proposal proposal = skills.propose(more, false);
        assertTrue(proposal.mustAsk());
        assertEquals(
                List.of("write=alert"), proposal.fresh().stream().map(Capability::text).toList());
        assertEquals("skill.not-granted", code(() -> installSilently(more)));
        assertEquals("1.0.0", skills.show("w").manifest().version().toString());

        SkillPackage same = manifest("disk-watch", "w", "1.0.1", asks + "# changed\n");
        assertFalse(skills.propose(same, false).mustAsk());
        assertEquals(
                List.of("read=disk(h, m, b)"),
                installSilently(same).granted().stream().map(Capability::text).toList());

        SkillPackage less = manifest("disk-watch", "w", "1.0.2", "");
        assertEquals(List.of(), installSilently(less).granted());
    }

    @Test
    void whatWasDeniedOnceIsNotGrantedByAnUpgrade() throws Exception {
        String asks = "[capabilities]\nread = [\"disk(h, m, b)\"]\nwrite = [\"alert\"]\n";
        install(manifest("disk-watch", "w", "1.0.0", asks), "write=alert");
        assertEquals(
                List.of("write=alert"),
                installSilently(manifest("disk-watch", "w", "1.0.1", asks)).granted().stream()
                        .map(Capability::text)
                        .toList());
    }

    @Test
    void versionsAndPublishersAreNotExchangedInSilence() throws Exception {
        String asks = "[capabilities]\nwrite = [\"alert\"]\n";
        byte[] module = example("disk-watch").module();
        install(manifest("disk-watch", "w", "2.0.0", asks), "write=alert");
        assertEquals(
                "skill.version",
                code(() -> skills.propose(manifest("disk-watch", "w", "1.9.0", asks), false)));
        assertEquals(
                "skill.version",
                code(() ->
                        skills.propose(
                                manifest("disk-watch", "w", "2.0.0", asks + "# x\n"), false)));
        SkillPackage signed =
                Packages.of(
                        Packages.signed(
                                Packages.manifest("w", "3.0.0", module, asks), Packages.key()),
                        module);
        assertEquals("skill.publisher", code(() -> skills.propose(signed, false)));
        Proposal forced = skills.propose(signed, true);
        assertTrue(forced.mustAsk());
        assertEquals(List.of(), forced.keeps());
    }

    @Test
    void onlyWhatWasShownIsInstalledAndOnlyWhatIsAskedForIsGranted() throws Exception {
        SkillPackage shown = manifest("disk-watch", "w", "1.0.0", "");
        SkillPackage other =
                manifest("disk-watch", "w", "1.0.0", "[capabilities]\nwrite = [\"alert\"]\n");
        assertEquals(
                "skill.not-granted",
                code(() -> skills.install(other, false, shown.manifestSha256(), List.of())));
        assertEquals("skill.capability", code(() -> install(other, "write=other")));
        assertEquals("skill.capability", code(() -> install(other, "clock=real")));
        assertEquals(List.of(), skills.list());
    }

    @Test
    void grantsOutliveTheDaemonAndAreForItsUserAlone() throws Exception {
        install(example("disk-watch"), "write=alert");
        skills.grant("disk-watch", List.of());
        skills.revoke("disk-watch", List.of(Capability.parse("write=alert")));
        Skills again = opened();
        assertEquals(
                List.of("read=disk(host, mount, bytes)"),
                again.show("disk-watch").granted().stream().map(Capability::text).toList());
        try (Stream<Path> all = Files.walk(folder.resolve("skills"))) {
            for (Path each : all.toList()) {
                assertEquals(
                        Files.isDirectory(each) ? "rwx------" : "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(each)),
                        each.toString());
            }
        }
    }

    @Test
    void aChangedByteOfAnyFileIsRefused() throws Exception {
        installSilently(example("summary"));
        run("summary", "summary", "[1]");
        Path home = folder.resolve("skills/summary");
        try (Stream<Path> files = Files.list(home)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().equals("record")) {
                    continue;
                }
                byte[] good = Files.readAllBytes(file);
                for (int at : new int[] {0, good.length / 2, good.length - 1}) {
                    byte[] bad = good.clone();
                    bad[at] ^= 1;
                    Files.write(file, bad);
                    assertEquals(
                            "skill.changed",
                            code(() -> run("summary", "summary", "[1]")),
                            file + " " + at);
                    assertEquals(1, opened().damaged().size());
                    Files.write(file, good);
                    output(run("summary", "summary", "[1]"));
                }
            }
        }
        Files.writeString(home.resolve("record"), "sovereign skill record 1\nmanifest x\n");
        assertEquals(
                "skill.changed", Objects.requireNonNull(opened().damaged().get("summary")).code());
    }

    // ---- code on disk ----

    private List<Path> code() throws IOException {
        if (!Files.exists(folder.resolve("code"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder.resolve("code"))) {
            return files.toList();
        }
    }

    private Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    @Test
    void codeIsKeptForTheNextDaemonAndMadeAnewWhenAByteOfItChanged() throws Exception {
        installSilently(example("summary"));
        skills.awaitPrepared();
        RunReport before = run("summary", "summary", "[1, 2]");
        Path file = code().getFirst();
        Object first = inode(file);

        skills.close();
        skills = opened();
        RunReport cached = run("summary", "summary", "[1, 2]");
        skills.awaitPrepared();
        assertEquals(first, inode(file), "it was read and not written");
        assertEquals(before.fuel(), cached.fuel());
        assertArrayEquals(before.output(), cached.output());

        skills.close();
        byte[] good = Files.readAllBytes(file);
        byte[] bad = good.clone();
        bad[good.length / 2] ^= 1;
        Files.write(file, bad);
        skills = opened();
        RunReport again = run("summary", "summary", "[1, 2]");
        skills.awaitPrepared();
        assertArrayEquals(good, Files.readAllBytes(file), "made anew");
        assertEquals(before.fuel(), again.fuel());
        assertArrayEquals(before.output(), again.output());
    }

    @Test
    void codeGoesWithTheLastSkillThatUsesIt() throws Exception {
        installSilently(example("summary"));
        install(manifest("summary", "other", "1.0.0", ""));
        skills.awaitPrepared();
        assertEquals(1, code().size(), "one module, two skills");
        skills.remove("other");
        assertEquals(1, code().size());
        skills.remove("summary");
        assertEquals(List.of(), code());
    }

    @Test
    void aLicenseIsAskedForBeforeEachRun() throws Exception {
        installSilently(
                manifest(
                        "summary",
                        "paid",
                        "1.0.0",
                        """
                        [license]
                        address = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
                        sats = 50_000
                        network = "mainnet"
                        """));
        assertEquals("skill.license", code(() -> run("paid", "summary", "[1]")));
        license = "";
        assertEquals(
                "{\"count\":1,\"least\":1,\"greatest\":1,\"mean\":1.000}",
                output(run("paid", null, "[1]")));
        license = "expired";
        assertEquals("skill.license", code(() -> run("paid", "summary", "[1]")));
    }

    @Test
    void removingEndsIt() throws Exception {
        installSilently(example("summary"));
        skills.remove("summary");
        assertEquals("skill.unknown", code(() -> run("summary", null, "")));
        assertFalse(Files.exists(folder.resolve("skills/summary")));
        assertEquals("skill.unknown", code(() -> skills.remove("summary")));
        assertEquals("skill.unknown", code(() -> skills.remove("../store")));
    }

    @Test
    void manyAtOnceShareTheSlotsAndAllEnd() throws Exception {
        installSilently(example("summary"));
        installSilently(manifest("summary", "other", "1.0.0", ""));
        List<Thread> threads = new java.util.ArrayList<>();
        var ended = new java.util.concurrent.atomic.AtomicInteger();
        for (int i = 0; i < 32; i++) {
            String name = i % 4 == 0 ? "other" : "summary";
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    output(run(name, null, "[1,2,3]"));
                                    ended.incrementAndGet();
                                } catch (InterruptedException stopped) {
                                    Thread.currentThread().interrupt();
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(32, ended.get());
        assertEquals(0, skills.running());
        assertEquals(32, skills.reports().size());
    }

    @Test
    void theQueryOfASkillNamesGrantedRelationsOnly() throws Exception {
        add("disk(\"a\", \"/\", 1).", "secret(1).", "edge(1, 2).");
        Set<Capability.Read> granted =
                Set.of((Capability.Read) Capability.parse("read=disk(h, m, b)"));
        for (String text :
                List.of(
                        "secret(X)?",
                        "disk(H, M, B), secret(B)?",
                        "disk(H, M, B), !secret(B)?",
                        "disk(H, M, B), B = count : { secret(_) }?",
                        "disk(H, M, B), B = sum X : { secret(X) }?",
                        "disk(H, M, _) ; secret(_)?",
                        "@other.disk(H, M, B)?",
                        "disk(H, M)?",
                        "none(X)?")) {
            Knowledge.Refused refused =
                    assertThrows(
                            Knowledge.Refused.class,
                            () ->
                                    SkillKnowledge.query(
                                            base,
                                            text,
                                            granted,
                                            1_000,
                                            System.nanoTime() + 10_000_000_000L,
                                            OuterFunctors.NONE),
                            text);
            assertEquals(Knowledge.Refused.Why.NO_RELATION, refused.why(), text);
        }
        for (String text :
                List.of(
                        "",
                        "x(1). disk(H, M, B)?",
                        "x(X) :- secret(X). disk(H, M, B)?",
                        "disk(H, M, B)? disk(H, M, B)?",
                        ".include \"/etc/passwd\"",
                        ".decl secret(x:number)\n.input secret\ndisk(H, M, B)?",
                        "disk(H, M, B), H = @f(M)?",
                        "disk(")) {
            assertEquals(
                    Knowledge.Refused.Why.TEXT,
                    assertThrows(
                                    Knowledge.Refused.class,
                                    () ->
                                            SkillKnowledge.query(
                                                    base,
                                                    text,
                                                    granted,
                                                    1_000,
                                                    System.nanoTime() + 10_000_000_000L,
                                                    OuterFunctors.NONE),
                                    text)
                            .why(),
                    text);
        }
        assertEquals(
                "{\"H\":\"a\",\"B\":1}\n",
                text(
                        SkillKnowledge.query(
                                base,
                                "disk(H, \"/\", B)",
                                granted,
                                1_000,
                                System.nanoTime() + 10_000_000_000L,
                                OuterFunctors.NONE)));
        assertEquals(
                "{\"answer\":true}\n",
                text(
                        SkillKnowledge.query(
                                base,
                                "disk(_, _, 1)?",
                                granted,
                                1_000,
                                System.nanoTime() + 10_000_000_000L,
                                OuterFunctors.NONE)));
        for (String facts : List.of("secret(2).", "alert(1). secret(2).", "sys_run(1)."))
            assertEquals(
                    Knowledge.Refused.Why.NO_RELATION,
                    assertThrows(
                                    Knowledge.Refused.class,
                                    () -> SkillKnowledge.check(facts, Set.of("alert")))
                            .why());
        for (String facts :
                List.of(
                        "alert(X).",
                        "alert(_).",
                        "alert(1) :- alert(2).",
                        "alert(1)?",
                        ".input alert"))
            assertEquals(
                    Knowledge.Refused.Why.TEXT,
                    assertThrows(
                                    Knowledge.Refused.class,
                                    () -> SkillKnowledge.check(facts, Set.of("alert")),
                                    facts)
                            .why());
    }
}
