/// Relational plans as data: relations and where they come from, steps in order, each a union of
/// pipelines of scans, index probes, existence checks, filters, computed values, ranges and
/// aggregates that end in a projection. Front door: [dev.sovereign.core.plan.ir.Plan]; printed by
/// [dev.sovereign.core.plan.ir.PlanText]. Values only.
@NullMarked
package dev.sovereign.core.plan.ir;

import org.jspecify.annotations.NullMarked;
