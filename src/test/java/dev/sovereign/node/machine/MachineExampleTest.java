package dev.sovereign.node.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.core.AnswerSink;
import dev.sovereign.core.KnowledgeBase;
import dev.sovereign.core.Question;
import dev.sovereign.core.SystemRelation;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.store.StoreOptions;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The rules of `examples/machine` on the machine that runs the test: nothing is made up but a
/// battery.
class MachineExampleTest {

    private static final Path RULES = Path.of("examples/machine/machine.dl");

    @TempDir Path folder;

    /// `MachineExampleTest FOLDER QUERY`: asks in a process of its own, for what OSHI reads once.
    public static void main(String[] args) throws Exception {
        for (List<@Nullable Object> row : ask(Path.of(args[0]), args[1])) {
            System.out.println(row);
        }
    }

    private List<List<@Nullable Object>> ask(String query) throws Exception {
        return ask(folder, query);
    }

    private static List<List<@Nullable Object>> ask(Path folder, String query) throws Exception {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (KnowledgeBase base =
                KnowledgeBase.open(
                        folder.resolve("store"),
                        StoreOptions.of(folder.resolve("store.key")),
                        Map::of,
                        MachineRelations.all(folder.resolve("native")))) {
            base.ask(
                    new Question(
                            new KnowledgeBase.Text("query", query),
                            List.of(
                                    new KnowledgeBase.Text(
                                            RULES.toString(), Files.readString(RULES))),
                            null,
                            Long.MAX_VALUE,
                            false),
                    (name, _) -> {
                        throw new IOException("no file is asked for: " + name);
                    },
                    new AnswerSink() {
                        @Override
                        public void columns(String of, List<String> names, List<String> types) {}

                        @Override
                        public void rows(List<List<@Nullable Object>> some) {
                            rows.addAll(some);
                        }

                        @Override
                        public void note(Diagnostic note) {
                            throw new AssertionError(note.toString());
                        }
                    },
                    Control.unlimited());
        }
        return rows;
    }

    private static long number(@Nullable Object value) {
        return (Long) java.util.Objects.requireNonNull(value);
    }

    @Test
    void whatListensOnWhichPortNamesThisProcess() throws Exception {
        try (ServerSocket ours = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = ours.getLocalPort();
            List<List<@Nullable Object>> rows =
                    ask("listens(" + port + ", Protocol, Address, Name, Pid)?");
            assertEquals(1, rows.size(), rows.toString());
            assertTrue(String.valueOf(rows.getFirst().getFirst()).startsWith("tcp"));
            assertEquals(ProcessHandle.current().pid(), number(rows.getFirst().get(3)));
            assertEquals(List.of(), ask("exposed(" + port + ", P, N)?"), "it is on the loopback");
        }
        try (ServerSocket open = new ServerSocket(0)) {
            assertEquals(1, ask("exposed(" + open.getLocalPort() + ", P, N)?").size());
        }
    }

    @Test
    void whatEatsMemoryAddsUpTheProcessesOfAProgram() throws Exception {
        // this JVM alone holds far more than a thousandth of what the rule asks for in megabytes
        List<List<@Nullable Object>> ours =
                ask(
                        "sys_process("
                                + ProcessHandle.current().pid()
                                + ", _, U, Name, _, _, _, _, Resident, _)?");
        assertEquals(1, ours.size(), ours.toString());
        assertTrue(number(ours.getFirst().get(2)) > 32 << 20, ours.toString());
        List<List<@Nullable Object>> eaters = ask("eats_memory(N, Megabytes, Percent, Count)?");
        Set<Object> names = new TreeSet<>();
        for (List<@Nullable Object> eater : eaters) {
            assertTrue(names.add(java.util.Objects.requireNonNull(eater.getFirst())));
            assertTrue(number(eater.get(2)) >= 2, eater.toString());
            assertTrue(number(eater.get(3)) >= 1, eater.toString());
        }
        long total = number(ask("sys_memory(\"ram\", Total, _, _)?").getFirst().getFirst());
        assertTrue(total > 256L << 20, "bytes of memory: " + total);
    }

    @Test
    void whatStartedTodayHasThisProcessIfItDid() throws Exception {
        Instant midnight =
                java.time.LocalDate.now(java.time.ZoneId.systemDefault())
                        .atStartOfDay(java.time.ZoneId.systemDefault())
                        .toInstant();
        Instant began = ProcessHandle.current().info().startInstant().orElseThrow();
        boolean today = began.isAfter(midnight.plus(Duration.ofMinutes(1)));
        long pid = ProcessHandle.current().pid();
        List<List<@Nullable Object>> rows =
                ask("started_today(Minute, N, U, Pid), Pid = " + pid + "?");
        if (today) {
            assertEquals(1, rows.size());
            long minute = Duration.between(midnight, began).toMinutes();
            assertTrue(Math.abs(number(rows.getFirst().getFirst()) - minute) <= 1, rows.toString());
        }
    }

    @Test
    void whatFillsTheDiskFindsAHeavyFolder() throws Exception {
        Path heavy = Files.createDirectories(folder.resolve("a/heavy"));
        Path light = Files.createDirectories(folder.resolve("a/light"));
        try (var file = new java.io.RandomAccessFile(heavy.resolve("disk.img").toFile(), "rw")) {
            file.setLength(Folders.LEAST_BYTES * 2);
        }
        Files.writeString(light.resolve("note"), "small");
        List<Object[]> rows = new ArrayList<>();
        new Folders(List.of(new Folders.Mount(folder)), rows::add).walk();
        List<String> shown = new ArrayList<>();
        for (Object[] row : rows) {
            shown.add(folder.relativize(Path.of((String) row[0])) + " " + row[3] + " " + row[5]);
        }
        long bytes = Folders.LEAST_BYTES * 2;
        assertEquals(
                List.of(
                        "a/heavy " + bytes + " 1",
                        "a " + (bytes + 5) + " 2",
                        " " + (bytes + 5) + " 2"),
                shown);
    }

    /// Over the real disks: what the folders answer for themselves never adds up to more than there
    /// is.
    @Test
    void whatFillsTheDiskAddsUpToNoMoreThanAll() throws Exception {
        Map<Object, Long> shares = new java.util.HashMap<>();
        for (List<@Nullable Object> row : ask("fills_disk(Mount, Folder, Megabytes, Percent)?")) {
            assertTrue(number(row.get(3)) >= 5, row.toString());
            shares.merge(
                    java.util.Objects.requireNonNull(row.getFirst()),
                    number(row.get(3)),
                    Long::sum);
        }
        // sparse files are larger than what they take; so much of a machine is none
        shares.forEach((mount, sum) -> assertTrue(sum <= 150, mount + ": " + sum + " %"));
    }

    @Test
    void anInterruptEndsTheWalkAndSaysIncomplete() throws Exception {
        Path heavy = Files.createDirectories(folder.resolve("heavy"));
        Files.writeString(heavy.resolve("one"), "1");
        List<Object[]> rows = new ArrayList<>();
        Thread.currentThread().interrupt();
        try {
            new Folders(List.of(new Folders.Mount(folder)), rows::add).walk();
        } finally {
            assertTrue(Thread.interrupted());
        }
        for (Object[] row : rows) {
            assertEquals(0L, row[6], "complete");
        }
        assertThrows(
                SovereignException.class,
                () -> {
                    Thread.currentThread().interrupt();
                    Machine.at(folder.resolve("native")).rows("sys_cpu", _ -> {});
                });
        assertTrue(Thread.interrupted());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aWornBatteryIsDyingAndAYoungOneIsNot() throws Exception {
        Path supplies = folder.resolve("sys/class/power_supply");
        battery(supplies.resolve("BAT0"), 50_000_000, 31_000_000, 950);
        battery(supplies.resolve("BAT1"), 50_000_000, 49_000_000, 12);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Doshi.util.sys.path=" + folder.resolve("sys"),
                        "-Doshi.os.linux.allowudev=false",
                        "-cp",
                        classPath(),
                        MachineExampleTest.class.getName(),
                        folder.toString(),
                        "dying(Battery, Why, Value)?"));
        Process child =
                new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
        String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), () -> read(folder.resolve("err")));
        assertEquals(
                """
                [BAT0, has been charged so many times, 950]
                [BAT0, holds only this percent of what it was made for, 62]
                """,
                out);
    }

    private static void battery(Path at, long design, long full, int cycles) throws IOException {
        Files.createDirectories(at);
        Map<String, String> values =
                Map.ofEntries(
                        Map.entry("NAME", at.getFileName().toString()),
                        Map.entry("TYPE", "Battery"),
                        Map.entry("STATUS", "Discharging"),
                        Map.entry("PRESENT", "1"),
                        Map.entry("TECHNOLOGY", "Li-ion"),
                        Map.entry("CYCLE_COUNT", String.valueOf(cycles)),
                        Map.entry("VOLTAGE_MIN_DESIGN", "11400000"),
                        Map.entry("VOLTAGE_NOW", "11800000"),
                        Map.entry("POWER_NOW", "9000000"),
                        Map.entry("ENERGY_FULL_DESIGN", String.valueOf(design)),
                        Map.entry("ENERGY_FULL", String.valueOf(full)),
                        Map.entry("ENERGY_NOW", String.valueOf(full / 2)),
                        Map.entry("CAPACITY", "50"));
        StringBuilder event = new StringBuilder();
        for (Map.Entry<String, String> value : values.entrySet()) {
            event.append("POWER_SUPPLY_" + value.getKey() + "=" + value.getValue() + "\n");
            Files.writeString(
                    at.resolve(value.getKey().toLowerCase(java.util.Locale.ROOT)),
                    value.getValue() + "\n");
        }
        Files.writeString(at.resolve("uevent"), event);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException none) {
            return none.toString();
        }
    }

    /// Where classes come from; the property `java.class.path` may be the test runner's own.
    private static String classPath() throws Exception {
        Set<String> entries = new TreeSet<>();
        for (String name :
                List.of(
                        MachineExampleTest.class.getName(),
                        Machine.class.getName(),
                        "oshi.SystemInfo",
                        "oshi.util.GlobalConfig",
                        "com.sun.jna.Native",
                        "com.sun.jna.platform.linux.LibC",
                        "org.slf4j.Logger",
                        "org.h2.Driver",
                        "org.jspecify.annotations.NullMarked",
                        "org.junit.jupiter.api.Test",
                        "org.junit.jupiter.api.Assertions",
                        "tools.jackson.core.json.JsonFactory")) {
            Class<?> type = Class.forName(name, false, MachineExampleTest.class.getClassLoader());
            entries.add(
                    Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                            .toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    /// What rules may rely on: a row has what its columns say.
    @Test
    void everyRowFitsItsColumns() {
        int rows = 0;
        for (SystemRelation relation : MachineRelations.all(folder.resolve("native"))) {
            if (relation.name().equals("sys_folder")) {
                continue; // walks all disks
            }
            List<Object[]> sampled = new ArrayList<>();
            relation.rows().forEach(sampled::add);
            rows += sampled.size();
            for (Object[] row : sampled) {
                assertEquals(relation.columns().size(), row.length, relation.name());
                for (int i = 0; i < row.length; i++) {
                    boolean isNumber = relation.columns().get(i).kind() == Kind.NUMBER;
                    assertTrue(
                            isNumber ? row[i] instanceof Long : row[i] instanceof String,
                            relation.name() + ", " + relation.columns().get(i) + ": " + row[i]);
                }
            }
        }
        assertTrue(rows > 5, rows + " rows in all");
    }

    @Test
    void declaringTheRelationsLoadsNothingOfOshi() throws Exception {
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xlog:class+load:file=" + folder.resolve("classes"),
                                "-cp",
                                classPath(),
                                Declares.class.getName(),
                                folder.toString())
                        .inheritIO()
                        .start();
        assertEquals(0, child.waitFor());
        String loaded = Files.readString(folder.resolve("classes"));
        assertTrue(loaded.contains("dev.sovereign.node.machine.MachineRelations"));
        assertFalse(loaded.contains("oshi."), "OSHI was loaded before anybody asked");
        assertFalse(loaded.contains("com.sun.jna"), "JNA was loaded before anybody asked");
    }

    /// `Declares FOLDER`: what a daemon does at its start.
    static final class Declares {
        public static void main(String[] args) {
            if (MachineRelations.all(Path.of(args[0])).size() < 9) {
                System.exit(1);
            }
        }
    }
}
