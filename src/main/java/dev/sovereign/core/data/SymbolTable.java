package dev.sovereign.core.data;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/// Strings as numbers: equal strings have equal ids, and ids are given in the order of first use.
///
/// A table has ids from 0. A [#fork] looks into its parent as that was at the fork and gives
/// negative ids to what it adds itself, so that a question's own strings vanish with the question.
/// One thread adds; any thread may look up and read meanwhile.
public final class SymbolTable {

    /// What [#find] answers for a string without an id.
    public static final long NONE = Long.MIN_VALUE;

    /// Symbols of one table; ids stay far inside an int.
    public static final int MAX_SYMBOLS = 1 << 30;

    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);

    /// Odd and unguessable, so that nobody can prepare strings that all collide.
    private static final long BASE = ThreadLocalRandom.current().nextLong() | 1;

    private static final int CHUNK_BITS = 12;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final int FIRST_SLOTS = 64;

    /// Heap bytes of a short string besides its characters: two objects and the reference to them.
    private static final int STRING_BYTES = 48;

    private final @Nullable SymbolTable parent;
    private final int parentSize;
    private final MemoryMeter meter;

    private @Nullable String[][] texts = new String[4][];

    /// 0 when empty, else the upper half of the hash and the position + 1.
    private volatile long[] slots = new long[FIRST_SLOTS];

    private volatile int size;
    private long bytes;

    /// An empty table.
    public SymbolTable() {
        this(MemoryMeter.NONE);
    }

    /// An empty table that reports what it takes.
    public SymbolTable(MemoryMeter meter) {
        this(null, 0, meter);
    }

    private SymbolTable(@Nullable SymbolTable parent, int parentSize, MemoryMeter meter) {
        this.parent = parent;
        this.parentSize = parentSize;
        this.meter = meter;
    }

    /// A table for one question on top of this one, which must not be a fork itself.
    public SymbolTable fork() {
        return fork(size, MemoryMeter.NONE);
    }

    /// A table for one question on top of the first `size` symbols of this one.
    ///
    /// @param meter told of what the fork adds
    public SymbolTable fork(int size, MemoryMeter meter) {
        if (parent != null) {
            throw new IllegalStateException("a fork of a fork");
        }
        return new SymbolTable(this, size, meter);
    }

    /// Symbols added to this table itself, without its parent's.
    public int size() {
        return size;
    }

    /// The string of an id that this table or its parent gave.
    public String text(long id) {
        if (parent == null) {
            return textAt((int) id);
        }
        return id >= 0 ? parent.textAt((int) id) : textAt((int) -(id + 1));
    }

    /// The id of a string, or [#NONE].
    public long find(String text) {
        return find(text, hash(text));
    }

    private long find(String text, long hash) {
        if (parent != null) {
            int position = parent.lookUp(text, hash);
            if (position >= 0 && position < parentSize) {
                return position;
            }
        }
        int position = lookUp(text, hash);
        return position < 0 ? NONE : id(position);
    }

    /// The id of a string, which is added when it is new.
    public long intern(String text) {
        long hash = hash(text);
        long found = find(text, hash);
        return found != NONE ? found : add(text, hash);
    }

    /// The id of the string whose UTF-8 is `bytes[from..to-1]`; what is not UTF-8 becomes U+FFFD.
    public long intern(byte[] bytes, int from, int to) {
        long hash = 0;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b < 0) {
                return intern(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            }
            hash = hash * BASE + b;
        }
        hash = finish(hash);
        if (parent != null) {
            int position = parent.lookUp(bytes, from, to, hash);
            if (position >= 0 && position < parentSize) {
                return position;
            }
        }
        int position = lookUp(bytes, from, to, hash);
        if (position >= 0) {
            return id(position);
        }
        return add(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1), hash);
    }

    /// Orders strings by code point: what `<` means for symbols and how answers are sorted.
    public static int compare(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                // surrogates stand for code points above all other chars
                boolean high = Character.isSurrogate(a);
                return high == Character.isSurrogate(b) ? Character.compare(a, b) : high ? 1 : -1;
            }
        }
        return Integer.compare(one.length(), other.length());
    }

    /// Heap taken by this table itself, about.
    public long bytes() {
        return bytes + 8L * slots.length;
    }

    private long id(int position) {
        return parent == null ? position : -(long) position - 1;
    }

    private String textAt(int position) {
        String text = texts[position >>> CHUNK_BITS][position & (CHUNK - 1)];
        if (text == null) {
            throw new IllegalArgumentException("no symbol has position " + position);
        }
        return text;
    }

    private int lookUp(String text, long hash) {
        long[] table = slots;
        int mask = table.length - 1;
        for (int slot = start(hash, mask); ; slot = (slot + 1) & mask) {
            long entry = (long) SLOTS.getAcquire(table, slot);
            if (entry == 0) {
                return -1;
            }
            if ((entry ^ hash) >>> 32 == 0 && textAt((int) entry - 1).equals(text)) {
                return (int) entry - 1;
            }
        }
    }

    private int lookUp(byte[] bytes, int from, int to, long hash) {
        long[] table = slots;
        int mask = table.length - 1;
        for (int slot = start(hash, mask); ; slot = (slot + 1) & mask) {
            long entry = (long) SLOTS.getAcquire(table, slot);
            if (entry == 0) {
                return -1;
            }
            if ((entry ^ hash) >>> 32 == 0 && equal(textAt((int) entry - 1), bytes, from, to)) {
                return (int) entry - 1;
            }
        }
    }

    private static boolean equal(String text, byte[] ascii, int from, int to) {
        if (text.length() != to - from) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != ascii[from + i]) {
                return false;
            }
        }
        return true;
    }

    private synchronized long add(String text, long hash) {
        int position = size;
        if (position == MAX_SYMBOLS) {
            throw new IllegalStateException(
                    "a symbol table holds at most " + MAX_SYMBOLS + " symbols");
        }
        long needed = (long) STRING_BYTES + charBytes(text);
        meter.allocating(needed);
        bytes += needed;
        int chunk = position >>> CHUNK_BITS;
        if (chunk == texts.length) {
            texts = Arrays.copyOf(texts, 2 * chunk);
        }
        String[] strings = texts[chunk];
        if (strings == null) {
            strings = new String[CHUNK];
            texts[chunk] = strings;
        }
        strings[position & (CHUNK - 1)] = text;
        if (2 * (position + 1) > slots.length) {
            slots = grow(slots);
        }
        long[] table = slots;
        int mask = table.length - 1;
        int slot = start(hash, mask);
        while (table[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        SLOTS.setRelease(table, slot, (hash & 0xFFFFFFFF00000000L) | (position + 1));
        size = position + 1;
        return id(position);
    }

    /// Bytes of the characters: the JVM keeps strings of Latin-1 in one byte each, all others in
    /// two.
    private static long charBytes(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF) {
                return 2L * text.length();
            }
        }
        return text.length();
    }

    private long[] grow(long[] table) {
        meter.allocating(16L * table.length);
        long[] larger = new long[table.length * 2];
        int mask = larger.length - 1;
        for (long entry : table) {
            if (entry != 0) {
                int slot = start(entry, mask);
                while (larger[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                larger[slot] = entry;
            }
        }
        meter.allocating(-8L * table.length);
        return larger;
    }

    private static long hash(String text) {
        long hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = hash * BASE + text.charAt(i);
        }
        return finish(hash);
    }

    private static long finish(long hash) {
        long mixed = (hash ^ (hash >>> 32)) * 0x9E3779B97F4A7C15L;
        return mixed ^ (mixed >>> 29);
    }

    /// Depends on the upper half only: that is all that a slot keeps of a hash.
    private static int start(long hash, int mask) {
        int upper = (int) (hash >>> 32);
        return (upper ^ (upper >>> 16)) & mask;
    }
}
