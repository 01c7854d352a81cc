package dev.sovereign.runtime.wasm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Times exported functions: `KernelBench FILE.wasm ROUNDS NAME=ARG…`, one line a function with the
/// fastest round in milliseconds, the result and the fuel of one call.
final class KernelBench {

    private KernelBench() {}

    public static void main(String[] args) throws Exception {
        WasmModule module = WasmModule.load(Files.readAllBytes(Path.of(args[0])));
        int rounds = Integer.parseInt(args[1]);
        Limits limits = new Limits(Limits.MAX_FUEL, 2048, 65_536, 1000, Duration.ofMinutes(10));
        for (int i = 2; i < args.length; i++) {
            String[] parts = args[i].split("=", 2);
            long best = Long.MAX_VALUE;
            Object results = null;
            long fuel = 0;
            Run run = new Run(module, HostFunctions.NONE, limits);
            for (int round = 0; round < rounds; round++) {
                long from = System.nanoTime();
                Outcome outcome = run.invoke(parts[0], Long.parseLong(parts[1]));
                best = Math.min(best, System.nanoTime() - from);
                if (!(outcome instanceof Outcome.Ok ok)) {
                    throw new IllegalStateException(parts[0] + ": " + outcome);
                }
                fuel = ok.fuel() / (round + 1);
                results = ok.results();
            }
            System.out.printf("%s %.2f %s %d%n", parts[0], best / 1e6, results, fuel);
        }
    }
}
