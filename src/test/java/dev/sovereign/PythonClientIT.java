package dev.sovereign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sovereign.cli.Listener;
import dev.sovereign.cli.connect.SocketCaller;
import dev.sovereign.protocol.Request;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// `docs/protocol.md` is enough to write a client: here is one in another language.
@Timeout(120)
class PythonClientIT {

    @Test
    void aClientWrittenFromTheDocumentIsUnderstood(@TempDir Path folder) throws Exception {
        assumeTrue(hasPython(), "skipped: no python3 on this machine");
        Path root = folder.resolve("home");
        Path file = folder.resolve("file");
        Files.write(file, new byte[1_500_000]);
        try (SocketCaller caller = TestDaemon.caller(root)) {
            caller.call(new Request.Status(), new Listener() {});
            Process client =
                    new ProcessBuilder(
                                    "python3",
                                    "src/test/resources/protocol/client.py",
                                    TestDaemon.home(root).socket().toString(),
                                    file.toString())
                            .redirectErrorStream(true)
                            .start();
            String said =
                    new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(
                    """
                    status ready
                    query ['X'] [['grüße 🜚']] answers
                    rows 100000
                    import node.file-unreadable
                    import 1500000
                    cancel node.cancelled
                    unknown protocol.unknown-request
                    malformed protocol.malformed
                    """,
                    said);
            assertEquals(0, client.waitFor());
            caller.call(new Request.Stop(0), new Listener() {});
        }
    }

    private static boolean hasPython() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}
