package dev.sovereign.runtime.wasm;

import java.util.Arrays;

/// Walks the operators of a body that has been validated: nothing is checked here.
final class Operators {

    private final byte[] bytes;
    int at;

    /// The operator; those behind the prefix 0xfc from [Opcode#FC] on.
    int op;

    /// The first immediate: an index, an alignment, a constant's bits, a block's type; of a
    /// `br_table`, where its labels begin.
    long first;

    /// The second immediate: an offset, a second index.
    int second;

    /// Labels of the `br_table` that was read last, the default at the end.
    int[] labels = {};

    Operators(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    /// Skips the declarations of locals, of which each group is given to `each` as count and type.
    void locals(LocalGroup each) {
        int groups = u32();
        for (int i = 0; i < groups; i++) {
            int count = u32();
            each.add(count, java.util.Objects.requireNonNull(ValueType.ofCode(bytes[at++] & 0xff)));
        }
    }

    /// Takes some locals of one type.
    interface LocalGroup {
        void add(int count, ValueType type);
    }

    /// The byte of the next operator, without reading it.
    int peek() {
        return bytes[at] & 0xff;
    }

    void next() {
        int code = bytes[at++] & 0xff;
        if (code == Opcode.PREFIX_FC) {
            code = Opcode.FC + u32();
        }
        op = code;
        if (code >= Opcode.FIRST_NUMERIC && code <= Opcode.LAST_NUMERIC) {
            return;
        }
        if (Opcode.isMemoryAccess(code)) {
            first = u32();
            second = u32();
            return;
        }
        switch (code) {
            case Opcode.BLOCK, Opcode.LOOP, Opcode.IF, Opcode.I32_CONST, Opcode.I64_CONST ->
                    first = signed();
            case Opcode.BR,
                    Opcode.BR_IF,
                    Opcode.CALL,
                    Opcode.LOCAL_GET,
                    Opcode.LOCAL_SET,
                    Opcode.LOCAL_TEE,
                    Opcode.GLOBAL_GET,
                    Opcode.GLOBAL_SET,
                    Opcode.TABLE_GET,
                    Opcode.TABLE_SET,
                    Opcode.MEMORY_SIZE,
                    Opcode.MEMORY_GROW,
                    Opcode.REF_FUNC,
                    Opcode.DATA_DROP,
                    Opcode.ELEM_DROP,
                    Opcode.MEMORY_FILL,
                    Opcode.TABLE_GROW,
                    Opcode.TABLE_SIZE,
                    Opcode.TABLE_FILL ->
                    first = u32();
            case Opcode.CALL_INDIRECT,
                    Opcode.MEMORY_INIT,
                    Opcode.MEMORY_COPY,
                    Opcode.TABLE_INIT,
                    Opcode.TABLE_COPY -> {
                first = u32();
                second = u32();
            }
            case Opcode.BR_TABLE -> {
                first = at;
                int count = u32();
                labels = new int[count + 1];
                for (int i = 0; i <= count; i++) {
                    labels[i] = u32();
                }
            }
            case Opcode.SELECT_TYPED -> {
                u32();
                first = bytes[at++] & 0xff;
            }
            case Opcode.F32_CONST -> {
                first = fixed32();
            }
            case Opcode.F64_CONST -> {
                long low = fixed32() & 0xffff_ffffL;
                first = low | (long) fixed32() << 32;
            }
            case Opcode.REF_NULL -> first = bytes[at++] & 0xff;
            default -> {}
        }
    }

    private int fixed32() {
        int value =
                (bytes[at] & 0xff)
                        | ((bytes[at + 1] & 0xff) << 8)
                        | ((bytes[at + 2] & 0xff) << 16)
                        | (bytes[at + 3] << 24);
        at += 4;
        return value;
    }

    int u32() {
        int b = bytes[at++];
        if (b >= 0) {
            return b;
        }
        int result = b & 0x7f;
        for (int shift = 7; ; shift += 7) {
            b = bytes[at++];
            result |= (b & 0x7f) << shift;
            if (b >= 0) {
                return result;
            }
        }
    }

    private long signed() {
        long result = 0;
        for (int shift = 0; ; ) {
            int b = bytes[at++];
            result |= (long) (b & 0x7f) << shift;
            shift += 7;
            if (b >= 0) {
                return shift >= 64 ? result : result << (64 - shift) >> (64 - shift);
            }
        }
    }

    /// The types that a block takes and leaves.
    static FunctionType blockType(WasmModule module, long type) {
        if (type >= 0) {
            return module.types[(int) type];
        }
        if (type == -64) {
            return NOTHING;
        }
        return SINGLE[(int) (type & 0x7f) - 0x6f];
    }

    private static final FunctionType NOTHING =
            new FunctionType(java.util.List.of(), java.util.List.of());
    private static final FunctionType[] SINGLE = new FunctionType[17];

    static {
        Arrays.fill(SINGLE, NOTHING);
        for (ValueType type : ValueType.values()) {
            SINGLE[type.code() - 0x6f] =
                    new FunctionType(java.util.List.of(), java.util.List.of(type));
        }
    }
}
