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
import java.util.TreeMap;

/// Cuts a function that is too large for one JVM method into regions, each a method of its own.
///
/// HotSpot compiles no method of 8,000 bytes or more, its first compiler gives up on many that have
/// half of that, and its second takes seconds for them. A region is a run of whole statements
/// inside one block, so that it takes nothing from the operand stack and leaves nothing there; it
/// ends at its end or with a branch to a block around it, which its caller then takes. The largest
/// such runs that are small enough become regions until what is left is small enough too; the
/// choice of a case in an interpreter's loop stays in the loop, the cases leave.
///
/// Locals whose values go into a region or out of it live in an array that is made with each call
/// of the function; the others are locals of the one method that uses them.
final class Regions {

    /// JVM code of a method, estimated: HotSpot's limit with room for estimates that are too low.
    static final int METHOD_BYTES = 4000;

    /// Wasm code that surely has less than that: no operator takes more than six bytes of JVM code
    /// for each of its own.
    static final int SMALL_BYTES = METHOD_BYTES / 6;

    /// Regions inside each other. Each level is a frame on the JVM's stack.
    static final int MAX_LEVELS = 3;

    /// Blocks that a region may branch to: each takes some code where it is called.
    private static final int MAX_EXITS = 12;

    /// JVM code of a call of a region, and of each of its exits.
    static final int CALL_BYTES = 36;

    static final int EXIT_BYTES = 12;

    /// JVM code of a call whose exits are taken in a [Tail].
    static final int TAIL_CALL_BYTES = 26;

    /// Calls around the same loop that are worth a tail.
    private static final int TAIL_CALLS = 8;

    /// Less of a method's code than this is not worth a call: 140 bytes; and where that is not
    /// enough, as in an interpreter with hundreds of short cases, 60.
    private static final int MIN_PART = 28;

    private static final int MIN_SMALL_PART = 66;

    /// A part of a function that is a method of its own, or the function without its regions.
    static final class Region {
        final int number;

        /// In bytes of the module.
        final int from;

        final int to;

        /// Straight runs that begin in the function before this begins, and before it has ended.
        final int firstRun;

        final int endRun;

        /// Whether what follows it can be reached through its end.
        final boolean fallsThrough;

        /// Labels that it branches to, counted from where it begins; the outermost is the
        /// function's.
        final int[] exits;

        /// Where each of those blocks begins in the module; -1 for the function's.
        final int[] targets;

        /// What each of those blocks takes along.
        final List<List<ValueType>> exitTypes = new ArrayList<>();

        final List<Region> children = new ArrayList<>();

        /// The number that it returns at its end, and at each exit.
        int endCode;

        final int[] exitCodes;

        /// Where its caller looks at that number; null for at once.
        @Nullable Tail tail;

        /// Ways out of regions called here, by the loop that they are in.
        final List<Tail> tails = new ArrayList<>();

        /// Locals that are used by its own code.
        final BitSet used = new BitSet();

        /// Locals whose values matter where it begins, and where it ends.
        BitSet liveIn = new BitSet();

        BitSet liveOut = new BitSet();

        /// Its operators, in the scan.
        final int first;

        final int end;

        /// The operator that begins the innermost loop around it; -1 for none.
        int loop = -1;

        private Region(
                int number,
                int first,
                int end,
                RegionScan scan,
                int toRun,
                boolean fallsThrough,
                int[] exits) {
            this.number = number;
            this.first = first;
            this.end = end;
            this.from = scan.at[first];
            this.to = scan.at[end];
            this.firstRun = scan.run[first];
            this.endRun = toRun;
            this.fallsThrough = fallsThrough;
            this.exits = exits;
            this.targets = new int[exits.length];
            this.exitCodes = new int[exits.length];
        }

        /// The region that begins at a byte, among those that are called from here.
        @Nullable Region childAt(int at) {
            int low = 0;
            int high = children.size() - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                int from = children.get(middle).from;
                if (from == at) {
                    return children.get(middle);
                }
                if (from < at) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return null;
        }
    }

    /// Where many regions that are called in the same loop return to: one choice for all of them,
    /// so that a call takes few bytes.
    static final class Tail {
        /// Where the loop begins in the module.
        final int loop;

        /// By the number that is returned: the region that ends with it, and which exit it takes;
        /// -1 for its end.
        final List<Region> from = new ArrayList<>();

        final List<Integer> exit = new ArrayList<>();

        private Tail(int loop) {
            this.loop = loop;
        }

        private int code(Region region, int number) {
            from.add(region);
            exit.add(number);
            return from.size() - 1;
        }
    }

    /// The function without its regions.
    final Region whole;

    /// All regions, by number.
    final List<Region> all;

    /// For each local its place in the array, or -1.
    final int[] place;

    /// Entries of the array.
    final int places;

    /// Of the function.
    final Charges charges;

    private Regions(Region whole, List<Region> all, int[] place, int places, Charges charges) {
        this.charges = charges;
        this.whole = whole;
        this.all = all;
        this.place = place;
        this.places = places;
    }

    /// Null when the function is small enough, or nothing of it can be cut out.
    ///
    /// @param methodBytes of JVM code, about, that each method may have
    static @Nullable Regions of(WasmModule module, int function, int methodBytes) {
        int body = function - module.importedFunctions;
        if (module.bodyEnd[body] - module.bodyStart[body] <= methodBytes / 6) {
            return null;
        }
        RegionScan scan = new RegionScan(module, function);
        if (scan.total() <= methodBytes) {
            return null;
        }
        List<Region> regions = new ArrayList<>();
        for (int level = 0; level < MAX_LEVELS; level++) {
            choose(scan, regions, methodBytes, methodBytes / MIN_PART);
            if (scan.total() > methodBytes) {
                scan.callsTakeLess(regions);
                choose(scan, regions, methodBytes, methodBytes / MIN_SMALL_PART);
            }
            if (scan.total() <= methodBytes) {
                break;
            }
        }
        if (regions.isEmpty()) {
            return null;
        }
        return nest(scan, regions);
    }

    // ---- choice

    /// A part that may become a region.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Candidate(int first, int end, int bytes, boolean fallsThrough, int[] exits) {}

    /// The content of a block: operators from `first` to `end`, without the block's own.
    record Body(int first, int end, int base) {}

    private static void choose(RegionScan scan, List<Region> regions, int methodBytes, int least) {
        List<Candidate> candidates = new ArrayList<>();
        Deque<Body> bodies = new ArrayDeque<>();
        bodies.add(new Body(0, scan.count - 1, 0));
        while (!bodies.isEmpty()) {
            statements(scan, bodies.removeLast(), methodBytes, least, candidates, bodies);
        }
        candidates.sort(Comparator.comparingInt(Candidate::bytes).reversed());
        for (Candidate each : candidates) {
            if (scan.total() <= methodBytes) {
                break;
            }
            int number = regions.size();
            int toRun = scan.run[each.end];
            Region region =
                    new Region(
                            number,
                            each.first,
                            each.end,
                            scan,
                            toRun,
                            each.fallsThrough,
                            each.exits);
            regions.add(region);
            scan.replace(region);
        }
        scan.add();
    }

    /// Puts statements that follow each other together; what is too large for a region is looked
    /// into.
    private static void statements(
            RegionScan scan,
            Body body,
            int methodBytes,
            int least,
            List<Candidate> found,
            Deque<Body> inside) {
        int start = -1;
        int bytes = 0;
        BitSet exits = new BitSet();
        boolean falls = true;
        int at = body.first;
        while (at < body.end && scan.reached(at)) {
            int end = at;
            do {
                end = scan.next(end);
            } while (end < body.end && scan.reached(end) && scan.height[end] != body.base);
            boolean ends = !scan.reached(end);
            boolean whole = scan.height[at] == body.base && (ends || scan.height[end] == body.base);
            int size = scan.bytes(at, end);
            BitSet leaves = whole && size <= methodBytes ? scan.exits(at, end) : null;
            if (leaves == null || leaves.cardinality() > MAX_EXITS) {
                add(found, least, start, at, bytes, falls, exits);
                start = -1;
                scan.bodies(at, end, inside);
            } else {
                BitSet both = (BitSet) exits.clone();
                both.or(leaves);
                if (start >= 0 && (bytes + size > methodBytes || both.cardinality() > MAX_EXITS)) {
                    add(found, least, start, at, bytes, falls, exits);
                    start = -1;
                    both = leaves;
                }
                if (start < 0) {
                    start = at;
                    bytes = 0;
                    both = leaves;
                }
                bytes += size;
                exits = both;
                falls = !ends;
            }
            at = end;
            if (ends) {
                break;
            }
        }
        add(found, least, start, at, bytes, falls, exits);
    }

    private static void add(
            List<Candidate> found,
            int least,
            int start,
            int end,
            int bytes,
            boolean falls,
            BitSet exits) {
        if (start >= 0 && bytes >= least + EXIT_BYTES * exits.cardinality()) {
            found.add(new Candidate(start, end, bytes, falls, exits.stream().toArray()));
        }
    }

    // ---- result

    private static Regions nest(RegionScan scan, List<Region> regions) {
        Region whole =
                new Region(
                        -1, 0, scan.count - 1, scan, scan.run[scan.count - 1], false, new int[0]);
        List<Region> byPlace = new ArrayList<>(regions);
        byPlace.sort(Comparator.comparingInt((Region r) -> r.first).thenComparingInt(r -> -r.end));
        // of two that begin together the one that was made later is around the other
        Deque<Region> around = new ArrayDeque<>();
        around.add(whole);
        for (Region region : byPlace) {
            while (region.first >= around.getLast().end) {
                around.removeLast();
            }
            around.getLast().children.add(region);
            around.add(region);
        }
        scan.use(whole);
        regions.forEach(scan::use);
        int[] place = new int[scan.locals];
        Arrays.fill(place, -1);
        Liveness live = new Liveness(scan, byPlace);
        live.find();
        tails(scan, whole);
        regions.forEach(each -> tails(scan, each));
        BitSet shared = new BitSet();
        for (Region region : regions) {
            BitSet crossing = (BitSet) region.liveIn.clone();
            crossing.or(region.liveOut);
            BitSet used = new BitSet();
            usedInside(region, used);
            crossing.and(used);
            shared.or(crossing);
        }
        int places = 0;
        for (int i = shared.nextSetBit(0); i >= 0; i = shared.nextSetBit(i + 1)) {
            place[i] = places++;
        }
        Charges charges = Charges.of(scan.module.bytes, scan.at[0], scan.at[scan.count - 1] + 1);
        return new Regions(whole, regions, place, places, charges);
    }

    /// Numbers the ways out of the regions that are called in one.
    private static void tails(RegionScan scan, Region caller) {
        Map<Integer, List<Region>> byLoop = new TreeMap<>();
        for (Region child : caller.children) {
            int loop = child.loop >= caller.first ? child.loop : -1;
            byLoop.computeIfAbsent(loop, _ -> new ArrayList<>()).add(child);
        }
        byLoop.forEach((loop, children) -> {
            if (loop < 0 || children.size() < TAIL_CALLS) {
                for (Region child : children) {
                    Arrays.setAll(child.exitCodes, i -> i + 1);
                }
                return;
            }
            Tail tail = new Tail(scan.at[loop]);
            caller.tails.add(tail);
            Map<Integer, Integer> targets = new HashMap<>();
            for (Region child : children) {
                child.tail = tail;
                child.endCode = child.fallsThrough ? tail.code(child, -1) : -1;
                for (int i = 0; i < child.exits.length; i++) {
                    int exit = i;
                    child.exitCodes[i] =
                            child.exitTypes.get(i).isEmpty()
                                    ? targets.computeIfAbsent(
                                            child.targets[i], _ -> tail.code(child, exit))
                                    : tail.code(child, exit);
                }
            }
        });
    }

    private static void usedInside(Region region, BitSet into) {
        into.or(region.used);
        region.children.forEach(child -> usedInside(child, into));
    }
}
