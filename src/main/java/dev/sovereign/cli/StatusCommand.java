package dev.sovereign.cli;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.util.List;

/// `status`: the heartbeat of the node.
final class StatusCommand extends Command {

    private static final long WATCH_MILLIS = 1_000;

    @Override
    void describe(Shape shape) {
        shape.flag("show it live, with what changes as curves, until Ctrl-C", "--watch");
        shape.flag(
                "for a monitor: start nothing; exit 0 when ready, 1 when degraded, 3 when none"
                        + " runs",
                "--check");
        shape.option(
                "FORMAT",
                Complete.words("text", "prometheus"),
                "print text, or what prometheus reads",
                "--format");
        shape.option(
                "PEER",
                Complete.NOTHING,
                "ask a peer instead of this node, as far as its policy allows",
                "--at");
        shape.text(
                "Shows how the node is doing: what it knows, how large its store is, which parts"
                        + " run and how often they were restarted.");
        shape.example("sovereign status", "A look.");
        shape.example("sovereign status --json", "All of it, for a script.");
        shape.example("sovereign status --check -q", "Only the exit status, for a monitor.");
        shape.example(
                "sovereign status --format prometheus > node.prom", "For a textfile collector.");
    }

    @Override
    int run(Invocation call) throws InterruptedException {
        String format = call.choice("--format", "text", List.of("text", "prometheus"));
        if (call.flag("--check")) {
            return check(call, format);
        }
        Talk talk = new Talk(call);
        if (!call.flag("--watch")) {
            try {
                print(
                        call,
                        format,
                        PeerCommands.at(call, call.value("--at"), new Request.Status(), talk));
            } finally {
                talk.waiting.stop();
            }
            return 0;
        }
        talk.waiting.stop();
        if (call.value("--at") != null) {
            throw Usage.wrong("--watch and --at do not go together", null);
        }
        if (call.streams.outIsTerminal && !call.globals.json() && format.equals("text")) {
            return watch(call, talk);
        }
        try (Caller caller = call.callers.daemon(call.globals.reach(), call::say)) {
            while (true) {
                Response.Heartbeat beat = caller.call(new Request.Status(), talk);
                print(call, format, beat);
                call.out.flush();
                Thread.sleep(WATCH_MILLIS);
            }
        }
    }

    /// On a screen of its own, until Ctrl-C; the terminal is left as it was. The first look may
    /// start a daemon, later ones wait for it to come back.
    private static int watch(Invocation call, Listener listener) throws InterruptedException {
        Dashboard board = new Dashboard(call.streams.isUnicode(), call.outColor());
        board.add(call.ask(new Request.Status(), listener));
        Callers.Reach own = call.globals.reach();
        Callers.Reach running = new Callers.Reach(own.home(), false, own.timeoutMillis());
        call.out.print(Dashboard.ENTER).flush();
        try {
            while (true) {
                Streams.Size size = call.streams.sizeNow();
                call.out.print(board.frame(size.columns(), size.rows())).flush();
                Thread.sleep(WATCH_MILLIS);
                try {
                    board.add(call.ask(new Request.Status(), listener, running));
                } catch (SovereignException away) {
                    board.missing(away.first().message());
                }
            }
        } finally {
            call.out.print(Dashboard.LEAVE).flush();
        }
    }

    /// Never starts a daemon: a monitor must not keep alive what it watches. Where none runs, the
    /// refusal `daemon.not-running` is exit status 3.
    private static int check(Invocation call, String format) throws InterruptedException {
        if (call.flag("--watch") || call.value("--at") != null) {
            throw Usage.wrong("--check goes with neither --watch nor --at", null);
        }
        Callers.Reach own = call.globals.reach();
        Talk talk = new Talk(call);
        Response.Heartbeat beat;
        try {
            beat =
                    call.ask(
                            new Request.Status(),
                            talk,
                            new Callers.Reach(own.home(), false, own.timeoutMillis()));
        } finally {
            talk.waiting.stop();
        }
        if (call.globals.json() || call.value("--format") != null) {
            print(call, format, beat);
        } else if (!call.globals.quiet()) {
            call.line(beat.state());
        }
        return beat.state().equals("ready") ? 0 : 1;
    }

    private static void print(Invocation call, String format, Response.Heartbeat beat) {
        if (call.globals.json()) {
            call.line(json(beat));
        } else if (format.equals("prometheus")) {
            Prometheus.print(call.out, beat);
        } else {
            text(call, beat);
        }
    }

    private static void text(Invocation call, Response.Heartbeat beat) {
        Fields fields = new Fields(call);
        fields.add("state", beat.state());
        fields.add("version", beat.version() + " (" + beat.build() + ")");
        String peerId = beat.peerId();
        if (peerId != null) {
            fields.add("peer id", peerId);
        }
        fields.add("daemon", "pid " + beat.pid() + ", up " + Amounts.lasted(beat.uptimeMillis()));
        Response.Knowledge knowledge = beat.knowledge();
        fields.add(
                "knowledge",
                Amounts.counted(knowledge.facts(), "fact")
                        + ", "
                        + Amounts.counted(knowledge.relations(), "relation")
                        + ", "
                        + Amounts.counted(knowledge.rules(), "rule")
                        + ", transaction "
                        + knowledge.tx());
        Response.Store store = beat.store();
        fields.add(
                "store",
                store.path()
                        + ", "
                        + Amounts.bytes(store.bytes())
                        + (store.encrypted() ? ", encrypted" : ""));
        Response.Mesh mesh = beat.mesh();
        fields.add(
                "mesh",
                mesh.enabled()
                        ? Amounts.counted(mesh.connections(), "connection")
                                + ", "
                                + mesh.refused()
                                + " refused"
                        : "off");
        String fingerprint = mesh.fingerprint();
        if (fingerprint != null) {
            fields.add("network", fingerprint);
        }
        for (String place : mesh.listening()) {
            fields.add("listening", place);
        }
        for (String asking : mesh.waiting()) {
            fields.add("waiting", asking + ", let it in: sovereign peer allow " + asking);
        }
        fields.add("license", beat.license().verdict() + " (" + beat.license().network() + ")");
        fields.add(
                "skills",
                beat.skills().installed() + " installed, " + beat.skills().running() + " running");
        for (Response.ActorState actor : beat.actors()) {
            String failure = actor.lastFailure();
            String restarts =
                    actor.restarts() == 0
                            ? ""
                            : ", " + Amounts.counted(actor.restarts(), "restart");
            fields.add(
                    "part " + actor.name(),
                    actor.state() + restarts + (failure == null ? "" : ": " + failure));
        }
        fields.add(
                "memory",
                Amounts.bytes(beat.memory().residentBytes())
                        + " resident, "
                        + Amounts.bytes(beat.memory().heapUsedBytes())
                        + " of heap in use");
        Response.Machine machine = beat.machine();
        fields.add(
                "machine",
                machine.os()
                        + ", "
                        + Amounts.counted(machine.cpus(), "processor")
                        + ", "
                        + Amounts.bytes(machine.memoryBytes()));
        fields.print();
    }

    private static String json(Response.Heartbeat beat) {
        JsonLine line = new JsonLine().open('{');
        line.field("version", beat.version()).field("build", beat.build());
        line.field("pid", beat.pid()).field("uptimeMillis", beat.uptimeMillis());
        line.field("state", beat.state()).field("peerId", beat.peerId());
        Response.Mesh mesh = beat.mesh();
        line.name("mesh").open('{').field("enabled", mesh.enabled());
        line.strings("listening", mesh.listening()).field("connections", mesh.connections());
        line.field("refused", mesh.refused()).field("fingerprint", mesh.fingerprint());
        line.strings("waiting", mesh.waiting()).close('}');
        line.name("license").open('{').field("verdict", beat.license().verdict());
        line.field("network", beat.license().network()).close('}');
        Response.Knowledge knowledge = beat.knowledge();
        line.name("knowledge").open('{').field("facts", knowledge.facts());
        line.field("relations", knowledge.relations()).field("rules", knowledge.rules());
        line.field("tx", knowledge.tx()).close('}');
        Response.Store store = beat.store();
        line.name("store").open('{').field("path", store.path()).field("bytes", store.bytes());
        line.field("encrypted", store.encrypted()).close('}');
        line.name("skills").open('{').field("installed", beat.skills().installed());
        line.field("running", beat.skills().running()).close('}');
        line.name("actors").open('[');
        for (Response.ActorState actor : beat.actors()) {
            line.open('{').field("name", actor.name()).field("state", actor.state());
            line.field("restarts", actor.restarts()).field("lastFailure", actor.lastFailure());
            line.close('}');
        }
        line.close(']');
        line.name("memory").open('{').field("residentBytes", beat.memory().residentBytes());
        line.field("heapUsedBytes", beat.memory().heapUsedBytes()).close('}');
        Response.Machine machine = beat.machine();
        line.name("machine").open('{').field("os", machine.os()).field("cpus", machine.cpus());
        line.field("memoryBytes", machine.memoryBytes()).close('}');
        return line.close('}').toString();
    }
}
