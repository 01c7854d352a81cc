/// Licenses proven by Bitcoin: whether one transaction pays a developer and binds a machine, and
/// whether it is buried in the chain with the most work.
///
/// Front doors: [dev.sovereign.finance.LicenseRule] judges a raw transaction,
/// [dev.sovereign.finance.LicenseVerifier] a proof, [dev.sovereign.finance.HeaderStore] keeps the
/// headers that proofs stand on. Nothing in this package opens a socket. Immutable values, except
/// [dev.sovereign.finance.HeaderChain], which has one lock, and the store, which has one owner.
/// Every byte from a server, peer or file is hostile until it is one of the records here; the
/// limits are in [dev.sovereign.finance.FinanceLimits].
///
/// Hashes are in wire order inside ([dev.sovereign.finance.Hash]) and reversed when shown.
/// docs/license.md says what is proven and what is not.
@NullMarked
package dev.sovereign.finance;

import org.jspecify.annotations.NullMarked;
