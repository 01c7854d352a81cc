package dev.sovereign.node.daemon;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/// One datagram to a Unix socket, which the JDK has no channel for. Linux only: the numbers are
/// those of its x86-64 and AArch64 (`bits/socket.h`, `sys/un.h`).
final class NotifySocket {

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 02000000;

    /// `sun_path` of `sockaddr_un`, with its closing zero.
    private static final int PATH_BYTES = 108;

    private NotifySocket() {}

    /// @param name a path, or `@` and the name of an abstract socket
    static void send(String name, String state) throws IOException {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            throw new IOException("NOTIFY_SOCKET is known on Linux only");
        }
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = name.startsWith("@");
        if (!isAbstract && !name.startsWith("/")) {
            throw new IOException("neither a path nor an abstract name: \"" + name + "\"");
        }
        if (path.length >= PATH_BYTES) {
            throw new IOException("longer than " + (PATH_BYTES - 1) + " bytes: \"" + name + "\"");
        }
        if (isAbstract) {
            path[0] = 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(2 + PATH_BYTES, 2);
            address.set(JAVA_SHORT_UNALIGNED, 0, (short) AF_UNIX);
            MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, 2, path.length);
            // an abstract name ends where the length says, a path with a zero
            int length = 2 + path.length + (isAbstract ? 0 : 1);
            send(arena, address, length, state.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void send(Arena arena, MemorySegment address, int length, byte[] state)
            throws IOException {
        Linker linker = Linker.nativeLinker();
        Linker.Option errno = Linker.Option.captureCallState("errno");
        MethodHandle socket =
                function(
                        linker,
                        "socket",
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
                        errno);
        MethodHandle sendto =
                function(
                        linker,
                        "sendto",
                        FunctionDescriptor.of(
                                JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS,
                                JAVA_INT),
                        errno);
        MethodHandle close =
                function(linker, "close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), errno);
        MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, state);
        MemorySegment failure = arena.allocate(Linker.Option.captureStateLayout());
        try {
            int descriptor =
                    (int) socket.invokeExact(failure, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            if (descriptor < 0) {
                throw failed("socket", failure);
            }
            try {
                long sent =
                        (long)
                                sendto.invokeExact(
                                        failure,
                                        descriptor,
                                        bytes,
                                        (long) state.length,
                                        0,
                                        address,
                                        length);
                if (sent != state.length) {
                    throw failed("sendto", failure);
                }
            } finally {
                int _ = (int) close.invokeExact(failure, descriptor);
            }
        } catch (IOException | RuntimeException | Error as) {
            throw as;
        } catch (Throwable undeclared) {
            throw new IllegalStateException("a C function threw", undeclared);
        }
    }

    /// The C library's functions are what they were declared: nothing else can go wrong here that
    /// javac warns of.
    @SuppressWarnings("restricted")
    private static MethodHandle function(
            Linker linker, String name, FunctionDescriptor type, Linker.Option option) {
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, option);
    }

    private static IOException failed(String call, MemorySegment failure) {
        long offset =
                Linker.Option.captureStateLayout()
                        .byteOffset(MemoryLayout.PathElement.groupElement("errno"));
        return new IOException(call + " failed, errno " + failure.get(JAVA_INT, offset));
    }
}
