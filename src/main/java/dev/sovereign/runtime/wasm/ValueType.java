package dev.sovereign.runtime.wasm;

/// The type of a value, with its byte in the binary format.
///
/// A reference travels as a 32-bit handle: -1 is null, a function has the number that its [Store]
/// gave it, and an external reference is whatever the host says.
public enum ValueType {
    I32(0x7f, 'I'),
    I64(0x7e, 'J'),
    F32(0x7d, 'F'),
    F64(0x7c, 'D'),
    FUNCREF(0x70, 'I'),
    EXTERNREF(0x6f, 'I');

    /// The handle of a null reference.
    static final int NULL = -1;

    private static final ValueType[] VALUES = values();

    private final int code;
    private final char descriptor;

    ValueType(int code, char descriptor) {
        this.code = code;
        this.descriptor = descriptor;
    }

    /// How values of this type are kept in the JVM: `I`, `J`, `F` or `D`.
    char descriptor() {
        return descriptor;
    }

    int code() {
        return code;
    }

    boolean isReference() {
        return this == FUNCREF || this == EXTERNREF;
    }

    /// The type with a byte of the binary format, or null when there is none.
    static @org.jspecify.annotations.Nullable ValueType ofCode(int code) {
        for (ValueType type : VALUES) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    /// As the text format writes it.
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
