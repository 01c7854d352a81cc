package dev.sovereign.runtime.wasm;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

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
    private static final int CALL_BYTES = 36;

    private static final int EXIT_BYTES = 12;

    /// JVM code of a call whose exits are taken in a [Tail].
    private static final int TAIL_CALL_BYTES = 26;

    /// Calls around the same loop that are worth a tail.
    private static final int TAIL_CALLS = 8;

    /// Less of a method's code than this is not worth a call: 140 bytes; and where that is not
    /// enough, as in an interpreter with hundreds of short cases, 60.
    private static final int MIN_PART = 28;

    private static final int MIN_SMALL_PART = 66;

    /// Looks at all of a function to find which locals are live; loops inside each other take more.
    /// What takes still more has all of its locals in the array.
    private static final int MAX_PASSES = 16;

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

        private final int first;
        private final int end;

        /// The operator that begins the innermost loop around it; -1 for none.
        private int loop = -1;

        private Region(
                int number,
                int first,
                int end,
                Scan scan,
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
        Scan scan = new Scan(module, function);
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
    private record Body(int first, int end, int base) {}

    private static void choose(Scan scan, List<Region> regions, int methodBytes, int least) {
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
            Scan scan,
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

    private static Regions nest(Scan scan, List<Region> regions) {
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
    private static void tails(Scan scan, Region caller) {
        java.util.Map<Integer, List<Region>> byLoop = new java.util.TreeMap<>();
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
            java.util.Map<Integer, Integer> targets = new java.util.HashMap<>();
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

    // ---- the function's operators

    /// All operators of a function, with what their places mean.
    private static final class Scan {
        final WasmModule module;
        final Operators in;
        final FunctionType type;
        int locals;
        int count;
        int[] at = new int[256];
        int[] op = new int[256];

        /// An index of a local, or a label.
        int[] operand = new int[256];

        /// Operands on the stack before each; -1 where it cannot be reached.
        int[] height = new int[256];

        int[] run = new int[256];

        /// Of a block's begin its `end` or `else`; of an `else` its `end`; of an `end` its begin.
        int[] match = new int[256];

        /// JVM code of each, then the sum of all before it.
        int[] size = new int[256];

        int[] sum = {};
        private int total;

        /// Regions that begin at an operator: where they end.
        private final java.util.Map<Integer, Region> outlined = new java.util.HashMap<>();

        private static final class Open {
            final int op;
            final int begin;
            final int base;
            final FunctionType type;
            boolean targeted;
            int otherwise = -1;

            Open(int op, int begin, int base, FunctionType type) {
                this.op = op;
                this.begin = begin;
                this.base = base;
                this.type = type;
            }
        }

        private final List<Open> open = new ArrayList<>();

        Scan(WasmModule module, int function) {
            this.module = module;
            this.type = module.functionType(function);
            int body = function - module.importedFunctions;
            this.in = new Operators(module.bytes, module.bodyStart[body]);
            this.locals = type.params().size();
            in.locals((number, each) -> locals += number);
            walk(module.bodyEnd[body]);
            add();
        }

        int total() {
            return total;
        }

        int bytes(int from, int to) {
            return sum[to] - sum[from];
        }

        boolean reached(int i) {
            return height[i] >= 0;
        }

        /// What follows an operator, or the block or region that begins with it.
        int next(int i) {
            Region region = outlined.get(i);
            if (region != null) {
                return region.end;
            }
            return switch (op[i]) {
                case Opcode.BLOCK, Opcode.LOOP -> match[i] + 1;
                case Opcode.IF -> {
                    int end = match[i];
                    yield (op[end] == Opcode.ELSE ? match[end] : end) + 1;
                }
                default -> i + 1;
            };
        }

        /// The contents of all blocks of a statement.
        void bodies(int from, int to, Deque<Body> into) {
            for (int i = from; i < to && reached(i); i = next(i)) {
                if (outlined.containsKey(i)) {
                    continue;
                }
                int begin = op[i];
                if (begin != Opcode.BLOCK && begin != Opcode.LOOP && begin != Opcode.IF) {
                    continue;
                }
                int base = height[i] - (begin == Opcode.IF ? 1 : 0) - operand[i];
                into.add(new Body(i + 1, match[i], base));
                if (op[match[i]] == Opcode.ELSE) {
                    into.add(new Body(match[i] + 1, match[match[i]], base));
                }
            }
        }

        /// Labels around a part that it branches to, counted from where it begins.
        BitSet exits(int from, int to) {
            BitSet found = new BitSet();
            int depth = 0;
            for (int i = from; i < to; i++) {
                switch (op[i]) {
                    case Opcode.BLOCK, Opcode.LOOP, Opcode.IF -> depth++;
                    case Opcode.END -> depth--;
                    case Opcode.BR, Opcode.BR_IF -> {
                        if (reached(i) && operand[i] >= depth) {
                            found.set(operand[i] - depth);
                        }
                    }
                    case Opcode.BR_TABLE -> {
                        if (reached(i)) {
                            in.at = at[i];
                            in.next();
                            for (int label : in.labels) {
                                if (label >= depth) {
                                    found.set(label - depth);
                                }
                            }
                        }
                    }
                    case Opcode.RETURN -> {
                        if (reached(i)) {
                            found.set(operand[i] - depth);
                        }
                    }
                    default -> {}
                }
            }
            return found;
        }

        /// Counts a region as a call from now on.
        void replace(Region region) {
            for (int i = region.first; i < region.end; i++) {
                size[i] = 0;
            }
            size[region.first] = CALL_BYTES + EXIT_BYTES * region.exits.length;
            outlined.put(region.first, region);
            total += size[region.first] - bytes(region.first, region.end);
        }

        /// Counts calls as those that share their ways out.
        void callsTakeLess(List<Region> regions) {
            for (Region each : regions) {
                size[each.first] = Math.min(size[each.first], TAIL_CALL_BYTES);
            }
            add();
        }

        /// Sums up the sizes anew, after some were replaced.
        void add() {
            if (sum.length == 0) {
                sum = new int[count + 1];
            }
            for (int i = 0; i < count; i++) {
                sum[i + 1] = sum[i] + size[i];
            }
            total = sum[count];
        }

        /// Locals that a region's own code uses.
        void use(Region region) {
            int child = 0;
            for (int i = region.first; i < region.end; i++) {
                if (child < region.children.size() && region.children.get(child).first == i) {
                    i = region.children.get(child++).end - 1;
                    continue;
                }
                if (op[i] >= Opcode.LOCAL_GET && op[i] <= Opcode.LOCAL_TEE && reached(i)) {
                    region.used.set(operand[i]);
                }
            }
        }

        private void grow() {
            if (count == at.length) {
                int more = count * 2;
                at = Arrays.copyOf(at, more);
                op = Arrays.copyOf(op, more);
                operand = Arrays.copyOf(operand, more);
                height = Arrays.copyOf(height, more);
                run = Arrays.copyOf(run, more);
                match = Arrays.copyOf(match, more);
                size = Arrays.copyOf(size, more);
            }
        }

        private void walk(int end) {
            open.add(new Open(Opcode.BLOCK, -1, 0, new FunctionType(List.of(), type.results())));
            int now = 0;
            int runs = 0;
            int dead = -1; // blocks opened since the code became unreachable
            while (in.at < end) {
                grow();
                int i = count++;
                at[i] = in.at;
                run[i] = runs;
                height[i] = dead >= 0 ? -1 : now;
                in.next();
                op[i] = in.op;
                boolean endsRun = Charges.endsRun(in.op);
                if (endsRun) {
                    runs++;
                }
                if (dead >= 0 && in.op != Opcode.ELSE && in.op != Opcode.END) {
                    switch (in.op) {
                        case Opcode.BLOCK, Opcode.LOOP, Opcode.IF -> {
                            open.add(new Open(in.op, i, 0, NOTHING));
                            dead++;
                        }
                        default -> {}
                    }
                    continue;
                }
                switch (in.op) {
                    case Opcode.BLOCK, Opcode.LOOP, Opcode.IF -> {
                        FunctionType types = Operators.blockType(module, in.first);
                        if (in.op == Opcode.IF) {
                            now--;
                        }
                        operand[i] = types.params().size();
                        open.add(new Open(in.op, i, now - operand[i], types));
                        size[i] = in.op == Opcode.BLOCK ? 2 : in.op == Opcode.LOOP ? 34 : 12;
                    }
                    case Opcode.ELSE -> {
                        Open block = open.getLast();
                        match[block.begin] = i;
                        block.otherwise = i;
                        if (dead > 0) {
                            break;
                        }
                        block.targeted |= dead < 0;
                        dead = -1;
                        now = block.base + block.type.params().size();
                        size[i] = 12;
                    }
                    case Opcode.END -> {
                        Open block = open.removeLast();
                        match[i] = block.begin;
                        if (block.otherwise >= 0) {
                            match[block.otherwise] = i;
                        } else if (block.begin >= 0) {
                            match[block.begin] = i;
                        }
                        if (dead > 0) {
                            dead--;
                            break;
                        }
                        boolean reached =
                                dead < 0
                                        || (block.targeted && block.op != Opcode.LOOP)
                                        || (block.op == Opcode.IF && block.otherwise < 0);
                        dead = reached ? -1 : 0;
                        now = block.base + block.type.results().size();
                        size[i] = 9;
                    }
                    case Opcode.BR, Opcode.BR_IF -> {
                        if (in.op == Opcode.BR_IF) {
                            now--;
                        }
                        operand[i] = (int) in.first;
                        size[i] = target(operand[i]) + (in.op == Opcode.BR_IF ? 12 : 3);
                        if (in.op == Opcode.BR) {
                            dead = 0;
                        }
                    }
                    case Opcode.BR_TABLE -> {
                        int bytes = 20 + 4 * Math.min(in.labels.length, 1024);
                        for (int label : in.labels) {
                            bytes += target(label);
                        }
                        size[i] = bytes;
                        dead = 0;
                    }
                    case Opcode.RETURN -> {
                        operand[i] = open.size() - 1;
                        target(operand[i]);
                        size[i] = 9;
                        dead = 0;
                    }
                    case Opcode.UNREACHABLE -> {
                        size[i] = 4;
                        dead = 0;
                    }
                    default -> now = plain(i, now);
                }
            }
        }

        private int target(int label) {
            Open block = open.get(open.size() - 1 - label);
            block.targeted = true;
            int carried =
                    (block.op == Opcode.LOOP ? block.type.params() : block.type.results()).size();
            return 4 * carried;
        }

        /// Operators that are not control: their code, and the height behind them.
        private int plain(int i, int now) {
            int code = in.op;
            if (Opcode.isPlain(code)) {
                if (Opcode.isMemoryAccess(code)) {
                    boolean loads = code <= Opcode.LAST_LOAD;
                    size[i] = (in.second == 0 ? 6 : 15) + (loads ? 0 : 4);
                    return loads ? now : now - 2;
                }
                size[i] = 3;
                return Opcode.second(code) == null ? now : now - 1;
            }
            if (code == Opcode.CALL) {
                return call(i, now, module.functionType((int) in.first), 36);
            }
            if (code == Opcode.CALL_INDIRECT) {
                return call(i, now - 1, module.types[(int) in.first], 50);
            }
            if (code >= Opcode.LOCAL_GET && code <= Opcode.LOCAL_TEE) {
                operand[i] = (int) in.first;
            }
            size[i] = bytes(code);
            return now + change(code);
        }

        private static int bytes(int code) {
            return switch (code) {
                case Opcode.NOP -> 0;
                case Opcode.DROP -> 1;
                case Opcode.LOCAL_GET, Opcode.LOCAL_SET -> 2;
                case Opcode.LOCAL_TEE -> 3;
                case Opcode.I32_CONST, Opcode.I64_CONST, Opcode.F32_CONST, Opcode.F64_CONST -> 3;
                case Opcode.SELECT, Opcode.SELECT_TYPED -> 6;
                case Opcode.GLOBAL_GET, Opcode.DATA_DROP, Opcode.ELEM_DROP -> 8;
                case Opcode.GLOBAL_SET -> 11;
                case Opcode.REF_NULL, Opcode.REF_FUNC, Opcode.TABLE_SIZE, Opcode.MEMORY_SIZE -> 12;
                case Opcode.TABLE_SET -> 16;
                default -> 44; // by the instance
            };
        }

        private static int change(int code) {
            return switch (code) {
                case Opcode.LOCAL_GET,
                        Opcode.GLOBAL_GET,
                        Opcode.I32_CONST,
                        Opcode.I64_CONST,
                        Opcode.F32_CONST,
                        Opcode.F64_CONST,
                        Opcode.REF_NULL,
                        Opcode.REF_FUNC,
                        Opcode.TABLE_SIZE,
                        Opcode.MEMORY_SIZE ->
                        1;
                case Opcode.NOP,
                        Opcode.LOCAL_TEE,
                        Opcode.DATA_DROP,
                        Opcode.ELEM_DROP,
                        Opcode.TABLE_GET,
                        Opcode.MEMORY_GROW,
                        Opcode.REF_IS_NULL ->
                        0;
                case Opcode.DROP, Opcode.LOCAL_SET, Opcode.GLOBAL_SET, Opcode.TABLE_GROW -> -1;
                case Opcode.SELECT, Opcode.SELECT_TYPED, Opcode.TABLE_SET -> -2;
                default -> -3; // bulk operations
            };
        }

        private int call(int i, int now, FunctionType callee, int bytes) {
            size[i] = bytes + (callee.results().size() > 1 ? 8 * callee.results().size() : 0);
            return now - callee.params().size() + callee.results().size();
        }

        private static final FunctionType NOTHING = new FunctionType(List.of(), List.of());
    }

    // ---- liveness

    /// Which locals' values matter at the ends of regions: one walk backwards, again while what is
    /// known of a loop's begin grows.
    private static final class Liveness {
        private final Scan scan;
        private final List<Region> byEnd;
        private final Region[] startingAt;
        private final int words;

        /// By the operator that begins a loop.
        private final java.util.Map<Integer, long[]> loops = new java.util.HashMap<>();

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

        Liveness(Scan scan, List<Region> regions) {
            this.scan = scan;
            this.words = (scan.locals + 63) / 64;
            this.byEnd = new ArrayList<>(regions);
            byEnd.sort(
                    Comparator.comparingInt((Region r) -> -r.end).thenComparingInt(r -> r.first));
            this.startingAt = regions.toArray(Region[]::new);
            Arrays.sort(
                    startingAt,
                    Comparator.comparingInt((Region r) -> -r.first).thenComparingInt(r -> r.end));
        }

        void find() {
            for (int pass = 0; pass < MAX_PASSES; pass++) {
                grown = false;
                walk();
                if (!grown) {
                    return;
                }
            }
            for (Region each : byEnd) {
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

        private void leaves(Region region, long[] live, List<Around> around) {
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
}
