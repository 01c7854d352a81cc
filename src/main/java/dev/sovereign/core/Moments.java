package dev.sovereign.core;

import dev.sovereign.core.store.FactStore;
import dev.sovereign.error.SovereignException;

import java.time.DateTimeException;
import java.time.OffsetDateTime;

/// Reads what a person writes for `--as-of`.
final class Moments {

    private Moments() {}

    /// @param when a transaction number, or an RFC 3339 time such as `2026-11-24T10:00:00Z`
    /// @param newest the newest transaction there is
    /// @return the newest transaction not later than that; 0 is before the first
    static long tx(String when, FactStore store, long newest) {
        String text = when.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long tx = text.length() > 18 ? Long.MAX_VALUE : Long.parseLong(text);
            if (tx > newest) {
                throw new SovereignException(
                        KnowledgeError.AS_OF,
                        "transaction " + text + " has not happened; the newest is " + newest,
                        "sovereign log lists them");
            }
            return tx;
        }
        try {
            return store.txAt(OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (DateTimeException | ArithmeticException wrong) {
            throw new SovereignException(
                    KnowledgeError.AS_OF,
                    "\"" + when + "\" is neither a transaction number nor an RFC 3339 time",
                    "such as 12 or 2026-11-24T10:00:00Z",
                    wrong);
        }
    }
}
