package dev.sovereign.runtime;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// What pure tools have given, by what they were given; what was asked for longest ago goes first.
/// Any thread.
final class Memo {

    /// Of inputs and outputs; some 40,000 short ones.
    static final long MAX_BYTES = 16 << 20;

    /// Of the objects around an entry, about.
    private static final int ENTRY_BYTES = 400;

    /// @param input never written to
    private record Key(String identity, ByteBuffer input) {}

    private final long maxBytes;

    /// Guarded by `this`, like the fields below; the next to go first.
    private final Map<Key, RunReport> kept = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    Memo(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    synchronized @Nullable RunReport find(String identity, byte[] input) {
        return kept.get(new Key(identity, ByteBuffer.wrap(input)));
    }

    synchronized void keep(String identity, byte[] input, RunReport report) {
        Key key = new Key(identity, ByteBuffer.wrap(input.clone()));
        if (size(key, report) > maxBytes / 8 || kept.putIfAbsent(key, report) != null) {
            return;
        }
        bytes += size(key, report);
        Iterator<Map.Entry<Key, RunReport>> oldest = kept.entrySet().iterator();
        while (bytes > maxBytes) {
            Map.Entry<Key, RunReport> next = oldest.next();
            bytes -= size(next.getKey(), next.getValue());
            oldest.remove();
        }
    }

    private static long size(Key key, RunReport report) {
        return (long) key.input.capacity()
                + report.output().length
                + report.log().length
                + ENTRY_BYTES;
    }

    synchronized int size() {
        return kept.size();
    }
}
