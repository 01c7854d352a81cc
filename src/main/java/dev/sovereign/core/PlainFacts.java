package dev.sovereign.core;

import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.ast.ConstantKind;
import dev.sovereign.core.ast.FactBlock;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.store.ColumnKind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Facts that need no analysis: constants of the very kinds of a stored relation's columns, as most
/// that are asserted. Analyzing a program of one such fact took a quarter of the time of its
/// transaction, and more of the compiler's.
///
/// Anything else that a text may hold is left to the analyzer, which alone has words for what is
/// wrong with it; so what is taken here must be what the analyzer would make of it.
final class PlainFacts {

    private PlainFacts() {}

    /// @param programs parsed without error
    /// @return null when the analyzer has to look at them
    static @Nullable List<FactWriter.Batch> of(List<Program> programs, Snapshot snapshot) {
        List<FactWriter.Batch> batches = new ArrayList<>();
        for (Program program : programs) {
            for (Item item : program.items()) {
                if (!(item instanceof FactBlock block)) {
                    return null;
                }
                String name = block.relation().text();
                StoredRelation relation = snapshot.relations().get(name);
                if (relation == null
                        || block.relation().module() != null
                        || name.startsWith(SystemRelations.PREFIX)
                        || !fits(block, relation)) {
                    return null;
                }
                List<Column> columns = KnowledgeCatalog.columns(relation);
                long[][] values = new long[block.arity()][];
                for (int column = 0; column < values.length; column++) {
                    values[column] = block.column(column);
                }
                batches.add(
                        new FactWriter.Batch(
                                name, columns, values, block.count(), block.symbols()));
            }
        }
        return batches;
    }

    /// Whether each column is written in the kind that the relation's has. A number without a mark
    /// may also mean an unsigned or a float: the analyzer decides.
    private static boolean fits(FactBlock block, StoredRelation relation) {
        if (block.arity() != relation.arity()) {
            return false;
        }
        for (int column = 0; column < block.arity(); column++) {
            if (kind(block.kinds().get(column)) != relation.columns().get(column).kind()) {
                return false;
            }
        }
        return true;
    }

    private static ColumnKind kind(ConstantKind written) {
        return switch (written) {
            case NUMBER -> ColumnKind.NUMBER;
            case UNSIGNED -> ColumnKind.UNSIGNED;
            case FLOAT -> ColumnKind.FLOAT;
            case SYMBOL -> ColumnKind.SYMBOL;
        };
    }
}
