/// The program as it was written: sealed records, each with the [dev.sovereign.core.ast.Span] it
/// was read from, for the whole grammar (docs/datalog.md). Front door:
/// [dev.sovereign.core.ast.Program]. Values only, no threads. Nothing here is checked: that is
/// `core.analyze`. Facts of constants are not records but columns
/// ([dev.sovereign.core.ast.FactBlock]), so that a file of a million of them stays cheap.
@NullMarked
package dev.sovereign.core.ast;

import org.jspecify.annotations.NullMarked;
