package dev.sovereign.finance.interop;

import dev.sovereign.finance.electrum.ElectrumServer;
import dev.sovereign.finance.net.ServerException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// ElectrumX in front of a [Btcd].
public final class ElectrumX implements AutoCloseable {

    private static final long START_SECONDS = 60;

    private final Process process;
    private final int port;

    private ElectrumX(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Starts a server, and waits until it serves what the node has.
    public static ElectrumX start(Btcd node, Path folder) throws IOException, InterruptedException {
        Path python = Interop.electrumx();
        int port = Interop.freePort();
        Path log = folder.resolve("electrumx.log");
        ProcessBuilder builder =
                new ProcessBuilder(
                        python.toString(), Interop.source("electrumx/serve.py").toString());
        builder.environment()
                .putAll(
                        Map.ofEntries(
                                Map.entry("DB_ENGINE", "leveldb"),
                                Map.entry("DB_DIRECTORY", folder.resolve("electrumx").toString()),
                                Map.entry("DAEMON_URL", node.url()),
                                Map.entry("SERVICES", "tcp://127.0.0.1:" + port),
                                Map.entry("COIN", "BitcoinBtcd"),
                                Map.entry("NET", "regtest"),
                                Map.entry("PEER_DISCOVERY", "off"),
                                Map.entry("PEER_ANNOUNCE", ""),
                                Map.entry("COST_SOFT_LIMIT", "0"),
                                Map.entry("COST_HARD_LIMIT", "0"),
                                Map.entry("DAEMON_POLL_INTERVAL_BLOCKS", "50"),
                                Map.entry("DAEMON_POLL_INTERVAL_MEMPOOL", "50"),
                                Map.entry("ALLOW_ROOT", "1")));
        Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        ElectrumX server = new ElectrumX(process, port);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!server.listens()) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                server.close();
                throw new IOException("ElectrumX does not start: " + Files.readString(log));
            }
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
        return server;
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    public ElectrumServer address() throws ServerException {
        return ElectrumServer.parse("tcp://127.0.0.1:" + port);
    }

    public int port() {
        return port;
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
