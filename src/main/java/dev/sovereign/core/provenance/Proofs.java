package dev.sovereign.core.provenance;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.eval.Control;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Proofs of tuples over one evaluation of a program. For one thread.
public final class Proofs {

    /// Nodes of one proof: what a client can still hold and a person may page through.
    public static final int MAX_NODES = 200_000;

    /// Derivations shown by [#all].
    public static final int MAX_DERIVATIONS = 1_000;

    private static final String SYSTEM = "sys_";

    private final Model model;
    private final Prover prover;
    private final Rendering rendering;

    private Proofs(Model model) {
        this.model = model;
        this.prover = new Prover(model);
        this.rendering = new Rendering(model);
    }

    /// Evaluates what the relations depend on, completely.
    ///
    /// @param externals given tuples by name of the relation
    /// @param control closed by the caller, after the last call here
    public static Proofs of(
            CheckedProgram program,
            Set<Integer> relations,
            Map<String, Extent> externals,
            SymbolTable symbols,
            Control control) {
        return new Proofs(Model.evaluate(program, relations, externals, symbols, control));
    }

    /// All tuples of one of the relations.
    public Extent extent(int relation) {
        return model.extent(relation);
    }

    /// What ids of records and branches stand for.
    public RecordTable records() {
        return model.records();
    }

    /// The only premise of a tuple that one rule derives from one atom, as a query does.
    public long[] premise(int relation, long[] tuple) {
        Derivation derivation = solved(relation, tuple).proof;
        if (derivation == null) {
            throw new IllegalArgumentException("a fact has no premise");
        }
        return derivation.premises()[0].tuple.clone();
    }

    /// The tuple as a person reads it.
    public String text(int relation, long[] tuple) {
        return rendering.tuple(relation, tuple);
    }

    /// The proof of least height, its nodes before what they prove, so that the last one is the
    /// tuple itself; equal sub-proofs stand once.
    ///
    /// @param tuple one that holds
    /// @param depth steps from the tuple that are shown
    /// @throws SovereignException `core.no-proof` when premises were removed by a subsumption,
    ///   `core.proof-size`
    public List<ProofNode> least(int relation, long[] tuple, int depth) {
        return new Writer(depth).write(solved(relation, tuple), null);
    }

    /// One proof for each way in which a rule derives the tuple, each with least proofs of its
    /// premises, lowest first; at most [#MAX_DERIVATIONS]. A fact comes first.
    public List<List<ProofNode>> all(int relation, long[] tuple, int depth) {
        Goal goal = solved(relation, tuple);
        List<List<ProofNode>> all = new ArrayList<>();
        if (goal.proof == null) {
            all.add(new Writer(depth).write(goal, null));
        }
        for (Derivation derivation : prover.all(goal)) {
            if (all.size() == MAX_DERIVATIONS) {
                break;
            }
            all.add(new Writer(depth).write(goal, derivation));
        }
        return all;
    }

    private Goal solved(int relation, long[] tuple) {
        Goal goal = prover.prove(relation, tuple);
        if (goal == null) {
            throw new SovereignException(
                    ProvenanceError.NO_PROOF,
                    rendering.tuple(relation, tuple)
                            + " holds, but what it was derived from is not there any more",
                    "a subsumption or a counter lies between it and the facts; ask why one of its"
                            + " premises holds");
        }
        return goal;
    }

    /// Writes one proof.
    private final class Writer {
        private final int depth;
        private final List<ProofNode> nodes = new ArrayList<>();
        private final IdentityHashMap<Goal, Integer> written = new IdentityHashMap<>();

        Writer(int depth) {
            this.depth = depth;
        }

        private record Open(
                Goal goal, @Nullable Derivation derivation, int level, List<Goal> left) {}

        /// @param derivation of the root; null is its own
        List<ProofNode> write(Goal root, @Nullable Derivation derivation) {
            Deque<Open> open = new ArrayDeque<>();
            open.push(open(root, derivation == null ? root.proof : derivation, 0));
            while (!open.isEmpty()) {
                model.control().step();
                Open top = open.getFirst();
                if (top.left().isEmpty()) {
                    open.pop();
                    written.put(top.goal(), tuple(top));
                    continue;
                }
                Goal next = top.left().removeFirst();
                if (!written.containsKey(next)) {
                    open.push(open(next, next.proof, top.level() + 1));
                }
            }
            return nodes;
        }

        private Open open(Goal goal, @Nullable Derivation derivation, int level) {
            List<Goal> premises = new ArrayList<>();
            if (derivation != null && level < depth) {
                premises.addAll(List.of(derivation.premises()));
            }
            return new Open(goal, derivation, level, premises);
        }

        private int tuple(Open open) {
            Goal goal = open.goal();
            Derivation derivation = open.derivation();
            CheckedProgram.Relation relation = model.relation(goal.relation);
            String name = relation.name();
            boolean cut = derivation != null && open.level() >= depth;
            List<Integer> premises =
                    derivation == null || cut ? List.of() : premises(goal, derivation);
            Extent given = derivation == null ? model.external(goal.relation) : null;
            return add(
                    new ProofNode(
                            nodes.size(),
                            derivation != null
                                    ? ProofNode.Kind.RULE
                                    : name.startsWith(SYSTEM)
                                            ? ProofNode.Kind.SYSTEM
                                            : ProofNode.Kind.FACT,
                            relation.query() ? null : name,
                            rendering.values(goal.relation, goal.tuple),
                            relation.query()
                                    ? rendering.query(derivation)
                                    : rendering.tuple(goal.relation, goal.tuple),
                            place(derivation, relation),
                            derivation == null ? 0 : derivation.lowerBound(),
                            given == null ? -1 : given.find(goal.tuple),
                            premises,
                            cut,
                            List.of()));
        }

        /// What each literal of the rule's body says in this instance.
        private List<Integer> premises(Goal goal, Derivation derivation) {
            return switch (derivation) {
                case Derivation.Instance instance -> premises(instance);
                case Derivation.Chain chain -> chain(goal, chain);
            };
        }

        private @Nullable String place(
                @Nullable Derivation derivation, CheckedProgram.Relation relation) {
            return switch (derivation) {
                case null -> null;
                case Derivation.Instance instance -> instance.rule().rule().span().label();
                case Derivation.Chain _ -> {
                    Span declared = relation.declared();
                    yield declared == null ? null : declared.label();
                }
            };
        }

        /// The pairs of a chain, then how they lead from one value to the other.
        private List<Integer> chain(Goal goal, Derivation.Chain chain) {
            List<Integer> premises = new ArrayList<>();
            for (Goal pair : chain.premises()) {
                premises.add(id(pair));
            }
            CheckedProgram.Relation relation = model.relation(goal.relation);
            premises.add(
                    add(
                            new ProofNode(
                                    nodes.size(),
                                    ProofNode.Kind.CONSTRAINT,
                                    null,
                                    List.of(),
                                    "equivalence: "
                                            + rendering.chain(
                                                    goal.relation, goal.tuple, chain.premises()),
                                    place(chain, relation),
                                    0,
                                    -1,
                                    List.of(),
                                    false,
                                    List.of())));
            return premises;
        }

        private int id(Goal premise) {
            Integer id = written.get(premise);
            if (id == null) {
                throw new IllegalStateException("a premise is written before its conclusion");
            }
            return id;
        }

        private List<Integer> premises(Derivation.Instance derivation) {
            List<Integer> premises = new ArrayList<>();
            int positive = 0;
            for (Literal literal : derivation.rule().body()) {
                ProofNode.Kind kind =
                        switch (literal) {
                            case Literal.Positive _ -> ProofNode.Kind.RULE;
                            case Literal.Negative _ -> ProofNode.Kind.NEGATION;
                            case Literal.Aggregate _ -> ProofNode.Kind.AGGREGATE;
                            case Literal.Compare _,
                                    Literal.Match _,
                                    Literal.Contains _,
                                    Literal.Truth _,
                                    Literal.Range _ ->
                                    ProofNode.Kind.CONSTRAINT;
                        };
                if (kind == ProofNode.Kind.RULE) {
                    premises.add(id(derivation.premises()[positive++]));
                    continue;
                }
                String text = check(literal, derivation);
                if (text != null) {
                    premises.add(
                            add(
                                    new ProofNode(
                                            nodes.size(),
                                            kind,
                                            null,
                                            List.of(),
                                            text,
                                            literal.span().label(),
                                            0,
                                            -1,
                                            List.of(),
                                            false,
                                            about(literal))));
                }
            }
            return premises;
        }

        private List<String> about(Literal literal) {
            Set<String> relations = new TreeSet<>();
            about(literal, relations);
            return List.copyOf(relations);
        }

        private void about(Literal literal, Set<String> relations) {
            switch (literal) {
                case Literal.Positive positive ->
                        relations.add(model.relation(positive.relation()).name());
                case Literal.Negative negative ->
                        relations.add(model.relation(negative.relation()).name());
                case Literal.Aggregate aggregate ->
                        aggregate.body().forEach(part -> about(part, relations));
                case Literal.Compare _,
                        Literal.Match _,
                        Literal.Contains _,
                        Literal.Truth _,
                        Literal.Range _ -> {}
            }
        }

        /// Null for an equation that only gave a variable its value.
        private @Nullable String check(Literal literal, Derivation.Instance derivation) {
            Backward rule = derivation.rule();
            List<CheckedProgram.Variable> names = rule.rule().variables();
            Rendering.Bindings values =
                    id -> rule.hasValue(id) ? rule.valueOf(id, derivation.values()) : null;
            String text = rendering.literal(literal, names, values);
            if (literal instanceof Literal.Compare compare
                    && compare.comparison() == Comparison.EQUAL) {
                int middle = text.indexOf(" = ");
                if (text.substring(0, middle).equals(text.substring(middle + 3))) {
                    return null;
                }
            }
            return text;
        }

        private int add(ProofNode node) {
            if (nodes.size() == MAX_NODES) {
                throw new SovereignException(
                        ProvenanceError.TOO_LARGE,
                        "the proof has more than " + MAX_NODES + " steps",
                        "show less of it with --depth");
            }
            nodes.add(node);
            return node.id();
        }
    }
}
