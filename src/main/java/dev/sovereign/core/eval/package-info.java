/// Carries out plans. Front door: `Evaluator`; what comes out is an `Evaluation`, whose `Answer`s
/// are sorted rows.
@NullMarked
package dev.sovereign.core.eval;

import org.jspecify.annotations.NullMarked;
