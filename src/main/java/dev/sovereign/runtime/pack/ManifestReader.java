package dev.sovereign.runtime.pack;

import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlFactory;
import tools.jackson.dataformat.toml.TomlMapper;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads `skill.toml`. Every key is known or refused: a misspelled limit must not silently be none.
public final class ManifestReader {

    /// Bytes of a manifest: schemas of some hundred tools.
    public static final int MAX_BYTES = 64 << 10;

    /// Tables and arrays inside each other: schemas nest, manifests do not.
    static final int MAX_DEPTH = 32;

    static final int MAX_TOOLS = 256;
    static final int MAX_CAPABILITIES = 256;
    static final int MAX_DESCRIPTION_CHARS = 2_000;

    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
    private static final Pattern TOOL = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SIGNATURE = Pattern.compile("[0-9a-f]{128}");
    private static final Pattern NETWORK = Pattern.compile("mainnet|testnet4?|signet|regtest");
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9]{14,100}");

    /// 21 million bitcoin.
    private static final long MAX_SATS = 2_100_000_000_000_000L;

    /// The year 9999, the last that RFC 3339 writes.
    private static final long MAX_CLOCK = 253_402_300_799L;

    private static final TomlMapper TOML =
            new TomlMapper(
                    TomlFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxNestingDepth(MAX_DEPTH)
                                            .maxDocumentLength(MAX_BYTES)
                                            .maxStringLength(MAX_BYTES)
                                            .maxNumberLength(32)
                                            .build())
                            .build());

    private ManifestReader() {}

    /// @throws SovereignException `skill.manifest`, `skill.capability`
    public static Manifest read(byte[] bytes) {
        Map<String, Object> tree = tree(bytes);
        Table top = new Table("", tree);
        top.only(
                "name",
                "version",
                "abi",
                "wasm",
                "sha256",
                "description",
                "tools",
                "capabilities",
                "limits",
                "license",
                "publisher");
        String name = top.matching("name", Manifest.NAME, "1 to 64 of a-z, 0-9 and -");
        String versionText = top.text("version");
        Version version = Version.parse(versionText);
        if (version == null) {
            throw wrong("version is \"" + shown(versionText) + "\", expected such as 1.2.0");
        }
        if (!top.text("abi").equals("wasi-command")) {
            throw wrong("abi is \"" + shown(top.text("abi")) + "\", expected \"wasi-command\"");
        }
        String wasm = top.matching("wasm", FILE, "a file name without folders");
        String sha256 = top.matching("sha256", SHA256, "64 hexadecimal digits in lower case");
        String description = top.textOr("description", "");
        if (description.length() > MAX_DESCRIPTION_CHARS) {
            throw wrong("description has more than " + MAX_DESCRIPTION_CHARS + " characters");
        }
        Table asked = top.table("capabilities");
        asked.only("read", "write", "files", "env", "clock", "random");
        List<Capability> capabilities = capabilities(asked);
        return new Manifest(
                name,
                version,
                wasm,
                sha256,
                description,
                tools(top),
                capabilities,
                fixed(asked, "clock", "fixed:", Manifest.STANDARD_CLOCK, 0, MAX_CLOCK),
                fixed(
                        asked,
                        "random",
                        "seed:",
                        Manifest.STANDARD_SEED,
                        Long.MIN_VALUE,
                        Long.MAX_VALUE),
                limits(top.table("limits")),
                license(top),
                publisher(top),
                Canonical.of(tree));
    }

    private static List<Manifest.Tool> tools(Table top) {
        List<Manifest.Tool> tools = new ArrayList<>();
        for (Table table : top.tables("tools", MAX_TOOLS)) {
            table.only("name", "description", "input", "output");
            Manifest.Tool tool =
                    new Manifest.Tool(
                            table.matching("name", TOOL, "a word"),
                            table.textOr("description", ""),
                            table.table("input").values(),
                            table.table("output").values());
            if (tools.stream().anyMatch(other -> other.name().equals(tool.name()))) {
                throw wrong("the tool \"" + tool.name() + "\" is there twice");
            }
            tools.add(tool);
        }
        return tools;
    }

    private static List<Capability> capabilities(Table asked) {
        List<Capability> all = new ArrayList<>();
        for (String atom : asked.texts("read")) {
            all.add(Capability.read(atom));
        }
        for (String relation : asked.texts("write")) {
            all.add(new Capability.Write(relation));
        }
        for (Table files : asked.tables("files", MAX_CAPABILITIES)) {
            files.only("path", "mode");
            String mode = files.textOr("mode", "r");
            if (!mode.equals("r") && !mode.equals("rw")) {
                throw wrong(
                        files.at("mode") + " is \"" + shown(mode) + "\", expected \"r\" or \"rw\"");
            }
            all.add(new Capability.Files(files.text("path"), mode.equals("rw")));
        }
        for (String name : asked.texts("env")) {
            all.add(new Capability.Env(name));
        }
        if (asked.textOr("clock", "").equals("real")) {
            all.add(new Capability.RealClock());
        }
        if (asked.textOr("random", "").equals("real")) {
            all.add(new Capability.RealRandom());
        }
        if (all.size() > MAX_CAPABILITIES) {
            throw wrong("it asks for more than " + MAX_CAPABILITIES + " capabilities");
        }
        if (Set.copyOf(all).size() != all.size()) {
            throw wrong("a capability is there twice");
        }
        return all;
    }

    /// Null for `real`.
    private static @Nullable Long fixed(
            Table asked, String key, String prefix, long standard, long min, long max) {
        String text = asked.textOr(key, prefix + standard);
        if (text.equals("real")) {
            return null;
        }
        try {
            if (text.startsWith(prefix)) {
                long value = Long.parseLong(text.substring(prefix.length()));
                if (value >= min && value <= max) {
                    return value;
                }
            }
        } catch (NumberFormatException notOne) {
            // said below
        }
        throw wrong(
                asked.at(key)
                        + " is \""
                        + shown(text)
                        + "\", expected \"real\" or \""
                        + prefix
                        + "NUMBER\"");
    }

    private static Manifest.Limits limits(Table table) {
        table.only("fuel", "memory_mib", "table", "depth", "timeout_ms", "output_kib");
        return new Manifest.Limits(
                table.number("fuel", 1, Long.MAX_VALUE),
                table.small("memory_mib", 1),
                table.small("table", 0),
                table.small("depth", 1),
                table.number("timeout_ms", 1, Integer.MAX_VALUE),
                table.small("output_kib", 0));
    }

    private static Manifest.@Nullable License license(Table top) {
        if (!top.has("license")) {
            return null;
        }
        Table table = top.table("license");
        table.only("address", "sats", "network");
        Long sats = table.number("sats", 1, MAX_SATS);
        if (sats == null) {
            throw wrong("license.sats is missing");
        }
        return new Manifest.License(
                table.matching("address", ADDRESS, "a bitcoin address"),
                sats,
                table.matching(
                        "network", NETWORK, "mainnet, testnet, testnet4, signet or regtest"));
    }

    private static Manifest.@Nullable Publisher publisher(Table top) {
        if (!top.has("publisher")) {
            return null;
        }
        Table table = top.table("publisher");
        table.only("key", "signature");
        return new Manifest.Publisher(
                table.matching("key", SHA256, "64 hexadecimal digits in lower case"),
                table.matching("signature", SIGNATURE, "128 hexadecimal digits in lower case"));
    }

    // ---- TOML ----

    private static Map<String, Object> tree(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw wrong("skill.toml is larger than " + (MAX_BYTES >> 10) + " KiB");
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            requireShallow(text);
            JsonNode node = TOML.readTree(text);
            return map(node, 0);
        } catch (CharacterCodingException notText) {
            throw wrong("skill.toml is not UTF-8 text");
        } catch (JacksonException | IllegalStateException notToml) {
            throw new SovereignException(
                    PackError.MANIFEST,
                    "skill.toml is no TOML: " + firstLine(notToml),
                    "docs/skills.md shows one",
                    notToml);
        }
    }

    /// The parser recurses into arrays and inline tables, and makes a table of each dotted part:
    /// counting brackets and dots first, strings and all, bounds both for less than a thread's
    /// stack.
    private static void requireShallow(String text) {
        int depth = 0;
        int dots = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '[', '{' -> depth++;
                case ']', '}' -> depth = Math.max(0, depth - 1);
                case '\n' -> dots = 0;
                case '.' -> dots++;
                default -> {}
            }
            if (depth > MAX_DEPTH || dots > 1_000) {
                throw wrong("skill.toml nests deeper than " + MAX_DEPTH);
            }
        }
    }

    private static String firstLine(Exception failure) {
        String message =
                failure instanceof JacksonException jackson
                        ? jackson.getOriginalMessage() + place(jackson)
                        : String.valueOf(failure.getMessage());
        int end = message.indexOf('\n');
        return shown(end < 0 ? message : message.substring(0, end));
    }

    private static String place(JacksonException failure) {
        var location = failure.getLocation();
        return location == null || location.getLineNr() < 1
                ? ""
                : ", line " + location.getLineNr() + " column " + location.getColumnNr();
    }

    private static Map<String, Object> map(JsonNode node, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            map.put(entry.getKey(), value(entry.getKey(), entry.getValue(), depth + 1));
        }
        return map;
    }

    private static Object value(String key, JsonNode node, int depth) {
        if (depth > MAX_DEPTH) {
            throw wrong("skill.toml nests deeper than " + MAX_DEPTH);
        }
        if (node.isObject()) {
            return map(node, depth);
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>(node.size());
            for (JsonNode item : node.values()) {
                list.add(value(key, item, depth + 1));
            }
            return list;
        }
        if (node.isString()) {
            return node.stringValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        throw wrong(
                "the value of \""
                        + shown(key)
                        + "\" is neither text, whole number of 64 bits, boolean, array nor table");
    }

    /// One table with the path that messages show.
    private record Table(String path, Map<String, Object> values) {

        String at(String key) {
            return path.isEmpty() ? key : path + "." + key;
        }

        boolean has(String key) {
            return values.containsKey(key);
        }

        void only(String... keys) {
            for (String key : values.keySet()) {
                if (!List.of(keys).contains(key)) {
                    throw wrong(
                            "there is no key \""
                                    + shown(at(key))
                                    + "\"; here stand "
                                    + String.join(", ", keys));
                }
            }
        }

        String text(String key) {
            Object value = values.get(key);
            if (value instanceof String text) {
                return text;
            }
            throw wrong(value == null ? at(key) + " is missing" : at(key) + " is no text");
        }

        String textOr(String key, String standard) {
            return has(key) ? text(key) : standard;
        }

        String matching(String key, Pattern form, String expected) {
            String text = text(key);
            if (!form.matcher(text).matches()) {
                throw wrong(at(key) + " is \"" + shown(text) + "\", expected " + expected);
            }
            return text;
        }

        @Nullable Long number(String key, long min, long max) {
            if (!has(key)) {
                return null;
            }
            if (values.get(key) instanceof Long number && number >= min && number <= max) {
                return number;
            }
            throw wrong(
                    at(key)
                            + " is "
                            + shown(String.valueOf(values.get(key)))
                            + ", expected a whole number from "
                            + min
                            + " to "
                            + max);
        }

        @Nullable Integer small(String key, int min) {
            Long number = number(key, min, Integer.MAX_VALUE);
            return number == null ? null : number.intValue();
        }

        List<String> texts(String key) {
            List<String> texts = new ArrayList<>();
            for (Object item : list(key, MAX_CAPABILITIES)) {
                if (!(item instanceof String text)) {
                    throw wrong(at(key) + " holds something that is no text");
                }
                texts.add(text);
            }
            return texts;
        }

        @SuppressWarnings("unchecked") // value() makes maps of strings only
        List<Table> tables(String key, int max) {
            List<Table> tables = new ArrayList<>();
            for (Object item : list(key, max)) {
                if (!(item instanceof Map<?, ?> map)) {
                    throw wrong(at(key) + " holds something that is no table");
                }
                tables.add(new Table(at(key), (Map<String, Object>) map));
            }
            return tables;
        }

        @SuppressWarnings("unchecked") // as above
        Table table(String key) {
            Object value = values.getOrDefault(key, Map.of());
            if (!(value instanceof Map<?, ?> map)) {
                throw wrong(at(key) + " is no table");
            }
            return new Table(at(key), (Map<String, Object>) map);
        }

        private List<?> list(String key, int max) {
            Object value = values.getOrDefault(key, List.of());
            if (!(value instanceof List<?> list)) {
                throw wrong(at(key) + " is no array");
            }
            if (list.size() > max) {
                throw wrong(at(key) + " has more than " + max + " entries");
            }
            return list;
        }
    }

    private static SovereignException wrong(String message) {
        return new SovereignException(
                PackError.MANIFEST, message, "docs/skills.md describes skill.toml");
    }

    private static String shown(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
