package dev.sovereign;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The installed tree that Maven has just laid out, as the process tests use it: with the start-up
/// caches that were made for it, so that tests run what people run.
public final class Installation {

    public static final Path ROOT =
            Path.of(System.getProperty("sovereign.dist", "target/dist")).toAbsolutePath();

    public static final Path BIN = ROOT.resolve("bin");

    public static final Path LAUNCHER = BIN.resolve("sovereign");

    private static final @Nullable String CACHES = System.getProperty("sovereign.caches");

    private Installation() {}

    /// The variables that a process gets besides its home. Without caches made before, none are:
    /// their making would compete with the tests.
    public static Map<String, String> environment() {
        return CACHES == null
                ? Map.of("SOVEREIGN_AOT", "off")
                : Map.of("XDG_CACHE_HOME", Path.of(CACHES).toAbsolutePath().toString());
    }

    /// The same as words for `env`, after others.
    public static List<String> assignments(String... before) {
        List<String> words = new ArrayList<>(List.of(before));
        environment().forEach((name, value) -> words.add(name + "=" + value));
        return words;
    }
}
