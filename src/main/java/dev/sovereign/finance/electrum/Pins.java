package dev.sovereign.finance.electrum;

import dev.sovereign.finance.net.Endpoint;
import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

/// The certificates that servers showed at the first connection: a file with one line for each,
/// `host:port SHA-256`, 0600, rewritten aside and renamed. One lock; any thread.
public final class Pins {

    /// Servers in the file. Nobody names as many by hand.
    static final int ENTRIES = 1_000;

    /// Bytes of the file: [#ENTRIES] of the longest lines.
    private static final int FILE_BYTES = 400_000;

    private static final String PRINT = "[0-9a-f]{64}";

    private final Path file;

    /// @param file need not be there; its folder must
    public Pins(Path file) {
        this.file = file;
    }

    /// The print that was seen at `endpoint`; null at the first connection.
    ///
    /// @throws ServerException [ServerError#PINS]
    public synchronized @Nullable String of(Endpoint endpoint) throws ServerException {
        return read().get(endpoint.toString());
    }

    /// Remembers the print of `endpoint`, in place of any other.
    ///
    /// @param print SHA-256 of the certificate, 64 hex digits
    public synchronized void put(Endpoint endpoint, String print) throws ServerException {
        if (!print.matches(PRINT)) {
            throw new IllegalArgumentException("no print: " + print);
        }
        Map<String, String> pins = read();
        if (print.equals(pins.put(endpoint.toString(), print))) {
            return;
        }
        if (pins.size() > ENTRIES) {
            throw unusable("holds " + ENTRIES + " servers already", null);
        }
        write(pins);
    }

    private Map<String, String> read() throws ServerException {
        Map<String, String> pins = new TreeMap<>();
        try {
            if (Files.size(file) > FILE_BYTES) {
                throw unusable("is larger than " + FILE_BYTES + " bytes", null);
            }
            int number = 0;
            for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
                number++;
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String[] words = line.split(" ", -1);
                if (words.length != 2 || !words[1].matches(PRINT)) {
                    throw unusable("line " + number + " is not \"host:port SHA-256\"", null);
                }
                pins.put(words[0], words[1]);
            }
        } catch (NoSuchFileException none) {
            return pins;
        } catch (ServerException ours) {
            throw ours;
        } catch (IOException broke) {
            throw unusable("cannot be read: " + broke.getMessage(), broke);
        }
        return pins;
    }

    private void write(Map<String, String> pins) throws ServerException {
        StringBuilder text =
                new StringBuilder("# certificates of Electrum servers, as first seen\n");
        pins.forEach((server, print) -> text.append(server).append(' ').append(print).append('\n'));
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(aside);
            Files.createFile(aside, ownerOnly());
            Files.writeString(aside, text, StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
            Files.move(
                    aside,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException broke) {
            throw unusable("cannot be written: " + broke.getMessage(), broke);
        }
    }

    private FileAttribute<?>[] ownerOnly() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private ServerException unusable(String why, @Nullable Throwable cause) {
        return new ServerException(
                ServerError.PINS,
                "the file of certificates seen, \"" + file + "\", " + why,
                "mend it, or remove it to trust the servers' certificates afresh",
                cause);
    }
}
