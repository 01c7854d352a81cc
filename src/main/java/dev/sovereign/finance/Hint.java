package dev.sovereign.finance;

/// What a transaction that is no license nearly is. Never makes it one.
///
/// @param text for a person: what happened and what to do; names payloads, never an id
public record Hint(Kind kind, String text) {

    /// The names are public.
    public enum Kind {
        /// 64 hex characters as text, where 32 bytes belong.
        HEX_TEXT,
        /// The payload's bytes in reverse.
        REVERSED,
        /// SHA-256 of the payload.
        HASHED_TWICE,
        /// The payload of the id in upper or lower case.
        OTHER_CASE,
        /// The payload of the id with a newline.
        NEWLINE,
        /// The payload of the id with dashes added or removed.
        DASHES,
        /// The payload of the id with another prefix.
        PREFIX,
        /// The payload, with something beside it in the same output.
        NOT_ALONE,
        /// The payload of another id that this machine reports.
        OTHER_ID,
        /// Another payload: bound to another machine.
        OTHER_MACHINE,
        /// Several outputs to the developer that only together reach the price.
        SPLIT_PAYMENT,
        /// What is missing from the price.
        SATS_MISSING,
        /// One of payment and binding is here; they belong into one transaction.
        TWO_TRANSACTIONS
    }
}
