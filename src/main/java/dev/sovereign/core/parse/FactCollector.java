package dev.sovereign.core.parse;

import dev.sovereign.core.ast.ConstantKind;
import dev.sovereign.core.ast.FactBlock;
import dev.sovereign.core.ast.Name;
import dev.sovereign.core.ast.Source;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Gathers facts of constants into columns while a text is read.
final class FactCollector {

    private final Map<Shape, Growing> blocks = new HashMap<>();
    private final Map<String, Integer> positions = new HashMap<>();
    private final List<String> symbols = new ArrayList<>();

    /// Facts of one shape tend to follow each other.
    private @Nullable Growing last;

    private record Shape(Source source, String relation, List<ConstantKind> kinds) {}

    /// A block that still grows; stands in the list of items meanwhile.
    static final class Growing {
        private final Name relation;
        private final ConstantKind[] kinds;
        private final long[][] columns;
        private int[] starts = new int[4];
        private int[] ends = new int[4];
        private int count;

        private Growing(Name relation, ConstantKind[] kinds) {
            this.relation = relation;
            this.kinds = kinds;
            columns = new long[kinds.length][4];
        }

        private boolean fits(Source source, String name, ConstantKind[] others, int arity) {
            return arity == kinds.length
                    && source == relation.span().source()
                    && name.equals(relation.text())
                    && Arrays.equals(kinds, 0, arity, others, 0, arity);
        }

        private void add(long[] values, int start, int end) {
            if (count == starts.length) {
                int larger = count + (count >> 1) + 4;
                starts = Arrays.copyOf(starts, larger);
                ends = Arrays.copyOf(ends, larger);
                for (int i = 0; i < columns.length; i++) {
                    columns[i] = Arrays.copyOf(columns[i], larger);
                }
            }
            for (int i = 0; i < columns.length; i++) {
                columns[i][count] = values[i];
            }
            starts[count] = start;
            ends[count] = end;
            count++;
        }
    }

    /// The position of a symbol among those of the text.
    int symbol(String text) {
        Integer known = positions.get(text);
        if (known != null) {
            return known;
        }
        positions.put(text, symbols.size());
        symbols.add(text);
        return symbols.size() - 1;
    }

    String symbol(long position) {
        return symbols.get((int) position);
    }

    /// Adds a fact.
    ///
    /// @return the block that it started, if it did
    @Nullable Growing add(Token relation, ConstantKind[] kinds, long[] values, int arity, int end) {
        Source source = relation.source();
        Growing block = last;
        boolean started = false;
        if (block == null || !block.fits(source, relation.text(), kinds, arity)) {
            ConstantKind[] own = Arrays.copyOf(kinds, arity);
            Shape shape = new Shape(source, relation.text(), List.of(own));
            block = blocks.get(shape);
            if (block == null) {
                block = new Growing(new Name(relation.span(), relation.text()), own);
                blocks.put(shape, block);
                started = true;
            }
            last = block;
        }
        block.add(values, relation.start(), Math.max(end, relation.start()));
        return started ? block : null;
    }

    FactBlock finish(Growing block) {
        return new FactBlock(
                block.relation,
                List.of(block.kinds),
                Collections.unmodifiableList(symbols),
                block.count,
                block.columns,
                block.starts,
                block.ends);
    }
}
