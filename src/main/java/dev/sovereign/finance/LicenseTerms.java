package dev.sovereign.finance;

import dev.sovereign.error.SovereignException;

/// What a license costs, to whom, and how deep it must be buried. What the seller sets; the machine
/// is not part of it.
///
/// @param requiredSats that a single output must reach, 1 to [FinanceLimits#MAX_SATS]
/// @param minConfirmations 1 to [FinanceLimits#MAX_CONFIRMATIONS]; the containing block is the
///   first
public record LicenseTerms(
        Network network, PaymentAddress address, long requiredSats, int minConfirmations) {

    public LicenseTerms {
        if (requiredSats < 1 || requiredSats > FinanceLimits.MAX_SATS) {
            throw new SovereignException(
                    LicenseError.TERMS,
                    "a price of " + requiredSats + " sats cannot be",
                    "it is 1 to " + FinanceLimits.MAX_SATS + " satoshi: license.sats, or --sats");
        }
        if (minConfirmations < 1 || minConfirmations > FinanceLimits.MAX_CONFIRMATIONS) {
            throw new SovereignException(
                    LicenseError.TERMS,
                    minConfirmations + " confirmations cannot be asked for",
                    "license.confirmations is 1 to " + FinanceLimits.MAX_CONFIRMATIONS);
        }
    }

    /// Whether nodes would not relay a payment of just the price.
    public boolean isDust() {
        return requiredSats < address.type().dustSats();
    }

    /// Confirmations that a transaction needs under these terms.
    public int confirmationsFor(RawTransaction transaction) {
        return transaction.isCoinbase()
                ? Math.max(minConfirmations, FinanceLimits.COINBASE_CONFIRMATIONS)
                : minConfirmations;
    }
}
