package dev.sovereign.core;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.Rule;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.eval.Answer;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.provenance.Failures;
import dev.sovereign.core.provenance.ProofNode;
import dev.sovereign.core.provenance.Proofs;
import dev.sovereign.core.provenance.ProvenanceError;
import dev.sovereign.core.store.Transaction;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One `why` or `whynot`, from its text to its proofs. For one thread, once.
final class WhyRun {

    private final KnowledgeBase knowledge;
    private final Question question;
    private final QuestionRun asked;
    private final Control control;
    private final Map<Long, Transaction> transactions = new HashMap<>();

    WhyRun(KnowledgeBase knowledge, Question question, FileSource files, Control control) {
        this.knowledge = knowledge;
        this.question = question;
        this.asked = new QuestionRun(knowledge, question, files, control);
        this.control = control;
    }

    /// Proves each row of the answer, in the rows' documented order; nothing when there is none.
    ///
    /// @param depth steps from the conclusion that are shown
    /// @param all every derivation of the conclusion instead of the lowest
    Explanation.Proved why(int depth, boolean all, Explanation.Sink sink)
            throws IOException, InterruptedException {
        CheckedProgram program = asked.program();
        CheckedProgram.Query query = only(program);
        Map<String, Extent> externals = asked.externals(program);
        Literal.Positive atom = atom(program, query);
        Proofs proofs =
                Proofs.of(program, Set.of(query.relation()), externals, asked.symbols(), control);
        Extent extent = proofs.extent(query.relation());
        int[] rows =
                new Answer(
                                program.relations().get(query.relation()).columns(),
                                extent,
                                asked.symbols(),
                                proofs.records())
                        .sort(program, control);
        int proved = 0;
        int count = (int) Math.min(rows.length, question.rowLimit());
        for (int i = 0; i < count; i++) {
            long[] tuple = new long[extent.arity()];
            for (int column = 0; column < tuple.length; column++) {
                tuple[column] = extent.value(column, rows[i]);
            }
            for (List<ProofNode> proof : proofs(proofs, query, atom, tuple, depth, all)) {
                sink.proof(proved++, steps(proof, externals));
            }
        }
        return new Explanation.Proved(proved, count < rows.length, asked.snapshot().tx());
    }

    /// A question that is one atom is proved as that atom; any other as a rule without a head.
    private static List<List<ProofNode>> proofs(
            Proofs proofs,
            CheckedProgram.Query query,
            Literal.@Nullable Positive atom,
            long[] tuple,
            int depth,
            boolean all) {
        if (atom == null) {
            return all
                    ? proofs.all(query.relation(), tuple, depth)
                    : List.of(proofs.least(query.relation(), tuple, depth));
        }
        long[] premise = proofs.premise(query.relation(), tuple);
        return all
                ? proofs.all(atom.relation(), premise, depth)
                : List.of(proofs.least(atom.relation(), premise, depth));
    }

    Explanation.WhyNot whyNot() throws IOException, InterruptedException {
        CheckedProgram program = asked.program();
        CheckedProgram.Query query = only(program);
        Literal.Positive atom = atom(program, query);
        long[] tuple = atom == null ? null : ground(atom);
        if (atom == null || tuple == null) {
            throw new SovereignException(
                    ProvenanceError.NOT_AN_ATOM,
                    "whynot takes one atom without variables, not " + QuestionRun.text(query),
                    "such as: sovereign whynot 'path(1, 3)'");
        }
        Failures failures =
                Failures.of(
                        program,
                        atom.relation(),
                        asked.externals(program),
                        asked.symbols(),
                        control);
        String text = failures.text(atom.relation(), tuple);
        if (failures.holds(atom.relation(), tuple)) {
            throw new SovereignException(
                    ProvenanceError.TRUE,
                    text + " holds",
                    "see its proof: sovereign why '" + QuestionRun.text(query) + "'");
        }
        return new Explanation.WhyNot(
                text,
                failures.rules(atom.relation(), tuple),
                failures.nearest(atom.relation(), tuple),
                asked.snapshot().tx());
    }

    private static CheckedProgram.Query only(CheckedProgram program) {
        if (program.queries().size() != 1) {
            throw new SovereignException(
                    program.queries().isEmpty()
                            ? KnowledgeError.NO_QUERY
                            : ProvenanceError.NOT_AN_ATOM,
                    program.queries().isEmpty()
                            ? "there is no question in this text"
                            : "this takes one question at a time, not " + program.queries().size(),
                    "such as path(1, 3)");
        }
        return program.queries().getFirst();
    }

    /// The atom that a query consists of; null when it is more than one.
    private static Literal.@Nullable Positive atom(
            CheckedProgram program, CheckedProgram.Query query) {
        List<Rule> rules =
                program.strata().stream()
                        .flatMap(stratum -> stratum.rules().stream())
                        .filter(rule -> rule.relation() == query.relation())
                        .toList();
        return rules.size() == 1
                        && rules.getFirst().body().size() == 1
                        && rules.getFirst().body().getFirst() instanceof Literal.Positive atom
                ? atom
                : null;
    }

    /// Null when an argument is no constant.
    private long @Nullable [] ground(Literal.Positive atom) {
        long[] tuple = new long[atom.arguments().size()];
        for (int i = 0; i < tuple.length; i++) {
            if (!(atom.arguments().get(i) instanceof Term.Constant constant)) {
                return null;
            }
            String symbol = constant.symbol();
            tuple[i] = symbol == null ? constant.bits() : asked.symbols().intern(symbol);
        }
        return tuple;
    }

    // ---- where facts come from ----

    private List<Explanation.Step> steps(List<ProofNode> proof, Map<String, Extent> externals) {
        List<Explanation.Step> steps = new ArrayList<>(proof.size());
        for (ProofNode node : proof) {
            steps.add(new Explanation.Step(node, transaction(node, externals)));
        }
        return steps;
    }

    private @Nullable Transaction transaction(ProofNode node, Map<String, Extent> externals) {
        String name = node.relation();
        if (node.kind() != ProofNode.Kind.FACT || name == null || node.row() < 0) {
            return null;
        }
        StoredRelation stored = asked.snapshot().relations().get(name);
        Extent given = externals.get(name);
        if (stored == null || given == null || !stored.isOf(given)) {
            return null; // read from a file, or both together
        }
        return transactions.computeIfAbsent(stored.addedTx(node.row()), knowledge::transaction);
    }
}
