package dev.sovereign.finance.electrum;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.Header;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.TestChain;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Answers truly about a chain and a mempool. Whoever lies extends it and changes one answer.
public class HonestScript implements ScriptedElectrum.Script {

    protected static final HexFormat HEX = HexFormat.of();

    /// What `server.version` agrees on.
    protected String protocol = "1.4";

    private volatile TestChain chain;
    private final Map<Hash, byte[]> mempool = new ConcurrentHashMap<>();

    public HonestScript(TestChain chain) {
        this.chain = chain;
    }

    public HonestScript speaking(String version) {
        protocol = version;
        return this;
    }

    public TestChain chain() {
        return chain;
    }

    /// Serves another chain from now on.
    public void switchTo(TestChain other) {
        chain = other;
    }

    public void addToMempool(byte[] raw) {
        mempool.put(Hash.twice(raw), raw);
    }

    public void emptyMempool() {
        mempool.clear();
    }

    @Override
    public @Nullable String answer(ScriptedElectrum.Ask ask)
            throws IOException, InterruptedException {
        return switch (ask.method()) {
            case "server.version" -> "[\"Scripted 1.0\", \"" + protocol + "\"]";
            case "server.features" -> features();
            case "server.ping" -> "null";
            case "blockchain.headers.subscribe" -> tip();
            case "blockchain.block.headers" -> headers(ask.number(0), ask.number(1));
            case "blockchain.scripthash.subscribe", "blockchain.scriptpubkey.subscribe" -> "null";
            case "blockchain.scripthash.get_history" -> history(ask.text(0));
            case "blockchain.scriptpubkey.get_history" ->
                    "{\"history\":" + history(scriptHash(HEX.parseHex(ask.text(0)))) + "}";
            case "blockchain.transaction.get" -> transaction(Hash.ofShown(ask.text(0)));
            case "blockchain.transaction.get_merkle" ->
                    branch(Hash.ofShown(ask.text(0)), ask.number(1));
            case "blockchain.transaction.id_from_pos" ->
                    idFromPosition(ask.number(0), ask.number(1));
            default -> throw new ScriptedElectrum.Refused(-32601, "unknown method");
        };
    }

    protected String features() throws IOException {
        return "{\"genesis_hash\":\""
                + Network.REGTEST.genesis().hash()
                + "\",\"hash_function\":\"sha256\",\"protocol_min\":\"1.4\",\"protocol_max\":\"1.7\","
                + "\"pruning\":null,\"hosts\":{}}";
    }

    public String tip() throws IOException {
        TestChain now = chain();
        int height = now.height();
        return "{\"height\":"
                + height
                + ",\"hex\":\""
                + HEX.formatHex(now.header(height).bytes())
                + "\"}";
    }

    protected String headers(int start, int count) throws IOException {
        return headersJson(chain().headers(start, Math.min(count, 2016)));
    }

    protected final String headersJson(byte[] bytes) {
        int count = bytes.length / Header.BYTES;
        if (protocol.equals("1.6") || protocol.equals("1.7")) {
            StringBuilder list = new StringBuilder();
            for (int i = 0; i < count; i++) {
                list.append(i == 0 ? "\"" : ",\"")
                        .append(HEX.formatHex(bytes, i * Header.BYTES, (i + 1) * Header.BYTES))
                        .append('"');
            }
            return "{\"count\":" + count + ",\"headers\":[" + list + "],\"max\":2016}";
        }
        return "{\"count\":" + count + ",\"hex\":\"" + HEX.formatHex(bytes) + "\",\"max\":2016}";
    }

    protected String history(String scriptHash) throws IOException {
        TestChain now = chain();
        StringBuilder list = new StringBuilder("[");
        for (int height = 1; height <= now.height(); height++) {
            for (byte[] raw : now.block(height)) {
                if (pays(raw, scriptHash)) {
                    entry(list, raw, height);
                }
            }
        }
        for (byte[] raw : mempool.values()) {
            if (pays(raw, scriptHash)) {
                entry(list, raw, 0);
            }
        }
        return list.append("]").toString();
    }

    private static void entry(StringBuilder list, byte[] raw, int height) {
        list.append(list.length() == 1 ? "" : ",")
                .append("{\"tx_hash\":\"")
                .append(Hash.twice(raw))
                .append("\",\"height\":")
                .append(height)
                .append(height == 0 ? ",\"fee\":200}" : "}");
    }

    /// Whether one of the outputs has a script of this hash. The transactions of [TestChain] have
    /// one input and short scripts.
    private static boolean pays(byte[] raw, String scriptHash) {
        int at = 4 + 1 + 36;
        at += 1 + raw[at] + 4;
        int outputs = raw[at++];
        for (int i = 0; i < outputs; i++) {
            at += 8;
            int length = raw[at++];
            if (scriptHash(java.util.Arrays.copyOfRange(raw, at, at + length)).equals(scriptHash)) {
                return true;
            }
            at += length;
        }
        return false;
    }

    private static String scriptHash(byte[] script) {
        try {
            return Hash.at(java.security.MessageDigest.getInstance("SHA-256").digest(script), 0)
                    .toString();
        } catch (java.security.NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }

    protected byte[] raw(Hash txid) throws IOException {
        byte[] waiting = mempool.get(txid);
        if (waiting != null) {
            return waiting;
        }
        int[] place = chain().find(txid);
        if (place != null) {
            return chain().block(place[0]).get(place[1]);
        }
        for (int height = 1; height <= chain().height(); height++) {
            byte[] coinbase = chain().block(height).getFirst();
            if (Hash.twice(coinbase).equals(txid)) {
                return coinbase;
            }
        }
        throw new ScriptedElectrum.Refused(
                2, "daemon error: No such mempool or blockchain transaction");
    }

    protected String transaction(Hash txid) throws IOException {
        return "\"" + HEX.formatHex(raw(txid)) + "\"";
    }

    protected String branch(Hash txid, int height) throws IOException {
        int[] place = chain().find(txid);
        if (place == null || place[0] != height) {
            throw new ScriptedElectrum.Refused(
                    1, "tx " + txid + " not in block at height " + height);
        }
        return branchJson(chain().branch(height, place[1]), height, place[1]);
    }

    protected static String branchJson(List<Hash> siblings, int height, int position) {
        return "{\"block_height\":"
                + height
                + ",\"merkle\":"
                + list(siblings)
                + ",\"pos\":"
                + position
                + "}";
    }

    private static String list(List<Hash> hashes) {
        return hashes.stream()
                .map(hash -> "\"" + hash + "\"")
                .collect(Collectors.joining(",", "[", "]"));
    }

    protected String idFromPosition(int height, int position) throws IOException {
        return "{\"tx_hash\":\""
                + Hash.twice(chain().block(height).get(position))
                + "\",\"merkle\":"
                + list(chain().branch(height, position))
                + "}";
    }
}
