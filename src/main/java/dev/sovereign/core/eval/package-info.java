/// Carries out plans. Front door: [dev.sovereign.core.eval.Evaluator]; what comes out is an
/// [dev.sovereign.core.eval.Evaluation], whose [dev.sovereign.core.eval.Answer]s are sorted rows.
///
/// One thread evaluates one plan, with helpers where that was asked for
/// ([dev.sovereign.core.eval.Threads]); any thread may cancel it through its
/// [dev.sovereign.core.eval.Control], which also counts what it may take: time, derived tuples,
/// memory, fuel. Sees plans ([dev.sovereign.core.plan.ir]) and data, never programs.
@NullMarked
package dev.sovereign.core.eval;

import org.jspecify.annotations.NullMarked;
