package dev.sovereign.core.provenance;

import java.util.List;

/// Why one rule does not derive a tuple.
///
/// @param place `file:line` of the rule
/// @param rule as written
/// @param holds premises before the one that fails, for one choice of values
/// @param fails the first premise that fails, for each of a few choices of values; empty when the
///   head itself does not match
/// @param nearest tuples that would nearly do in its place, or that stand against a negation;
///   nearest first
public record FailedRule(
        String place, String rule, List<String> holds, List<String> fails, List<String> nearest) {
    public FailedRule {
        holds = List.copyOf(holds);
        fails = List.copyOf(fails);
        nearest = List.copyOf(nearest);
    }
}
