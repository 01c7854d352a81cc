package dev.sovereign.node.peers;

import dev.sovereign.core.ast.Formula;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.ast.Term;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.ParseResult;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.PeerId;
import dev.sovereign.node.Exchange;
import dev.sovereign.node.Log;
import dev.sovereign.node.RequestHandler;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What a peer may ask: decided by the relation `may(peer, request, relation)` as the module
/// `policy` derives it. No such module, no such rule, a rule that breaks: nothing.
///
/// Facts of a relation `may` that somebody asserts count for nothing unless a rule of that module
/// asks for them, so whoever may assert cannot grant.
final class Policy {

    /// For one decision; a policy that takes longer refuses.
    private static final long DECISION_MILLIS = 5_000;

    private static final Request.Limits LIMITS =
            new Request.Limits(DECISION_MILLIS, 1_000_000L, 64L << 20, null);

    private final RequestHandler knowledge;
    private final Log log;

    /// @param knowledge answers queries with the rights of the node itself
    Policy(RequestHandler knowledge, Log log) {
        this.knowledge = knowledge;
        this.log = log;
    }

    /// What a request needs: a pair of its word and each of these relations.
    ///
    /// @param word as on the command line
    /// @param relations that it names, with their module; `""` stands for none
    record Needs(String word, Set<String> relations) {
        Needs {
            relations = Set.copyOf(relations);
        }
    }

    /// What a request of a peer needs.
    ///
    /// @throws SovereignException [PeerError#NOT_FOR_PEERS] when no rule could allow it; an error
    ///   in the text of a query
    static Needs needs(Request<?> request) {
        return switch (request) {
            case Request.Status _ -> new Needs("status", Set.of(""));
            case Request.RelationsOf of ->
                    new Needs("relations", Set.of(of.name() == null ? "" : of.name()));
            case Request.Query query -> {
                if (query.explainPlan()) {
                    throw notForPeers(
                            "a plan shows what lies behind a relation, which peers are not told");
                }
                yield new Needs("query", relations(query.text(), query.programs()));
            }
            case Request.Why why -> new Needs("why", relations(why.text(), why.programs()));
            default ->
                    throw notForPeers(
                            "a peer cannot ask for "
                                    + request.getClass().getSimpleName()
                                    + ", whatever the policy says");
        };
    }

    private static SovereignException notForPeers(String message) {
        return new SovereignException(
                PeerError.NOT_FOR_PEERS, message, "peers may ask query, why, relations and status");
    }

    private static Set<String> relations(String text, List<Request.Program> programs) {
        if (!programs.isEmpty()) {
            throw notForPeers("files are not taken from a peer");
        }
        ParseResult parsed =
                Parser.parse(
                        "query",
                        text,
                        Mode.QUERY,
                        (_, _) -> {
                            throw new IOException("files are not taken from a peer");
                        });
        if (parsed.hasErrors()) {
            throw new SovereignException(parsed.diagnostics());
        }
        Set<String> named = new TreeSet<>();
        Program program = parsed.program();
        for (Item item : program.items()) {
            if (!(item instanceof Item.Query question)) {
                throw notForPeers("rules, facts and declarations are not taken from a peer");
            }
            collect(question.body(), named);
        }
        return named.isEmpty() ? Set.of("") : named;
    }

    private static void collect(Formula formula, Set<String> named) {
        switch (formula) {
            case Formula.And and -> and.parts().forEach(part -> collect(part, named));
            case Formula.Or or -> or.parts().forEach(part -> collect(part, named));
            case Formula.Not not -> collect(not.part(), named);
            case Formula.Holds holds -> {
                named.add(holds.atom().relation().shown());
                holds.atom().arguments().forEach(term -> collect(term, named));
            }
            case Formula.Compare compare -> {
                collect(compare.left(), named);
                collect(compare.right(), named);
            }
            case Formula.Match _ -> throw notForPeers("functors are not taken from a peer: match");
            case Formula.Contains _ ->
                    throw notForPeers("functors are not taken from a peer: contains");
            case Formula.Truth _ -> {}
        }
    }

    private static void collect(Term term, Set<String> named) {
        switch (term) {
            case Term.Variable _, Term.Wildcard _, Term.Constant _, Term.Nil _ -> {}
            case Term.RecordInit init -> init.arguments().forEach(part -> collect(part, named));
            case Term.BranchInit init -> init.arguments().forEach(part -> collect(part, named));
            case Term.Aggregate aggregate -> {
                if (aggregate.target() != null) {
                    collect(aggregate.target(), named);
                }
                collect(aggregate.body(), named);
            }
            case Term.Call call -> {
                // the sign of a number is a functor only in the grammar
                if (!call.functor().equals("-") || call.arguments().size() != 1) {
                    throw notForPeers("functors are not taken from a peer: " + call.functor());
                }
                call.arguments().forEach(part -> collect(part, named));
            }
            case Term.UserCall _,
                    Term.Cast _,
                    Term.Counter _,
                    Term.IterationCount _,
                    Term.UserAggregate _ ->
                    throw notForPeers("functors are not taken from a peer");
        }
    }

    /// Whether a proof may show tuples of a relation. A relation of a module is allowed under its
    /// own name, and under the bare one where that means this relation and no other.
    ///
    /// @param relation as proofs name it, `@module.` included
    boolean allowsProof(PeerId peer, String relation) throws InterruptedException {
        if (allows(peer, new Needs("why", Set.of(relation)))) {
            return true;
        }
        int dot = relation.indexOf('.');
        if (!relation.startsWith("@") || dot < 0) {
            return false;
        }
        String bare = relation.substring(dot + 1);
        return meansModule(bare, relation.substring(1, dot))
                && allows(peer, new Needs("why", Set.of(bare)));
    }

    private boolean meansModule(String bare, String module) throws InterruptedException {
        try {
            return knowledge.handle(new Request.RelationsOf(bare), new Nobody())
                            instanceof Response.Relations known
                    && known.relations().size() == 1
                    && known.relations().getFirst().modules().equals(List.of(module));
        } catch (SovereignException unknown) {
            return false;
        } catch (IOException broke) {
            log.error("relations cannot be asked for", broke);
            return false;
        }
    }

    /// Whether the rules allow all of it, at this moment.
    boolean allows(PeerId peer, Needs needs) throws InterruptedException {
        List<String> parts = new ArrayList<>();
        for (String relation : needs.relations()) {
            if (relation.indexOf('"') >= 0 || relation.indexOf('\\') >= 0) {
                return false; // no relation has such a name
            }
            parts.add(
                    "@policy.may(\""
                            + peer
                            + "\", \""
                            + needs.word()
                            + "\", \""
                            + relation
                            + "\")");
        }
        Request.Query question =
                new Request.Query(
                        String.join(", ", parts) + "?", List.of(), null, 1L, false, LIMITS);
        try {
            return knowledge.handle(question, new Nobody()) instanceof Response.Answers answers
                    && Boolean.TRUE.equals(answers.answer());
        } catch (SovereignException noSuchRule) {
            log.debug("no policy lets " + peer + " ask: " + noSuchRule.getMessage());
            return false;
        } catch (IOException broke) {
            log.error("the policy cannot be asked", broke);
            return false;
        }
    }

    /// Wants only the closing answer.
    private static final class Nobody implements Exchange {
        @Override
        public void send(Response response) {}

        @Override
        public InputStream want(String name, @Nullable String fromProgram) throws IOException {
            throw new IOException("a policy reads no files");
        }

        @Override
        public boolean cancelled() {
            return false;
        }

        @Override
        public void onCancel(Runnable hook) {}
    }
}
