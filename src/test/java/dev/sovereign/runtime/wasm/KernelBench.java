package dev.sovereign.runtime.wasm;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/// Times exported functions: `KernelBench FILE.wasm ROUNDS NAME=ARG…`, one line a function with the
/// fastest round in milliseconds of CPU time, the result and the fuel of one call.
final class KernelBench {

    private KernelBench() {}

    public static void main(String[] args) throws Exception {
        WasmModule module = WasmModule.load(Files.readAllBytes(Path.of(args[0])));
        int rounds = Integer.parseInt(args[1]);
        for (int i = 2; i < args.length; i++) {
            String[] parts = args[i].split("=", 2);
            Thread thread =
                    new Thread(
                            null,
                            () -> time(module, rounds, parts[0], Long.parseLong(parts[1])),
                            "bench",
                            64 << 20);
            thread.start();
            thread.join();
        }
    }

    private static void time(WasmModule module, int rounds, String name, long argument) {
        try {
            Limits limits = new Limits(Limits.MAX_FUEL, 2048, 65_536, 1000, Duration.ofMinutes(10));
            Meter meter = new Meter(limits.fuel());
            Instance instance =
                    new Instance(
                            module,
                            new Instance.Linked(),
                            new Store(),
                            meter,
                            limits,
                            Mode.COMPILED);
            instance.initialize(limits.depth());
            int function = Objects.requireNonNull(module.exports.get(name)).index();
            ThreadMXBean clock = ManagementFactory.getThreadMXBean();
            long best = Long.MAX_VALUE;
            long fuel = 0;
            long[] values = new long[1];
            for (int round = 0; round < rounds; round++) {
                values[0] = argument;
                long before = instance.used();
                long from = clock.getCurrentThreadCpuTime();
                instance.invoke(function, values, limits.depth() - 1);
                best = Math.min(best, clock.getCurrentThreadCpuTime() - from);
                fuel = instance.used() - before;
            }
            System.out.printf("%s %.2f %d %d%n", name, best / 1e6, values[0], fuel);
        } catch (ModuleRejected rejected) {
            throw new IllegalStateException(rejected);
        }
    }
}
