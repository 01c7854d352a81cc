package dev.sovereign.runtime.wasm;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which locals' values matter at the ends of regions: one walk backwards, again while what is
/// known of a loop's begin grows.
final class Liveness {

    /// Looks at all of a function to find which locals are live; loops inside each other take more.
    /// What takes still more has all of its locals in the array.
    private static final int MAX_PASSES = 16;

    private final RegionScan scan;
    private final List<Regions.Region> byEnd;
    private final Regions.Region[] startingAt;
    private final int words;

    /// By the operator that begins a loop.
    private final Map<Integer, long[]> loops = new HashMap<>();

    /// Operators that begin the loops that the walk is in.
    private final Deque<Integer> loopsAround = new ArrayDeque<>();

    private boolean grown;

    private static final class Around {
        final int begin;
        final boolean loop;

        /// What a branch to it needs.
        final long[] live;

        long @Nullable [] otherwise;

        Around(int begin, boolean loop, long[] live) {
            this.begin = begin;
            this.loop = loop;
            this.live = live;
        }
    }

    Liveness(RegionScan scan, List<Regions.Region> regions) {
        this.scan = scan;
        this.words = (scan.locals + 63) / 64;
        this.byEnd = new ArrayList<>(regions);
        byEnd.sort(
                Comparator.comparingInt((Regions.Region r) -> -r.end)
                        .thenComparingInt(r -> r.first));
        this.startingAt = regions.toArray(Regions.Region[]::new);
        Arrays.sort(
                startingAt,
                Comparator.comparingInt((Regions.Region r) -> -r.first)
                        .thenComparingInt(r -> r.end));
    }

    void find() {
        for (int pass = 0; pass < MAX_PASSES; pass++) {
            grown = false;
            walk();
            if (!grown) {
                return;
            }
        }
        for (Regions.Region each : byEnd) {
            each.liveIn.set(0, scan.locals);
            each.liveOut.set(0, scan.locals);
        }
    }

    private void walk() {
        List<Around> around = new ArrayList<>();
        long[] live = new long[words];
        int nextEnd = 0;
        int nextStart = 0;
        for (int i = scan.count - 1; i >= 0; i--) {
            // before operator i + 1, which is behind operator i
            while (nextEnd < byEnd.size() && byEnd.get(nextEnd).end == i + 1) {
                leaves(byEnd.get(nextEnd++), live, around);
            }
            live = before(i, live, around);
            while (nextStart < startingAt.length && startingAt[nextStart].first == i) {
                startingAt[nextStart++].liveIn = BitSet.valueOf(live);
            }
        }
    }

    private void leaves(Regions.Region region, long[] live, List<Around> around) {
        BitSet out = region.fallsThrough ? BitSet.valueOf(live) : new BitSet();
        region.exitTypes.clear();
        region.loop = loopsAround.isEmpty() ? -1 : loopsAround.getLast();
        for (int i = 0; i < region.exits.length; i++) {
            Around target = around.get(around.size() - 1 - region.exits[i]);
            region.targets[i] = target.begin < 0 ? -1 : scan.at[target.begin];
            out.or(BitSet.valueOf(target.live));
            region.exitTypes.add(
                    target.begin < 0 ? scan.type.results() : types(target.begin, target.loop));
        }
        region.liveOut = out;
    }

    private List<ValueType> types(int begin, boolean loop) {
        scan.in.at = scan.at[begin];
        scan.in.next();
        FunctionType type = Operators.blockType(scan.module, scan.in.first);
        return loop ? type.params() : type.results();
    }

    /// What is live before an operator, from what is live behind it.
    private long[] before(int i, long[] live, List<Around> around) {
        switch (scan.op[i]) {
            case Opcode.LOCAL_GET ->
                    live[scan.operand[i] >> 6] |= scan.reached(i) ? 1L << scan.operand[i] : 0;
            case Opcode.LOCAL_SET, Opcode.LOCAL_TEE -> {
                if (scan.reached(i)) {
                    live[scan.operand[i] >> 6] &= ~(1L << scan.operand[i]);
                }
            }
            case Opcode.END -> {
                int begin = scan.match[i];
                boolean loop = begin >= 0 && scan.op[begin] == Opcode.LOOP;
                if (loop) {
                    loopsAround.add(begin);
                }
                around.add(
                        new Around(
                                begin,
                                loop,
                                loop
                                        ? loops.computeIfAbsent(begin, _ -> new long[words])
                                        : live.clone()));
            }
            case Opcode.ELSE -> {
                Around block = around.getLast();
                block.otherwise = live;
                return block.live.clone();
            }
            case Opcode.IF -> {
                Around block = around.removeLast();
                add(live, block.otherwise != null ? block.otherwise : block.live);
            }
            case Opcode.BLOCK -> around.removeLast();
            case Opcode.LOOP -> {
                loopsAround.removeLast();
                grown |= add(around.removeLast().live, live);
            }
            case Opcode.BR ->
                    // dead code has no labels to speak of
                    System.arraycopy(
                            scan.reached(i) ? target(around, scan.operand[i]) : live,
                            0,
                            live,
                            0,
                            words);
            case Opcode.BR_IF -> {
                if (scan.reached(i)) {
                    add(live, target(around, scan.operand[i]));
                }
            }
            case Opcode.BR_TABLE -> {
                if (scan.reached(i)) {
                    Arrays.fill(live, 0);
                    scan.in.at = scan.at[i];
                    scan.in.next();
                    for (int label : scan.in.labels) {
                        add(live, target(around, label));
                    }
                }
            }
            case Opcode.RETURN, Opcode.UNREACHABLE -> Arrays.fill(live, 0);
            default -> {}
        }
        return live;
    }

    private static long[] target(List<Around> around, int label) {
        return around.get(around.size() - 1 - label).live;
    }

    private static boolean add(long[] to, long[] from) {
        boolean more = false;
        for (int i = 0; i < to.length; i++) {
            long both = to[i] | from[i];
            more |= both != to[i];
            to[i] = both;
        }
        return more;
    }
}
