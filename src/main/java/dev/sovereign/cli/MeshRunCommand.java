package dev.sovereign.cli;

import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.util.Locale;

/// `mesh run`: the private network alone, in this process.
final class MeshRunCommand extends Command {

    private static final int MOST_CONNECTIONS = 65_536;

    @Override
    void describe(Shape shape) {
        shape.repeated(
                "MULTIADDR",
                Complete.NOTHING,
                "listen there, such as /ip4/0.0.0.0/tcp/4747; port 0 is any free one",
                "--listen");
        shape.option("FILE", Complete.FILE, "the swarm key", "--key");
        shape.option(
                "FILE",
                Complete.FILE,
                "the identity, made when it is missing; without it a new one for this run",
                "--identity");
        shape.repeated(
                "MULTIADDR",
                Complete.NOTHING,
                "dial this peer, and again when it is lost",
                "--connect");
        shape.repeated(
                "PEERID",
                Complete.NOTHING,
                "let this peer stay; without it every holder of the key may",
                "--allow");
        shape.option(
                "N", Complete.NOTHING, "connections at once, 256 by default", "--max-connections");
        shape.flag("serve echo, digest, sink and perf for tests", "--test-protocols");
        shape.text(
                "Runs this machine's part of the private network in the foreground, with neither"
                        + " daemon nor store, and prints what happens: for tests and diagnosis."
                        + " Ends with Ctrl-C.");
        shape.example(
                "sovereign mesh run --key swarm.key --listen /ip4/0.0.0.0/tcp/4747",
                "Waits for other machines that have the key.");
        shape.example(
                "sovereign mesh run --key swarm.key --connect /ip4/192.0.2.7/tcp/4747 --json",
                "Connects to one, and prints one object a line.");
    }

    @Override
    int run(Invocation call) throws InterruptedException {
        String key = call.value("--key");
        if (key == null) {
            throw Usage.wrong("mesh run needs --key FILE, the swarm key", null);
        }
        if (call.values("--listen").isEmpty() && call.values("--connect").isEmpty()) {
            throw Usage.wrong("mesh run needs --listen or --connect", null);
        }
        String most = call.value("--max-connections");
        long connections = most == null ? 0 : Amounts.number("--max-connections", most);
        if (connections > MOST_CONNECTIONS) {
            throw Usage.wrong(
                    "--max-connections is "
                            + connections
                            + ", at most "
                            + MOST_CONNECTIONS
                            + " are allowed",
                    null);
        }
        new Events(call)
                .askHere(
                        new Request.MeshRun(
                                call.values("--listen"),
                                key,
                                call.value("--identity"),
                                call.values("--connect"),
                                call.values("--allow"),
                                (int) connections,
                                call.flag("--test-protocols")));
        return 0;
    }

    /// Prints events as they come.
    private static final class Events extends Talk {

        Events(Invocation call) {
            super(call);
        }

        @Override
        public void meshEvent(Response.MeshEvent event) {
            waiting.stop();
            call.line(call.globals.json() ? json(event) : text(event));
            call.out.flush();
        }

        private static String json(Response.MeshEvent event) {
            JsonLine line = new JsonLine().open('{').field("event", event.event());
            if (event.multiaddr() != null) {
                line.field("multiaddr", event.multiaddr())
                        .field("pid", ProcessHandle.current().pid());
            }
            if (event.peerId() != null) {
                line.field("peerId", event.peerId());
            }
            if (event.remote() != null) {
                line.field("remote", event.remote());
            }
            if (event.direction() != null) {
                line.field("direction", event.direction())
                        .name("handshakeMillis")
                        .data(event.handshakeMicros() / 1e3);
            }
            if (event.reason() != null) {
                line.field("reason", event.reason());
            }
            if (event.count() > 0) {
                line.field("count", event.count());
            }
            return line.close('}').toString();
        }

        private static String text(Response.MeshEvent event) {
            StringBuilder text = new StringBuilder(event.event());
            if (event.multiaddr() != null) {
                text.append(" at ").append(event.multiaddr());
            }
            if (event.peerId() != null) {
                text.append(' ').append(event.peerId());
            }
            if (event.direction() != null) {
                text.append(
                        String.format(
                                Locale.ROOT,
                                ", %s, %s, %.1f ms",
                                event.direction(),
                                event.remote(),
                                event.handshakeMicros() / 1e3));
            }
            if (event.reason() != null) {
                text.append(": ").append(Display.visible(event.reason()));
            }
            if (event.count() > 0) {
                text.append(' ').append(event.count());
            }
            return text.toString();
        }
    }
}
