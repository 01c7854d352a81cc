package dev.sovereign.node.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads `/proc` where there is one; what cannot be known is 0.
public final class Host {
    private Host() {}

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MEMORY = Path.of("/proc/meminfo");

    /// Bytes of this process in physical memory.
    public static long residentBytes() {
        return kilobytes(STATUS, "VmRSS:") * 1024;
    }

    /// Bytes of the heap that hold objects, live or not yet collected.
    public static long heapUsedBytes() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /// Bytes of physical memory of the machine, as of the first call.
    public static long memoryBytes() {
        return Total.BYTES;
    }

    private static final class Total {
        static final long BYTES = kilobytes(MEMORY, "MemTotal:") * 1024;
    }

    /// Name, version and architecture of the system.
    public static String os() {
        return System.getProperty("os.name", "unknown")
                + " "
                + System.getProperty("os.version", "")
                + " "
                + System.getProperty("os.arch", "");
    }

    public static int cpus() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static long kilobytes(Path file, String name) {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            int at = text.indexOf(name);
            return at < 0 ? 0 : digits(text.substring(at, text.indexOf('\n', at)));
        } catch (IOException noProc) {
            return 0; // another system
        }
    }

    private static long digits(String line) {
        long value = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c >= '0' && c <= '9') {
                value = value * 10 + (c - '0');
            }
        }
        return value;
    }
}
