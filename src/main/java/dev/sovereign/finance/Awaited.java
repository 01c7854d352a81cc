package dev.sovereign.finance;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The transaction that is to become the license of a home, and has no proof yet: kept in a file
/// beside the headers, so that the watch for it survives a restart. One line: `txid height`.
public final class Awaited {

    /// Bytes of the file: 64 digits, a blank, at most ten digits, an end of line.
    private static final int MAX_BYTES = 128;

    /// @param height of its block, where the buyer said so; 0 otherwise
    public record Payment(Hash txid, int height) {
        public Payment {
            if (height < 0) {
                throw new IllegalArgumentException("height " + height);
            }
        }
    }

    private final Path file;

    public Awaited(Path folder, Network network) {
        this.file = folder.resolve("awaited-" + network);
    }

    /// @return null when none is awaited
    /// @throws MalformedException if the file says something else
    public @Nullable Payment load() throws IOException {
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII).strip();
        } catch (NoSuchFileException none) {
            return null;
        }
        int blank = text.indexOf(' ');
        try {
            return new Payment(
                    Hash.ofShown(text.substring(0, Math.max(0, blank))),
                    Integer.parseInt(text.substring(blank + 1)));
        } catch (IllegalArgumentException wrong) {
            throw new MalformedException(file + " is not `txid height`");
        }
    }

    public void save(Payment payment) throws IOException {
        String line = payment.txid() + " " + payment.height() + "\n";
        AtomicFile.replace(file, line.getBytes(StandardCharsets.US_ASCII));
    }

    /// Nothing is awaited from now on.
    public void clear() throws IOException {
        Files.deleteIfExists(file);
    }
}
