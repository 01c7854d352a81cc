package dev.sovereign.protocol;

import dev.sovereign.error.Diagnostic;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// The one line that a daemon writes to its standard output for whoever started it. Anything else
/// there comes from the JVM.
public final class Announcement {
    private Announcement() {}

    /// It accepts connections.
    public static final String READY = "sovereign-daemon: ready";

    /// Another daemon holds this home; the new one ends.
    public static final String RUNNING = "sovereign-daemon: running";

    /// It cannot run; a [Message.Broken] as JSON follows on the same line.
    public static final String FAILED = "sovereign-daemon: failed ";

    /// The line for a failed start.
    public static String failed(List<Diagnostic> diagnostics) {
        FrameBuffer frame = new FrameBuffer(Bounds.RESPONSE_FRAME_BYTES);
        try {
            Codec.encode(new Message.Broken(diagnostics), frame);
        } catch (ProtocolException impossible) {
            throw new IllegalStateException(impossible);
        }
        return FAILED
                + new String(
                        frame.bytes(),
                        FrameBuffer.HEADER_BYTES,
                        frame.size() - FrameBuffer.HEADER_BYTES,
                        StandardCharsets.UTF_8);
    }

    /// What a failed start said; null when the line says something else.
    public static @Nullable List<Diagnostic> diagnostics(String line) {
        if (!line.startsWith(FAILED)) {
            return null;
        }
        byte[] json = line.substring(FAILED.length()).getBytes(StandardCharsets.UTF_8);
        try {
            return Codec.fromNode(json, 0, json.length) instanceof Message.Broken broken
                    ? broken.diagnostics()
                    : null;
        } catch (ProtocolException notOurs) {
            return null;
        }
    }
}
