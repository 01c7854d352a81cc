package dev.sovereign.protocol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The numeric id of this process's user, without a native call.
public final class Uid {
    private Uid() {}

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /// The user that this process acts as; its name where the system has no `/proc`.
    public static String own() {
        try {
            return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException noProc) {
            return System.getProperty("user.name", "unknown");
        }
    }

    /// 64 bits of FNV-1a as 16 hex digits: keeps folders of different homes apart, guards nothing.
    static String hash(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        String hex = Long.toHexString(hash);
        return "0".repeat(16 - hex.length()) + hex;
    }
}
