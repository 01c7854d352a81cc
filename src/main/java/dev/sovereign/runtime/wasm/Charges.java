package dev.sovereign.runtime.wasm;

import java.util.Arrays;

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

    private Charges() {
        costs[0] = 1;
    }

    /// @param from where the body's operators begin, after its locals
    static int[] of(byte[] bytes, int from, int to) {
        Charges charges = new Charges();
        charges.walk(new Operators(bytes, from), to);
        return Arrays.copyOf(charges.costs, charges.runs);
    }

    private void walk(Operators operators, int to) {
        while (operators.at < to) {
            operators.next();
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
