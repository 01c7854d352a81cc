package dev.sovereign.runtime.wasi;

import dev.sovereign.runtime.pack.Capability;
import dev.sovereign.runtime.wasm.Caller;
import dev.sovereign.runtime.wasm.FunctionType;
import dev.sovereign.runtime.wasm.HostFunction;
import dev.sovereign.runtime.wasm.Import;
import dev.sovereign.runtime.wasm.Memories;
import dev.sovereign.runtime.wasm.Memory;
import dev.sovereign.runtime.wasm.ValueType;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Calls the functions of a [WasiHost] as a module would, with a memory of its own.
final class Guest implements Caller, AutoCloseable {

    static final int OUT = 0;
    static final int TEXT = 1_024;
    static final int DATA = 8_192;

    final Memory memory = Memories.of(32);
    final WasiHost host;
    volatile Set<Capability> held;
    long deadline = System.nanoTime() + 60_000_000_000L;
    long charged;

    Guest(Capability... held) {
        this(1_000L, 7L, new byte[0], held);
    }

    Guest(@Nullable Long clock, @Nullable Long seed, byte[] input, Capability... held) {
        this.held = Set.of(held);
        List<Capability.Files> files = new ArrayList<>();
        for (Capability each : held) {
            if (each instanceof Capability.Files granted) {
                files.add(granted);
            }
        }
        host =
                new WasiHost(
                        new Settings(
                                List.of("name", "tool", "ärg"),
                                Map.of("LANG", "C", "A", "b"),
                                input,
                                files,
                                clock,
                                seed,
                                4_096),
                        asked -> this.held.stream().anyMatch(each -> each.covers(asked)),
                        InstantSource.fixed(Instant.ofEpochSecond(5)));
    }

    static Capability files(Path folder, boolean writable) {
        return new Capability.Files(folder.toString(), writable);
    }

    /// The number that a function answers. A long stands for i64, everything else for i32.
    int call(String name, Number... arguments) throws Exception {
        List<ValueType> types =
                Arrays.stream(arguments)
                        .map(each -> each instanceof Long ? ValueType.I64 : ValueType.I32)
                        .toList();
        HostFunction function =
                host.find(
                        new Import(
                                WasiHost.MODULE,
                                name,
                                new FunctionType(types, List.of(ValueType.I32))));
        if (function == null) {
            throw new IllegalArgumentException("no " + name + types);
        }
        long[] values = new long[Math.max(1, arguments.length)];
        for (int i = 0; i < arguments.length; i++) {
            values[i] = arguments[i].longValue();
        }
        function.call(this, values);
        return (int) values[0];
    }

    int open(int fd, String path, int flags, long rights) throws Exception {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        memory.write(TEXT, bytes);
        return call("path_open", fd, 0, TEXT, bytes.length, flags, rights, 0L, 0, OUT);
    }

    /// Opens and returns the descriptor.
    int opened(int fd, String path, int flags, long rights) throws Exception {
        int errno = open(fd, path, flags, rights);
        if (errno != 0) {
            throw new AssertionError(path + ": errno " + errno);
        }
        return memory.readInt(OUT);
    }

    int path(String function, int fd, String path) throws Exception {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        memory.write(TEXT, bytes);
        return call(function, fd, TEXT, bytes.length);
    }

    int stat(int fd, String path, int flags) throws Exception {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        memory.write(TEXT, bytes);
        return call("path_filestat_get", fd, flags, TEXT, bytes.length, OUT);
    }

    /// Reads at most `length` bytes as text.
    String read(int fd, int length) throws Exception {
        memory.writeInt(TEXT, DATA);
        memory.writeInt(TEXT + 4, length);
        int errno = call("fd_read", fd, TEXT, 1, OUT);
        if (errno != 0) {
            throw new AssertionError("errno " + errno);
        }
        return memory.readUtf8(DATA, memory.readInt(OUT));
    }

    int write(int fd, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        memory.write(DATA, bytes);
        memory.writeInt(TEXT, DATA);
        memory.writeInt(TEXT + 4, bytes.length);
        return call("fd_write", fd, TEXT, 1, OUT);
    }

    @Override
    public Memory memory() {
        return memory;
    }

    @Override
    public void charge(long units) {
        charged += units;
    }

    @Override
    public long fuelLeft() {
        return Long.MAX_VALUE;
    }

    @Override
    public long deadlineNanos() {
        return deadline;
    }

    @Override
    public void close() {
        host.close();
    }
}
