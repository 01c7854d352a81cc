package dev.sovereign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sovereign.cli.Callers;
import dev.sovereign.cli.Listener;
import dev.sovereign.cli.connect.SocketCaller;
import dev.sovereign.error.ErrorKind;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Message;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// The daemon as a process, with a [DoubleKnowledge] behind it: start, end, and everything that can
/// happen to a home in between.
@Timeout(120)
class DaemonIT {

    private static final Listener IGNORE = new Listener() {};

    private final Path folder;

    DaemonIT() throws IOException {
        folder = Files.createTempDirectory("daemon-it-");
    }

    private Path root() {
        return folder.resolve("home");
    }

    private Home home() {
        return TestDaemon.home(root());
    }

    @AfterEach
    void endDaemons() throws IOException {
        Set<Path> homes = new HashSet<>();
        try (var files = Files.walk(folder)) {
            files.filter(file -> file.endsWith("daemon.lock"))
                    .forEach(file -> homes.add(file.getParent()));
        }
        for (Path home : homes) {
            kill(home);
        }
        new ProcessBuilder("rm", "-rf", folder.toString()).inheritIO().start().onExit().join();
    }

    /// Ends, with -9, the daemon of this home when it is one of ours.
    private static void kill(Path home) {
        Long pid = TestDaemon.pid(home);
        if (pid == null) {
            return;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isPresent()
                && process.get()
                        .info()
                        .commandLine()
                        .orElse("")
                        .contains(TestDaemon.class.getName())) {
            process.get().destroyForcibly();
            process.get().onExit().join();
        }
    }

    private static Request.Query query(String text) {
        return new Request.Query(text, List.of(), null, null, false, Request.Limits.NONE);
    }

    private static Request.Assert fact(String text) {
        return new Request.Assert(List.of(new Request.Program("assert", text)), null);
    }

    private static long number(SocketCaller caller, String text) throws InterruptedException {
        AtomicLong value = new AtomicLong();
        caller.call(
                query(text),
                new Listener() {
                    @Override
                    public void rows(Response.Rows rows) {
                        value.set((Long) rows.rows().getFirst().getFirst());
                    }
                });
        return value.get();
    }

    private static long pid(SocketCaller caller) throws InterruptedException {
        return caller.call(new Request.Status(), IGNORE).pid();
    }

    // ---- start ----

    @Test
    void theFirstCallStartsADaemonAndTheNextOnesUseIt() throws Exception {
        long pid;
        try (SocketCaller caller = TestDaemon.caller(root())) {
            Response.Heartbeat beat = caller.call(new Request.Status(), IGNORE);
            pid = beat.pid();
            assertEquals(pid, TestDaemon.pid(root()));
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(home().socket())));
            assertEquals(
                    "rwx------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(home().runtime())));
        }
        try (SocketCaller caller = TestDaemon.caller(root())) {
            assertEquals(pid, pid(caller));
        }
    }

    /// Specs/cli.md; -Dsovereign.crowd.rounds=200 for the long run.
    @Test
    @Timeout(3600)
    void fortyFirstClientsStartOneDaemonAndAllAreAnswered() throws Exception {
        int rounds = Integer.getInteger("sovereign.crowd.rounds", 1);
        for (int round = 0; round < rounds; round++) {
            Path root = folder.resolve("crowd" + round);
            List<Process> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                clients.add(
                        new ProcessBuilder(
                                        TestDaemon.java(
                                                TestClient.class,
                                                List.of(),
                                                root.toString(),
                                                "client" + i))
                                .redirectInput(new File("/dev/null"))
                                .redirectErrorStream(true)
                                .start());
            }
            Set<String> daemons = new HashSet<>();
            for (int i = 0; i < 40; i++) {
                String said =
                        new String(
                                        clients.get(i).getInputStream().readAllBytes(),
                                        StandardCharsets.UTF_8)
                                .strip();
                assertEquals(0, clients.get(i).waitFor(), "round " + round + ": " + said);
                String[] words = said.split(" ");
                daemons.add(words[0]);
                assertEquals("client" + i, words[1], said);
            }
            assertEquals(1, daemons.size(), "round " + round + ": daemons " + daemons);
            kill(root);
        }
    }

    @Test
    void withoutPermissionToStartItSaysThatNoneRuns() {
        try (SocketCaller caller =
                TestDaemon.caller(
                        root(), new Callers.Reach(null, false, null), new ArrayList<>())) {
            SovereignException refused =
                    assertThrows(
                            SovereignException.class,
                            () -> caller.call(new Request.Status(), IGNORE));
            assertEquals("daemon.not-running", refused.first().code());
            assertEquals(ErrorKind.REFUSED, refused.first().kind());
            assertFalse(Files.exists(root()));
        }
    }

    @Test
    void aStaleSocketAndLockOfADeadOrReusedPidAreTakenOver() throws Exception {
        Files.createDirectories(root());
        Files.createDirectory(
                home().runtime(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(home().socket()));
        }
        // our own pid: a process that lives and is no daemon
        Files.writeString(
                home().lockFile(),
                ProcessHandle.current().pid() + "\n" + home().socket() + "\nold\n");
        try (SocketCaller caller = TestDaemon.caller(root())) {
            assertNotEquals(ProcessHandle.current().pid(), pid(caller));
        }
    }

    @Test
    void aHomeOnALongPathListensInAShortFolder() throws Exception {
        Path deep = folder.resolve("d".repeat(60)).resolve("e".repeat(60));
        Files.createDirectories(deep.getParent());
        Home home = TestDaemon.home(deep);
        assertTrue(home.socket().toString().length() <= Home.MAX_SOCKET_PATH_BYTES);
        try (SocketCaller caller = TestDaemon.caller(deep)) {
            pid(caller);
            assertTrue(Files.exists(home.socket()));
        } finally {
            kill(deep);
            Files.deleteIfExists(home.socket());
            Files.deleteIfExists(home.runtime());
        }
    }

    @Test
    void aHomeThatCannotBeWrittenIsOneClearError() throws Exception {
        Files.writeString(root(), "a file");
        assertUnusable(root(), "home.unusable");
        Path proc = Path.of("/proc/sovereign-home");
        assertUnusable(proc, "home.unusable");
    }

    @Test
    void aRuntimeFolderOpenToOthersIsRefused() throws Exception {
        Files.createDirectories(home().runtime());
        Files.setPosixFilePermissions(
                home().runtime(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertUnusable(root(), "home.foreign");
    }

    @Test
    void aHomeOfAnotherUserIsRefused() throws Exception {
        Files.createDirectories(root());
        Process chown =
                new ProcessBuilder("chown", "12345", root().toString())
                        .redirectErrorStream(true)
                        .start();
        assumeTrue(chown.waitFor() == 0, "only root can give a folder away");
        assertUnusable(root(), "home.foreign");
    }

    @Test
    void aFullDiskIsOneClearError() throws Exception {
        Path full = Files.createDirectory(folder.resolve("full"));
        Process mount =
                new ProcessBuilder(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=64k,nr_inodes=20",
                                "none",
                                full.toString())
                        .redirectErrorStream(true)
                        .start();
        assumeTrue(mount.waitFor() == 0, "only root can mount a small file system");
        try {
            Files.write(full.resolve("filler"), new byte[60 << 10]);
            try {
                Files.write(full.resolve("rest"), new byte[4 << 10]);
            } catch (IOException isFull) {
                // as it should be
            }
            try (SocketCaller caller = TestDaemon.caller(full.resolve("home"))) {
                SovereignException refused =
                        assertThrows(
                                SovereignException.class,
                                () -> caller.call(new Request.Status(), IGNORE));
                assertEquals(ErrorKind.REFUSED, refused.first().kind());
                assertEquals("home.unusable", refused.first().code(), refused.first().message());
            }
        } finally {
            kill(full.resolve("home"));
            new ProcessBuilder("umount", "-l", full.toString()).inheritIO().start().waitFor();
        }
    }

    @Test
    void aReadOnlyDiskIsOneClearError() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("readonly"));
        Process mount =
                new ProcessBuilder("mount", "-t", "tmpfs", "-o", "ro", "none", disk.toString())
                        .redirectErrorStream(true)
                        .start();
        assumeTrue(mount.waitFor() == 0, "only root can mount a file system");
        try {
            assertUnusable(disk.resolve("home"), "home.unusable");
        } finally {
            new ProcessBuilder("umount", "-l", disk.toString()).inheritIO().start().waitFor();
        }
    }

    private static void assertUnusable(Path root, String code) {
        try (SocketCaller caller = TestDaemon.caller(root)) {
            SovereignException refused =
                    assertThrows(
                            SovereignException.class,
                            () -> caller.call(new Request.Status(), IGNORE));
            assertEquals(code, refused.first().code(), refused.first().message());
            assertEquals(3, refused.first().kind().exitStatus());
        }
    }

    @Test
    void aDaemonThatCannotStartSaysWhy() throws Exception {
        Files.createDirectories(root());
        Files.writeString(home().configFile(), "[daemon]\nidel = 1\n");
        try (SocketCaller caller = TestDaemon.caller(root())) {
            SovereignException refused =
                    assertThrows(
                            SovereignException.class,
                            () -> caller.call(new Request.Status(), IGNORE));
            assertEquals("config.unknown-key", refused.first().code());
        }
        try (SocketCaller caller = TestDaemon.caller(root(), "-Xmx1k")) {
            SovereignException refused =
                    assertThrows(
                            SovereignException.class,
                            () -> caller.call(new Request.Status(), IGNORE));
            assertEquals("daemon.start-failed", refused.first().code());
        }
    }

    // ---- end ----

    @Test
    void stopEndsItAndTheNextCallStartsAnother() throws Exception {
        try (SocketCaller caller = TestDaemon.caller(root())) {
            long first = pid(caller);
            caller.call(new Request.Stop(1_000), IGNORE);
            assertFalse(Files.exists(home().socket()));
            assertNotEquals(first, pid(caller));
        }
    }

    @Test
    void stopDrainsWhatIsUnderWay() throws Exception {
        try (SocketCaller caller = TestDaemon.caller(root())) {
            pid(caller);
            try (RawClient raw = RawClient.greeted(home())) {
                raw.query(1, "rows 200000");
                raw.receive();
                raw.send(new Message.Ask(2, new Request.Stop(60_000)));
                Message.Answer first = raw.closing();
                assertEquals(1, first.id());
                assertInstanceOf(Response.Answers.class, first.response());
                assertInstanceOf(Response.Done.class, raw.closing().response());
            }
        }
    }

    @Test
    void stopCancelsWhatDoesNotEnd() throws Exception {
        try (SocketCaller caller = TestDaemon.caller(root())) {
            pid(caller);
            try (RawClient raw = RawClient.greeted(home())) {
                raw.query(1, "wait");
                raw.receive();
                raw.receive();
                raw.send(new Message.Ask(2, new Request.Stop(1)));
                Message.Answer first = raw.closing();
                assertEquals(1, first.id());
                assertInstanceOf(Response.Failure.class, first.response());
                assertInstanceOf(Response.Done.class, raw.closing().response());
                assertInstanceOf(Message.Bye.class, raw.receive());
                assertNull(raw.receive());
            }
        }
    }

    @Test
    void terminatedInOrderItRemovesItsSocket() throws Exception {
        try (SocketCaller caller = TestDaemon.caller(root())) {
            ProcessHandle daemon = ProcessHandle.of(pid(caller)).orElseThrow();
            daemon.destroy();
            daemon.onExit().join();
            assertFalse(Files.exists(home().socket()));
            assertNotEquals(daemon.pid(), pid(caller));
        }
    }

    @Test
    void idleItEndsByItself() throws Exception {
        Files.createDirectories(root());
        Files.writeString(home().configFile(), "daemon.idle = \"300ms\"\n");
        try (SocketCaller caller = TestDaemon.caller(root())) {
            ProcessHandle daemon = ProcessHandle.of(pid(caller)).orElseThrow();
            daemon.onExit().get(60, TimeUnit.SECONDS);
            assertNotEquals(daemon.pid(), pid(caller));
        }
    }

    @Test
    void aHomeThatIsRemovedEndsItsDaemon() throws Exception {
        Files.createDirectories(root());
        Files.writeString(home().configFile(), "daemon.idle = \"400ms\"\n");
        try (SocketCaller caller = TestDaemon.caller(root())) {
            ProcessHandle daemon = ProcessHandle.of(pid(caller)).orElseThrow();
            new ProcessBuilder("rm", "-rf", root().toString()).start().waitFor();
            daemon.onExit().get(60, TimeUnit.SECONDS);
        }
    }

    /// -Dsovereign.kill.rounds=200 for the long run.
    @Test
    @Timeout(3600)
    void killedAtAnyMomentTheNextCallStartsAnotherAndNothingAcknowledgedIsLost() throws Exception {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        Random random = new Random(seed);
        int rounds = Integer.getInteger("sovereign.kill.rounds", 3);
        List<String> acknowledged = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            try (SocketCaller caller = TestDaemon.caller(root())) {
                ProcessHandle daemon = ProcessHandle.of(pid(caller)).orElseThrow();
                long delay = random.nextLong(150_000_000);
                Thread killer =
                        Thread.ofPlatform()
                                .start(() -> {
                                    java.util.concurrent.locks.LockSupport.parkNanos(delay);
                                    daemon.destroyForcibly();
                                });
                try {
                    for (int i = 0; ; i++) {
                        String text = "fact(" + round + "," + i + ").";
                        caller.call(fact(text), IGNORE);
                        acknowledged.add(text);
                        if (!daemon.isAlive()) {
                            break;
                        }
                    }
                } catch (SovereignException lost) {
                    assertEquals("daemon.lost", lost.first().code(), "seed " + seed);
                }
                killer.join();
                daemon.onExit().join();
            }
        }
        List<String> facts = Files.readAllLines(root().resolve("facts"));
        assertTrue(
                new HashSet<>(facts).containsAll(acknowledged),
                "seed " + seed + ": " + acknowledged.size() + " acknowledged");
    }

    @Test
    void aDaemonOfAnotherBuildIsReplacedWithOneLine() throws Exception {
        Process process = TestDaemon.starter(prepared(), "-Dsovereign.build=other").start(home());
        process.getInputStream().readAllBytes();
        long old = process.pid();
        List<String> words = new ArrayList<>();
        try (SocketCaller caller = TestDaemon.caller(root(), Callers.Reach.DEFAULT, words)) {
            assertNotEquals(old, pid(caller));
        }
        assertEquals(1, words.size());
        assertTrue(words.getFirst().contains("other"), words.getFirst());
        List<String> none = new ArrayList<>();
        try (SocketCaller caller = TestDaemon.caller(root(), Callers.Reach.DEFAULT, none)) {
            pid(caller);
        }
        assertEquals(List.of(), none);
    }

    private Path prepared() {
        dev.sovereign.protocol.HomeFolders.prepare(home());
        return root();
    }

    // ---- requests ----

    @Test
    void aSecondRequestIsAnsweredWhileTheFirstStreams() throws Exception {
        try (SocketCaller caller = TestDaemon.caller(root())) {
            pid(caller);
            try (RawClient raw = RawClient.greeted(home())) {
                raw.query(1, "rows 500000");
                raw.query(2, "hello");
                Message.Answer first = raw.closing();
                assertEquals(2, first.id());
                Message.Answer second = raw.closing();
                assertEquals(1, second.id());
                assertEquals(500_000, ((Response.Answers) second.response()).rows());
            }
        }
    }

    @Test
    void aCallerThatDoesNotReadHoldsUpOnlyItself() throws Exception {
        try (SocketCaller caller = TestDaemon.caller(root())) {
            pid(caller);
            try (RawClient slow = RawClient.greeted(home())) {
                slow.query(1, "rows 10000000");
                slow.receive();
                // until the daemon has stopped sending: twice the same count
                long before = -1;
                long now = number(caller, "sent");
                while (now != before || now == 0) {
                    before = now;
                    TimeUnit.MILLISECONDS.sleep(100);
                    now = number(caller, "sent");
                }
                assertTrue(now < 100_000, "sent " + now + " rows to one who does not read");
                assertTrue(
                        caller.call(new Request.Status(), IGNORE).memory().heapUsedBytes()
                                < 64 << 20);
            }
        }
    }

    @Test
    void cancelEndsOneRequestAndLeavesTheConnection() throws Exception {
        try (SocketCaller caller = TestDaemon.caller(root())) {
            pid(caller);
            try (RawClient raw = RawClient.greeted(home())) {
                raw.query(1, "wait");
                raw.query(2, "wait");
                raw.send(new Message.Cancel(1));
                Message.Answer closed = raw.closing();
                assertEquals(1, closed.id());
                assertEquals(
                        "node.cancelled",
                        ((Response.Failure) closed.response()).diagnostics().getFirst().code());
                raw.send(new Message.Cancel(77));
                raw.query(1, "again");
                assertEquals(1, raw.closing().id());
                // the second request may only be beginning: others overtake it
                while (number(caller, "waiting") != 1) {
                    Thread.onSpinWait();
                }
            }
            // closing cancelled the other
            while (number(caller, "waiting") != 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void interruptingACallCancelsItAndTheCallerGoesOn() throws Exception {
        try (SocketCaller caller = TestDaemon.caller(root())) {
            long pid = pid(caller);
            Thread thread = Thread.currentThread();
            assertThrows(
                    InterruptedException.class,
                    () ->
                            caller.call(
                                    query("wait"),
                                    new Listener() {
                                        @Override
                                        public void rows(Response.Rows rows) {
                                            thread.interrupt();
                                        }
                                    }));
            assertFalse(Thread.currentThread().isInterrupted());
            while (number(caller, "waiting") != 0) {
                Thread.onSpinWait();
            }
            assertEquals(pid, pid(caller));
        }
    }

    @Test
    void aTimeoutCancelsTheCall() throws Exception {
        try (SocketCaller warm = TestDaemon.caller(root());
                SocketCaller caller =
                        TestDaemon.caller(
                                root(), new Callers.Reach(null, true, 300L), new ArrayList<>())) {
            pid(warm);
            SovereignException late =
                    assertThrows(
                            SovereignException.class, () -> caller.call(query("wait"), IGNORE));
            assertEquals("daemon.timeout", late.first().code());
            assertEquals(5, late.first().kind().exitStatus());
            pid(caller);
        }
    }

    @Test
    void filesAreReadByTheCallerWithinTheWindow() throws Exception {
        long size = 10L * Bounds.FILE_WINDOW_BYTES + 17;
        try (SocketCaller caller = TestDaemon.caller(root())) {
            AtomicLong closed = new AtomicLong();
            Listener listener =
                    new Listener() {
                        @Override
                        public InputStream open(Response.Wanted wanted) throws IOException {
                            assertEquals("from.dl", wanted.from());
                            if (wanted.name().equals("missing")) {
                                throw new java.nio.file.NoSuchFileException("missing");
                            }
                            if (wanted.name().equals("empty")) {
                                return new ByteArrayInputStream(new byte[0]);
                            }
                            return endless(
                                    wanted.name().equals("big") ? size : Long.MAX_VALUE, closed);
                        }
                    };
            assertEquals(
                    2 * size,
                    caller.call(files(false, "big", "empty", "big"), listener).asserted());
            assertEquals(2, closed.get());
            assertEquals(20, caller.call(files(true, "endless", "endless"), listener).asserted());
            assertEquals(4, closed.get());
            SovereignException refused =
                    assertThrows(
                            SovereignException.class,
                            () -> caller.call(files(false, "missing"), listener));
            assertEquals("node.file-unreadable", refused.first().code());
            assertEquals("cannot read \"missing\": no such file", refused.first().message());
        }
    }

    private static Request.Import files(boolean dryRun, String... names) {
        return new Request.Import(List.of(names), "from.dl", null, false, List.of(), dryRun, false);
    }

    private static InputStream endless(long size, AtomicLong closed) {
        return new InputStream() {
            private long left = size;

            @Override
            public int read() {
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                if (left <= 0) {
                    return -1;
                }
                int count = (int) Math.min(left, length);
                left -= count;
                return count;
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }

    @Test
    void moreBytesThanGrantedBreakTheConnection() throws Exception {
        try (SocketCaller caller = TestDaemon.caller(root())) {
            pid(caller);
            try (RawClient raw = RawClient.greeted(home())) {
                raw.send(new Message.Ask(1, files(false, "a")));
                raw.receive();
                byte[] chunk = new byte[Bounds.FILE_WINDOW_BYTES + 1];
                raw.send(new Message.FileChunk(1, 1, chunk, false));
                Message.FromNode last = raw.receive();
                while (last != null && !(last instanceof Message.Broken)) {
                    last = raw.receive();
                }
                Message.Broken broken = assertInstanceOf(Message.Broken.class, last);
                assertEquals("protocol.violation", broken.diagnostics().getFirst().code());
            }
        }
    }

    @Test
    void whatIsNotTheProtocolIsToldSoAndClosed() throws Exception {
        try (SocketCaller caller = TestDaemon.caller(root())) {
            pid(caller);
            try (RawClient raw = RawClient.connect(home())) {
                raw.send(
                        ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
                Message.Broken broken = assertInstanceOf(Message.Broken.class, raw.receive());
                assertEquals("protocol.frame-too-large", broken.diagnostics().getFirst().code());
            }
            try (RawClient raw = RawClient.connect(home())) {
                raw.query(1, "before the handshake");
                Message.Broken broken = assertInstanceOf(Message.Broken.class, raw.receive());
                assertEquals("protocol.violation", broken.diagnostics().getFirst().code());
                assertNull(raw.receive());
            }
            try (RawClient raw = RawClient.greeted(home())) {
                for (int id = 1; id <= Bounds.REQUESTS_PER_CONNECTION + 1; id++) {
                    raw.query(id, "wait");
                }
                Message.FromNode last = raw.receive();
                while (last != null && !(last instanceof Message.Broken)) {
                    last = raw.receive();
                }
                Message.Broken broken = assertInstanceOf(Message.Broken.class, last);
                assertEquals("protocol.too-many-requests", broken.diagnostics().getFirst().code());
            }
            pid(caller);
        }
    }

    @Test
    void anAnswerTooLargeForAFrameIsAFailureAndStreamsAreCut() throws Exception {
        try (SocketCaller caller = TestDaemon.caller(root(), "-Xmx256m")) {
            SovereignException tooLarge =
                    assertThrows(
                            SovereignException.class,
                            () ->
                                    caller.call(
                                            new Request.RulesShow("" + Bounds.RESPONSE_FRAME_BYTES),
                                            IGNORE));
            assertEquals("protocol.frame-too-large", tooLarge.first().code());
            AtomicLong bytes = new AtomicLong();
            caller.call(
                    new Request.StoreBackup(),
                    new Listener() {
                        @Override
                        public void chunk(Response.Chunk chunk) {
                            assertTrue(chunk.bytes().length <= Bounds.STREAM_FRAME_BYTES);
                            bytes.addAndGet(chunk.bytes().length);
                        }
                    });
            assertEquals(1_000_000, bytes.get());
        }
    }

    // ---- failures behind ----

    @Test
    void aDefectIsShownByItsLogIdAndNothingElse() throws Exception {
        try (SocketCaller caller = TestDaemon.caller(root())) {
            SovereignException defect =
                    assertThrows(
                            SovereignException.class, () -> caller.call(query("defect"), IGNORE));
            assertEquals("internal.bug", defect.first().code());
            assertFalse(defect.first().message().contains("secret"));
            String id = defect.first().message().replaceAll(".* ", "");
            assertTrue(Files.readString(home().logFile()).contains("defect " + id));
        }
    }

    @Test
    void aBrokenStoreIsOpenedAgain() throws Exception {
        try (SocketCaller caller = TestDaemon.caller(root())) {
            long pid = pid(caller);
            assertThrows(SovereignException.class, () -> caller.call(query("break"), IGNORE));
            caller.call(query("works"), IGNORE);
            Response.Heartbeat beat = caller.call(new Request.Status(), IGNORE);
            assertEquals(pid, beat.pid());
            assertEquals("knowledge", beat.actors().getFirst().name());
            assertEquals("running", beat.actors().getFirst().state());
            assertEquals(1, beat.actors().getFirst().restarts());
        }
    }

    @Test
    void aStoreThatDoesNotOpenLeavesTheDaemonUpAndOpensOnceMended() throws Exception {
        Files.createDirectories(root());
        Files.createFile(root().resolve("refuse"));
        try (SocketCaller caller = TestDaemon.caller(root())) {
            SovereignException closed =
                    assertThrows(SovereignException.class, () -> caller.call(query("x"), IGNORE));
            assertEquals("node.store-closed", closed.first().code());
            Response.Heartbeat beat = caller.call(new Request.Status(), IGNORE);
            assertEquals("degraded", beat.state());
            assertEquals("told to refuse", beat.actors().getFirst().lastFailure());
            Files.delete(root().resolve("refuse"));
            boolean open = false;
            while (!open) {
                try {
                    caller.call(query("x"), IGNORE);
                    open = true;
                } catch (SovereignException notYet) {
                    assertEquals("node.store-closed", notYet.first().code());
                }
            }
            assertEquals("ready", caller.call(new Request.Status(), IGNORE).state());
        }
    }
}
