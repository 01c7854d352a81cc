package dev.sovereign.runtime.wasm;

import java.io.ByteArrayOutputStream;
import java.util.random.RandomGenerator;

/// Makes valid modules whose export `f` ends: loops count down, calls go to functions with higher
/// numbers only. Some of them trap.
final class RandomModule {

    private static final int[] TYPES = {Wat.I32, Wat.I64, Wat.F32, Wat.F64};
    private static final int FUNCTIONS = 5;
    private static final int LOCALS = 8;

    /// Locals that count loops; nothing else writes to them.
    private static final int COUNTERS = 4;

    /// Followed by an addition of zero: Chicory 1.7.5's interpreter leaves a product of 64 bits,
    /// and its `if` and `br_if` then see one that is zero modulo 2^32 as true.
    private static final int I32_MUL = 0x6c;

    private final RandomGenerator random;
    private final boolean mayTrap;
    private int function;
    private int loops;
    private int budget;
    private ByteArrayOutputStream code = new ByteArrayOutputStream();

    private RandomModule(RandomGenerator random) {
        this.random = random;
        this.mayTrap = random.nextInt(8) == 0;
    }

    static byte[] of(RandomGenerator random) {
        return new RandomModule(random).module();
    }

    private byte[] module() {
        Wat wat = new Wat();
        int type = wat.type(new int[] {Wat.I32, Wat.I64}, Wat.I32);
        int locals = wat.type(new int[] {Wat.I32, Wat.I64}, Wat.I32);
        for (int i = 0; i < FUNCTIONS; i++) {
            function = i;
            loops = 0;
            budget = 60;
            code = new ByteArrayOutputStream();
            statements(0, 1);
            value(Wat.I32, 2);
            wat.function(
                    i % 2 == 0 ? type : locals,
                    new int[] {2, Wat.I32, 1, Wat.I64, 1, Wat.F32, 2, Wat.F64, COUNTERS, Wat.I32},
                    code.toByteArray());
        }
        wat.memory(1, 3);
        wat.table(8, 20);
        wat.element(0, 0, 1, 2, 3, 4);
        wat.global(Wat.I32, Wat.i32(7));
        wat.global(Wat.I64, Wat.i64(-3));
        return wat.export("f", 0).build();
    }

    private void emit(Object... parts) {
        code.writeBytes(Wat.bytes(parts));
    }

    /// 0 and 2, 3 are i32, 1 and 4 are i64, 5 is f32, 6 and 7 are f64; counters follow.
    private int local(int type) {
        int[] of =
                switch (type) {
                    case Wat.I32 -> new int[] {0, 2, 3};
                    case Wat.I64 -> new int[] {1, 4};
                    case Wat.F32 -> new int[] {5};
                    default -> new int[] {6, 7};
                };
        return of[random.nextInt(of.length)];
    }

    private int type() {
        return TYPES[random.nextInt(TYPES.length)];
    }

    /// @param labels blocks without results that a branch may leave
    private void statements(int labels, int depth) {
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count && budget-- > 0; i++) {
            statement(labels, depth);
        }
    }

    private void statement(int labels, int depth) {
        int type = type();
        switch (random.nextInt(depth > 4 ? 9 : 16)) {
            case 0, 1, 2 -> {
                value(type, 3);
                emit(Wat.set(local(type)));
            }
            case 3 -> store(type == Wat.F32 || type == Wat.F64 ? Wat.I64 : type);
            case 4 -> {
                value(type, 2);
                emit(0x1a, 0x01);
            }
            case 5 -> {
                boolean wide = random.nextBoolean();
                value(wide ? Wat.I64 : Wat.I32, 2);
                emit(0x24, wide ? 1 : 0);
            }
            case 6 -> {
                if (labels > 0) {
                    value(Wat.I32, 2);
                    emit(Wat.brIf(random.nextInt(labels)));
                }
            }
            case 7 -> bulk();
            case 8 -> {
                if (random.nextInt(12) == 0) {
                    value(Wat.I32, 1);
                    emit(0x0f);
                    return;
                }
                value(Wat.I32, 1);
                emit(0xfc, 15 + 1, 0, 0x6a, 0x1a);
            }
            case 9, 10 -> {
                emit(0x02, 0x40);
                statements(labels + 1, depth + 1);
                if (random.nextInt(6) == 0) {
                    emit(Wat.br(random.nextInt(labels + 1)));
                    emit(Wat.i32(1), Wat.i32(2), 0x6a, 0x1a);
                }
                emit(0x0b);
            }
            case 11, 12 -> {
                value(Wat.I32, 3);
                emit(0x04, 0x40);
                statements(labels + 1, depth + 1);
                if (random.nextBoolean()) {
                    emit(0x05);
                    statements(labels + 1, depth + 1);
                }
                emit(0x0b);
            }
            case 13, 14 -> loop(labels, depth);
            default -> brTable(labels, depth);
        }
    }

    /// Runs a few times; its own label is not among those that the body may branch to.
    private void loop(int labels, int depth) {
        if (loops == COUNTERS) {
            return;
        }
        int counter = LOCALS + loops++;
        boolean down = random.nextBoolean();
        int times = 1 + random.nextInt(6);
        emit(Wat.i32(down ? times : 0), Wat.set(counter));
        emit(0x03, 0x40, 0x02, 0x40);
        int before = code.size();
        statements(1, depth + 1);
        if (code.size() == before) {
            emit(0x01);
        }
        emit(0x0b);
        emit(Wat.get(counter), Wat.i32(down ? -1 : 1), 0x6a, Wat.tee(counter));
        if (!down) {
            emit(Wat.i32(times), random.nextBoolean() ? 0x47 : 0x48);
        }
        emit(Wat.brIf(0), 0x0b);
        loops--;
        if (labels < 0) {
            throw new IllegalStateException("labels " + labels);
        }
    }

    private void brTable(int labels, int depth) {
        int blocks = 1 + random.nextInt(4);
        emit(Wat.repeat(blocks, new byte[] {0x02, 0x40}));
        value(Wat.I32, 2);
        int entries = random.nextInt(6);
        emit(0x0e, Wat.u32(entries));
        for (int i = 0; i <= entries; i++) {
            emit(Wat.u32(random.nextInt(blocks + labels)));
        }
        for (int i = 0; i < blocks; i++) {
            emit(0x0b);
            statements(labels + blocks - 1 - i, depth + 2);
        }
    }

    private void bulk() {
        int mask = mayTrap ? 0x1ffff : 0x3fff;
        switch (random.nextInt(5)) {
            case 0 -> {
                masked(mask);
                value(Wat.I32, 1);
                masked(mask);
                emit(0xfc, 11, 0);
            }
            case 1 -> {
                masked(mask);
                masked(mask);
                masked(mask);
                emit(0xfc, 10, 0, 0);
            }
            case 2 -> {
                masked(3);
                emit(0x40, 0, 0x1a);
            }
            case 3 -> {
                emit(0xd0, 0x70);
                masked(15);
                emit(0xfc, 15, 0, 0x1a);
            }
            default -> {
                masked(mayTrap ? 15 : 3);
                masked(7);
                emit(0x25, 0);
                masked(3);
                emit(0xfc, 17, 0);
            }
        }
    }

    private void masked(int mask) {
        value(Wat.I32, 1);
        emit(Wat.i32(mask), 0x71);
    }

    private void address() {
        masked(mayTrap && random.nextInt(4) == 0 ? 0x1ffff : 0xfff0);
    }

    /// Integers only: engines differ in the bits of a NaN, which loading them as an integer would
    /// show.
    private void store(int type) {
        address();
        value(type, 2);
        int[] ops =
                switch (type) {
                    case Wat.I32 -> new int[] {0x36, 0x3a, 0x3b};
                    default -> new int[] {0x37, 0x3c, 0x3d, 0x3e};
                };
        emit(ops[random.nextInt(ops.length)], 0, Wat.u32(random.nextInt(9)));
    }

    private void value(int type, int depth) {
        if (depth <= 0) {
            leaf(type);
            return;
        }
        switch (random.nextInt(10)) {
            case 0, 1 -> leaf(type);
            case 2 -> {
                address();
                int[] ops =
                        switch (type) {
                            case Wat.I32 -> new int[] {0x28, 0x2c, 0x2d, 0x2e, 0x2f};
                            case Wat.I64 -> new int[] {0x29, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35};
                            case Wat.F32 -> new int[] {0x2a};
                            default -> new int[] {0x2b};
                        };
                emit(ops[random.nextInt(ops.length)], 0, Wat.u32(random.nextInt(9)));
            }
            case 3 -> {
                value(type, depth - 1);
                value(type, depth - 1);
                value(Wat.I32, depth - 1);
                emit(0x1b);
            }
            case 4 -> {
                value(Wat.I32, depth - 1);
                emit(0x04, type);
                value(type, depth - 1);
                emit(0x05);
                value(type, depth - 1);
                emit(0x0b);
            }
            case 5 -> {
                value(type, depth - 1);
                emit(Wat.tee(local(type)));
            }
            case 6 -> call(type, depth);
            case 7 -> {
                if (type == Wat.I32) {
                    compare(depth);
                } else {
                    binary(type, depth);
                }
            }
            default -> binary(type, depth);
        }
    }

    private void call(int type, int depth) {
        int callee = function + 1 + random.nextInt(FUNCTIONS);
        if (type != Wat.I32 || callee >= FUNCTIONS) {
            leaf(type);
            return;
        }
        value(Wat.I32, depth - 1);
        value(Wat.I64, depth - 1);
        if (random.nextBoolean()) {
            emit(Wat.call(callee));
        } else {
            emit(Wat.i32(callee), 0x11, random.nextInt(2), 0);
        }
    }

    private void compare(int depth) {
        switch (random.nextInt(6)) {
            case 0 -> {
                value(Wat.I32, depth - 1);
                emit(0x45);
            }
            case 1 -> {
                value(Wat.I64, depth - 1);
                emit(0x50);
            }
            case 2 -> {
                value(Wat.I64, depth - 1);
                value(Wat.I64, depth - 1);
                emit(0x51 + random.nextInt(10));
            }
            case 3 -> {
                value(Wat.F64, depth - 1);
                value(Wat.F64, depth - 1);
                emit(0x61 + random.nextInt(6));
            }
            default -> {
                value(Wat.I32, depth - 1);
                value(Wat.I32, depth - 1);
                emit(0x46 + random.nextInt(10));
            }
        }
        if (random.nextInt(4) == 0) {
            emit(0x45);
        }
    }

    private void binary(int type, int depth) {
        value(type, depth - 1);
        value(type, depth - 1);
        int[] ops =
                switch (type) {
                    case Wat.I32 ->
                            new int[] {
                                0x6a, 0x6b, 0x6c, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78
                            };
                    case Wat.I64 ->
                            new int[] {
                                0x7c, 0x7d, 0x7e, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a
                            };
                    case Wat.F32 -> new int[] {0x92, 0x93, 0x94, 0x96, 0x97};
                    default -> new int[] {0xa0, 0xa1, 0xa2, 0xa4, 0xa5};
                };
        int op = ops[random.nextInt(ops.length)];
        if (mayTrap && random.nextInt(10) == 0 && type == Wat.I32) {
            op = 0x6d + random.nextInt(4);
        }
        emit(op);
        if (op == I32_MUL) {
            emit(Wat.i32(0), 0x6a);
        }
    }

    private void leaf(int type) {
        if (random.nextInt(3) != 0) {
            emit(Wat.get(local(type)));
            return;
        }
        switch (type) {
            case Wat.I32 -> emit(Wat.i32(random.nextInt(-5, 100)));
            case Wat.I64 -> emit(Wat.i64(random.nextLong()));
            case Wat.F32 -> emit(Wat.i32(random.nextInt(50)), 0xb2);
            default -> emit(Wat.f64(random.nextInt(50)));
        }
    }
}
