package dev.sovereign.runtime.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes modules in the binary format, valid ones and others.
final class Wat {

    static final int I32 = 0x7f;
    static final int I64 = 0x7e;
    static final int F32 = 0x7d;
    static final int F64 = 0x7c;

    private final List<byte[]> types = new ArrayList<>();
    private final List<byte[]> imports = new ArrayList<>();
    private final List<Integer> functions = new ArrayList<>();
    private final List<byte[]> tables = new ArrayList<>();
    private final List<byte[]> memories = new ArrayList<>();
    private final List<byte[]> globals = new ArrayList<>();
    private final List<byte[]> exports = new ArrayList<>();
    private final List<byte[]> elements = new ArrayList<>();
    private final List<byte[]> bodies = new ArrayList<>();
    private final List<byte[]> data = new ArrayList<>();
    private int start = -1;
    private int importedFunctions;

    /// Bytes from ints and from arrays of bytes.
    static byte[] bytes(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) {
            switch (part) {
                case Integer value -> out.write(value);
                case byte[] array -> out.writeBytes(array);
                default -> throw new IllegalArgumentException("part " + part);
            }
        }
        return out.toByteArray();
    }

    static byte[] u32(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long rest = value & 0xffff_ffffL;
        do {
            int b = (int) (rest & 0x7f);
            rest >>>= 7;
            out.write(rest == 0 ? b : b | 0x80);
        } while (rest != 0);
        return out.toByteArray();
    }

    static byte[] s64(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long rest = value;
        while (true) {
            int b = (int) (rest & 0x7f);
            rest >>= 7;
            if ((rest == 0 && (b & 0x40) == 0) || (rest == -1 && (b & 0x40) != 0)) {
                out.write(b);
                return out.toByteArray();
            }
            out.write(b | 0x80);
        }
    }

    static byte[] i32(int value) {
        return bytes(0x41, s64(value));
    }

    static byte[] i64(long value) {
        return bytes(0x42, s64(value));
    }

    static byte[] f64(double value) {
        long bits = Double.doubleToRawLongBits(value);
        byte[] out = new byte[9];
        out[0] = 0x44;
        for (int i = 0; i < 8; i++) {
            out[i + 1] = (byte) (bits >>> (8 * i));
        }
        return out;
    }

    static byte[] get(int local) {
        return bytes(0x20, u32(local));
    }

    static byte[] set(int local) {
        return bytes(0x21, u32(local));
    }

    static byte[] tee(int local) {
        return bytes(0x22, u32(local));
    }

    static byte[] call(int function) {
        return bytes(0x10, u32(function));
    }

    static byte[] br(int label) {
        return bytes(0x0c, u32(label));
    }

    static byte[] brIf(int label) {
        return bytes(0x0d, u32(label));
    }

    static byte[] repeat(int times, byte[] part) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] name(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return bytes(u32(utf8.length), utf8);
    }

    static byte[] valueTypes(int... codes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(u32(codes.length));
        for (int code : codes) {
            out.write(code);
        }
        return out.toByteArray();
    }

    int type(int[] params, int... results) {
        types.add(bytes(0x60, valueTypes(params), valueTypes(results)));
        return types.size() - 1;
    }

    /// Imports must come before functions.
    int importFunction(String module, String field, int type) {
        imports.add(bytes(name(module), name(field), 0, u32(type)));
        return importedFunctions++;
    }

    /// @param locals groups of count and type
    /// @param code operators without the last `end`
    int function(int type, int[] locals, Object... code) {
        ByteArrayOutputStream declarations = new ByteArrayOutputStream();
        declarations.writeBytes(u32(locals.length / 2));
        for (int i = 0; i < locals.length; i += 2) {
            declarations.writeBytes(u32(locals[i]));
            declarations.write(locals[i + 1]);
        }
        return raw(type, bytes(declarations.toByteArray(), bytes(code), 0x0b));
    }

    /// A body as it is.
    int raw(int type, byte[] body) {
        functions.add(type);
        bodies.add(bytes(u32(body.length), body));
        return importedFunctions + functions.size() - 1;
    }

    Wat export(String name, int function) {
        exports.add(bytes(name(name), 0, u32(function)));
        return this;
    }

    Wat memory(long min, long max) {
        memories.add(max < 0 ? bytes(0, u32(min)) : bytes(1, u32(min), u32(max)));
        return this;
    }

    Wat table(long min, long max) {
        tables.add(max < 0 ? bytes(0x70, 0, u32(min)) : bytes(0x70, 1, u32(min), u32(max)));
        return this;
    }

    Wat element(int offset, int... indexes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes(0, i32(offset), 0x0b, u32(indexes.length)));
        for (int index : indexes) {
            out.writeBytes(u32(index));
        }
        elements.add(out.toByteArray());
        return this;
    }

    Wat data(int offset, byte[] content) {
        data.add(bytes(0, i32(offset), 0x0b, u32(content.length), content));
        return this;
    }

    int global(int type, byte[] init) {
        globals.add(bytes(type, 1, init, 0x0b));
        return globals.size() - 1;
    }

    Wat start(int function) {
        start = function;
        return this;
    }

    static byte[] section(int id, List<byte[]> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(u32(entries.size()));
        entries.forEach(out::writeBytes);
        return section(id, out.toByteArray());
    }

    static byte[] section(int id, byte[] content) {
        return bytes(id, u32(content.length), content);
    }

    static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};

    byte[] build() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(HEADER);
        out.writeBytes(section(1, types));
        out.writeBytes(section(2, imports));
        out.writeBytes(section(3, functions.stream().map(type -> u32(type)).toList()));
        out.writeBytes(section(4, tables));
        out.writeBytes(section(5, memories));
        out.writeBytes(section(6, globals));
        out.writeBytes(section(7, exports));
        if (start >= 0) {
            out.writeBytes(section(8, u32(start)));
        }
        out.writeBytes(section(9, elements));
        out.writeBytes(section(10, bodies));
        out.writeBytes(section(11, data));
        return out.toByteArray();
    }
}
