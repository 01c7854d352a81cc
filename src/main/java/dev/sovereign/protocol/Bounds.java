package dev.sovereign.protocol;

/// Every size that one end can make the other hold, in the unit its name says. Numbers without a
/// source named are guesses: generous for people and programs, small beside the daemon's heap.
public final class Bounds {
    private Bounds() {}

    /// A frame to the daemon, without its length: a program of 8 MiB is larger than any we know.
    public static final int REQUEST_FRAME_BYTES = 8 << 20;

    /// A frame from the daemon, without its length. Rows, chunks and text are cut into far smaller
    /// ones; this bounds closing responses and a single row.
    public static final int RESPONSE_FRAME_BYTES = 16 << 20;

    /// About how much of an answer goes into one frame: large enough that the frame's own cost is
    /// lost beside it, small enough that two answers on one connection take turns.
    public static final int STREAM_FRAME_BYTES = 64 << 10;

    /// Raw bytes of a file in one frame.
    public static final int FILE_CHUNK_BYTES = 64 << 10;

    /// Raw bytes of one wanted file that may be on their way to a handler that does not read them.
    public static final int FILE_WINDOW_BYTES = 512 << 10;

    /// Wanted files that one request may have open at a time.
    public static final int OPEN_FILES = 64;

    /// Requests under way on one connection.
    public static final int REQUESTS_PER_CONNECTION = 64;

    /// Open connections of one daemon.
    public static final int CONNECTIONS = 512;

    /// JSON arrays and objects inside each other. Records nest: a list of 900 cells fits.
    public static final int DEPTH = 1_000;

    /// Digits of a number: an unsigned one has 20, a double at most 24 characters.
    public static final int NUMBER_CHARS = 64;

    /// Characters of a field's name.
    public static final int NAME_CHARS = 128;

    /// JSON tokens of one frame to the daemon: bounds what 8 MiB of `[],` would become.
    public static final int REQUEST_TOKENS = 200_000;

    /// JSON tokens of one frame from the daemon.
    public static final int RESPONSE_TOKENS = 4_000_000;

    /// Names in one [Response.NameList]: more than anybody reads, and still a fraction of a frame.
    public static final int NAMES = 20_000;

    /// How long either end waits for the other's handshake, in milliseconds.
    public static final int HANDSHAKE_MILLIS = 10_000;
}
