package dev.sovereign.node.config;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Every key that `config.toml` may hold. A key that is not here is an error with its line.
public enum Key {
    DAEMON_IDLE(
            "daemon.idle",
            Type.DURATION,
            "30m",
            "end the daemon after this long with nothing to do; 0 never"),
    DAEMON_HEAP("daemon.heap", Type.SIZE, "512m", "the largest heap of the daemon"),
    LICENSE_ADDRESS("license.address", Type.TEXT, null, "address that a license is paid to"),
    LICENSE_CONFIRMATIONS(
            "license.confirmations",
            Type.NUMBER,
            null,
            "blocks before a payment counts; default 6 on mainnet, 1 elsewhere"),
    LICENSE_ELECTRUM("license.electrum", Type.LIST, null, "Electrum servers, host:port"),
    LICENSE_MACHINE_ID("license.machine-id", Type.TEXT, null, "what the license binds to"),
    LICENSE_NETWORK(
            "license.network",
            Type.TEXT,
            "mainnet",
            "the Bitcoin network: mainnet, testnet, testnet4, signet or regtest",
            "mainnet",
            "testnet",
            "testnet4",
            "signet",
            "regtest"),
    LICENSE_PEERS("license.peers", Type.LIST, null, "Bitcoin peers, host:port"),
    LICENSE_PROXY("license.proxy", Type.TEXT, null, "SOCKS5 proxy, host:port"),
    LICENSE_SATS("license.sats", Type.NUMBER, null, "price of a license in satoshi"),
    LIMITS_FUEL("limits.fuel", Type.NUMBER, null, "counted joins of one evaluation"),
    LIMITS_MAX_MEMORY(
            "limits.max-memory",
            Type.SIZE,
            null,
            "memory of one evaluation; default half the heap"),
    LIMITS_MAX_TUPLES("limits.max-tuples", Type.NUMBER, null, "derived tuples of one evaluation"),
    LIMITS_TIMEOUT("limits.timeout", Type.DURATION, null, "time of one evaluation"),
    LOG_LEVEL(
            "log.level",
            Type.TEXT,
            "info",
            "what the daemon logs: error, warn, info or debug",
            "error",
            "warn",
            "info",
            "debug"),
    MESH_ALLOW_ANY("mesh.allow-any", Type.FLAG, "false", "let every holder of the swarm key stay"),
    MESH_KEY_GRACE(
            "mesh.key-grace",
            Type.DURATION,
            "7d",
            "how long the swarm key before a rotation is accepted"),
    MESH_LISTEN(
            "mesh.listen",
            Type.LIST,
            "/ip4/0.0.0.0/tcp/4747",
            "addresses to listen on; none for dialing only"),
    MESH_MAX_CONNECTIONS("mesh.max-connections", Type.NUMBER, "256", "connections of the mesh"),
    MESH_MDNS(
            "mesh.mdns",
            Type.FLAG,
            "false",
            "find peers on the LAN, and be found; shows the LAN that the network is here"),
    MESH_TEST_PROTOCOLS("mesh.test-protocols", Type.FLAG, "false", "echo, digest and sink");

    /// How a value is written in the file and on the command line.
    public enum Type {
        TEXT,
        NUMBER,
        FLAG,
        /// `250ms`, `10s`, `2m`, `1h`; a bare 0 is none.
        DURATION,
        /// Bytes with an optional `k`, `m` or `g` (powers of 1024).
        SIZE,
        /// Texts; on the command line joined by commas.
        LIST
    }

    private final String path;
    private final Type type;
    private final @Nullable String standard;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> choices;

    Key(String path, Type type, @Nullable String standard, String description, String... choices) {
        this.path = path;
        this.type = type;
        this.standard = standard;
        this.description = description;
        this.choices = List.of(choices);
    }

    /// The public name: table, dot, key.
    public String path() {
        return path;
    }

    public Type type() {
        return type;
    }

    /// What holds when nothing is set, as it would be written; null is nothing.
    public @Nullable String standard() {
        return standard;
    }

    public String description() {
        return description;
    }

    /// The only values allowed; empty when any of the type is.
    public List<String> choices() {
        return choices;
    }

    /// The key of a public name; null when there is none.
    public static @Nullable Key of(String path) {
        for (Key key : values()) {
            if (key.path.equals(path)) {
                return key;
            }
        }
        return null;
    }
}
