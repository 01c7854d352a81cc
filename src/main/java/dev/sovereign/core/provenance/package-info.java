/// Proofs: why a tuple holds, and why another does not.
///
/// [Prover] and [Failures] are the front doors. Both work on a [Model]: a checked program with the
/// complete relations that an evaluation left behind. Evaluation records nothing for their sake but
/// the order of rows by rounds, which it needs anyway; a proof is searched when somebody asks, by
/// running single rules backwards from the tuple through the same planner and evaluator.
///
/// For the thread that evaluated. Bounded by the evaluation's [dev.sovereign.core.eval.Control],
/// and by the constants of [Prover]. Follows specs/datalog.md section 3.
@NullMarked
package dev.sovereign.core.provenance;

import org.jspecify.annotations.NullMarked;
