package dev.sovereign.protocol;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Map;

/// Where one node keeps its files and listens: everything under `SOVEREIGN_HOME` (or `--home`), or
/// the four XDG folders. Only names; nothing is made or read here.
///
/// @param config `config.toml` and keys
/// @param data the store, `daemon.lock`
/// @param state logs, history of the REPL
/// @param runtime the folder of the socket; short enough for a socket's name
public record Home(Path config, Path data, Path state, Path runtime) {

    /// A Unix socket's name holds 108 bytes on Linux and 104 on macOS, with a closing zero.
    public static final int MAX_SOCKET_PATH_BYTES = 100;

    /// Finds the home of a caller.
    ///
    /// @param chosen `--home`; null takes `SOVEREIGN_HOME`, then XDG
    /// @param environment usually `System.getenv()`
    public static Home of(@Nullable String chosen, Map<String, String> environment) {
        String root = chosen != null ? chosen : environment.get("SOVEREIGN_HOME");
        if (root != null && !root.isEmpty()) {
            Path home = Path.of(root).toAbsolutePath().normalize();
            return new Home(home, home, home, shortEnough(home.resolve("run")));
        }
        Path user = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "/")));
        Path data = xdg(environment, "XDG_DATA_HOME", user.resolve(".local/share"));
        String runtime = environment.get("XDG_RUNTIME_DIR");
        return new Home(
                xdg(environment, "XDG_CONFIG_HOME", user.resolve(".config")),
                data,
                xdg(environment, "XDG_STATE_HOME", user.resolve(".local/state")),
                runtime == null || runtime.isEmpty()
                        ? hashed(data)
                        : shortEnough(Path.of(runtime, "sovereign")));
    }

    public Path configFile() {
        return config.resolve("config.toml");
    }

    public Path socket() {
        return runtime.resolve("daemon.sock");
    }

    /// Held locked for the life of the daemon; says its pid and socket.
    public Path lockFile() {
        return data.resolve("daemon.lock");
    }

    public Path logFile() {
        return state.resolve("log").resolve("daemon.log");
    }

    public Path store() {
        return data.resolve("store");
    }

    /// Where the REPL keeps its history.
    public Path replHistory() {
        return state.resolve("repl-history");
    }

    private static Path xdg(Map<String, String> environment, String name, Path otherwise) {
        String value = environment.get(name);
        // the XDG specification: a relative path is to be ignored
        Path base = value == null || !value.startsWith("/") ? otherwise : Path.of(value);
        return base.resolve("sovereign").toAbsolutePath().normalize();
    }

    private static Path shortEnough(Path runtime) {
        byte[] path =
                runtime.resolve("daemon.sock")
                        .toString()
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return path.length <= MAX_SOCKET_PATH_BYTES ? runtime : hashed(runtime);
    }

    /// A folder of our own below `/tmp`, named by user and, below that, by 64 bits of the hash of
    /// the place it stands for.
    private static Path hashed(Path place) {
        return Path.of("/tmp", "sovereign-" + Uid.own(), Uid.hash(place.toString()));
    }
}
