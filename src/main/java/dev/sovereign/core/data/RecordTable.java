package dev.sovereign.core.data;

import java.util.ArrayList;
import java.util.List;

/// Records and branches of algebraic types as numbers: equal ones have equal ids. An id tells how
/// many fields there are, so that it can be taken apart without its type. 0 is `nil`. For one
/// thread.
///
/// A branch is kept as its tag followed by its fields.
public final class RecordTable {

    /// The id of `nil`.
    public static final long NIL = 0;

    /// Fields of one record, a branch's tag among them: what an index can find.
    public static final int MAX_FIELDS = Relation.MAX_INDEXED_COLUMNS;

    private static final int FIELD_BITS = 8;

    private final MemoryMeter meter;
    private final List<Relation> byFields = new ArrayList<>();

    public RecordTable(MemoryMeter meter) {
        this.meter = meter;
    }

    /// The id of the record with these fields.
    public long intern(long[] fields) {
        if (fields.length > MAX_FIELDS) {
            throw new IllegalArgumentException(fields.length + " fields");
        }
        while (byFields.size() <= fields.length) {
            byFields.add(new Relation(byFields.size(), meter));
        }
        Relation relation = byFields.get(fields.length);
        int row;
        if (fields.length == 0) {
            relation.addIfAbsent(fields);
            row = 0;
        } else {
            HashIndex index = relation.index(Relation.allColumns(fields.length));
            row = index.first(fields);
            if (row < 0) {
                row = relation.append(fields);
                index.extendTo(row + 1);
            }
        }
        return ((long) row + 1) << FIELD_BITS | fields.length;
    }

    /// How many fields there are; of a branch with its tag.
    public static int fields(long id) {
        return (int) (id & ((1 << FIELD_BITS) - 1));
    }

    /// One field of a record that is not `nil`; of a branch field 0 is its tag.
    public long field(long id, int field) {
        return byFields.get(fields(id)).value(field, (int) (id >>> FIELD_BITS) - 1);
    }
}
