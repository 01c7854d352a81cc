package dev.sovereign.finance;

/// Why a transaction is no license. The names are public.
public enum Reason {
    /// No output has the developer's script.
    PAYMENT_MISSING,
    /// No single output to the developer reaches the price.
    PAYMENT_TOO_SMALL,
    /// No output begins with OP_RETURN.
    BINDING_MISSING,
    /// No OP_RETURN output pushes exactly the payload.
    BINDING_MISMATCH,
    /// A value, or their sum, is no amount of money that can exist.
    VALUE_RANGE,
    /// The bytes are no transaction.
    MALFORMED
}
