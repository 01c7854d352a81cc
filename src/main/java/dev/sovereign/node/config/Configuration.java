package dev.sovereign.node.config;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;

import org.jspecify.annotations.Nullable;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The settings of one node as they were when the file was read; immutable. Every value in it has
/// passed the check of its [Key].
public final class Configuration {

    /// A configuration is written by hand; more is no configuration.
    static final long FILE_BYTES = 1 << 20;

    private final Map<Key, String> values;

    private Configuration(Map<Key, String> values) {
        this.values = values;
    }

    /// Nothing set.
    public static Configuration defaults() {
        return new Configuration(new EnumMap<>(Key.class));
    }

    /// Reads the file; one that is missing sets nothing.
    ///
    /// @throws SovereignException `config.*`, with line and column of each fault
    public static Configuration load(Path file) {
        String text = text(file);
        return text == null ? defaults() : parse(file.toString(), text);
    }

    /// @throws SovereignException all that is wrong with `text`
    static Configuration parse(String file, String text) {
        Toml toml = Toml.read(file, text);
        List<Diagnostic> errors = new ArrayList<>(toml.errors());
        Map<Key, String> values = new EnumMap<>(Key.class);
        for (Toml.Entry entry : toml.entries()) {
            Key key = Key.of(entry.path());
            if (key == null) {
                errors.add(
                        Diagnostic.error(
                                ConfigError.UNKNOWN_KEY,
                                "there is no key \"" + entry.path() + "\"",
                                nearest(entry.path()),
                                entry.keyWhere()));
                continue;
            }
            String problem = problem(key, entry);
            if (problem != null) {
                errors.add(
                        Diagnostic.error(
                                ConfigError.BAD_VALUE,
                                "the key \"" + entry.path() + "\": " + problem,
                                null,
                                entry.where()));
                continue;
            }
            values.put(key, entry.text());
        }
        if (!errors.isEmpty()) {
            errors.sort(Configuration::byPlace);
            throw new SovereignException(errors);
        }
        return new Configuration(values);
    }

    /// The text of the file; null when there is none.
    static @Nullable String text(Path file) {
        try {
            if (Files.size(file) > FILE_BYTES) {
                throw new SovereignException(
                        ConfigError.UNUSABLE,
                        "the configuration \""
                                + file
                                + "\" is larger than "
                                + FILE_BYTES
                                + " bytes");
            }
            // no channel: the first of those loads the JDK's network library
            try (InputStream in = new FileInputStream(file.toFile())) {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(in.readNBytes((int) FILE_BYTES + 1)))
                        .toString();
            }
        } catch (NoSuchFileException none) {
            return null;
        } catch (IOException broke) {
            throw new SovereignException(
                    ConfigError.UNUSABLE,
                    "cannot read the configuration \"" + file + "\": " + broke.getMessage(),
                    "mend its permissions, or remove it",
                    broke);
        }
    }

    /// The value as it is written on the command line; null when neither set nor defaulted.
    public @Nullable String text(Key key) {
        String value = values.get(key);
        return value != null ? value : key.standard();
    }

    /// Whether the file sets it.
    public boolean isSet(Key key) {
        return values.containsKey(key);
    }

    /// Milliseconds of a [Key.Type#DURATION], bytes of a [Key.Type#SIZE], or a [Key.Type#NUMBER];
    /// null when neither set nor defaulted.
    public @Nullable Long number(Key key) {
        String value = text(key);
        return value == null ? null : Values.number(key.type(), value);
    }

    public boolean flag(Key key) {
        return "true".equals(text(key));
    }

    /// The daemon's own bounds of one evaluation.
    public Request.Limits limits() {
        return new Request.Limits(
                number(Key.LIMITS_TIMEOUT),
                number(Key.LIMITS_MAX_TUPLES),
                number(Key.LIMITS_MAX_MEMORY),
                number(Key.LIMITS_FUEL));
    }

    /// A hint for a key that does not exist; null when nothing is near.
    static @Nullable String nearest(String path) {
        Key best = null;
        int least = 1 + path.length() / 3;
        for (Key key : Key.values()) {
            int distance = distance(path, key.path());
            if (distance <= least || key.path().endsWith("." + path)) {
                best = key;
                least = Math.min(least, distance) - 1;
            }
        }
        return best == null
                ? "`sovereign config list` shows every key"
                : "did you mean \"" + best.path() + "\"?";
    }

    private static @Nullable String problem(Key key, Toml.Entry entry) {
        boolean rightKind =
                switch (key.type()) {
                    case TEXT -> entry.kind() == Toml.Kind.STRING;
                    case NUMBER -> entry.kind() == Toml.Kind.INTEGER;
                    case FLAG -> entry.kind() == Toml.Kind.BOOLEAN;
                    case LIST -> entry.kind() == Toml.Kind.ARRAY;
                    case DURATION, SIZE ->
                            entry.kind() == Toml.Kind.STRING || entry.kind() == Toml.Kind.INTEGER;
                };
        if (rightKind) {
            return Values.problem(key, entry.text());
        }
        return switch (key.type()) {
            case TEXT -> "expected a string in quotes";
            case NUMBER -> "expected a whole number";
            case FLAG -> "expected true or false";
            case LIST -> "expected an array of strings";
            case DURATION -> "expected a duration in quotes, such as \"30m\"";
            case SIZE -> "expected a size in quotes, such as \"256m\", or a number of bytes";
        };
    }

    private static int byPlace(Diagnostic a, Diagnostic b) {
        int lineA = a.where() == null ? 0 : a.where().line();
        int lineB = b.where() == null ? 0 : b.where().line();
        return Integer.compare(lineA, lineB);
    }

    /// Levenshtein's.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
