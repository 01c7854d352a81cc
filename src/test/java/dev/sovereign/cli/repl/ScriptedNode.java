package dev.sovereign.cli.repl;

import dev.sovereign.cli.Caller;
import dev.sovereign.cli.Callers;
import dev.sovereign.cli.Lexis;
import dev.sovereign.cli.Listener;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.ErrorKind;
import dev.sovereign.error.SovereignException;
import dev.sovereign.error.Where;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A node of a few lines: remembers what it was asked, knows two relations, and refuses what the
/// test tells it to.
final class ScriptedNode implements Callers {

    final List<Request<?>> asked = new ArrayList<>();
    final List<String> relations = new ArrayList<>(List.of("edge"));
    @Nullable SovereignException refusal;
    int connections;
    int losses;
    private long tx;

    static SovereignException fault(String file, int line, int column, String text) {
        return new SovereignException(
                List.of(
                        new Diagnostic(
                                Diagnostic.Severity.ERROR,
                                "core.syntax",
                                ErrorKind.USER,
                                "expected \")\"",
                                null,
                                new Where(file, line, column, column + 1, text),
                                List.of())));
    }

    @Override
    public Caller daemon(Reach reach, Words words) {
        connections++;
        return new Caller() {
            @Override
            @SuppressWarnings("unchecked") // each request is answered with its own type
            public <R extends Response.Closing> R call(Request<R> request, Listener listener)
                    throws InterruptedException {
                return (R) answer(request, listener);
            }

            @Override
            public void close() {}
        };
    }

    private Response.Closing answer(Request<?> request, Listener listener)
            throws InterruptedException {
        asked.add(request);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (losses > 0) {
            losses--;
            throw new SovereignException(
                    List.of(
                            new Diagnostic(
                                    Diagnostic.Severity.ERROR,
                                    "daemon.lost",
                                    ErrorKind.REFUSED,
                                    "the daemon ended",
                                    null,
                                    null,
                                    List.of())));
        }
        SovereignException refused = refusal;
        if (refused != null) {
            refusal = null;
            throw refused;
        }
        return switch (request) {
            case Request.Assert _ -> new Response.Committed(++tx, 1, 0, 0);
            case Request.RulesAdd _ -> new Response.Committed(++tx, 0, 0, 0);
            case Request.Query query -> query(query, listener);
            case Request.CheckText check -> new Response.Checked(unknown(check), 0, 0);
            case Request.RelationsOf _ ->
                    new Response.Relations(relations.stream().map(ScriptedNode::relation).toList());
            case Request.SkillList _ -> new Response.SkillSheets(List.of(), List.of());
            case Request.PeerList _ -> new Response.Peers(List.of(peer("server", "connected")));
            case Request.RulesList _ ->
                    new Response.Modules(
                            List.of(new Response.Module("debian", 3, 1, 0, List.of("breaks"))));
            default -> throw new IllegalStateException("not scripted: " + request);
        };
    }

    private static Response.Relation relation(String name) {
        return new Response.Relation(
                name,
                List.of(new Response.Column("from", "number"), new Response.Column("to", "number")),
                "facts",
                2,
                List.of());
    }

    private static Response.Peer peer(String name, String state) {
        return new Response.Peer(
                name, "12D3", state, List.of(), null, null, null, null, null, null, null, null,
                null);
    }

    private static Response.Answers query(Request.Query query, Listener listener) {
        listener.columns(new Response.Columns(query.text(), List.of("x"), List.of("number")));
        if (query.text().startsWith("person(")) {
            listener.rows(new Response.Rows(List.of(List.of("Ada L."), List.of("Bob"))));
        } else {
            listener.rows(new Response.Rows(List.of(List.of(2L), List.of(3L))));
        }
        return new Response.Answers(2, false, null, null, 1);
    }

    /// A rule whose body names a relation that nobody has is the only fault this node finds.
    private List<Diagnostic> unknown(Request.CheckText check) {
        StringBuilder all = new StringBuilder();
        check.programs().forEach(program -> all.append(program.text()));
        List<Diagnostic> faults = new ArrayList<>();
        for (String name : List.of("odd", "even", "hole")) {
            boolean used = all.toString().contains(":- " + name + "(");
            boolean derived = all.toString().contains(name + "(x) :-");
            if (used && !derived && !relations.contains(name)) {
                faults.add(
                        new Diagnostic(
                                Diagnostic.Severity.ERROR,
                                "core.unknown-relation",
                                ErrorKind.USER,
                                "relation \"" + name + "\" is not known",
                                null,
                                new Where("input", 1, 1, 2, "x"),
                                List.of()));
            }
        }
        return faults;
    }

    @Override
    public Caller local(Reach reach) {
        return daemon(reach, line -> {});
    }

    @Override
    public Lexis lexis() {
        return text -> List.of();
    }

    @Override
    public Home home(Reach reach) {
        return Home.of(Path.of("target", "no-such-home").toString(), Map.of());
    }

    @Override
    public Installation installation(Reach reach) {
        return new Installation(
                java.nio.file.Path.of("/opt/sovereign/bin/sovereign"),
                java.nio.file.Path.of("/opt/sovereign/lib/0123456789abcdef.env"),
                null);
    }

    @Override
    public String daemonOptions(Reach reach) {
        return "-Xmx512m";
    }

    @Override
    public int runDaemon(Reach reach, @Nullable Long idle, Words words) {
        throw new IllegalStateException("not scripted");
    }
}
