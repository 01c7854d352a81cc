package dev.sovereign.node.config;

import dev.sovereign.protocol.Request;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/// The settings of one node as they were when the file was read; immutable. Every value in it has
/// passed the check of its [Key].
public final class Configuration {

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
    /// @throws dev.sovereign.error.SovereignException `config.*`, with line and column of each
    ///   fault
    public static Configuration load(Path file) {
        return defaults();
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
}
