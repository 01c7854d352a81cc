package dev.sovereign.protocol;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/// Cuts what streams into frames of about [Bounds#STREAM_FRAME_BYTES], so that handlers need not
/// think of frames.
public final class Pieces {
    private Pieces() {}

    /// Takes the pieces, in order.
    public interface Sink {
        void take(Response piece) throws InterruptedException;
    }

    public static void of(Response.Rows rows, Sink sink) throws InterruptedException {
        List<List<@Nullable Object>> all = rows.rows();
        int from = 0;
        int weight = 0;
        for (int i = 0; i < all.size(); i++) {
            weight += Values.weight(all.get(i));
            if (weight >= Bounds.STREAM_FRAME_BYTES) {
                sink.take(i + 1 - from == all.size() ? rows : piece(all, from, i + 1));
                from = i + 1;
                weight = 0;
            }
        }
        if (from < all.size()) {
            sink.take(from == 0 ? rows : piece(all, from, all.size()));
        }
    }

    public static void of(Response.Chunk chunk, Sink sink) throws InterruptedException {
        byte[] bytes = chunk.bytes();
        for (int from = 0; from < bytes.length; from += Bounds.STREAM_FRAME_BYTES) {
            int to = Math.min(bytes.length, from + Bounds.STREAM_FRAME_BYTES);
            sink.take(new Response.Chunk(Arrays.copyOfRange(bytes, from, to)));
        }
    }

    public static void of(Response.Text text, Sink sink) throws InterruptedException {
        String all = text.text();
        int from = 0;
        while (from < all.length()) {
            int to = Math.min(all.length(), from + Bounds.STREAM_FRAME_BYTES);
            if (to < all.length() && Character.isHighSurrogate(all.charAt(to - 1))) {
                to++;
            }
            sink.take(new Response.Text(all.substring(from, to)));
            from = to;
        }
    }

    private static Response.Rows piece(List<List<@Nullable Object>> all, int from, int to) {
        return new Response.Rows(all.subList(from, to));
    }
}
