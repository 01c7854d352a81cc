package dev.sovereign.cli;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// `peer …`: the other machines of the network.
final class PeerCommands {
    private PeerCommands() {}

    private static final String WHO = "a name of the book, or a PeerId";

    static final class ListAll extends Command {
        @Override
        void describe(Shape shape) {
            shape.text(
                    "Lists the peers: who is connected, by whom, how far away, how much was"
                            + " exchanged and under which swarm key; who may connect, who may not,"
                            + " and who waits to be let in (`sovereign peer allow PEERID`).");
            shape.example("sovereign peer list", "A look.");
            shape.example("sovereign peer list --json", "One object a peer, for a script.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            List<Response.Peer> peers = new Talk(call).ask(new Request.PeerList()).peers();
            if (call.globals.json()) {
                peers.forEach(peer -> call.line(json(peer)));
                return 0;
            }
            RowWriter table = RowWriter.of("table", call, call.out, call.streams.outIsTerminal);
            table.begin(List.of("peer", "id", "state", "latency", "in", "out", "direction", "key"));
            for (Response.Peer peer : peers) {
                table.row(
                        List.of(
                                or(peer.name()),
                                peer.peerId(),
                                peer.state(),
                                millis(peer.latencyMicros()),
                                traffic(peer.bytesIn()),
                                traffic(peer.bytesOut()),
                                or(peer.direction()),
                                or(peer.key())));
            }
            table.end();
            return 0;
        }
    }

    static final class Add extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("NAME", Complete.NOTHING, "what to call it");
            shape.word(
                    "MULTIADDR",
                    Complete.NOTHING,
                    "where it listens, such as /ip4/192.0.2.7/tcp/4747/p2p/12D3KooW…");
            shape.text(
                    "Adds a peer that may stay, and keeps it connected from now on. Without /p2p in"
                            + " the address it is dialed once; who answers is shown, and on a"
                            + " terminal you are asked whether that is the one: compare it with"
                            + " `sovereign key id` there. Elsewhere it is added and said.");
            shape.text(
                    "The other machine has to let this one in too: it lists it as waiting, and"
                            + " `sovereign peer allow` there does so.");
            shape.example(
                    "sovereign peer add desk /ip4/192.168.1.20/tcp/4747/p2p/12D3KooW…",
                    "A machine and who it has to be.");
            shape.example(
                    "sovereign peer add server /dns/home.example/tcp/4747", "Whoever answers.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            String address = call.need(1);
            if (call.mayAsk() && !address.contains("/p2p/") && !address.contains("/ipfs/")) {
                String who =
                        new Talk(call)
                                .ask(new Request.PeerMeet(address))
                                .peers()
                                .getFirst()
                                .peerId();
                if (!isTheOne(call, address, who)) {
                    call.say("nothing was added");
                    return 3;
                }
                address += "/p2p/" + who;
            }
            return changed(call, new Request.PeerAdd(call.need(0), address), "added");
        }

        private static boolean isTheOne(Invocation call, String address, String who) {
            while (true) {
                String answer =
                        call.answer(who + " answers at " + address + ". Is that it? [y]es / [n]o:");
                switch (answer == null ? "n" : answer) {
                    case "y", "yes" -> {
                        return true;
                    }
                    case "n", "no" -> {
                        return false;
                    }
                    default -> {}
                }
            }
        }
    }

    static final class Discover extends Command {
        @Override
        void describe(Shape shape) {
            shape.option(
                    "DURATION",
                    Complete.NOTHING,
                    "listen for answers that long, at most 1m; 2s when not said",
                    "--wait");
            shape.text(
                    "Asks the LAN who is of this network (multicast DNS). Asking shows everybody on"
                            + " the LAN that a machine with this swarm key's fingerprint is here."
                            + " Only those answer that have `mesh.mdns` set; with it, allowed"
                            + " peers are found without an address, too.");
            shape.text(
                    "What comes back is a claim of whoever is on the LAN; who it really is, a"
                            + " connection shows.");
            shape.example("sovereign peer discover", "Who is here?");
            shape.example(
                    "sovereign config set mesh.mdns true", "Be found (after a daemon restart).");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            List<Response.Peer> peers =
                    new Talk(call)
                            .ask(
                                    new Request.PeerDiscover(
                                            Amounts.duration("--wait", call.value("--wait"))))
                            .peers();
            if (call.globals.json()) {
                peers.forEach(peer -> call.line(json(peer)));
                return 0;
            }
            RowWriter table = RowWriter.of("table", call, call.out, call.streams.outIsTerminal);
            table.begin(List.of("id", "peer", "state", "address"));
            for (Response.Peer peer : peers) {
                for (String address : peer.addresses()) {
                    table.row(List.of(peer.peerId(), or(peer.name()), peer.state(), address));
                }
            }
            table.end();
            if (peers.isEmpty()) {
                call.say(
                        "nobody of this network answers; a machine does after `sovereign config"
                                + " set mesh.mdns true` and a daemon restart");
            }
            return 0;
        }
    }

    static final class Remove extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("PEER", Complete.PEER, WHO);
            shape.text("Forgets a peer and ends its connections; it may ask to be let in again.");
            shape.example("sovereign peer remove desk", "No longer one of mine.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            return changed(call, new Request.PeerRemove(call.need(0)), "removed");
        }
    }

    static final class Allow extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("PEERID", Complete.PEER, "who may stay: a PeerId, or a name of the book");
            shape.option("NAME", Complete.NOTHING, "what to call it", "--name");
            shape.text(
                    "Lets a peer stay: one that waits in `sovereign peer list`, one that was"
                            + " denied, or one that has not come yet.");
            shape.example("sovereign peer allow 12D3KooW… --name laptop", "Let it in.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            return changed(
                    call, new Request.PeerAllow(call.need(0), call.value("--name")), "allowed");
        }
    }

    static final class Deny extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("PEERID", Complete.PEER, "who may not stay: a PeerId, or a name");
            shape.text("Refuses a peer from now on, without asking, and ends its connections.");
            shape.example("sovereign peer deny laptop", "It was stolen. Rotate the key, too.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            return changed(call, new Request.PeerDeny(call.need(0)), "denied");
        }
    }

    static final class Show extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("PEER", Complete.PEER, WHO);
            shape.text("Shows all that is known about a peer.");
            shape.example("sovereign peer show desk", "Where is it, and why not here?");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Response.Peer peer =
                    new Talk(call).ask(new Request.PeerShow(call.need(0))).peers().getFirst();
            if (call.globals.json()) {
                call.line(json(peer));
                return 0;
            }
            Fields fields = new Fields(call);
            fields.add("name", or(peer.name()));
            fields.add("peer id", peer.peerId());
            fields.add("state", peer.state());
            for (String address : peer.addresses()) {
                fields.add("address", address);
            }
            add(fields, "remote", peer.remote());
            add(fields, "direction", peer.direction());
            add(fields, "latency", millis(peer.latencyMicros()));
            add(fields, "received", traffic(peer.bytesIn()));
            add(fields, "sent", traffic(peer.bytesOut()));
            add(fields, "swarm key", peer.key());
            add(fields, "program", peer.agent());
            Long since = peer.sinceMillis();
            add(fields, "since", since == null ? null : Instant.ofEpochMilli(since).toString());
            add(fields, "problem", peer.problem());
            fields.print();
            return 0;
        }

        private static void add(Fields fields, String name, @Nullable String value) {
            if (value != null && !value.isEmpty()) {
                fields.add(name, value);
            }
        }
    }

    static final class Ping extends Command {

        private static final long PAUSE_MILLIS = 1_000;
        private static final long COUNT = 5;

        @Override
        void describe(Shape shape) {
            shape.word("PEER", Complete.PEER, WHO);
            shape.option("N", Complete.NOTHING, "ask N times; 5 when not said", "-c", "--count");
            shape.text(
                    "Measures round trips to a peer, one a second, connecting first when there is"
                            + " no connection.");
            shape.example("sovereign peer ping desk", "Is it there?");
            shape.example("sovereign peer ping desk -c 1 --json", "For a script.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Long asked = Amounts.count("--count", call.value("--count"));
            long count = asked == null ? COUNT : asked;
            double[] millis = new double[(int) Math.min(count, 1_000_000)];
            Talk talk = new Talk(call);
            try (Caller caller = call.callers.daemon(call.globals.reach(), call::say)) {
                for (int i = 0; i < millis.length; i++) {
                    if (i > 0) {
                        Thread.sleep(PAUSE_MILLIS);
                    }
                    Response.RoundTrip trip = caller.call(new Request.PeerPing(call.need(0)), talk);
                    talk.waiting.stop();
                    millis[i] = trip.nanos() / 1e6;
                    if (call.globals.json()) {
                        call.line(
                                new JsonLine()
                                        .open('{')
                                        .field("peerId", trip.peerId())
                                        .name("millis")
                                        .data(millis[i])
                                        .close('}')
                                        .toString());
                    } else {
                        call.line(fixed(millis[i]) + " ms");
                    }
                    call.out.flush();
                }
            }
            Arrays.sort(millis);
            if (!call.globals.json() && millis.length > 1) {
                call.say(
                        "least "
                                + fixed(millis[0])
                                + " ms, median "
                                + fixed(millis[millis.length / 2])
                                + " ms, most "
                                + fixed(millis[millis.length - 1])
                                + " ms");
            }
            return 0;
        }
    }

    static final class Perf extends Command {

        private static final long BYTES = 64L << 20;

        @Override
        void describe(Shape shape) {
            shape.word("PEER", Complete.PEER, WHO);
            shape.option(
                    "SIZE", Complete.NOTHING, "send SIZE each way; 64m when not said", "--size");
            shape.text(
                    "Measures how fast bytes go to a peer and come back. The peer has to serve"
                        + " /perf/1.0.0: `sovereign config set mesh.test-protocols true` there.");
            shape.example("sovereign peer perf desk --size 256m", "How fast is this network?");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Long size = Amounts.size("--size", call.value("--size"));
            Response.Throughput done =
                    new Talk(call)
                            .ask(new Request.PeerPerf(call.need(0), size == null ? BYTES : size));
            double up = done.bytes() * 1e3 / Math.max(1, done.uploadNanos());
            double down = done.bytes() * 1e3 / Math.max(1, done.downloadNanos());
            if (call.globals.json()) {
                JsonLine line = new JsonLine().open('{').field("peerId", done.peerId());
                line.field("bytes", done.bytes());
                line.name("uploadMegabytesPerSecond").data(up);
                line.name("downloadMegabytesPerSecond").data(down);
                call.line(line.close('}').toString());
                return 0;
            }
            call.line("to the peer    " + String.format(Locale.ROOT, "%.1f MB/s", up));
            call.line("from the peer  " + String.format(Locale.ROOT, "%.1f MB/s", down));
            return 0;
        }
    }

    static final class Map extends Command {
        @Override
        void describe(Shape shape) {
            shape.option(
                    "FORMAT",
                    Complete.words("tree", "dot", "mermaid"),
                    "draw a tree, or text for Graphviz or Mermaid",
                    "--format");
            shape.text("Draws this node and its peers, as far as this node can see.");
            shape.example("sovereign peer map", "A tree.");
            shape.example("sovereign peer map --format dot | dot -Tsvg > mesh.svg", "A picture.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            String format = call.choice("--format", "tree", List.of("tree", "dot", "mermaid"));
            Response.Graph graph = new Talk(call).ask(new Request.PeerMap(format));
            if (call.globals.json()) {
                JsonLine line = new JsonLine().open('{').field("format", graph.format());
                call.line(line.field("text", graph.text()).close('}').toString());
            } else {
                call.out.print(graph.text());
            }
            return 0;
        }
    }

    private static int changed(Invocation call, Request<Response.Peers> request, String what)
            throws InterruptedException {
        List<Response.Peer> peers = new ArrayList<>(new Talk(call).ask(request).peers());
        for (Response.Peer peer : peers) {
            if (call.globals.json()) {
                call.line(json(peer));
            } else {
                String name = peer.name();
                call.say(what + " " + peer.peerId() + (name == null ? "" : " as " + name));
            }
        }
        return 0;
    }

    /// The answer of a peer instead of this node's.
    @SuppressWarnings("unchecked") // a peer's answer is checked by the codec: its kind is known
    static <R extends Response.Closing> R at(
            Invocation call, @Nullable String peer, Request<R> request, Listener listener)
            throws InterruptedException {
        if (peer == null) {
            return call.ask(request, listener);
        }
        Response.Closing answer = call.ask(new Request.At(peer, request), listener);
        if (answer instanceof Response.Failure failure) {
            throw new SovereignException(failure.diagnostics());
        }
        return (R) answer;
    }

    private static String or(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String millis(@Nullable Long micros) {
        return micros == null ? "" : fixed(micros / 1e3) + " ms";
    }

    private static String fixed(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.2f" : "%.1f", millis);
    }

    private static String traffic(@Nullable Long bytes) {
        return bytes == null ? "" : Amounts.bytes(bytes);
    }

    private static String json(Response.Peer peer) {
        JsonLine line = new JsonLine().open('{').field("name", peer.name());
        line.field("peerId", peer.peerId()).field("state", peer.state());
        line.strings("addresses", peer.addresses()).field("direction", peer.direction());
        line.field("remote", peer.remote()).name("latencyMicros").data(peer.latencyMicros());
        line.name("bytesIn").data(peer.bytesIn()).name("bytesOut").data(peer.bytesOut());
        line.field("key", peer.key()).field("agent", peer.agent());
        line.name("sinceMillis").data(peer.sinceMillis()).field("problem", peer.problem());
        return line.close('}').toString();
    }
}
