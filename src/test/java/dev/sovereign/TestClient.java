package dev.sovereign;

import dev.sovereign.cli.Listener;
import dev.sovereign.cli.connect.SocketCaller;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.nio.file.Path;
import java.util.List;

/// A client process: `TestClient HOME TEXT` asks, and prints the pid of the daemon and the answer.
final class TestClient {
    private TestClient() {}

    public static void main(String[] args) throws InterruptedException {
        StringBuilder answer = new StringBuilder();
        try (SocketCaller caller = TestDaemon.caller(Path.of(args[0]))) {
            caller.call(
                    new Request.Query(args[1], List.of(), null, null, false, Request.Limits.NONE),
                    new Listener() {
                        @Override
                        public void rows(Response.Rows rows) {
                            answer.append(rows.rows().getFirst().getFirst());
                        }
                    });
            Response.Heartbeat beat = caller.call(new Request.Status(), new Listener() {});
            System.out.println(beat.pid() + " " + answer);
        }
    }
}
