package dev.sovereign.node;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.Hint;
import dev.sovereign.finance.Judgement;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.Reason;
import dev.sovereign.finance.Verdict;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Verdicts as they travel.
final class LicenseAnswers {
    private LicenseAnswers() {}

    /// The word for a home that holds no license at all.
    static final String NONE = "none";

    static Response.LicenseJudged judged(Judgement judgement) {
        return new Response.LicenseJudged(
                judgement.isMatch(),
                judgement.reasons().stream().map(Reason::name).toList(),
                judgement.hints().stream().map(Hint::text).toList(),
                judgement.paidSats(),
                shown(judgement.txid()));
    }

    static Response.LicenseVerdict none(Network network) {
        return new Draft().answer(NONE, network, List.of());
    }

    static Response.LicenseVerdict verdict(
            Verdict verdict, Network network, List<Response.LicenseStep> steps) {
        Draft draft = new Draft();
        switch (verdict) {
            case Verdict.Valid valid -> {
                draft.txid = valid.txid();
                draft.height = (long) valid.height();
                draft.block = valid.block();
                draft.confirmations = (long) valid.confirmations();
                draft.paidSats = valid.paidSats();
            }
            case Verdict.Pending pending -> {
                draft.txid = pending.txid();
                draft.block = pending.block();
                draft.confirmations = (long) pending.have();
                draft.needed = (long) pending.need();
                draft.dropped = pending.dropped();
            }
            case Verdict.NoMatch no -> {
                draft.txid = no.txid();
                draft.reasons = no.reasons().stream().sorted().map(Reason::name).toList();
                draft.hints = no.hints().stream().map(Hint::text).toList();
            }
            case Verdict.NotFound none -> draft.asked = none.asked();
            case Verdict.Unverifiable unclear -> {
                draft.cause = unclear.cause().name();
                draft.detail = unclear.detail();
            }
        }
        return draft.answer(verdict.word(), network, steps);
    }

    /// What a verdict says, with nothing where it says nothing.
    private static final class Draft {
        private @Nullable Hash txid;
        private @Nullable Long height;
        private @Nullable Hash block;
        private @Nullable Long confirmations;
        private @Nullable Long needed;
        private @Nullable Long paidSats;
        private @Nullable Hash dropped;
        private List<String> reasons = List.of();
        private List<String> hints = List.of();
        private List<String> asked = List.of();
        private @Nullable String cause;
        private @Nullable String detail;

        Response.LicenseVerdict answer(
                String word, Network network, List<Response.LicenseStep> steps) {
            return new Response.LicenseVerdict(
                    word,
                    network.word(),
                    network.isTest(),
                    shown(txid),
                    height,
                    shown(block),
                    confirmations,
                    needed,
                    paidSats,
                    shown(dropped),
                    reasons,
                    hints,
                    asked,
                    cause,
                    detail,
                    steps);
        }
    }

    private static @Nullable String shown(@Nullable Hash hash) {
        return hash == null ? null : hash.toString();
    }
}
