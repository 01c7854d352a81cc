package dev.sovereign.finance;

/// The median of the times of the last headers, at most 11.
final class MedianTime {

    static final int WINDOW = 11;

    private final long[] ring = new long[WINDOW];
    private final long[] sorted = new long[WINDOW];
    private int count;
    private int oldest;

    int count() {
        return count;
    }

    /// The middle one, of an even number the later of both; 0 when there is none.
    long median() {
        return count == 0 ? 0 : sorted[count / 2];
    }

    void add(long time) {
        int length = count;
        if (count == WINDOW) {
            long gone = ring[oldest];
            int at = 0;
            while (sorted[at] != gone) {
                at++;
            }
            System.arraycopy(sorted, at + 1, sorted, at, WINDOW - 1 - at);
            length--;
        } else {
            count++;
        }
        ring[oldest] = time;
        oldest = oldest + 1 == WINDOW ? 0 : oldest + 1;
        int at = length;
        while (at > 0 && sorted[at - 1] > time) {
            sorted[at] = sorted[at - 1];
            at--;
        }
        sorted[at] = time;
    }
}
