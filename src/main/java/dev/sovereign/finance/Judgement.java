package dev.sovereign.finance;

import org.jspecify.annotations.Nullable;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What the rule says about one raw transaction; whether it is mined is another question.
///
/// @param transaction null when the bytes are none
/// @param reasons why it is no license; empty when it is one
/// @param hints what it nearly is; empty when it is one
/// @param paidSats the largest output with the developer's script; 0 when there is none
public record Judgement(
        @Nullable RawTransaction transaction,
        Set<Reason> reasons,
        List<Hint> hints,
        long paidSats) {

    public Judgement {
        reasons =
                java.util.Collections.unmodifiableSet(
                        reasons.isEmpty() ? EnumSet.noneOf(Reason.class) : EnumSet.copyOf(reasons));
        hints = List.copyOf(hints);
    }

    public boolean isMatch() {
        return reasons.isEmpty();
    }

    public @Nullable Hash txid() {
        return transaction == null ? null : transaction.txid();
    }
}
