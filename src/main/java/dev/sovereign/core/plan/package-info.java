/// From checked programs to relational plans: what has to be computed at all, on whose demand, in
/// which order. Front door: [dev.sovereign.core.plan.Planner]; what comes out is plain, printable
/// data ([dev.sovereign.core.plan.ir]), the only thing that an evaluator sees. No threads, no
/// state.
@NullMarked
package dev.sovereign.core.plan;

import org.jspecify.annotations.NullMarked;
