package dev.sovereign.runtime.pack;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// `skill.toml`, parsed: what a skill is and what it asks for. Cannot be wrong in itself; whether
/// hash and signature hold is [SkillPackage]'s to say.
///
/// @param name `[a-z0-9-]{1,64}`
/// @param wasm file name of the module, without folders
/// @param sha256 of the module, 64 hexadecimal digits in lower case
/// @param capabilities what it asks for, in the manifest's order
/// @param clock seconds since the epoch that its clocks stand at; null asks for real ones
/// @param seed of its random numbers; null asks for real ones
/// @param canonical the bytes that a publisher signs, see [Canonical]
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; handed over, not shared
public record Manifest(
        String name,
        Version version,
        String wasm,
        String sha256,
        String description,
        List<Tool> tools,
        List<Capability> capabilities,
        @Nullable Long clock,
        @Nullable Long seed,
        Limits limits,
        @Nullable License license,
        @Nullable Publisher publisher,
        byte[] canonical) {

    /// Names of skills.
    public static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

    /// Clocks without a grant stand here: 2000-01-01T00:00:00Z, a moment that no log can mistake
    /// for a real one.
    public static final long STANDARD_CLOCK = 946_684_800;

    /// Seed of random numbers where the manifest names none.
    public static final long STANDARD_SEED = 0;

    public Manifest {
        tools = List.copyOf(tools);
        capabilities = List.copyOf(capabilities);
    }

    /// One thing that the skill offers: its first argument.
    ///
    /// @param input JSON Schema of what it reads, as data; empty when the manifest has none
    /// @param output of what it writes
    public record Tool(
            String name,
            String description,
            Map<String, Object> input,
            Map<String, Object> output) {}

    /// What the skill says it needs; each can only lower the node's own. Null asks for the node's.
    public record Limits(
            @Nullable Long fuel,
            @Nullable Integer memoryMib,
            @Nullable Integer table,
            @Nullable Integer depth,
            @Nullable Long timeoutMillis,
            @Nullable Integer outputKib) {}

    /// The payment without which it does not run.
    public record License(String address, long sats, String network) {}

    /// Who signs it.
    ///
    /// @param key 64 hexadecimal digits: an Ed25519 public key (RFC 8032)
    /// @param signature 128 hexadecimal digits
    public record Publisher(String key, String signature) {}

    /// The publisher's key; empty for a package that nobody signed.
    public String publisherKey() {
        return publisher == null ? "" : publisher.key();
    }

    public @Nullable Tool tool(String name) {
        for (Tool tool : tools) {
            if (tool.name().equals(name)) {
                return tool;
            }
        }
        return null;
    }

    /// Whether it asks for nothing: what it computes depends on its input alone.
    public boolean isPure() {
        return capabilities.isEmpty();
    }

    /// What the skill asks for beyond `granted`.
    public List<Capability> beyond(Set<Capability> granted) {
        return capabilities.stream()
                .filter(asked -> granted.stream().noneMatch(held -> held.covers(asked)))
                .toList();
    }
}
