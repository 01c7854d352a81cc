package dev.sovereign.core.parse;

import dev.sovereign.core.ast.Source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Includes files of this machine: the one beside the file that includes it, else the first that
/// lies in one of some folders.
///
/// @param folders in the order in which they are looked through
public record IncludePath(List<String> folders) implements SourceResolver {

    /// UTF-8 takes at most four bytes a character; a byte more shows that there is too much.
    private static final int TEXT_BYTES = 4 * Limits.TEXT_CHARS + 1;

    /// The name of standard input, which has no folder of its own.
    private static final String STANDARD = "-";

    public IncludePath {
        folders = List.copyOf(folders);
    }

    @Override
    public Source resolve(Source from, String path) throws IOException {
        for (String place : places(from.name(), path, folders)) {
            try {
                Path file = Path.of(place);
                if (!Files.isDirectory(file)) {
                    return new Source(file.toString(), read(file));
                }
            } catch (NoSuchFileException _) {
                // the next place may have it
            } catch (AccessDeniedException denied) {
                throw new IOException("permission denied", denied);
            } catch (InvalidPathException impossible) {
                throw new IOException("no file can have that name", impossible);
            }
        }
        throw new IOException(missing(folders));
    }

    /// Where an included file is looked for, in this order.
    ///
    /// @param from name of the file that includes it
    public static List<String> places(String from, String path, List<String> folders) {
        List<String> places = new ArrayList<>();
        int slash = from.equals(STANDARD) ? -1 : from.lastIndexOf('/');
        boolean absolute = path.startsWith("/");
        places.add(absolute || slash < 0 ? path : from.substring(0, slash + 1) + path);
        if (!absolute) {
            folders.forEach(folder -> places.add(in(folder, path)));
        }
        return places;
    }

    /// Why an include failed that was looked for everywhere.
    public static String missing(List<String> folders) {
        return folders.isEmpty()
                ? "no such file; -I names more folders to look in"
                : "no such file, nor in " + String.join(", ", folders);
    }

    private static String in(String folder, String path) {
        return folder.endsWith("/") ? folder + path : folder + "/" + path;
    }

    private static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(TEXT_BYTES), StandardCharsets.UTF_8);
        }
    }
}
