package dev.sovereign.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

class VisitorBehindTest {

    private static final TransactionHeader HEADER =
            new TransactionHeader(1, "a", 1, "assert", 1, 0, 1, new byte[32], new byte[32]);

    /// Writes down what it sees, and fails at one transaction.
    private static final class Seen implements LogVisitor {
        final List<String> calls = new ArrayList<>();
        private final long failing;
        private Thread thread = Thread.currentThread();

        Seen(long failing) {
            this.failing = failing;
        }

        @Override
        public boolean begin(long tx) throws IOException {
            thread = Thread.currentThread();
            calls.add("begin " + tx);
            if (tx == failing) {
                throw new MalformedException("at " + tx);
            }
            return true;
        }

        @Override
        public boolean payload(ByteInput slice) throws IOException {
            calls.add("payload " + slice.remaining() + " of " + slice.u8());
            return true;
        }

        @Override
        public boolean commit(long tx, TransactionHeader h, boolean hashes, boolean forgotten) {
            calls.add("commit " + tx);
            return true;
        }

        @Override
        public void tip(String author, byte[] hash) {
            calls.add("tip " + author);
        }

        @Override
        public void passing(long tx, Position position) {
            calls.add("passing " + tx);
        }
    }

    private static void show(LogVisitor visitor, int count, int payload) throws IOException {
        byte[] shared = new byte[payload];
        for (int tx = 1; tx <= count; tx++) {
            visitor.passing(tx, Position.START);
            visitor.begin(tx);
            shared[0] = (byte) tx; // as a cursor does, which reads into one array
            visitor.payload(new ByteInput(shared));
            visitor.commit(tx, HEADER, true, false);
            visitor.tip("a", new byte[32]);
        }
    }

    private static List<String> expected(int count, int payload) throws IOException {
        Seen seen = new Seen(0);
        show(seen, count, payload);
        return seen.calls;
    }

    @Test
    void smallLogsAreSeenByTheCaller() throws IOException {
        Seen seen = new Seen(0);
        try (VisitorBehind behind = new VisitorBehind(seen)) {
            show(behind, 10, 100);
            behind.finish();
        }
        assertEquals(expected(10, 100), seen.calls);
        assertEquals(Thread.currentThread(), seen.thread);
    }

    @Test
    void largeLogsAreSeenInOrderByAnotherThread() throws IOException {
        for (int payload : new int[] {1, 50_000}) {
            int count = payload == 1 ? 20_000 : 200;
            Seen seen = new Seen(0);
            try (VisitorBehind behind = new VisitorBehind(seen)) {
                show(behind, count, payload);
                behind.finish();
            }
            assertEquals(expected(count, payload), seen.calls);
            assertFalse(seen.thread.equals(Thread.currentThread()));
        }
    }

    @Test
    void aFailureIsTheWalkersAndNothingIsSeenAfterIt() throws IOException {
        Seen seen = new Seen(3);
        try (VisitorBehind behind = new VisitorBehind(seen)) {
            assertThrows(
                    MalformedException.class,
                    () -> {
                        show(behind, 200, 50_000);
                        behind.finish();
                    });
        }
        assertTrue(seen.calls.getLast().equals("begin 3"), seen.calls.toString());
        assertFalse(seen.thread.isAlive() && !seen.thread.equals(Thread.currentThread()));
    }

    @Test
    void closingEndsTheThreadInTheMidst() throws IOException {
        Seen seen = new Seen(0);
        try (VisitorBehind behind = new VisitorBehind(seen)) {
            show(behind, 50, 50_000);
        }
        assertFalse(seen.thread.isAlive() && !seen.thread.equals(Thread.currentThread()));
    }
}
