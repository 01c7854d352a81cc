package dev.sovereign.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Modules with a few bytes changed: each is refused, or runs within its limits and ends the same
/// in both modes. Whatever else is thrown, ends the test.
class MutationFuzzTest {

    private static final int COUNT = Integer.getInteger("sovereign.fuzz.count", 3000);
    private static final Limits LIMITS = new Limits(20_000, 4, 100, 50, Duration.ofSeconds(20));

    @Test
    void aMutatedModuleIsRefusedOrStaysWithinItsLimits() {
        long seed = Long.getLong("sovereign.fuzz.seed", System.nanoTime());
        int refused = 0;
        int ran = 0;
        byte[] base = {};
        for (int i = 0; i < COUNT; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            if (i % 50 == 0) {
                base = RandomModule.of(random);
            }
            byte[] mutated = mutate(base, random);
            String which = "seed " + seed + ", number " + i;
            WasmModule module;
            try {
                module = WasmModule.load(mutated);
                module.methodBytes = i % 2 == 0 ? Regions.METHOD_BYTES : 40;
            } catch (ModuleRejected rejected) {
                refused++;
                continue;
            } catch (RuntimeException | Error defect) {
                throw new AssertionError(which, defect);
            }
            for (String export : module.exportedFunctions()) {
                FunctionType type = module.functionType(export(module, export));
                long[] arguments = new long[type.params().size()];
                Arrays.fill(arguments, 5);
                Outcome compiled = run(module, export, arguments, Mode.COMPILED, which);
                Outcome interpreted = run(module, export, arguments, Mode.INTERPRETED, which);
                assertEquals(interpreted, compiled, which);
                assertTrue(compiled.fuel() <= LIMITS.fuel(), which);
                ran++;
            }
        }
        System.err.println(refused + " refused, " + ran + " runs, from seed " + seed);
        assertTrue(refused > 0 && ran > COUNT / 50, refused + " refused, " + ran + " runs");
    }

    private static int export(WasmModule module, String name) {
        return java.util.Objects.requireNonNull(module.exports.get(name)).index();
    }

    private static Outcome run(
            WasmModule module, String export, long[] arguments, Mode mode, String which) {
        try {
            return new Run(module, HostFunctions.NONE, LIMITS, mode)
                    .invoke(export, arguments.clone());
        } catch (RuntimeException | Error defect) {
            throw new AssertionError(which + ", " + mode, defect);
        }
    }

    private static byte[] mutate(byte[] base, SplittableRandom random) {
        byte[] bytes = base.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            // past the header, which would only say that this is no module
            int at = 8 + random.nextInt(bytes.length - 8);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] = bytes[8 + random.nextInt(bytes.length - 8)];
                case 3 -> bytes = Arrays.copyOf(bytes, at + 1);
                default -> {
                    int length = Math.min(bytes.length - at, 1 + random.nextInt(6));
                    int from = 8 + random.nextInt(bytes.length - 8 - length + 1);
                    System.arraycopy(
                            base.clone(), Math.min(from, base.length - length), bytes, at, length);
                }
            }
            if (bytes.length <= 9) {
                break;
            }
        }
        return bytes;
    }
}
