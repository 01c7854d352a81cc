package dev.sovereign.cli;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;

import org.jspecify.annotations.Nullable;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Opens what a command line or a program names: files relative to the working directory or to the
/// program's folder, `-` as standard input.
final class Inputs {

    /// What one text may hold; a larger one is data and belongs into `import`.
    static final int MAX_TEXT_BYTES = 64 << 20;

    private Inputs() {}

    /// @param from the program whose folder `name` is relative to; null for the working directory
    /// @throws IOException with a message for people: why it cannot be read
    static InputStream open(Streams streams, String name, @Nullable String from)
            throws IOException {
        if (name.equals("-")) {
            return streams.in;
        }
        Path path = resolve(streams, name, from);
        try {
            if (Files.isDirectory(path)) {
                throw new IOException("it is a folder");
            }
            return plain(path);
        } catch (IOException unreadable) {
            throw new IOException(reason(unreadable), unreadable);
        }
    }

    /// Without a channel, whose first use loads the JDK's network library: that library tries out
    /// sockets, and takes its time.
    private static InputStream plain(Path path) throws IOException {
        try {
            return new FileInputStream(path.toFile());
        } catch (FileNotFoundException unreadable) {
            throw Files.exists(path)
                    ? new AccessDeniedException(path.toString())
                    : new NoSuchFileException(path.toString());
        }
    }

    static Path resolve(Streams streams, String name, @Nullable String from) throws IOException {
        try {
            Path base = streams.directory;
            Path folder = from == null || from.equals("-") ? null : base.resolve(from).getParent();
            return (folder == null ? base : folder).resolve(name);
        } catch (java.nio.file.InvalidPathException impossible) {
            throw new IOException("no file can have that name", impossible);
        }
    }

    /// Why a file cannot be read or written, in words.
    static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "permission denied";
            case java.nio.file.FileAlreadyExistsException _ -> "it is there already";
            case java.nio.file.NotDirectoryException _ -> "not a folder";
            case java.nio.file.FileSystemException system when system.getReason() != null ->
                    lowerFirst(system.getReason());
            case CharacterCodingException _ -> "it is not UTF-8 text";
            default -> String.valueOf(failure.getMessage());
        };
    }

    private static String lowerFirst(String text) {
        return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }

    /// A Datalog text under the name that errors show.
    static Request.Program program(Streams streams, String name) {
        return new Request.Program(name, text(streams, name));
    }

    /// The whole text of a file or of standard input.
    static String text(Streams streams, String name) {
        try (InputStream in = open(streams, name, null)) {
            byte[] bytes = in.readNBytes(MAX_TEXT_BYTES + 1);
            if (bytes.length > MAX_TEXT_BYTES) {
                throw new SovereignException(
                        CliError.FILE,
                        "\"" + name + "\" is larger than " + (MAX_TEXT_BYTES >> 20) + " MiB",
                        "facts in bulk go in with `sovereign import`");
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (text.indexOf('\uFFFD') >= 0) {
                StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes));
            }
            return text;
        } catch (IOException unreadable) {
            throw unreadable(name, unreadable);
        }
    }

    static SovereignException unreadable(String name, IOException failure) {
        return new SovereignException(
                CliError.FILE, "cannot read \"" + name + "\": " + reason(failure), null, failure);
    }
}
