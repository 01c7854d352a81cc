package dev.sovereign.core.eval;

import dev.sovereign.core.data.Column;
import dev.sovereign.core.data.Relation;
import dev.sovereign.core.data.Share;
import dev.sovereign.core.plan.ir.Op;
import dev.sovereign.core.plan.ir.Pipeline;
import dev.sovereign.core.plan.ir.Value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One rule carried out by several threads: the rows of its outer loop are divided among them. All
/// read, none writes a relation; what each finds it keeps in its share of the target until they
/// wait for each other and bring it in, in an order that depends on the rows alone. That is done
/// again and again, so that shares stay small and most tuples are known to be there when they are
/// found once more.
///
/// Where the outer loop binds the value by which the target keeps its pairs together, each thread
/// takes the rows whose pairs belong to its own set, and adds them at once.
final class DividedRule {

    /// Rows that a lane looks at for its own before it looks whether to stop.
    private static final int PAUSE_ROWS = 1 << 16;

    /// A share is full when it holds, times the lanes, one in so many of the tuples that are
    /// allowed.
    private static final long SHARES_OF_LIMIT = 16;

    /// A share should get full in not fewer, and not much more, steps than these.
    private static final int FEW_STEPS = 4;

    private static final int MANY_STEPS = 16;

    private final Lanes lanes;
    private final Table target;
    private final Chain[] chains;
    private final long[][] registers;

    /// Where each lane is in the rows of the outer loop.
    private final int[] at;

    /// Rows that a lane goes through before it looks how much it has found.
    private final int[] steps;

    /// The column of the outer loop that says whose a row is; -1 for none.
    private final int ownerColumn;

    /// Whether each lane may go through all rows, and leave to the others what is theirs: where an
    /// inner loop says whose a tuple is, and whole lists are added in the innermost one.
    private final boolean late;

    /// @param distinct whether it finds no tuple twice, and is the only one that adds
    DividedRule(Pipeline pipeline, Table target, Lanes lanes, boolean distinct) {
        this.lanes = lanes;
        this.target = target;
        this.chains = new Chain[lanes.count()];
        this.registers = new long[chains.length][];
        this.at = new int[chains.length];
        this.steps = new int[chains.length];
        for (int lane = 0; lane < chains.length; lane++) {
            chains[lane] = lanes.linker(lane).link(pipeline);
            registers[lane] = new long[chains[lane].registers()];
            if (distinct) {
                target.rows().share(lane).fresh();
            }
        }
        this.ownerColumn = ownerColumn(pipeline, target.rows());
        this.late =
                ownerColumn < 0
                        && target.rows().arity() == 2
                        && endsInList(pipeline, target.rows());
    }

    /// Whether the innermost loop goes through a list of what is added beside a value that is known
    /// before.
    private static boolean endsInList(Pipeline pipeline, Relation target) {
        return pipeline.ops().size() > 1
                && pipeline.ops().getLast() instanceof Op.Probe probe
                && probe.keys().size() == 1
                && probe.checks().isEmpty()
                && probe.binds().size() == 1
                && pipeline.project().get(1 - target.cluster()) instanceof Value.Register listed
                && listed.index() == probe.binds().getFirst().register()
                && pipeline.project().get(target.cluster()) instanceof Value.Register key
                && key.index() != listed.index();
    }

    private static int ownerColumn(Pipeline pipeline, Relation target) {
        if (target.arity() == 2
                && pipeline.ops().getFirst() instanceof Op.Scan scan
                && pipeline.project().get(target.cluster()) instanceof Value.Register key) {
            for (Op.Bind bind : scan.binds()) {
                if (bind.register() == key.index() && bind.column() != Op.Bind.ROW) {
                    return bind.column();
                }
            }
        }
        return -1;
    }

    /// @param linked the rule as one thread carries it out, prepared
    void run(Chain linked) {
        Node.Scan outer = (Node.Scan) linked.first();
        Node.Insert last = (Node.Insert) linked.last();
        makeIndexes(linked, lanes);
        Relation relation = target.rows();
        for (int lane = 0; lane < chains.length; lane++) {
            chains[lane].prepare();
            steps[lane] = lanes.chunk();
        }
        boolean all = late && relation.isSettled();
        for (int lane = 0; lane < chains.length; lane++) {
            at[lane] = outer.from + (ownerColumn < 0 && !all ? lane * lanes.chunk() : 0);
        }
        boolean more = true;
        while (more) {
            boolean settled = relation.isSettled();
            boolean own = settled && (ownerColumn >= 0 || all);
            for (int lane = 0; lane < chains.length; lane++) {
                relation.share(lane).own(own, all);
            }
            int full = full(lanes.whole());
            lanes.run(lane -> {
                Share share = relation.share(lane);
                share.limit(full, lanes.control(lane)::pending);
                advance(lane, share, full, outer.from, outer.to, all);
            });
            if (settled && !own) {
                lanes.run(relation::settle);
            }
            last.added(relation.take());
            more = false;
            for (int reached : at) {
                more |= reached < outer.to;
            }
        }
    }

    /// Makes what lanes look into, as far as it is not there yet.
    static void makeIndexes(Chain linked, Lanes lanes) {
        Map<Object, Runnable> work = new LinkedHashMap<>();
        linked.collectIndexes(work);
        lanes.runAll(new ArrayList<>(work.values()));
    }

    /// Tuples that a share holds: so few that what is not counted yet stays far below the limit.
    private int full(Control whole) {
        return Math.clamp(whole.tuplesLeft() / (SHARES_OF_LIMIT * chains.length), 16, Share.FULL);
    }

    private void advance(int lane, Share share, int full, int from, int to, boolean all) {
        Node.Scan scan = (Node.Scan) chains[lane].first();
        int chunk = lanes.chunk();
        while (at[lane] < to && !share.isFull()) {
            if (all) {
                scan.from = at[lane];
                scan.to = (int) Math.min(to, at[lane] + (long) steps[lane]);
                at[lane] = scan.to;
            } else if (ownerColumn < 0) {
                int end = from + ((at[lane] - from) / chunk + 1) * chunk;
                scan.from = at[lane];
                scan.to = Math.min(Math.min(to, end), at[lane] + steps[lane]);
                at[lane] = scan.to < end ? scan.to : skip(end, chunk * (chains.length - 1));
            } else {
                nextOwn(lane, scan, to);
            }
            if (scan.from < scan.to) {
                int before = share.held();
                chains[lane].run(registers[lane]);
                int found = share.held() - before;
                if (found > full / FEW_STEPS) {
                    steps[lane] = Math.max(1, steps[lane] / 2);
                } else if (found < full / MANY_STEPS) {
                    steps[lane] = Math.min(chunk, 2 * steps[lane]);
                }
            }
        }
    }

    private static int skip(int row, int rows) {
        return (int) Math.min(Integer.MAX_VALUE, (long) row + rows);
    }

    /// The next rows, one after the other, that are this lane's.
    private void nextOwn(int lane, Node.Scan scan, int to) {
        Relation relation = target.rows();
        Column owners = scan.rows.column(ownerColumn);
        int row = at[lane];
        int pause = (int) Math.min(to, row + (long) PAUSE_ROWS);
        while (row < pause && relation.shareOf(owners.get(row)) != lane) {
            row++;
        }
        scan.from = row;
        int end = Math.min(to, row + steps[lane]);
        while (row < end && relation.shareOf(owners.get(row)) == lane) {
            row++;
        }
        scan.to = row;
        at[lane] = row;
        lanes.control(lane).check();
    }

    /// The body of an aggregate over everything, carried out by several threads.
    static final class Body {
        private final Lanes lanes;
        private final List<Chain> chains;

        /// @param chains one a lane, each of which ends in an accumulator
        Body(Lanes lanes, List<Chain> chains) {
            this.lanes = lanes;
            this.chains = List.copyOf(chains);
        }

        /// @param linked the body as one thread carries it out, prepared
        /// @return false, and nothing done, where one thread does as well
        boolean run(Chain linked, Generators.Accumulator result) {
            Node.Scan outer = (Node.Scan) linked.first();
            if (lanes.isTooFew(outer)) {
                return false;
            }
            makeIndexes(linked, lanes);
            chains.forEach(Chain::prepare);
            int from = outer.from;
            int to = outer.to;
            lanes.run(lane -> {
                Chain chain = chains.get(lane);
                ((Generators.Accumulator) chain.last()).reset();
                Node.Scan scan = (Node.Scan) chain.first();
                long[] registers = new long[chain.registers()];
                for (long at = from + (long) lane * lanes.chunk();
                        at < to;
                        at += (long) lanes.chunk() * chains.size()) {
                    scan.from = (int) at;
                    scan.to = (int) Math.min(to, at + lanes.chunk());
                    chain.run(registers);
                }
            });
            for (Chain chain : chains) {
                result.merge((Generators.Accumulator) chain.last());
            }
            return true;
        }
    }
}
