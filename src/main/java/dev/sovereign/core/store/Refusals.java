package dev.sovereign.core.store;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The words of refusals that more than one class gives.
final class Refusals {

    static final String WAY_OUT =
            "`sovereign store check` lists what is damaged; `sovereign store restore FILE` puts a"
                    + " backup in its place and keeps this store aside";

    private Refusals() {}

    static SovereignException damaged(String file, long offset, @Nullable String why) {
        return new SovereignException(
                StoreError.DAMAGED,
                "log file \"" + file + "\" is damaged at byte " + offset + ": " + why,
                WAY_OUT);
    }

    static SovereignException newer(Path file, int version) {
        return new SovereignException(
                StoreError.NEWER,
                "\""
                        + file
                        + "\" has format version "
                        + version
                        + ", this program knows up to "
                        + LogFormat.VERSION,
                "use a newer sovereign; nothing was changed");
    }

    static SovereignException unusable(Path directory, String doing, IOException failure) {
        String why =
                switch (failure) {
                    case AccessDeniedException _ -> "permission denied";
                    case FileSystemException named when named.getReason() != null ->
                            named.getReason();
                    default -> failure.getMessage();
                };
        return new SovereignException(
                isFull(failure) ? StoreError.FULL : StoreError.UNUSABLE,
                "cannot " + doing + " the store in \"" + directory + "\": " + why,
                isFull(failure)
                        ? "free some space on that device, then try again"
                        : "check that the folder is yours and on a device that can be written",
                failure);
    }

    static SovereignException writeFailed(Path directory, IOException failure) {
        return isFull(failure)
                ? new SovereignException(
                        StoreError.FULL,
                        "the device of the store in \""
                                + directory
                                + "\" is full; nothing of this transaction was kept",
                        "free some space on that device, then try again",
                        failure)
                : new SovereignException(
                        StoreError.WRITE_FAILED,
                        "cannot write the store in \""
                                + directory
                                + "\": "
                                + failure.getMessage()
                                + "; nothing of this transaction was kept",
                        "check the device (`dmesg` tells of read and write errors), then try again",
                        failure);
    }

    static boolean isFull(IOException failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left")
                || message.contains("not enough space")
                || message.contains("disk quota")
                || message.contains("quota exceeded");
    }

    static Diagnostic note(StoreError code, String message, @Nullable String hint) {
        return new Diagnostic(
                Diagnostic.Severity.WARNING,
                code.code(),
                code.kind(),
                message,
                hint,
                null,
                List.of());
    }
}
