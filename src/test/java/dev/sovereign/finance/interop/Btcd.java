package dev.sovereign.finance.interop;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.TestChain;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A btcd regtest node of its own, which mines to a script that anybody may spend.
public final class Btcd implements AutoCloseable {

    /// Blocks before the first coinbase may be spent.
    public static final int MATURITY = 100;

    /// P2SH of `OP_TRUE`: HASH160 of the byte 51.
    private static final String MINING_ADDRESS = "2ND8PB9RrfCaAcjfjP1Y6nAgFd9zWHYX4DN";

    private static final String USER = "test";
    private static final String PASSWORD = "test";
    private static final long START_SECONDS = 30;

    private final Process process;
    private final int rpcPort;
    private final int peerPort;
    private final Path log;
    private final HttpClient http = HttpClient.newHttpClient();
    private int spent;

    private Btcd(Process process, int rpcPort, int peerPort, Path log) {
        this.process = process;
        this.rpcPort = rpcPort;
        this.peerPort = peerPort;
        this.log = log;
    }

    /// Starts a node with nothing but the genesis block, in an empty folder.
    public static Btcd start(Path folder) throws IOException, InterruptedException {
        Path program = Interop.btcd();
        int rpcPort = Interop.freePort();
        int peerPort = Interop.freePort();
        Path log = folder.resolve("btcd.log");
        Process process =
                new ProcessBuilder(
                                program.toString(),
                                "--regtest",
                                "--notls",
                                "--txindex",
                                "--nobanning",
                                "--datadir=" + folder.resolve("data"),
                                "--logdir=" + folder.resolve("log"),
                                "--configfile=" + folder.resolve("none.conf"),
                                "--rpcuser=" + USER,
                                "--rpcpass=" + PASSWORD,
                                "--rpclisten=127.0.0.1:" + rpcPort,
                                "--listen=127.0.0.1:" + peerPort,
                                "--miningaddr=" + MINING_ADDRESS)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        Btcd node = new Btcd(process, rpcPort, peerPort, log);
        try {
            node.await(() -> node.answers("getblockcount"));
            return node;
        } catch (IOException | InterruptedException | RuntimeException failed) {
            node.close();
            throw failed;
        }
    }

    public int peerPort() {
        return peerPort;
    }

    public String url() {
        return "http://" + USER + ":" + PASSWORD + "@127.0.0.1:" + rpcPort + "/";
    }

    private boolean answers(String method) {
        try {
            call(method);
            return true;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ended);
        }
    }

    /// Asks until it is so: foreign programs tell nobody when they are ready.
    void await(BooleanSupplier so) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IOException(
                        "btcd does not get there: " + java.nio.file.Files.readString(log));
            }
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
    }

    /// Calls its RPC.
    ///
    /// @param parameters JSON values
    /// @return the JSON of the result
    public String call(String method, String... parameters)
            throws IOException, InterruptedException {
        String body =
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\""
                        + method
                        + "\",\"params\":["
                        + String.join(",", parameters)
                        + "]}";
        String basic =
                Base64.getEncoder()
                        .encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rpcPort + "/"))
                                .timeout(Duration.ofSeconds(START_SECONDS))
                                .header("Authorization", "Basic " + basic)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        String text = response.body();
        int error = text.lastIndexOf(",\"error\":null,");
        String start = "{\"jsonrpc\":\"1.0\",\"result\":";
        if (error < 0 || !text.startsWith(start)) {
            throw new IOException(method + ": " + text);
        }
        return text.substring(start.length(), error);
    }

    public int height() throws IOException, InterruptedException {
        return Integer.parseInt(call("getblockcount"));
    }

    /// Mines blocks with whatever waits in the mempool.
    public void generate(int blocks) throws IOException, InterruptedException {
        call("generate", String.valueOf(blocks));
    }

    /// Pays to these outputs from the next mature coinbase, and puts it into the mempool.
    ///
    /// @return the raw transaction
    public byte[] pay(TestChain.Output... outputs) throws IOException, InterruptedException {
        spent++;
        String hash = call("getblockhash", String.valueOf(spent)).replace("\"", "");
        String block = call("getblock", "\"" + hash + "\"", "0").replace("\"", "");
        byte[] bytes = HexFormat.of().parseHex(block);
        byte[] coinbase = java.util.Arrays.copyOfRange(bytes, 81, bytes.length);
        Hash txid = Hash.twice(withoutWitness(coinbase));
        byte[] raw = TestChain.spend(txid, 0, new byte[] {1, 0x51}, List.of(outputs));
        call("sendrawtransaction", "\"" + HexFormat.of().formatHex(raw) + "\"");
        return raw;
    }

    /// A coinbase of btcd commits to witnesses once segwit is active; the txid leaves them out.
    private static byte[] withoutWitness(byte[] raw) {
        if (raw[4] != 0) {
            return raw;
        }
        byte[] plain = new byte[raw.length - 2 - 34];
        System.arraycopy(raw, 0, plain, 0, 4);
        System.arraycopy(raw, 6, plain, 4, raw.length - 6 - 34 - 4);
        System.arraycopy(raw, raw.length - 4, plain, plain.length - 4, 4);
        return plain;
    }

    /// Connects to another node and waits until both have the same last block.
    public void follow(Btcd other) throws IOException, InterruptedException {
        call("node", "\"connect\"", "\"127.0.0.1:" + other.peerPort + "\"", "\"temp\"");
        await(() -> best(this).equals(best(other)));
    }

    /// Hangs up on another node that [#follow] connected to.
    public void leave(Btcd other) throws IOException, InterruptedException {
        call("node", "\"disconnect\"", "\"127.0.0.1:" + other.peerPort + "\"");
    }

    private static String best(Btcd node) {
        try {
            return node.call("getbestblockhash");
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ended);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException ended) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
