package dev.sovereign.core.plan.ir;

import dev.sovereign.core.ast.Span;

import java.util.List;

/// One way to derive tuples: operators nested in each other, the innermost row projected into a
/// relation.
///
/// @param target relation that is added to
/// @param registers how many the operators use
/// @param project one value a column of the target
/// @param span of the rule; null for what no rule says, such as copying stored facts
/// @param id where the tuples that it adds are counted, see [Op#id]
/// @param names of registers, for printing
public record Pipeline(
        int id,
        int target,
        int registers,
        List<Op> ops,
        List<Value> project,
        @org.jspecify.annotations.Nullable Span span,
        List<String> names) {
    public Pipeline {
        ops = List.copyOf(ops);
        project = List.copyOf(project);
        names = List.copyOf(names);
    }
}
