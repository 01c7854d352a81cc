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
        return answer(NONE, network, Parts.EMPTY, List.of());
    }

    static Response.LicenseVerdict verdict(
            Verdict verdict, Network network, List<Response.LicenseStep> steps) {
        Parts parts =
                switch (verdict) {
                    case Verdict.Valid valid ->
                            new Parts(
                                    shown(valid.txid()),
                                    (long) valid.height(),
                                    shown(valid.block()),
                                    (long) valid.confirmations(),
                                    null,
                                    valid.paidSats(),
                                    null,
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    null,
                                    null);
                    case Verdict.Pending pending ->
                            new Parts(
                                    shown(pending.txid()),
                                    null,
                                    shown(pending.block()),
                                    (long) pending.have(),
                                    (long) pending.need(),
                                    null,
                                    shown(pending.dropped()),
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    null,
                                    null);
                    case Verdict.NoMatch no ->
                            new Parts(
                                    shown(no.txid()),
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    no.reasons().stream().sorted().map(Reason::name).toList(),
                                    no.hints().stream().map(Hint::text).toList(),
                                    List.of(),
                                    null,
                                    null);
                    case Verdict.NotFound none ->
                            new Parts(
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    List.of(),
                                    List.of(),
                                    none.asked(),
                                    null,
                                    null);
                    case Verdict.Unverifiable unclear ->
                            new Parts(
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    unclear.cause().name(),
                                    unclear.detail());
                };
        return answer(verdict.word(), network, parts, steps);
    }

    private record Parts(
            @Nullable String txid,
            @Nullable Long height,
            @Nullable String block,
            @Nullable Long confirmations,
            @Nullable Long needed,
            @Nullable Long paidSats,
            @Nullable String dropped,
            List<String> reasons,
            List<String> hints,
            List<String> asked,
            @Nullable String cause,
            @Nullable String detail) {
        static final Parts EMPTY =
                new Parts(
                        null, null, null, null, null, null, null, List.of(), List.of(), List.of(),
                        null, null);
    }

    private static Response.LicenseVerdict answer(
            String word, Network network, Parts parts, List<Response.LicenseStep> steps) {
        return new Response.LicenseVerdict(
                word,
                network.word(),
                network.isTest(),
                parts.txid(),
                parts.height(),
                parts.block(),
                parts.confirmations(),
                parts.needed(),
                parts.paidSats(),
                parts.dropped(),
                parts.reasons(),
                parts.hints(),
                parts.asked(),
                parts.cause(),
                parts.detail(),
                steps);
    }

    private static @Nullable String shown(@Nullable Hash hash) {
        return hash == null ? null : hash.toString();
    }
}
