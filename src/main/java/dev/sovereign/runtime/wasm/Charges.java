package dev.sovereign.runtime.wasm;

import java.util.Arrays;
import java.util.BitSet;

/// What a function's straight runs cost, in the order of their first bytes.
///
/// One unit buys one executed operator, or one entry of a function; `nop`, `drop`, `block`, `loop`,
/// `unreachable`, `return`, `else` and `end` are free. A straight run begins at the function's
/// entry (and pays for it) and after every `loop`, `if`, `else`, `end`, branch and call. It is paid
/// for as a whole when it begins, whether or not a trap ends it early. Whether fuel is left is
/// tested where loops and functions begin. Operators whose work depends on an operand pay for that
/// when they are executed ([Instance]).
final class Charges {

    private int[] costs = new int[16];
    private int runs = 1;
    private final BitSet computed = new BitSet();
    private final BitSet given = new BitSet();

    private Charges() {
        costs[0] = 1;
    }

    /// @param from where the body's operators begin, after its locals
    static Charges of(byte[] bytes, int from, int to) {
        Charges charges = new Charges();
        charges.walk(new Operators(bytes, from), to);
        charges.costs = Arrays.copyOf(charges.costs, charges.runs);
        return charges;
    }

    /// By the number of the straight run.
    int[] costs() {
        return costs;
    }

    /// Locals that are never given a value but a result of float arithmetic or a constant that is
    /// no NaN: a NaN in one of them may become the canonical one when it is looked at.
    ///
    /// @param params of the function, which come with any value
    BitSet onlyComputed(int params) {
        BitSet only = (BitSet) computed.clone();
        only.andNot(given);
        only.clear(0, params);
        return only;
    }

    private void local(int index, int before, long constant) {
        if (Opcode.isFloatArithmetic(before)) {
            computed.set(index);
        } else if (before == Opcode.F32_CONST
                ? Float.isNaN(Float.intBitsToFloat((int) constant))
                : before != Opcode.F64_CONST || Double.isNaN(Double.longBitsToDouble(constant))) {
            given.set(index);
        }
    }

    private void walk(Operators operators, int to) {
        int before = Opcode.NOP;
        long constant = 0;
        while (operators.at < to) {
            operators.next();
            if (operators.op == Opcode.LOCAL_SET || operators.op == Opcode.LOCAL_TEE) {
                local((int) operators.first, before, constant);
            }
            before = operators.op;
            constant = operators.first;
            if (isCharged(operators.op)) {
                costs[runs - 1]++;
            }
            if (endsRun(operators.op)) {
                if (runs == costs.length) {
                    costs = Arrays.copyOf(costs, runs * 2);
                }
                runs++;
            }
        }
    }

    static boolean isCharged(int op) {
        return switch (op) {
            case Opcode.NOP,
                    Opcode.DROP,
                    Opcode.BLOCK,
                    Opcode.LOOP,
                    Opcode.UNREACHABLE,
                    Opcode.RETURN,
                    Opcode.ELSE,
                    Opcode.END ->
                    false;
            default -> true;
        };
    }

    static boolean endsRun(int op) {
        return switch (op) {
            case Opcode.LOOP,
                    Opcode.IF,
                    Opcode.ELSE,
                    Opcode.END,
                    Opcode.BR,
                    Opcode.BR_IF,
                    Opcode.BR_TABLE,
                    Opcode.RETURN,
                    Opcode.UNREACHABLE,
                    Opcode.CALL,
                    Opcode.CALL_INDIRECT ->
                    true;
            default -> false;
        };
    }
}
