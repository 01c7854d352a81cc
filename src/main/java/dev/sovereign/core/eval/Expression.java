package dev.sovereign.core.eval;

/// Computes one value from registers.
abstract class Expression {

    abstract long get(long[] registers);

    /// A register's content.
    static final class Read extends Expression {
        final int register;

        Read(int register) {
            this.register = register;
        }

        @Override
        long get(long[] registers) {
            return registers[register];
        }
    }

    /// Always the same.
    static final class Fixed extends Expression {
        final long bits;

        Fixed(long bits) {
            this.bits = bits;
        }

        @Override
        long get(long[] registers) {
            return bits;
        }
    }

    interface Unary {
        long apply(long a);
    }

    interface Binary {
        long apply(long a, long b);
    }

    /// A function of one value.
    static final class One extends Expression {
        private final Unary function;
        private final Expression a;

        One(Unary function, Expression a) {
            this.function = function;
            this.a = a;
        }

        @Override
        long get(long[] registers) {
            return function.apply(a.get(registers));
        }
    }

    /// A function of two values.
    static final class Two extends Expression {
        private final Binary function;
        private final Expression a;
        private final Expression b;

        Two(Binary function, Expression a, Expression b) {
            this.function = function;
            this.a = a;
            this.b = b;
        }

        @Override
        long get(long[] registers) {
            return function.apply(a.get(registers), b.get(registers));
        }
    }

    interface Nary {
        long apply(long[] values);
    }

    /// A function of any number of values.
    static final class Many extends Expression {
        private final Nary function;
        private final Expression[] arguments;

        Many(Nary function, Expression[] arguments) {
            this.function = function;
            this.arguments = arguments;
        }

        @Override
        long get(long[] registers) {
            long[] values = new long[arguments.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = arguments[i].get(registers);
            }
            return function.apply(values);
        }
    }
}
