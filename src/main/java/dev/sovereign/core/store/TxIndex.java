package dev.sovereign.core.store;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Where some transactions begin, one for about every 64 KiB of log; filled as the log is written
/// or read. Thread-safe by its own lock.
final class TxIndex {

    private static final long STEP_BYTES = 64 << 10;

    private final TreeMap<Long, Position> places = new TreeMap<>();

    synchronized void add(long tx, Position position) {
        Map.Entry<Long, Position> before = places.floorEntry(tx);
        if (before == null
                || before.getValue().file() != position.file()
                || position.offset() - before.getValue().offset() >= STEP_BYTES) {
            places.put(tx, position);
        }
    }

    synchronized void clear() {
        places.clear();
    }

    /// A place from which reading comes by the beginning of `tx`.
    Position at(LogFiles log, long tx, Position end) throws IOException {
        Position best = Position.START;
        if (tx <= 1) {
            return best;
        }
        synchronized (this) {
            Map.Entry<Long, Position> before = places.floorEntry(tx);
            if (before != null) {
                best = before.getValue();
            }
        }
        List<Integer> numbers = log.numbers();
        for (int i = Math.min(numbers.size(), end.file()) - 1; i > 0; i--) {
            // A transaction after the one that a file begins with begins in that file or later.
            if (log.header(numbers.get(i)).firstTx() < tx) {
                Position file = new Position(numbers.get(i), LogFormat.FileHeader.BYTES);
                return best.isBefore(file) ? file : best;
            }
        }
        return best;
    }
}
