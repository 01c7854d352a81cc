package dev.sovereign.core.eval;

import dev.sovereign.core.plan.ir.Op;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// The operators of a rule or of an aggregate's body, linked; interpreted while they are cold and
/// replaced by a generated class once they have handed on some thousand rows. For one thread.
final class Chain {

    /// Making a class takes a millisecond, as much as interpreting this many rows.
    private static final int HOT_ROWS = 4096;

    /// Runs between two looks at the counts.
    private static final int RUNS_BETWEEN_LOOKS = 32;

    private final List<Op> ops;
    private final Node[] nodes;
    private final Node last;
    private final int registers;
    private final Engine engine;
    private final Control control;
    private final Classes classes;
    private @Nullable Kernel kernel;
    private long assumed;
    private boolean impossible;
    private int runs;

    /// @param nodes one an operator
    /// @param last what gets the rows; `next` of the last node
    Chain(
            List<Op> ops,
            Node[] nodes,
            Node last,
            int registers,
            Engine engine,
            Control control,
            Classes classes) {
        this.classes = classes;
        this.ops = ops;
        this.nodes = nodes;
        this.last = last;
        this.registers = registers;
        this.engine = engine;
        this.control = control;
        for (int i = 0; i < nodes.length; i++) {
            nodes[i].next = i + 1 < nodes.length ? nodes[i + 1] : last;
        }
    }

    int registers() {
        return registers;
    }

    Node last() {
        return last;
    }

    /// The operator that everything begins with.
    Node first() {
        return nodes.length == 0 ? last : nodes[0];
    }

    Node node(int position) {
        return nodes[position];
    }

    /// Which rows there are may have changed.
    void prepare() {
        for (Node node : nodes) {
            node.prepare();
        }
        last.prepare();
    }

    /// Collects what makes the indexes that are looked into, by the index: for a run by several
    /// threads, none of which may make one.
    void collectIndexes(Map<Object, Runnable> work) {
        for (Node node : nodes) {
            node.collectIndexes(work);
        }
    }

    boolean run(long[] row) {
        return entry().run(row);
    }

    /// The chain as what comes after an operator.
    Node asNode() {
        return new Node() {
            @Override
            boolean run(long[] registers) {
                return Chain.this.run(registers);
            }
        };
    }

    private Node entry() {
        Kernel made = kernel;
        if (made != null && assumed == ChainCompiler.assumptions(ops, nodes)) {
            return made;
        }
        if (impossible || engine == Engine.INTERPRETER || !(made != null || isHot())) {
            return first();
        }
        made = new ChainCompiler(ops, nodes, last, registers, control, classes).compile();
        impossible = made == null;
        kernel = made;
        assumed = ChainCompiler.assumptions(ops, nodes);
        return made == null ? first() : made;
    }

    private boolean isHot() {
        if (engine == Engine.GENERATED) {
            return true;
        }
        long work =
                nodes.length > 0 && nodes[0] instanceof Node.Scan scan ? scan.to - scan.from : 0;
        if (work < HOT_ROWS && (runs++ & (RUNS_BETWEEN_LOOKS - 1)) == 0) {
            for (Node node : nodes) {
                work += node.count;
            }
        }
        return work >= HOT_ROWS;
    }
}
