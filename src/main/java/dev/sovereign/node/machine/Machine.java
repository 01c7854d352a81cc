package dev.sovereign.node.machine;

import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.hardware.NetworkIF;
import oshi.hardware.PowerSource;
import oshi.hardware.Sensors;
import oshi.hardware.VirtualMemory;
import oshi.software.os.InternetProtocolStats.IPConnection;
import oshi.software.os.OSFileStore;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;
import oshi.util.GlobalConfig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Samples the machine through OSHI, when a question asks. One sampling at a time: OSHI keeps state
/// of its own. Loaded by nothing else than [MachineRelations], so that a daemon that is never asked
/// does without OSHI and JNA.
final class Machine {

    /// How long processors are watched to tell how busy they are, in milliseconds: ten ticks of
    /// Linux at its coarsest, and hardly a pause for a person.
    private static final long WATCH_MILLIS = 100;

    /// OSHI may give what it read so many milliseconds ago; less than [#WATCH_MILLIS], or nothing
    /// would seem to change.
    private static final int KEEP_MILLIS = 50;

    /// Words of the system are cut after so many characters; a Linux path has at most 4,096 bytes.
    private static final int MAX_TEXT_CHARS = 4_096;

    private static final long UNKNOWN = -1;

    private static @Nullable Machine machine;

    private final ReentrantLock lock = new ReentrantLock();
    private final SystemInfo system = new SystemInfo();
    private final Clock clock;

    private Machine(Clock clock) {
        this.clock = clock;
    }

    /// @param natives where JNA may unpack its library; nobody else may write there, or they could
    ///   put a library of their own into this process
    static synchronized Machine at(Path natives) {
        if (machine == null) {
            try {
                prepare(natives);
                machine = new Machine(Clock.system(ZoneId.systemDefault()));
            } catch (IOException | LinkageError | RuntimeException cannot) {
                throw unreadable("the machine", cannot);
            }
        }
        return machine;
    }

    private static void prepare(Path natives) throws IOException {
        Files.createDirectories(natives);
        if (Files.getFileStore(natives).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(natives, PosixFilePermissions.fromString("rwx------"));
        }
        System.setProperty("jna.tmpdir", natives.toString());
        System.setProperty("jna.nosys", "true"); // its own library, not one of another version
        GlobalConfig.set(GlobalConfig.OSHI_UTIL_MEMOIZER_EXPIRATION, KEEP_MILLIS);
    }

    /// Delivers the rows of one of [MachineRelations].
    void rows(String relation, Consumer<Object[]> row) {
        if (relation.equals("sys_folder")) {
            // walks for seconds, with nothing of OSHI
            List<Folders.Mount> mounts = locked(relation, this::mounts);
            new Folders(mounts, row).walk();
            return;
        }
        List<Object[]> rows = locked(relation, () -> sample(relation));
        rows.forEach(row);
    }

    private interface Sampling<T> {
        T take();
    }

    private <T> T locked(String relation, Sampling<T> sampling) {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException cancelled) {
            throw interrupted();
        }
        try {
            return sampling.take();
        } catch (SovereignException refused) {
            throw refused;
        } catch (LinkageError | RuntimeException broke) {
            throw unreadable(relation, broke);
        } finally {
            lock.unlock();
        }
    }

    private List<Object[]> sample(String relation) {
        List<Object[]> rows = new ArrayList<>();
        switch (relation) {
            case "sys_os" -> os(rows);
            case "sys_cpu" -> cpus(rows);
            case "sys_memory" -> memory(rows);
            case "sys_disk" -> disks(rows);
            case "sys_process" -> processes(rows);
            case "sys_socket" -> sockets(rows);
            case "sys_interface" -> interfaces(rows);
            case "sys_battery" -> batteries(rows);
            case "sys_sensor" -> sensors(rows);
            default ->
                    throw new IllegalArgumentException("no relation of the machine: " + relation);
        }
        return rows;
    }

    private void os(List<Object[]> rows) {
        OperatingSystem os = system.getOperatingSystem();
        double load = system.getHardware().getProcessor().getSystemLoadAverage(1)[0];
        ZonedDateTime midnight = LocalDate.now(clock).atStartOfDay(clock.getZone());
        rows.add(
                new Object[] {
                    text(os.getFamily()),
                    text(os.getVersionInfo().toString()),
                    text(System.getProperty("os.arch")),
                    text(os.getNetworkParams().getHostName()),
                    os.getSystemBootTime() * 1_000,
                    clock.millis(),
                    midnight.toInstant().toEpochMilli(),
                    load < 0 ? UNKNOWN : Math.round(load * 1_000)
                });
    }

    private void cpus(List<Object[]> rows) {
        CentralProcessor processor = system.getHardware().getProcessor();
        long[][] before = processor.getProcessorCpuLoadTicks();
        try {
            Thread.sleep(WATCH_MILLIS);
        } catch (InterruptedException cancelled) {
            throw interrupted();
        }
        long[][] after = processor.getProcessorCpuLoadTicks();
        long[] hertz = processor.getCurrentFreq();
        String model = text(processor.getProcessorIdentifier().getName());
        for (int cpu = 0; cpu < after.length; cpu++) {
            long idle = idle(after[cpu]);
            long busy = Arrays.stream(after[cpu]).sum() - idle;
            long idled = idle - idle(before[cpu]);
            long worked = busy + idle - Arrays.stream(before[cpu]).sum() - idled;
            rows.add(
                    new Object[] {
                        (long) cpu,
                        model,
                        cpu < hertz.length && hertz[cpu] > 0 ? hertz[cpu] / 1_000_000 : UNKNOWN,
                        worked + idled <= 0 ? 0L : Math.max(0, worked) * 1_000 / (worked + idled),
                        busy,
                        idle
                    });
        }
    }

    private static long idle(long[] ticks) {
        return ticks[CentralProcessor.TickType.IDLE.getIndex()]
                + ticks[CentralProcessor.TickType.IOWAIT.getIndex()];
    }

    private void memory(List<Object[]> rows) {
        GlobalMemory memory = system.getHardware().getMemory();
        long free = memory.getAvailable();
        rows.add(new Object[] {"ram", memory.getTotal(), memory.getTotal() - free, free});
        VirtualMemory swap = memory.getVirtualMemory();
        rows.add(
                new Object[] {
                    "swap",
                    swap.getSwapTotal(),
                    swap.getSwapUsed(),
                    swap.getSwapTotal() - swap.getSwapUsed()
                });
    }

    private void disks(List<Object[]> rows) {
        for (OSFileStore store : system.getOperatingSystem().getFileSystem().getFileStores()) {
            rows.add(
                    new Object[] {
                        text(store.getMount()),
                        text(store.getVolume()),
                        text(store.getType()),
                        store.getTotalSpace(),
                        store.getTotalSpace() - store.getFreeSpace(),
                        store.getUsableSpace()
                    });
        }
    }

    private List<Folders.Mount> mounts() {
        return system.getOperatingSystem().getFileSystem().getFileStores(true).stream()
                .map(store -> new Folders.Mount(Path.of(store.getMount())))
                .toList();
    }

    /// Without arguments and environment: people put passwords there.
    private void processes(List<Object[]> rows) {
        for (OSProcess process :
                system.getOperatingSystem()
                        .getProcesses(null, OperatingSystem.ProcessSorting.PID_ASC, 0)) {
            rows.add(
                    new Object[] {
                        (long) process.getProcessID(),
                        (long) process.getParentProcessID(),
                        text(process.getUser()),
                        text(process.getName()),
                        text(process.getPath()),
                        word(process.getState()),
                        process.getStartTime(),
                        process.getKernelTime() + process.getUserTime(),
                        process.getResidentMemory(),
                        (long) process.getThreadCount()
                    });
        }
    }

    private void sockets(List<Object[]> rows) {
        for (IPConnection connection :
                system.getOperatingSystem().getInternetProtocolStats().getConnections()) {
            rows.add(
                    new Object[] {
                        text(connection.getType()),
                        address(connection.getLocalAddress()),
                        (long) connection.getLocalPort(),
                        address(connection.getForeignAddress()),
                        (long) connection.getForeignPort(),
                        word(connection.getState()),
                        connection.getowningProcessId() <= 0
                                ? UNKNOWN
                                : (long) connection.getowningProcessId()
                    });
        }
    }

    private void interfaces(List<Object[]> rows) {
        for (NetworkIF found : system.getHardware().getNetworkIFs(true)) {
            List<String> addresses = new ArrayList<>(List.of(found.getIPv4addr()));
            addresses.addAll(List.of(found.getIPv6addr()));
            if (addresses.isEmpty()) {
                addresses.add("");
            }
            for (String address : addresses) {
                rows.add(
                        new Object[] {
                            text(found.getName()),
                            text(address),
                            word(found.getIfOperStatus()),
                            found.getSpeed() <= 0 ? UNKNOWN : found.getSpeed(),
                            found.getBytesRecv(),
                            found.getBytesSent()
                        });
            }
        }
    }

    private void batteries(List<Object[]> rows) {
        for (PowerSource source : system.getHardware().getPowerSources()) {
            // where there is none OSHI may give one that knows nothing
            if (source.getMaxCapacity() <= 0 && source.getDesignCapacity() <= 0) {
                continue;
            }
            double left = source.getTimeRemainingEstimated();
            rows.add(
                    new Object[] {
                        text(source.getName()),
                        source.isCharging()
                                ? "charging"
                                : source.isDischarging() ? "discharging" : "idle",
                        Math.round(source.getRemainingCapacityPercent() * 100),
                        source.getDesignCapacity() <= 0
                                ? UNKNOWN
                                : source.getMaxCapacity() * 100L / source.getDesignCapacity(),
                        source.getCycleCount() < 0 ? UNKNOWN : (long) source.getCycleCount(),
                        Math.round(source.getPowerUsageRate()),
                        left < 0 ? UNKNOWN : Math.round(left * 1_000)
                    });
        }
    }

    /// What the machine does not have reads as zero, and is left out.
    private void sensors(List<Object[]> rows) {
        Sensors sensors = system.getHardware().getSensors();
        double celsius = sensors.getCpuTemperature();
        if (celsius > 0) {
            rows.add(new Object[] {"cpu", "millidegrees", Math.round(celsius * 1_000)});
        }
        int[] fans = sensors.getFanSpeeds();
        for (int fan = 0; fan < fans.length; fan++) {
            rows.add(new Object[] {"fan" + fan, "turns_per_minute", (long) fans[fan]});
        }
        double volts = sensors.getCpuVoltage();
        if (volts > 0) {
            rows.add(new Object[] {"cpu", "millivolts", Math.round(volts * 1_000)});
        }
    }

    private static String address(byte[] bytes) {
        if (bytes.length == 0) {
            return "";
        }
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException neitherFourNorSix) {
            return "";
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String text(@Nullable String words) {
        if (words == null) {
            return "";
        }
        return words.length() <= MAX_TEXT_CHARS ? words : words.substring(0, MAX_TEXT_CHARS);
    }

    private static SovereignException interrupted() {
        Thread.currentThread().interrupt();
        return new SovereignException(
                MachineError.INTERRUPTED, "looking at the machine was interrupted", "ask again");
    }

    private static SovereignException unreadable(String what, Throwable why) {
        return new SovereignException(
                MachineError.UNREADABLE,
                "cannot read " + what + ": " + why,
                "`sovereign doctor` looks at what this program may read");
    }
}
