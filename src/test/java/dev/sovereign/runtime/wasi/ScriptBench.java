package dev.sovereign.runtime.wasi;

import dev.sovereign.runtime.wasm.Limits;
import dev.sovereign.runtime.wasm.Outcome;
import dev.sovereign.runtime.wasm.Run;
import dev.sovereign.runtime.wasm.WasmModule;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Times a WASI program, the first run in a cold JVM and later ones: `ScriptBench FILE.wasm RUNS
/// [ARGUMENT…]`, one line a run with milliseconds, those of all processors, fuel and output. The
/// first line has those of reading and validating.
final class ScriptBench {

    private ScriptBench() {}

    public static void main(String[] args) throws Exception {
        long start = System.nanoTime();
        WasmModule module = WasmModule.load(Files.readAllBytes(Path.of(args[0])));
        System.out.printf("load %.0f%n", (System.nanoTime() - start) / 1e6);
        List<String> arguments = new ArrayList<>(List.of("program"));
        arguments.addAll(Arrays.asList(args).subList(2, args.length));
        Limits limits = new Limits(Limits.MAX_FUEL, 2048, 65_536, 10_000, Duration.ofMinutes(10));
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            Settings settings =
                    new Settings(arguments, Map.of(), new byte[0], List.of(), 0L, 0L, 1 << 20);
            long from = System.nanoTime();
            long cpu = processorNanos();
            try (WasiHost host = new WasiHost(settings, Access.NONE, InstantSource.system())) {
                Outcome outcome = new Run(module, host, limits).invoke("_start");
                long nanos = System.nanoTime() - from;
                System.out.printf(
                        "run %.0f cpu %.0f fuel %d %s %s%n",
                        nanos / 1e6,
                        (processorNanos() - cpu) / 1e6,
                        outcome.fuel(),
                        outcome.getClass().getSimpleName(),
                        new String(host.output(), StandardCharsets.UTF_8).strip());
            }
        }
    }

    private static long processorNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
