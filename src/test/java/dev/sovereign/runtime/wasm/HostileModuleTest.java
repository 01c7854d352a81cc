package dev.sovereign.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.runtime.wasm.ModuleRejected.Reason;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;

/// What a module can do to its host, one attempt a test. After each the next module answers as
/// before, in the same process.
class HostileModuleTest {

    private static final Limits LIMITS =
            new Limits(100_000_000, 64, 1000, 1000, Duration.ofSeconds(60));
    private static final int[] NONE = {};

    @AfterEach
    void theNextModuleAnswersAsBefore() throws ModuleRejected {
        Wat wat = new Wat();
        int type = wat.type(new int[] {Wat.I32, Wat.I32}, Wat.I32);
        wat.export("add", wat.function(type, NONE, Wat.get(0), Wat.get(1), 0x6a));
        Outcome outcome =
                new Run(WasmModule.load(wat.build()), HostFunctions.NONE, LIMITS)
                        .invoke("add", 40, 2);
        assertEquals(new Outcome.Ok(List.of(ValueType.I32), List.of(42L), 4), outcome);
    }

    private static Outcome run(Wat wat, Mode mode, Limits limits) throws ModuleRejected {
        return new Run(WasmModule.load(wat.build()), HostFunctions.NONE, limits, mode).invoke("f");
    }

    private static Wat function(int[] locals, Object... code) {
        Wat wat = new Wat();
        int type = wat.type(NONE);
        return wat.export("f", wat.function(type, locals, code));
    }

    private static ModuleRejected rejected(byte[] module) {
        return assertThrows(ModuleRejected.class, () -> WasmModule.load(module));
    }

    private static void assertRejected(Reason reason, String part, byte[] module) {
        ModuleRejected rejected = rejected(module);
        assertEquals(reason, rejected.reason(), rejected.getMessage());
        String message = String.valueOf(rejected.getMessage());
        assertTrue(message.contains(part), message);
    }

    // ---- arithmetic that decides where to go

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aProductThatIsZeroModulo32BitsIsFalse(Mode mode) throws ModuleRejected {
        Wat wat = new Wat();
        int type = wat.type(NONE, Wat.I32);
        Object[] product = {Wat.i32(0x10000), Wat.i32(0x10000), 0x6c};
        Object[] choice = {0x04, Wat.I32, Wat.i32(1), 0x05, Wat.i32(2), 0x0b};
        wat.export("f", wat.function(type, NONE, Wat.bytes(product), Wat.bytes(choice)));
        Outcome outcome = run(wat, mode, LIMITS);
        assertEquals(new Outcome.Ok(List.of(ValueType.I32), List.of(2L), 6), outcome);
    }

    // ---- work without end

    @ParameterizedTest
    @EnumSource(Mode.class)
    void anEndlessLoopRunsOutOfFuel(Mode mode) throws ModuleRejected {
        Wat wat = function(NONE, 0x03, 0x40, Wat.br(0), 0x0b);
        assertEquals(new Outcome.OutOfFuel(1_000_000), run(wat, mode, LIMITS.withFuel(1_000_000)));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void anEndlessLoopEndsAtItsDeadline(Mode mode) throws ModuleRejected {
        Wat wat = function(NONE, 0x03, 0x40, Wat.br(0), 0x0b);
        Limits limits = LIMITS.withFuel(Limits.MAX_FUEL).withTimeout(Duration.ofMillis(50));
        assertInstanceOf(Outcome.Timeout.class, run(wat, mode, limits));
    }

    @Test
    void cancellingEndsAnEndlessLoop() throws Exception {
        Wat wat = new Wat();
        int host = wat.importFunction("host", "ready", wat.type(NONE));
        int type = wat.type(NONE);
        wat.export("f", wat.function(type, NONE, Wat.call(host), 0x03, 0x40, Wat.br(0), 0x0b));
        Run[] run = new Run[1];
        run[0] =
                new Run(
                        WasmModule.load(wat.build()),
                        wanted -> (caller, values) -> run[0].cancel(),
                        LIMITS.withFuel(Limits.MAX_FUEL));
        assertInstanceOf(Outcome.Cancelled.class, run[0].invoke("f"));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aStartFunctionThatLoopsRunsOutOfFuel(Mode mode) throws ModuleRejected {
        Wat wat = new Wat();
        int type = wat.type(NONE);
        wat.start(wat.function(type, NONE, 0x03, 0x40, Wat.br(0), 0x0b));
        wat.export("f", wat.function(type, NONE));
        assertInstanceOf(Outcome.OutOfFuel.class, run(wat, mode, LIMITS));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void fillingMemoryAgainAndAgainRunsOutOfFuel(Mode mode) throws ModuleRejected {
        Wat wat =
                function(
                        NONE,
                        Wat.bytes(0x03, 0x40),
                        Wat.i32(0),
                        Wat.i32(7),
                        Wat.i32(64 * 65_536),
                        Wat.bytes(0xfc, 11, 0),
                        Wat.br(0),
                        0x0b);
        wat.memory(64, -1);
        assertInstanceOf(Outcome.OutOfFuel.class, run(wat, mode, LIMITS));
    }

    // ---- calls

    @ParameterizedTest
    @EnumSource(Mode.class)
    void recursionEndsAtTheDepthOfTheMeter(Mode mode) throws ModuleRejected {
        Wat wat = function(NONE, Wat.call(0));
        // one unit for each entry and each call; the entry that is too deep is paid for
        assertEquals(new Outcome.CallStack(2 * 1000 + 2), run(wat, mode, LIMITS));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void mutualRecursionThroughATableEndsThereToo(Mode mode) throws ModuleRejected {
        Wat wat = new Wat();
        int type = wat.type(NONE);
        wat.function(type, NONE, Wat.i32(1), 0x11, 0, 0);
        wat.export("f", wat.function(type, NONE, Wat.i32(0), 0x11, 0, 0));
        wat.table(2, 2).element(0, 0, 1);
        assertEquals(new Outcome.CallStack(3 * 1001), run(wat, mode, LIMITS));
    }

    @Test
    void theDeepestRecursionOfTheLargestFramesIsTheMetersToStop() throws ModuleRejected {
        Wat wat = function(new int[] {1024, Wat.I64}, Wat.call(0));
        Limits limits = new Limits(100_000_000, 1, 1, Limits.MAX_DEPTH, Duration.ofSeconds(60));
        assertEquals(
                new Outcome.CallStack(2L * Limits.MAX_DEPTH + 2), run(wat, Mode.COMPILED, limits));
    }

    @Test
    void aHostFunctionFindsRoomAtTheDeepestCall() throws ModuleRejected {
        Wat wat = new Wat();
        int host = wat.importFunction("host", "work", wat.type(NONE));
        int type = wat.type(new int[] {Wat.I32});
        int deep =
                wat.function(
                        type,
                        NONE,
                        Wat.get(0),
                        0x04,
                        0x40,
                        Wat.get(0),
                        Wat.i32(1),
                        0x6b,
                        Wat.call(1),
                        0x05,
                        Wat.call(host),
                        0x0b);
        wat.export("f", wat.function(0, NONE, Wat.i32(998), Wat.call(deep)));
        String[] said = {""};
        Outcome outcome =
                new Run(
                                WasmModule.load(wat.build()),
                                wanted ->
                                        (caller, values) ->
                                                said[0] = "%s %08.3f".formatted("deep", 1.5),
                                LIMITS)
                        .invoke("f");
        assertInstanceOf(Outcome.Ok.class, outcome);
        assertEquals("deep 0001.500", said[0]);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void badIndirectCallsTrap(Mode mode) throws ModuleRejected {
        for (int index : new int[] {-1, 3, 2, 1}) {
            Wat wat = new Wat();
            int type = wat.type(NONE);
            int other = wat.type(NONE, Wat.I32);
            wat.function(other, NONE, Wat.i32(1));
            wat.export("f", wat.function(type, NONE, Wat.i32(index), 0x11, 0, 0));
            wat.table(3, 3).element(1, 0);
            String expected =
                    switch (index) {
                        case 1 -> "indirect call type mismatch";
                        case 2 -> "uninitialized element";
                        default -> "undefined element";
                    };
            assertEquals(new Outcome.Trap(expected, 3), run(wat, mode, LIMITS));
        }
    }

    // ---- memory

    @ParameterizedTest
    @EnumSource(Mode.class)
    void growingPastTheLimitReturnsMinusOne(Mode mode) throws ModuleRejected {
        Wat wat = new Wat();
        int type = wat.type(NONE, Wat.I32);
        wat.export("f", wat.function(type, NONE, Wat.i32(64), 0x40, 0));
        wat.memory(1, -1);
        Outcome.Ok ok = assertInstanceOf(Outcome.Ok.class, run(wat, mode, LIMITS));
        assertEquals(List.of(-1L), ok.results());
        assertEquals(3 + 64 * 1024, ok.fuel());
    }

    @Test
    void askingForAllMemoryCostsMoreThanThereIs() throws ModuleRejected {
        Wat wat = function(NONE, Wat.i32(-1), 0x40, 0, 0x1a);
        wat.memory(1, -1);
        assertInstanceOf(Outcome.OutOfFuel.class, run(wat, Mode.COMPILED, LIMITS));
    }

    @Test
    void aLargerMinimumThanTheLimitIsRejected() throws ModuleRejected {
        Outcome.Rejected memory =
                assertInstanceOf(
                        Outcome.Rejected.class,
                        run(function(NONE).memory(65, -1), Mode.COMPILED, LIMITS));
        assertTrue(memory.message().contains("65 pages"), memory.message());
        Outcome.Rejected table =
                assertInstanceOf(
                        Outcome.Rejected.class,
                        run(function(NONE).table(1001, -1), Mode.COMPILED, LIMITS));
        assertTrue(table.message().contains("1001 entries"), table.message());
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void tablesGrowToTheLimitAndNoFurther(Mode mode) throws ModuleRejected {
        for (int delta : new int[] {1000, 1001, Integer.MAX_VALUE, -1}) {
            Wat wat = new Wat();
            int type = wat.type(NONE, Wat.I32);
            wat.export(
                    "f",
                    wat.function(type, NONE, 0xd0, 0x70, Wat.i32(delta), Wat.bytes(0xfc, 15, 0)));
            wat.table(0, -1);
            Outcome.Ok ok =
                    assertInstanceOf(
                            Outcome.Ok.class, run(wat, mode, LIMITS.withFuel(Limits.MAX_FUEL)));
            assertEquals(List.of(delta == 1000 ? 0L : -1L), ok.results());
            assertEquals(4 + Integer.toUnsignedLong(delta) / 8, ok.fuel());
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void everyAddressOutsideTraps(Mode mode) throws ModuleRejected {
        int[] bases = {65_533, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, -4};
        long[] offsets = {0, 1, 3, 65_536, Integer.MAX_VALUE, 0x8000_0000L, 0xffff_fffcL};
        for (int base : bases) {
            for (long offset : offsets) {
                Wat wat = function(NONE, Wat.i32(base), 0x28, 2, Wat.u32(offset), 0x1a);
                wat.memory(1, -1);
                assertEquals(
                        new Outcome.Trap("out of bounds memory access", 3),
                        run(wat, mode, LIMITS),
                        base + " + " + offset);
                Wat store = function(NONE, Wat.i32(base), Wat.i64(1), 0x37, 3, Wat.u32(offset));
                store.memory(1, -1);
                assertEquals(
                        new Outcome.Trap("out of bounds memory access", 4),
                        run(store, mode, LIMITS),
                        base + " + " + offset);
            }
        }
    }

    // ---- size

    @Test
    void aModuleOverTheLimitIsNotEvenRead() {
        assertRejected(Reason.LIMIT, "bytes", new byte[WasmModule.MAX_BYTES + 1]);
    }

    @Test
    void countsWithoutBytesAllocateNothing() {
        for (int id = 1; id <= 11; id++) {
            if (id == 8) {
                continue;
            }
            byte[] huge = Wat.bytes(Wat.HEADER, Wat.section(id, Wat.u32(0xffff_ffffL)));
            assertEquals(Reason.MALFORMED, rejected(huge).reason(), "section " + id);
        }
        assertRejected(Reason.MALFORMED, "count", Wat.bytes(Wat.HEADER, 10, Wat.u32(0xffff_ffffL)));
    }

    @Test
    void hundredThousandLocalsAreRefusedByName() {
        assertRejected(Reason.LIMIT, "locals", function(new int[] {100_000, Wat.I32}).build());
        assertRejected(
                Reason.LIMIT,
                "locals",
                function(new int[] {1_000_000_000, Wat.I64, 1, Wat.I32}).build());
        Wat wat = new Wat();
        int[] params = new int[1025];
        java.util.Arrays.fill(params, Wat.I32);
        wat.type(params);
        assertRejected(Reason.LIMIT, "parameters", wat.build());
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void theMostParametersAndLocalsWork(Mode mode) throws ModuleRejected {
        Wat wat = new Wat();
        int[] params = new int[1024];
        java.util.Arrays.fill(params, Wat.I64);
        int wide = wat.type(params, Wat.I64);
        int type = wat.type(NONE);
        int callee = wat.function(wide, new int[] {1024, Wat.F64}, Wat.get(1023), Wat.get(0), 0x7c);
        wat.export(
                "f",
                wat.function(type, NONE, Wat.repeat(1024, Wat.i64(21)), Wat.call(callee), 0x1a));
        Outcome.Ok ok = assertInstanceOf(Outcome.Ok.class, run(wat, mode, LIMITS));
        assertEquals(1 + 1024 + 1 + 1 + 3, ok.fuel());
    }

    @Test
    void nestingOverTheLimitIsRefusedAndUpToItWorks() throws ModuleRejected {
        byte[] open = {0x02, 0x40};
        for (int depth : new int[] {1, WasmModule.MAX_NESTING, 100_000}) {
            Wat wat = function(NONE, Wat.repeat(depth, open), Wat.repeat(depth, new byte[] {0x0b}));
            if (depth <= WasmModule.MAX_NESTING) {
                for (Mode mode : Mode.values()) {
                    assertEquals(new Outcome.Ok(List.of(), List.of(), 1), run(wat, mode, LIMITS));
                }
            } else {
                assertRejected(Reason.LIMIT, "nested deeper", wat.build());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aMillionTargetsOfABranchWork(Mode mode) throws ModuleRejected {
        Wat wat = new Wat();
        int type = wat.type(new int[] {Wat.I32}, Wat.I32);
        int[] targets = {0, 1, 2};
        java.io.ByteArrayOutputStream labels = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < 1_000_000; i++) {
            labels.write(targets[i % 3]);
        }
        labels.write(1);
        wat.export(
                "f",
                wat.function(
                        type,
                        NONE,
                        Wat.bytes(0x02, 0x40, 0x02, 0x40, 0x02, 0x40),
                        Wat.get(0),
                        0x0e,
                        Wat.u32(1_000_000),
                        labels.toByteArray(),
                        0x0b,
                        Wat.i32(100),
                        0x0f,
                        0x0b,
                        Wat.i32(101),
                        0x0f,
                        0x0b,
                        Wat.i32(102)));
        WasmModule module = WasmModule.load(wat.build());
        for (int index : new int[] {0, 1, 2, 999_998, 999_999, 1_000_000, -1}) {
            Outcome outcome = new Run(module, HostFunctions.NONE, LIMITS, mode).invoke("f", index);
            long expected = index < 0 || index >= 1_000_000 ? 101 : 100 + targets[index % 3];
            assertEquals(new Outcome.Ok(List.of(ValueType.I32), List.of(expected), 4), outcome);
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aFunctionLargerThanAnyMethodOfTheJvmRuns(Mode mode) throws ModuleRejected {
        Wat wat = new Wat();
        int type = wat.type(new int[] {Wat.I32}, Wat.I32);
        byte[] step = Wat.bytes(Wat.get(0), Wat.i32(3), 0x6a, Wat.set(0));
        wat.export("f", wat.function(type, NONE, Wat.repeat(100_000, step), Wat.get(0)));
        Outcome outcome =
                new Run(WasmModule.load(wat.build()), HostFunctions.NONE, LIMITS, mode)
                        .invoke("f", 1);
        assertEquals(new Outcome.Ok(List.of(ValueType.I32), List.of(300_001L), 400_002), outcome);
    }

    @Test
    void manyFunctionsAndTypesLoadAndOneMoreIsRefused() throws ModuleRejected {
        Wat wat = new Wat();
        int type = wat.type(NONE);
        for (int i = 0; i < 10_000; i++) {
            wat.type(new int[] {Wat.I32}, Wat.I64);
        }
        int last = 0;
        for (int i = 0; i < WasmModule.MAX_FUNCTIONS; i++) {
            last = wat.function(type, NONE);
        }
        wat.export("f", last);
        assertEquals(new Outcome.Ok(List.of(), List.of(), 1), run(wat, Mode.COMPILED, LIMITS));
        wat.function(type, NONE);
        assertRejected(Reason.LIMIT, "functions", wat.build());
    }

    @Test
    void eightMebibytesOfNopsLoadInLittleMemory() throws ModuleRejected {
        Wat wat = function(NONE, new byte[0], Wat.repeat(8_000_000, new byte[] {1}));
        for (Mode mode : Mode.values()) {
            assertEquals(new Outcome.Ok(List.of(), List.of(), 1), run(wat, mode, LIMITS));
        }
    }

    @Test
    void tooManyOperandsAtOnceAreRefused() {
        byte[] body = Wat.bytes(Wat.repeat(5000, Wat.i32(1)), Wat.repeat(5000, new byte[] {0x1a}));
        assertRejected(Reason.LIMIT, "operands", function(NONE, body).build());
    }

    // ---- names and validity

    @Test
    void proposalsAreRefusedByName() {
        Object[][] cases = {
            {"simd", Wat.bytes(0xfd, 12, Wat.repeat(16, new byte[1]), 0x1a)},
            {"threads", Wat.bytes(0xfe, 3, 0)},
            {"gc", Wat.bytes(0xfb, 0, 0)},
            {"exception-handling", Wat.bytes(0x08, 0)},
            {"tail-call", Wat.bytes(0x12, 0)},
            {"function-references", Wat.bytes(0x14, 0)},
        };
        for (Object[] each : cases) {
            assertRejected(Reason.UNSUPPORTED, (String) each[0], function(NONE, each[1]).build());
        }
        byte[] twoMemories = function(NONE).memory(1, -1).memory(1, -1).build();
        assertRejected(Reason.UNSUPPORTED, "multi-memory", twoMemories);
        byte[] memory64 = Wat.bytes(Wat.HEADER, Wat.section(5, Wat.bytes(1, 4, 1)));
        assertRejected(Reason.UNSUPPORTED, "memory64", memory64);
        byte[] shared = Wat.bytes(Wat.HEADER, Wat.section(5, Wat.bytes(1, 3, 1, 1)));
        assertRejected(Reason.UNSUPPORTED, "threads", shared);
        byte[] component = {0, 'a', 's', 'm', 0x0d, 0, 1, 0};
        assertRejected(Reason.UNSUPPORTED, "component-model", component);
    }

    @Test
    void indexesOnePastTheEndAreInvalidWhateverTheMeterAdds() {
        assertRejected(Reason.INVALID, "global", function(NONE, 0x23, 0, 0x1a).build());
        assertRejected(Reason.INVALID, "local", function(NONE, Wat.get(0), 0x1a).build());
        assertRejected(Reason.INVALID, "function", function(NONE, Wat.call(1)).build());
        assertRejected(Reason.INVALID, "table", function(NONE, Wat.i32(0), 0x11, 0, 0).build());
    }

    @Test
    void namesThatGeneratedCodeUsesAreNamesLikeOthers() throws ModuleRejected {
        Wat wat = new Wat();
        int type = wat.type(NONE);
        int function = wat.function(type, NONE);
        for (String name : List.of("fuel", "<init>", "", "f0", "a/b;[", "\u202e")) {
            wat.export(name, function);
        }
        WasmModule module = WasmModule.load(wat.build());
        for (String name : module.exportedFunctions()) {
            assertEquals(
                    new Outcome.Ok(List.of(), List.of(), 1),
                    new Run(module, HostFunctions.NONE, LIMITS).invoke(name));
        }
    }

    @Test
    void anImportThatNobodyOffersIsRejected() throws ModuleRejected {
        Wat wat = new Wat();
        int type = wat.type(NONE);
        wat.importFunction("sovereign", "fuel", type);
        wat.export("f", wat.function(type, NONE));
        Outcome.Rejected rejected =
                assertInstanceOf(Outcome.Rejected.class, run(wat, Mode.COMPILED, LIMITS));
        assertEquals("unknown import \"sovereign.fuel\"", rejected.message());
    }

    @Test
    void aTrappedInstanceIsNotUsedAgain() throws ModuleRejected {
        Wat wat = function(NONE, 0x00);
        Run run = new Run(WasmModule.load(wat.build()), HostFunctions.NONE, LIMITS);
        assertEquals(new Outcome.Trap("unreachable", 1), run.invoke("f"));
        assertThrows(IllegalStateException.class, () -> run.invoke("f"));
    }
}
