package dev.sovereign.mesh.yamux;

import dev.sovereign.mesh.wire.MalformedException;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The 12-byte header of every yamux frame; all fields big-endian.
///
/// @param flags 16 bits of [#SYN], [#ACK], [#FIN], [#RST]; unknown bits are kept and ignored
/// @param stream unsigned 32 bits; 0 is the session itself, the dialer's streams are odd
/// @param length unsigned 32 bits: bytes of body (DATA), credit in bytes (WINDOW_UPDATE), an echoed
///   value (PING) or a reason (GO_AWAY). Unbounded here: the session checks it against the window
///   before it reads a body
/// @see <a href="https://github.com/hashicorp/yamux/blob/master/spec.md">yamux</a>
record FrameHeader(Type type, int flags, int stream, int length) {

    static final int BYTES = 12;
    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    /// In the order of their numbers on the wire.
    enum Type {
        DATA(0),
        WINDOW_UPDATE(1),
        PING(2),
        GO_AWAY(3);

        private final int wire;

        Type(int wire) {
            this.wire = wire;
        }
    }

    private static final Type[] TYPES = Type.values();

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /// Reads the [#BYTES] bytes at `at`.
    ///
    /// @throws MalformedException if we do not speak this version or type
    static FrameHeader parse(byte[] in, int at) throws MalformedException {
        int first = (int) INT.get(in, at);
        int version = first >>> 24;
        int type = (first >>> 16) & 0xff;
        if (version != 0 || type >= TYPES.length) {
            throw new MalformedException(
                    "a frame of version "
                            + version
                            + ", type "
                            + type
                            + "; expected version 0, type 0 to 3");
        }
        return new FrameHeader(
                TYPES[type], first & 0xffff, (int) INT.get(in, at + 4), (int) INT.get(in, at + 8));
    }

    void serialize(byte[] out, int at) {
        write(out, at, type, flags, stream, length);
    }

    /// As [#serialize], for those who make a header a frame and no object.
    static void write(byte[] out, int at, Type type, int flags, int stream, int length) {
        INT.set(out, at, (type.wire << 16) | (flags & 0xffff));
        INT.set(out, at + 4, stream);
        INT.set(out, at + 8, length);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
