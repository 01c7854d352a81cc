/// Asks servers and peers about headers and transactions, compares them, and believes none.
///
/// [LicenseSync] is the front door: it brings the header chain up to the most work that any source
/// can show, and looks for one transaction with its proof. [HeaderSync] is the walk along one
/// source's headers. A source can hide and delay; what it cannot do stands in license.md, section
/// 6.
///
/// Threads: each look asks every source on a virtual thread of its own. Header runs in memory are
/// bounded by [dev.sovereign.finance.FinanceLimits#MAX_RUN_HEADERS] for each source.
@NullMarked
package dev.sovereign.finance.sync;

import org.jspecify.annotations.NullMarked;
