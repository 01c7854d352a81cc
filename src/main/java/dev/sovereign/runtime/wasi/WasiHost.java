package dev.sovereign.runtime.wasi;

import dev.sovereign.runtime.pack.Capability;
import dev.sovereign.runtime.wasm.Caller;
import dev.sovereign.runtime.wasm.FunctionType;
import dev.sovereign.runtime.wasm.HostFunction;
import dev.sovereign.runtime.wasm.HostFunctions;
import dev.sovereign.runtime.wasm.Import;
import dev.sovereign.runtime.wasm.Memory;
import dev.sovereign.runtime.wasm.ValueType;
import dev.sovereign.runtime.wasm.WasmExit;
import dev.sovereign.runtime.wasm.WasmTrap;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The functions of `wasi_snapshot_preview1` for one run, on the run's thread. A pointer outside of
/// the memory is a trap; everything else that is wrong is answered with a number.
///
/// Work for the module costs fuel: 1 for each 64 bytes that a call moves.
public final class WasiHost implements HostFunctions, AutoCloseable {

    public static final String MODULE = "wasi_snapshot_preview1";

    /// Bytes of standard error that are kept: log lines of one run.
    public static final int LOG_BYTES = 64 << 10;

    /// Bytes that one run may write to files.
    public static final long WRITTEN_BYTES = 256L << 20;

    /// Parts of one read or write: IOV_MAX of Linux.
    static final int MAX_VECTORS = 1_024;

    /// Events that can be waited for at once.
    static final int MAX_EVENTS = 1_024;

    /// Bytes moved between two looks at the deadline.
    static final int STEP_BYTES = 1 << 20;

    private static final int FUEL_BYTES_SHIFT = 6;

    /// A call that answers with a number.
    @FunctionalInterface
    interface Call {
        void run(Caller caller, long[] values) throws WasiFailure, InterruptedException;
    }

    private record Function(FunctionType type, HostFunction host) {}

    private final Access access;
    private final Time time;
    private final Chance chance;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final Map<String, Function> functions = new HashMap<>();
    private final List<byte[]> arguments;
    private final List<byte[]> variables;
    private final Files files;

    /// @param access asked before each use of a granted file, of a real clock and of real chance
    public WasiHost(Settings settings, Access access, InstantSource clock) {
        this.access = access;
        this.time = new Time(settings.clock(), clock);
        this.chance = new Chance(settings.seed());
        this.arguments = strings(settings.arguments());
        List<String> pairs = new ArrayList<>();
        new java.util.TreeMap<>(settings.environment()).forEach((k, v) -> pairs.add(k + "=" + v));
        this.variables = strings(pairs);
        this.files = new Files(settings, access, out, log);
        define();
    }

    private static List<byte[]> strings(List<String> texts) {
        long total = 0;
        List<byte[]> all = new ArrayList<>();
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            total += bytes.length + 1;
            all.add(bytes);
            if (text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("a string for a program holds a zero");
            }
        }
        if (total > Settings.MAX_STRING_BYTES || all.size() > Settings.MAX_STRINGS) {
            throw new IllegalArgumentException("too many arguments or variables: " + all.size());
        }
        return all;
    }

    @Override
    public @Nullable HostFunction find(Import wanted) {
        Function found = wanted.module().equals(MODULE) ? functions.get(wanted.name()) : null;
        return found != null && found.type.equals(wanted.type()) ? found.host : null;
    }

    /// What the run wrote to standard output.
    public byte[] output() {
        return out.toByteArray();
    }

    /// What it wrote to standard error, up to [#LOG_BYTES].
    public byte[] log() {
        return log.toByteArray();
    }

    /// Closes what the run left open. Idempotent.
    @Override
    public void close() {
        files.close();
    }

    // ---- table ----

    private void define() {
        define("args_sizes_get", "ii", (c, v) -> sizes(c, v, arguments));
        define("args_get", "ii", (c, v) -> strings(c, v, arguments));
        define("environ_sizes_get", "ii", (c, v) -> sizes(c, v, variables));
        define("environ_get", "ii", (c, v) -> strings(c, v, variables));
        define(
                "clock_res_get",
                "ii",
                (c, v) -> {
                    requireClock((int) v[0]);
                    c.memory().writeLong((int) v[1], time.resolutionNanos());
                });
        define(
                "clock_time_get",
                "ili",
                (c, v) -> c.memory().writeLong((int) v[2], read((int) v[0])));
        define("random_get", "ii", this::random);
        define("sched_yield", "", (_, _) -> {});
        define("poll_oneoff", "iiii", this::poll);
        define(
                "proc_raise",
                "i",
                (_, _) -> {
                    throw new WasiFailure(Errno.NOTSUP);
                });
        functions.put(
                "proc_exit",
                new Function(
                        new FunctionType(List.of(ValueType.I32), List.of()),
                        (_, v) -> {
                            throw new WasmExit((int) v[0]);
                        }));
        files.define(this::define);
        for (String[] refused :
                new String[][] {
                    {"sock_accept", "iii"},
                    {"sock_recv", "iiiiii"},
                    {"sock_send", "iiiii"},
                    {"sock_shutdown", "ii"}
                }) {
            define(
                    refused[0],
                    refused[1],
                    (_, v) -> {
                        files.requireOpen((int) v[0]);
                        throw new WasiFailure(Errno.NOTSUP);
                    });
        }
    }

    /// @param parameters `i` for i32 and `l` for i64; the result is the number
    private void define(String name, String parameters, Call call) {
        List<ValueType> types =
                parameters.chars().mapToObj(c -> c == 'l' ? ValueType.I64 : ValueType.I32).toList();
        functions.put(
                name,
                new Function(
                        new FunctionType(types, List.of(ValueType.I32)),
                        (caller, values) -> {
                            requireTime(caller);
                            try {
                                call.run(caller, values);
                                values[0] = Errno.SUCCESS.number();
                            } catch (WasiFailure failure) {
                                values[0] = failure.errno().number();
                            }
                        }));
    }

    /// Fuel does not see the time that calls of the system take: each looks at the clock itself.
    static void requireTime(Caller caller) throws InterruptedException {
        if (System.nanoTime() - caller.deadlineNanos() >= 0 || Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    static void charge(Caller caller, long bytes) {
        caller.charge(bytes >>> FUEL_BYTES_SHIFT);
    }

    // ---- strings, clocks, chance ----

    private static void sizes(Caller caller, long[] values, List<byte[]> strings) {
        int bytes = 0;
        for (byte[] string : strings) {
            bytes += string.length + 1;
        }
        Memory memory = caller.memory();
        memory.writeInt((int) values[0], strings.size());
        memory.writeInt((int) values[1], bytes);
    }

    private static void strings(Caller caller, long[] values, List<byte[]> strings) {
        Memory memory = caller.memory();
        int pointer = (int) values[0];
        int at = (int) values[1];
        for (byte[] string : strings) {
            memory.writeInt(pointer, at);
            memory.write(at, string);
            memory.writeByte(at + string.length, (byte) 0);
            pointer += 4;
            at += string.length + 1;
            charge(caller, string.length);
        }
    }

    private void requireClock(int id) throws WasiFailure {
        if (id < 0 || id > 3) {
            throw new WasiFailure(Errno.INVAL);
        }
        if (time.isReal() && !access.holds(new Capability.RealClock())) {
            throw new WasiFailure(Errno.NOTCAPABLE);
        }
    }

    /// Clocks 2 and 3 count processor time: a run has one thread, so the time since it began.
    private long read(int id) throws WasiFailure {
        requireClock(id);
        return id == 0 ? time.wallNanos() : time.monotonicNanos();
    }

    private void random(Caller caller, long[] values) throws WasiFailure, InterruptedException {
        if (chance.isReal() && !access.holds(new Capability.RealRandom())) {
            throw new WasiFailure(Errno.NOTCAPABLE);
        }
        Memory memory = caller.memory();
        int address = memory.check((int) values[0], (int) values[1]);
        int length = (int) values[1];
        charge(caller, length);
        byte[] part = new byte[Math.min(length, 1 << 16)];
        for (int done = 0; done < length; done += part.length) {
            requireTime(caller);
            if (part.length > length - done) {
                part = new byte[length - done];
            }
            chance.fill(part);
            memory.write(address + done, part);
        }
    }

    // ---- waiting ----

    private static final int SUBSCRIPTION_BYTES = 48;
    private static final int EVENT_BYTES = 32;

    /// Files and streams are always ready; clocks are waited for until the first of them, and never
    /// past the run's deadline.
    private void poll(Caller caller, long[] values) throws WasiFailure, InterruptedException {
        int in = (int) values[0];
        int out = (int) values[1];
        int count = (int) values[2];
        if (count <= 0 || count > MAX_EVENTS) {
            throw new WasiFailure(Errno.INVAL);
        }
        Memory memory = caller.memory();
        memory.check(in, count * SUBSCRIPTION_BYTES);
        memory.check(out, count * EVENT_BYTES);
        memory.check((int) values[3], 4);
        long[] dueIn = new long[count];
        long first = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            dueIn[i] = dueIn(memory, in + i * SUBSCRIPTION_BYTES);
            first = Math.min(first, dueIn[i]);
        }
        if (first > 0) {
            time.sleep(first, caller.deadlineNanos());
            requireTime(caller);
        }
        int written = 0;
        for (int i = 0; i < count; i++) {
            if (dueIn[i] <= first) {
                event(memory, in + i * SUBSCRIPTION_BYTES, out + written * EVENT_BYTES);
                written++;
            }
        }
        memory.writeInt((int) values[3], written);
    }

    /// Nanoseconds until an event; 0 for those that are there.
    private long dueIn(Memory memory, int at) throws WasiFailure {
        int kind = memory.readByte(at + 8);
        if (kind == 1 || kind == 2) {
            return 0;
        }
        if (kind != 0) {
            throw new WasiFailure(Errno.INVAL);
        }
        int id = memory.readInt(at + 16);
        if (id < 0 || id > 3) {
            throw new WasiFailure(Errno.INVAL);
        }
        long timeout = memory.readLong(at + 24);
        boolean absolute = (memory.readInt(at + 40) & 1) != 0;
        if (!absolute) {
            return timeout < 0 ? Long.MAX_VALUE - 1 : timeout; // unsigned: centuries
        }
        long now = read(id);
        return timeout < 0 ? Long.MAX_VALUE - 1 : Math.max(0, timeout - now);
    }

    private void event(Memory memory, int subscription, int event) {
        int kind = memory.readByte(subscription + 8);
        long user = memory.readLong(subscription);
        Errno error = Errno.SUCCESS;
        long ready = 0;
        if (kind != 0) {
            try {
                ready = files.ready(memory.readInt(subscription + 16), kind == 1);
            } catch (WasiFailure failure) {
                error = failure.errno();
            }
        }
        memory.fill(event, EVENT_BYTES, (byte) 0);
        memory.writeLong(event, user);
        memory.writeShort(event + 8, (short) error.number());
        memory.writeByte(event + 10, (byte) kind);
        memory.writeLong(event + 16, ready);
    }

    /// A flood of output ends a run: cut off, it would look like an answer.
    static WasmTrap outputLimit(int limit) {
        return new WasmTrap("output is larger than " + (limit >> 10) + " KiB");
    }
}
