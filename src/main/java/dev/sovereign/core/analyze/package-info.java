/// Program to checked program: names, arities, types, safety, strata. Front door:
/// [dev.sovereign.core.analyze.Analyzer]; what comes out is
/// [dev.sovereign.core.analyze.CheckedProgram], plain data in which nothing is left to resolve: the
/// only thing that the planner sees. Components are expanded here, disjunctions and several heads
/// too. One call, one thread; never throws on a bad program.
@NullMarked
package dev.sovereign.core.analyze;

import org.jspecify.annotations.NullMarked;
