package dev.sovereign.node.config;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// `config.toml` as `sovereign config` sees it: shows keys with where their value comes from, and
/// changes one key while every other character stays. A daemon that runs reads it when it starts.
public final class ConfigurationFile {

    private static final String HEADER =
            "# Configuration of Sovereign. `sovereign config list` shows every key.\n";

    private final Path path;

    public ConfigurationFile(Path path) {
        this.path = path;
    }

    /// Every key, in the order of their names.
    public Response.Settings list() {
        Configuration configuration = Configuration.load(path);
        List<Response.Setting> settings = new ArrayList<>();
        for (Key key : Key.values()) {
            settings.add(setting(configuration, key));
        }
        return new Response.Settings(settings);
    }

    public Response.Settings get(String name) {
        Key key = known(name);
        return new Response.Settings(List.of(setting(Configuration.load(path), key)));
    }

    /// @param value as on the command line
    public Response.Settings set(String name, String value) throws IOException {
        Key key = known(name);
        String problem = Values.problem(key, value);
        if (problem != null) {
            throw new SovereignException(
                    ConfigError.BAD_VALUE,
                    "\"" + value + "\" does not fit the key \"" + name + "\": " + problem);
        }
        String before = Configuration.text(path);
        String text = before == null ? HEADER : before;
        Configuration.parse(path.toString(), text); // a file with faults is mended by hand first
        write(changed(text, key, literal(key.type(), value)));
        return get(name);
    }

    public Response.Settings unset(String name) throws IOException {
        Key key = known(name);
        String text = Configuration.text(path);
        if (text != null) {
            Configuration.parse(path.toString(), text);
            Toml.Entry entry = entry(Toml.read(path.toString(), text), key);
            if (entry != null) {
                int start = text.lastIndexOf('\n', entry.start() - 1) + 1;
                int end = text.indexOf('\n', entry.end());
                write(text.substring(0, start) + (end < 0 ? "" : text.substring(end + 1)));
            }
        }
        return get(name);
    }

    /// The path; makes the file when it is missing.
    public Response.Source path() throws IOException {
        String text = Configuration.text(path);
        if (text == null) {
            text = HEADER;
            write(text);
        }
        return new Response.Source(path.toString(), text);
    }

    private static Key known(String name) {
        Key key = Key.of(name);
        if (key == null) {
            throw new SovereignException(
                    ConfigError.UNKNOWN_KEY,
                    "there is no key \"" + name + "\"",
                    Configuration.nearest(name));
        }
        return key;
    }

    private static Response.Setting setting(Configuration configuration, Key key) {
        return new Response.Setting(
                key.path(),
                configuration.text(key),
                configuration.isSet(key) ? "file" : "default",
                key.description());
    }

    private static String changed(String text, Key key, String literal) {
        Toml toml = Toml.read("", text);
        Toml.Entry entry = entry(toml, key);
        if (entry != null) {
            return text.substring(0, entry.valueStart()) + literal + text.substring(entry.end());
        }
        int dot = key.path().indexOf('.');
        String table = key.path().substring(0, dot);
        String line = key.path().substring(dot + 1) + " = " + literal + "\n";
        Integer header = toml.tables().get(table);
        if (header != null) {
            String head = text.substring(0, header);
            return head + (head.endsWith("\n") ? "" : "\n") + line + text.substring(header);
        }
        String gap = text.isEmpty() || text.endsWith("\n") ? "\n" : "\n\n";
        return text + gap + "[" + table + "]\n" + line;
    }

    private static Toml.@Nullable Entry entry(Toml toml, Key key) {
        for (Toml.Entry entry : toml.entries()) {
            if (entry.path().equals(key.path())) {
                return entry;
            }
        }
        return null;
    }

    private static String literal(Key.Type type, String value) {
        return switch (type) {
            case NUMBER, FLAG -> value;
            case TEXT, DURATION, SIZE -> quoted(value);
            case LIST -> {
                List<String> quoted = new ArrayList<>();
                for (String one : value.split(",")) {
                    quoted.add(quoted(one.strip()));
                }
                yield "[" + String.join(", ", quoted) + "]";
            }
        };
    }

    private static String quoted(String value) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                out.append("\\u").append(java.util.HexFormat.of().toHexDigits(c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    /// Whole or not at all: beside, then into place.
    private void write(String text) throws IOException {
        Configuration.parse(path.toString(), text);
        try {
            Path folder = path.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(
                        folder,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
            Path target = Files.exists(path) ? path.toRealPath() : path;
            Path beside = target.resolveSibling(target.getFileName() + ".new");
            Files.deleteIfExists(beside);
            Files.createFile(
                    beside,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.write(beside, text.getBytes(StandardCharsets.UTF_8));
            Files.move(
                    beside,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException broke) {
            throw new SovereignException(
                    ConfigError.UNUSABLE,
                    "cannot write the configuration \"" + path + "\": " + broke.getMessage(),
                    "free space or mend its permissions",
                    broke);
        }
    }
}
