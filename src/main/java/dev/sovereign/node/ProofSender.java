package dev.sovereign.node;

import dev.sovereign.core.Explanation;
import dev.sovereign.core.provenance.ProofNode;
import dev.sovereign.core.store.Transaction;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Sends proofs as they are found, in pieces that fit a frame.
final class ProofSender {

    /// Steps at once: some tens of bytes each, more where symbols are long.
    private static final int STEPS_AT_ONCE = 256;

    /// Characters at once, all texts together: far below what a frame holds.
    private static final int CHARS_AT_ONCE = 64 * 1024;

    private final Exchange exchange;

    ProofSender(Exchange exchange) {
        this.exchange = exchange;
    }

    void send(int proof, List<Explanation.Step> steps) throws InterruptedException {
        List<Response.ProofStep> piece = new ArrayList<>();
        int chars = 0;
        for (Explanation.Step step : steps) {
            Response.ProofStep shown = shown(step);
            piece.add(shown);
            chars += shown.text().length();
            if (piece.size() == STEPS_AT_ONCE || chars > CHARS_AT_ONCE) {
                exchange.send(new Response.ProofSteps(proof, piece));
                piece = new ArrayList<>();
                chars = 0;
            }
        }
        if (!piece.isEmpty()) {
            exchange.send(new Response.ProofSteps(proof, piece));
        }
    }

    private static Response.ProofStep shown(Explanation.Step step) {
        ProofNode node = step.node();
        Transaction transaction = step.transaction();
        return new Response.ProofStep(
                node.id(),
                node.kind().name().toLowerCase(Locale.ROOT),
                node.relation(),
                node.tuple().stream().map(ProofSender::value).toList(),
                node.text(),
                node.place(),
                node.height(),
                transaction == null ? null : transaction.id(),
                transaction == null ? null : transaction.timeMillis(),
                transaction == null ? null : transaction.author(),
                node.premises().stream().map(Integer::longValue).toList(),
                node.cut(),
                node.about());
    }

    /// Branches of algebraic types as the protocol has them.
    private static @Nullable Object value(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> branch -> {
                Map.Entry<?, ?> only = branch.entrySet().iterator().next();
                yield new Response.Adt(
                        only.getKey().toString().substring(1),
                        ((List<?>) only.getValue()).stream().map(ProofSender::value).toList());
            }
            case List<?> record -> record.stream().map(ProofSender::value).toList();
            default -> value;
        };
    }
}
