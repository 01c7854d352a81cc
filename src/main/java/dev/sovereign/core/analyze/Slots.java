package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Span;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// Kinds that are still being found out: one slot for each column, variable and term, merged where
/// a program says that two are alike. A slot knows which kinds are possible; a literal `1` may
/// still become a number, an unsigned or a float.
@SuppressWarnings(
        "EnumOrdinal") // kinds as bits of an int: an EnumSet for each slot would cost more than the
// analysis
final class Slots {

    static final int PRIMITIVE = bits(Kind.NUMBER, Kind.UNSIGNED, Kind.FLOAT, Kind.SYMBOL);
    static final int ANY = PRIMITIVE | bits(Kind.RECORD, Kind.ADT);
    static final int NUMERIC = bits(Kind.NUMBER, Kind.UNSIGNED, Kind.FLOAT);
    static final int WHOLE = bits(Kind.NUMBER, Kind.UNSIGNED);

    private int[] parent = new int[64];
    private int[] possible = new int[64];
    private @Nullable Span[] origin = new Span[64];
    private @Nullable String[] typeName = new String[64];

    /// The declared record or algebraic type below all names for it; null when it is not known.
    private @Nullable String[] structure = new String[64];

    private int size;

    static int bits(Kind... kinds) {
        int bits = 0;
        for (Kind kind : kinds) {
            bits |= 1 << kind.ordinal();
        }
        return bits;
    }

    /// A new slot.
    ///
    /// @param from where its possible kinds come from, for messages; null when nobody said anything
    ///   yet
    int add(int possibleKinds, @Nullable Span from) {
        if (size == parent.length) {
            parent = Arrays.copyOf(parent, size * 2);
            possible = Arrays.copyOf(possible, size * 2);
            origin = Arrays.copyOf(origin, size * 2);
            typeName = Arrays.copyOf(typeName, size * 2);
            structure = Arrays.copyOf(structure, size * 2);
        }
        parent[size] = size;
        possible[size] = possibleKinds;
        origin[size] = from;
        return size++;
    }

    /// A slot of a declared type.
    ///
    /// @param base of a record or an algebraic type, the type that has fields or branches
    int add(Kind kind, String type, @Nullable String base, @Nullable Span from) {
        int slot = add(bits(kind), from);
        typeName[slot] = type;
        structure[slot] = base;
        return slot;
    }

    private int root(int slot) {
        int at = slot;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    /// Both are of one kind from here on; false, and nothing changed, when no kind is possible for
    /// both.
    boolean merge(int one, int other) {
        int a = root(one);
        int b = root(other);
        if (a == b) {
            return true;
        }
        int both = possible[a] & possible[b];
        String oneBase = structure[a];
        String otherBase = structure[b];
        if (both == 0 || (oneBase != null && otherBase != null && !oneBase.equals(otherBase))) {
            return false;
        }
        Span from =
                Integer.bitCount(possible[a]) <= Integer.bitCount(possible[b])
                        ? origin[a]
                        : origin[b];
        if (from == null) {
            from = origin[a] != null ? origin[a] : origin[b];
        }
        parent[b] = a;
        possible[a] = both;
        origin[a] = from;
        if (typeName[a] == null) {
            typeName[a] = typeName[b];
        }
        if (oneBase == null) {
            structure[a] = otherBase;
        }
        return true;
    }

    /// Only these kinds are possible from here on; false, and nothing changed, when none is left.
    boolean restrict(int slot, int kinds, Span from) {
        int at = root(slot);
        if ((possible[at] & kinds) == 0) {
            return false;
        }
        if ((possible[at] & kinds) != possible[at]) {
            possible[at] &= kinds;
            origin[at] = from;
        }
        return true;
    }

    /// The same number for slots that are one.
    int id(int slot) {
        return root(slot);
    }

    /// The kind, once everything has been merged: of several possible ones, the first.
    Kind kind(int slot) {
        return Kind.values()[Integer.numberOfTrailingZeros(possible[root(slot)])];
    }

    /// The declared type's name, else the kind's.
    String type(int slot) {
        String name = typeName[root(slot)];
        return name != null ? name : kind(slot).word();
    }

    /// The record or algebraic type that has fields or branches; null when it is not known, or the
    /// kind is another.
    @Nullable String structure(int slot) {
        return structure[root(slot)];
    }

    /// Where the kinds come from.
    @Nullable Span origin(int slot) {
        return origin[root(slot)];
    }

    /// For messages: `number`, `number or symbol`.
    String shown(int slot) {
        int kinds = possible[root(slot)];
        if (kinds == NUMERIC || kinds == bits(Kind.NUMBER, Kind.FLOAT)) {
            return "number"; // a literal that may become any of them
        }
        String name = typeName[root(slot)];
        if (name != null && (kinds & PRIMITIVE) == 0) {
            return name;
        }
        if (kinds == ANY) {
            return "value";
        }
        StringBuilder out = new StringBuilder();
        for (Kind kind : Kind.values()) {
            if ((kinds & 1 << kind.ordinal()) != 0) {
                out.append(out.isEmpty() ? "" : " or ").append(kind.word());
            }
        }
        return out.toString();
    }
}
