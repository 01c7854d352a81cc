package dev.sovereign.core.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;

final class RelationTest {

    @Test
    void holdsEachTupleOnceInTheOrderOfArrival() {
        SplittableRandom random = new SplittableRandom(7);
        for (int arity = 0; arity <= 4; arity++) {
            // mostly ints; now and then a value that needs 64 bits, and the packed key 0
            long[] values = {
                0, 1, -1, 2, 3, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 40, -(1L << 33)
            };
            int distinct = arity == 4 ? 5 : values.length;
            Relation relation = new Relation(arity);
            Set<List<Long>> seen = new HashSet<>();
            List<List<Long>> order = new ArrayList<>();
            for (int i = 0; i < 40_000; i++) {
                long[] tuple = new long[arity];
                List<Long> boxed = new ArrayList<>();
                for (int column = 0; column < arity; column++) {
                    boolean small = i < 2_000 && random.nextInt(100) != 0;
                    tuple[column] = small ? random.nextInt(60) : values[random.nextInt(distinct)];
                    boxed.add(tuple[column]);
                }
                boolean isNew = seen.add(boxed);
                assertEquals(isNew, relation.addIfAbsent(tuple));
                if (isNew) {
                    order.add(boxed);
                }
                assertTrue(relation.contains(tuple));
            }
            assertEquals(order.size(), relation.size());
            for (int row = 0; row < order.size(); row++) {
                for (int column = 0; column < arity; column++) {
                    assertEquals(order.get(row).get(column), relation.value(column, row));
                }
            }
        }
    }

    /// Many pairs that share values, so that they are kept by value: dense, sparse, negative, then
    /// one that needs 64 bits.
    @Test
    void holdsPairsByValueInAnyShape() {
        for (int cluster = 0; cluster < 2; cluster++) {
            for (int shape = 0; shape < 4; shape++) {
                SplittableRandom random = new SplittableRandom(31 + shape);
                Relation relation = new Relation(2);
                relation.clusterBy(cluster);
                Set<List<Long>> seen = new HashSet<>();
                for (int i = 0; i < 120_000; i++) {
                    long key = random.nextInt(shape == 1 ? 3 : 300);
                    long value =
                            switch (shape) {
                                case 0 -> random.nextInt(500);
                                case 1 -> random.nextInt(1 << 20);
                                case 2 -> random.nextInt(200) * 10_000_000L - 1_000_000_000;
                                default ->
                                        i < 90_000
                                                ? random.nextInt(400)
                                                : random.nextInt(40) * 100_000_000L;
                            };
                    long a = cluster == 0 ? key : value;
                    long b = cluster == 0 ? value : key;
                    assertEquals(seen.add(List.of(a, b)), relation.add(a, b));
                    if (i % 64 == 0) {
                        long other = random.nextInt(600);
                        assertEquals(seen.contains(List.of(a, other)), relation.contains(a, other));
                        assertTrue(relation.contains(a, b));
                    }
                    if (i == 100_000) {
                        int half = relation.size() / 2;
                        relation.cluster(half);
                    }
                }
                Set<List<Long>> found = new HashSet<>();
                for (int row = 0; row < relation.size(); row++) {
                    found.add(List.of(relation.value(0, row), relation.value(1, row)));
                }
                assertEquals(seen, found);
                for (int row = 0; row < relation.size(); row += 101) {
                    assertEquals(
                            row, relation.rowOf(relation.value(0, row), relation.value(1, row)));
                }
                assertEquals(-1, relation.rowOf(-5, -5));
            }
        }
    }

    @Test
    void tellsTheRowOfATupleOfAnyWidth() {
        for (int arity = 1; arity < 5; arity++) {
            for (long spread : new long[] {1, 1L << 33}) {
                Relation relation = new Relation(arity);
                for (int i = 0; i < 500; i++) {
                    relation.addIfAbsent(tuple(arity, i * spread));
                }
                for (int i = 0; i < 500; i++) {
                    assertEquals(i, relation.rowOf(tuple(arity, i * spread)));
                }
                assertEquals(-1, relation.rowOf(tuple(arity, 500 * spread)));
            }
        }
        Relation one = new Relation(0);
        assertEquals(-1, one.rowOf());
        one.addIfAbsent();
        assertEquals(0, one.rowOf());
    }

    private static long[] tuple(int arity, long value) {
        long[] tuple = new long[arity];
        for (int i = 0; i < arity; i++) {
            tuple[i] = value + i;
        }
        return tuple;
    }

    @Test
    void listsRowsAndNeighborsByRound() {
        SplittableRandom random = new SplittableRandom(5);
        for (long spread : new long[] {1, 1_000_003, -77}) {
            Relation relation = new Relation(2);
            int old = 0;
            for (int round = 0; round < 6; round++) {
                int all = relation.size();
                Adjacency rows = relation.adjacency(0);
                Adjacency values = relation.neighbors(0);
                if (round != 2) { // a round that nobody asks about
                    rows.cover(old, all);
                    values.cover(old, all);
                    check(relation, rows, values, spread, old, all);
                }
                for (int i = 0; i < 3000; i++) {
                    relation.add(random.nextInt(900) * spread, random.nextInt(50));
                }
                old = all;
            }
            Relation whole = new Relation(2);
            for (int row = 0; row < relation.size(); row++) {
                whole.add(relation.value(0, row), relation.value(1, row));
            }
            Adjacency values = whole.neighbors(0);
            values.coverComplete(whole.size());
            values.sort();
            Adjacency.Cursor cursor = new Adjacency.Cursor();
            int listed = 0;
            for (int key = 0; key < 900; key++) {
                values.seek(key * spread, Adjacency.Part.ALL, cursor);
                for (int i = cursor.from; i < cursor.to; i++) {
                    assertTrue(whole.contains(key * spread, cursor.list[i]));
                    assertTrue(i == cursor.from || cursor.list[i - 1] < cursor.list[i]);
                    listed++;
                }
            }
            assertEquals(whole.size(), listed);
        }
    }

    private static void check(
            Relation relation, Adjacency rows, Adjacency values, long spread, int old, int all) {
        Adjacency.Cursor cursor = new Adjacency.Cursor();
        for (Adjacency.Part part : Adjacency.Part.values()) {
            int from = part == Adjacency.Part.DELTA ? old : 0;
            int to = part == Adjacency.Part.OLD ? old : all;
            for (int key = 0; key < 905; key += 7) {
                List<Integer> expected = new ArrayList<>();
                for (int row = from; row < to; row++) {
                    if (relation.value(0, row) == key * spread) {
                        expected.add(row);
                    }
                }
                rows.seek(key * spread, part, cursor);
                List<Integer> found = new ArrayList<>();
                for (int i = cursor.from; i < cursor.to; i++) {
                    found.add(cursor.list[i]);
                }
                assertEquals(expected, found);
                values.seek(key * spread, part, cursor);
                assertEquals(expected.size(), cursor.to - cursor.from);
                for (int i = 0; i < expected.size(); i++) {
                    assertEquals(relation.value(1, expected.get(i)), cursor.list[cursor.from + i]);
                }
            }
        }
    }

    @Test
    void findsRowsByAnyColumnsNewestFirst() {
        SplittableRandom random = new SplittableRandom(11);
        Relation relation = new Relation(3);
        for (int i = 0; i < 50_000; i++) {
            relation.append(random.nextInt(50), random.nextLong(1L << 34), random.nextInt(7));
            if (i == 20_000) {
                relation.index(0b101).extendTo(relation.size());
            }
        }
        Extent all = Extent.of(relation);
        HashIndex index = all.index(0b101);
        for (int x = 0; x < 52; x++) {
            for (int z = 0; z < 8; z++) {
                List<Integer> expected = new ArrayList<>();
                for (int row = relation.size() - 1; row >= 0; row--) {
                    if (relation.value(0, row) == x && relation.value(2, row) == z) {
                        expected.add(row);
                    }
                }
                List<Integer> found = new ArrayList<>();
                for (int row = index.first(new long[] {x, z}); row >= 0; row = index.next(row)) {
                    found.add(row);
                }
                assertEquals(expected, found);
            }
        }
        HashIndex wide = all.index(0b010);
        for (int row = 0; row < relation.size(); row += 997) {
            int found = wide.first(relation.value(1, row));
            assertEquals(relation.value(1, row), relation.value(1, found));
        }
        assertEquals(-1, wide.first(-5));
    }

    @Test
    void findsTheNewestVisibleRowOfATuple() {
        Relation relation = Relation.shared(2);
        relation.append(1, 2);
        relation.append(3, 4);
        relation.append(1, 2);
        assertEquals(2, Extent.of(relation).find(1, 2));
        assertEquals(0, new Extent(relation, 3, row -> row != 2).find(1, 2));
        assertEquals(0, new Extent(relation, 2, null).find(1, 2));
        assertEquals(-1, Extent.of(relation).find(2, 1));
        assertEquals(2, new Extent(relation, 3, row -> row != 2).count());
    }

    @Test
    void remembersInWhichRoundARowCame() {
        Relation relation = new Relation(1);
        relation.add(5);
        relation.endRound();
        relation.endRound();
        relation.add(6);
        relation.add(7);
        relation.endRound();
        relation.add(8);
        assertArrayEquals(
                new int[] {0, 2, 2, 3},
                new int[] {
                    relation.roundOf(0),
                    relation.roundOf(1),
                    relation.roundOf(2),
                    relation.roundOf(3)
                });
    }

    @Test
    void changesNothingWhenMemoryIsRefused() {
        long[] left = {20_000};
        Relation relation =
                new Relation(
                        2,
                        bytes -> {
                            if (bytes > left[0]) {
                                throw new IllegalStateException("refused");
                            }
                            left[0] -= bytes;
                        });
        assertThrows(
                IllegalStateException.class,
                () -> {
                    for (int i = 0; i < 100_000; i++) {
                        relation.add(i, i);
                    }
                });
        int size = relation.size();
        assertTrue(size > 100 && size < 100_000);
        assertEquals(size - 1, relation.value(0, size - 1));
        assertFalse(relation.contains(size + 1, size + 1));
    }

    @Test
    void isReadWhileItGrows() throws InterruptedException {
        Relation relation = Relation.shared(2);
        AtomicReference<Extent> published = new AtomicReference<>(Extent.of(relation));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        int rows = 200_000;
        Runnable reader =
                () -> {
                    try {
                        int seen = 0;
                        while (seen < rows) {
                            Extent extent = Objects.requireNonNull(published.get());
                            HashIndex index = extent.index(0b01);
                            for (int row = Math.max(0, extent.limit() - 50);
                                    row < extent.limit();
                                    row++) {
                                long key = extent.value(0, row);
                                int count = 0;
                                for (int at = index.first(key); at >= 0; at = index.next(at)) {
                                    if (at < extent.limit()) {
                                        assertEquals(key, extent.value(0, at));
                                        count++;
                                    }
                                }
                                // keys go round every 1000 rows
                                assertEquals((extent.limit() - 1 - row % 1000) / 1000 + 1, count);
                            }
                            seen = extent.limit();
                        }
                    } catch (Throwable thrown) {
                        failure.set(thrown);
                    }
                };
        Thread one = Thread.ofPlatform().start(reader);
        Thread two = Thread.ofPlatform().start(reader);
        for (int i = 0; i < rows; i++) {
            relation.append(i % 1000, i % 7 == 0 ? (long) i << 32 : i);
            if (i % 1000 == 999) {
                published.set(Extent.of(relation));
            }
        }
        one.join();
        two.join();
        assertEquals(null, failure.get());
    }

    @Test
    void anIndexTellsNegativeNumbersFromOthers() {
        Relation relation = new Relation(1);
        for (int value = -40; value < 40; value += 2) {
            relation.append(value);
        }
        HashIndex index = Extent.of(relation).index(1);
        for (int value = -41; value < 41; value++) {
            assertEquals(
                    value >= -40 && value < 40 && value % 2 == 0,
                    index.first(value) >= 0,
                    "value " + value);
        }
    }
}
