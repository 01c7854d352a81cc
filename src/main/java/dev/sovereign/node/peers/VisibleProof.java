package dev.sovereign.node.peers;

import dev.sovereign.node.Exchange;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Proofs as a peer may see them. A tuple is shown where its relation is allowed; what was checked
/// on the way (a negation, an aggregate, a comparison) only where nothing of that rule is hidden,
/// because a check names values. A step with something left out is `cut`.
///
/// A proof comes premises first, so it is kept until it is whole: at most
/// [dev.sovereign.core.provenance.Proofs#MAX_NODES] steps.
final class VisibleProof implements Exchange {

    /// Steps at once, as the node itself sends them.
    private static final int STEPS_AT_ONCE = 256;

    /// Whether the policy lets the peer see a relation.
    interface Decision {
        boolean allows(String relation) throws InterruptedException;
    }

    private final Exchange exchange;
    private final Decision decision;
    private final Map<String, Boolean> decided = new HashMap<>();
    private final List<Response.ProofStep> steps = new ArrayList<>();
    private long proof;

    VisibleProof(Exchange exchange, Decision decision) {
        this.exchange = exchange;
        this.decision = decision;
    }

    @Override
    public void send(Response response) throws InterruptedException {
        if (!(response instanceof Response.ProofSteps some)) {
            exchange.send(response);
            return;
        }
        if (some.proof() != proof) {
            end();
            proof = some.proof();
        }
        steps.addAll(some.steps());
    }

    /// The last proof is whole.
    void end() throws InterruptedException {
        if (steps.isEmpty()) {
            return;
        }
        List<Response.ProofStep> shown = visible();
        steps.clear();
        decided.clear(); // a rule that was taken away counts for the next one
        for (int i = 0; i < shown.size(); i += STEPS_AT_ONCE) {
            exchange.send(
                    new Response.ProofSteps(
                            proof, shown.subList(i, Math.min(shown.size(), i + STEPS_AT_ONCE))));
        }
    }

    /// What can be reached from the conclusion through what may be shown, numbered anew.
    private List<Response.ProofStep> visible() throws InterruptedException {
        int count = steps.size();
        List<List<Long>> premises = new ArrayList<>();
        for (Response.ProofStep step : steps) {
            premises.add(shownPremises(step));
        }
        // premises stand before what they prove, so one pass from the end finds all
        boolean[] reached = new boolean[count];
        reached[count - 1] = true;
        for (int i = count - 1; i >= 0; i--) {
            if (reached[i]) {
                premises.get(i).forEach(id -> reached[index(id)] = true);
            }
        }
        long[] number = new long[count];
        List<Response.ProofStep> shown = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (reached[i]) {
                number[i] = shown.size();
                Response.ProofStep step = steps.get(i);
                List<Long> left = premises.get(i).stream().map(id -> number[index(id)]).toList();
                shown.add(
                        new Response.ProofStep(
                                number[i],
                                step.kind(),
                                step.relation(),
                                step.tuple(),
                                step.text(),
                                step.rule(),
                                step.height(),
                                step.tx(),
                                step.timeMillis(),
                                step.author(),
                                left,
                                step.cut() || left.size() < step.premises().size(),
                                step.about()));
            }
        }
        return shown;
    }

    private List<Long> shownPremises(Response.ProofStep step) throws InterruptedException {
        List<Long> tuples = new ArrayList<>();
        boolean whole = true;
        for (long id : step.premises()) {
            Response.ProofStep premise = steps.get(index(id));
            String relation = premise.relation();
            if (relation != null && allows(relation)) {
                tuples.add(id);
            } else if (relation != null || !allowsAll(premise.about())) {
                whole = false;
            }
        }
        return whole ? step.premises() : tuples;
    }

    private boolean allowsAll(List<String> relations) throws InterruptedException {
        for (String relation : relations) {
            if (!allows(relation)) {
                return false;
            }
        }
        return true;
    }

    private boolean allows(String relation) throws InterruptedException {
        Boolean known = decided.get(relation);
        if (known == null) {
            known = decision.allows(relation);
            decided.put(relation, known);
        }
        return known;
    }

    /// A step's id is its place.
    private static int index(long id) {
        return (int) id;
    }

    @Override
    public InputStream want(String name, @Nullable String fromProgram)
            throws IOException, InterruptedException {
        return exchange.want(name, fromProgram);
    }

    @Override
    public boolean cancelled() {
        return exchange.cancelled();
    }

    @Override
    public void onCancel(Runnable hook) {
        exchange.onCancel(hook);
    }
}
