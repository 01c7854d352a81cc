package dev.sovereign.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.dylibso.chicory.runtime.ExportFunction;
import com.dylibso.chicory.runtime.MStack;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.types.Instruction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// The fuel rule, against Chicory's interpreter counting instructions: generated modules give the
/// same results and the same fuel there, compiled, interpreted, a second time and with code from
/// the disk, and stop with one unit less. A generated module may also trap, or recurse through its
/// table until a limit stops it: the same in each mode.
class FuelPropertyTest {

    private static final int COUNT = Integer.getInteger("sovereign.fuzz.count", 400);
    private static final Limits LIMITS = new Limits(300_000, 3, 20, 100, Duration.ofSeconds(60));

    /// As usual, and so few that functions are cut into regions.
    private static final int[] METHOD_BYTES = {Regions.METHOD_BYTES, 300, 60, 20};

    @TempDir private Path folder;

    @Test
    void fuelIsWhatACountingInterpreterCounts() throws Exception {
        long seed = Long.getLong("sovereign.fuzz.seed", System.nanoTime());
        int ended = 0;
        int trapped = 0;
        for (int i = 0; i < COUNT; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            byte[] bytes = RandomModule.of(random);
            long[] arguments = {random.nextInt(), random.nextLong()};
            String which = "seed " + (seed + i);
            WasmModule module = WasmModule.load(bytes);
            module.methodBytes = METHOD_BYTES[i % METHOD_BYTES.length];
            Outcome compiled = run(module, LIMITS, Mode.COMPILED, arguments);
            assertEquals(compiled, run(module, LIMITS, Mode.INTERPRETED, arguments), which);
            assertEquals(compiled, run(module, LIMITS, Mode.COMPILED, arguments), which);
            WasmModule cached = cached(module, bytes);
            assertEquals(compiled, run(cached, LIMITS, Mode.COMPILED, arguments), which);
            assertEquals(0, cached.code().generated(), which);
            if (compiled instanceof Outcome.Ok ok) {
                ended++;
                Counter counter = new Counter();
                long result = counter.run(bytes, arguments);
                assertEquals(List.of((long) (int) result), ok.results(), which);
                assertEquals(counter.units, ok.fuel(), which);
                for (Mode mode : Mode.values()) {
                    Outcome less = run(module, LIMITS.withFuel(ok.fuel() - 1), mode, arguments);
                    assertEquals(new Outcome.OutOfFuel(ok.fuel() - 1), less, which);
                    assertEquals(
                            ok, run(module, LIMITS.withFuel(ok.fuel()), mode, arguments), which);
                }
            } else {
                assertTrue(
                        compiled instanceof Outcome.Trap
                                || compiled instanceof Outcome.CallStack
                                || compiled instanceof Outcome.OutOfFuel,
                        which + ": " + compiled);
                trapped++;
            }
        }
        System.err.println(ended + " ended, " + trapped + " did not, from seed " + seed);
        assertTrue(ended > COUNT / 2, "only " + ended + " ended");
    }

    /// The module as the next daemon finds it on the disk.
    private WasmModule cached(WasmModule module, byte[] bytes) throws Exception {
        CodeCache cache = new CodeCache(folder);
        String sha256 = module.sha256();
        assertTrue(cache.save(module, sha256, () -> true));
        WasmModule cached = java.util.Objects.requireNonNull(cache.load(bytes, sha256));
        cache.forget(sha256);
        return cached;
    }

    private static Outcome run(WasmModule module, Limits limits, Mode mode, long[] arguments) {
        return new Run(module, HostFunctions.NONE, limits, mode).invoke("f", arguments);
    }

    /// Counts on its own, from the rule's text.
    private static final class Counter {
        private long units;

        long run(byte[] bytes, long[] arguments) {
            var instance =
                    com.dylibso.chicory.runtime.Instance.builder(Parser.parse(bytes))
                            .withUnsafeExecutionListener(this::count)
                            .build();
            ExportFunction function = instance.export("f");
            units++;
            long[] results = function.apply(Arrays.copyOf(arguments, arguments.length));
            return results[0];
        }

        private void count(Instruction instruction, MStack stack) {
            switch (instruction.opcode()) {
                case NOP, DROP, BLOCK, LOOP, UNREACHABLE, RETURN, ELSE, END -> {}
                case CALL, CALL_INDIRECT -> units += 2;
                case MEMORY_GROW -> units += 1 + 1024 * top(stack);
                case MEMORY_FILL, MEMORY_COPY, MEMORY_INIT -> units += 1 + top(stack) / 64;
                case TABLE_FILL, TABLE_COPY, TABLE_INIT, TABLE_GROW -> units += 1 + top(stack) / 8;
                default -> units++;
            }
        }

        private static long top(MStack stack) {
            return Integer.toUnsignedLong((int) stack.peek());
        }
    }
}
