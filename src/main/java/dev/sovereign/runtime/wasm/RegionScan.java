package dev.sovereign.runtime.wasm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All operators of a function, with what their places mean.
final class RegionScan {
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
    private final Map<Integer, Regions.Region> outlined = new HashMap<>();

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

    RegionScan(WasmModule module, int function) {
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
        Regions.Region region = outlined.get(i);
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
    void bodies(int from, int to, Deque<Regions.Body> into) {
        for (int i = from; i < to && reached(i); i = next(i)) {
            if (outlined.containsKey(i)) {
                continue;
            }
            int begin = op[i];
            if (begin != Opcode.BLOCK && begin != Opcode.LOOP && begin != Opcode.IF) {
                continue;
            }
            int base = height[i] - (begin == Opcode.IF ? 1 : 0) - operand[i];
            into.add(new Regions.Body(i + 1, match[i], base));
            if (op[match[i]] == Opcode.ELSE) {
                into.add(new Regions.Body(match[i] + 1, match[match[i]], base));
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
    void replace(Regions.Region region) {
        for (int i = region.first; i < region.end; i++) {
            size[i] = 0;
        }
        size[region.first] = Regions.CALL_BYTES + Regions.EXIT_BYTES * region.exits.length;
        outlined.put(region.first, region);
        total += size[region.first] - bytes(region.first, region.end);
    }

    /// Counts calls as those that share their ways out.
    void callsTakeLess(List<Regions.Region> regions) {
        for (Regions.Region each : regions) {
            size[each.first] = Math.min(size[each.first], Regions.TAIL_CALL_BYTES);
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
    void use(Regions.Region region) {
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
        int carried = (block.op == Opcode.LOOP ? block.type.params() : block.type.results()).size();
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
