package dev.sovereign.core.io;

import dev.sovereign.error.SovereignException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads rows of delimited text one after the other. A row's cells are stretches of [#bytes], valid
/// until the next row is read.
///
/// A line end is LF or CR LF. An empty last line is no row. For one thread.
public final class DelimitedReader implements RowReader {

    /// Longest row, in bytes: room for a large document in a cell, and a bound on what a file
    /// without line ends can take.
    public static final int MAX_ROW_BYTES = 16 << 20;

    private static final int FIRST_BUFFER = 64 << 10;

    private final InputStream in;
    private final String name;
    private final byte[] delimiter;
    private final Delimited.Quoting quoting;

    /// Whether a delimiter between square brackets is no delimiter.
    private final boolean nested;

    private byte[] buffer = new byte[FIRST_BUFFER];
    private int from;
    private int filled;
    private boolean ended;

    private byte[] bytes = buffer;
    private int[] starts = new int[8];
    private int[] ends = new int[8];
    private int cells;
    private long line;
    private long nextLine = 1;

    /// Cells without what quotes them, when a row has any.
    private byte[] unquoted = {};

    /// @param name what errors call the file
    public DelimitedReader(InputStream in, String name, Delimited format) {
        this(in, name, format, false);
    }

    /// @param nested whether cells may hold records, with the delimiter between their brackets
    public DelimitedReader(InputStream in, String name, Delimited format, boolean nested) {
        this.nested = nested && format.delimiter().contains(",");
        this.in = in;
        this.name = name;
        this.delimiter = format.delimiterBytes();
        this.quoting = format.quoting();
    }

    /// Goes to the next row; false after the last.
    ///
    /// @throws SovereignException `core.row-length`, `core.bad-row` for a quote that is not closed
    @Override
    public boolean next() throws IOException {
        line = nextLine;
        int end = rowEnd();
        if (end < 0) {
            return false;
        }
        int start = from;
        from = end + 1;
        int stop = end > start && buffer[end - 1] == '\r' ? end - 1 : end;
        cells = 0;
        bytes = buffer;
        switch (quoting) {
            case NONE -> split(start, stop);
            case RFC4180 -> splitQuoted(start, stop);
            case BACKSLASH -> {
                split(start, stop);
                unescape();
            }
        }
        return true;
    }

    /// Where the row that begins at [#from] ends: the offset of its LF, or of the end of the file.
    /// -1 when there is no row.
    private int rowEnd() throws IOException {
        boolean quoted = false;
        int at = from;
        while (true) {
            if (quoting == Delimited.Quoting.RFC4180) {
                for (; at < filled; at++) {
                    byte b = buffer[at];
                    if (b == '"') {
                        quoted = !quoted;
                    } else if (b == '\n') {
                        nextLine++;
                        if (!quoted) {
                            return at;
                        }
                    }
                }
            } else {
                for (; at < filled; at++) {
                    if (buffer[at] == '\n') {
                        nextLine++;
                        return at;
                    }
                }
            }
            if (ended) {
                if (quoted) {
                    throw new SovereignException(
                            IoError.BAD_ROW,
                            name + ":" + line + ": a quote is not closed",
                            "a quote in a cell is doubled");
                }
                return at == from ? -1 : at;
            }
            at -= more();
        }
    }

    /// Reads on; returns by how much what is in the buffer moved down.
    private int more() throws IOException {
        int moved = from;
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, filled - from);
            filled -= from;
            from = 0;
        }
        if (filled == buffer.length) {
            if (filled >= MAX_ROW_BYTES) {
                throw new SovereignException(
                        IoError.ROW_LENGTH,
                        name + ":" + line + ": the row is longer than " + MAX_ROW_BYTES + " bytes",
                        "is this the right file, and is its delimiter the right one?");
            }
            buffer = Arrays.copyOf(buffer, Math.min(filled * 2, MAX_ROW_BYTES));
        }
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read < 0) {
            ended = true;
        } else {
            filled += read;
        }
        return moved;
    }

    private void split(int start, int stop) {
        int cell = start;
        if (nested) {
            splitNested(start, stop);
            return;
        }
        if (delimiter.length == 1) {
            byte wanted = delimiter[0];
            for (int at = start; at < stop; at++) {
                if (buffer[at] == wanted) {
                    cell(cell, at);
                    cell = at + 1;
                }
            }
        } else {
            int at = start;
            while (at < stop) {
                if (isDelimiter(at, stop)) {
                    cell(cell, at);
                    at += delimiter.length;
                    cell = at;
                } else {
                    at++;
                }
            }
        }
        cell(cell, stop);
    }

    private void splitNested(int start, int stop) {
        int cell = start;
        int depth = 0;
        for (int at = start; at < stop; at++) {
            depth += buffer[at] == '[' ? 1 : buffer[at] == ']' ? -1 : 0;
            if (depth <= 0 && isDelimiter(at, stop)) {
                cell(cell, at);
                cell = at + delimiter.length;
                at = cell - 1;
                depth = 0;
            }
        }
        cell(cell, stop);
    }

    private boolean isDelimiter(int at, int stop) {
        if (stop - at < delimiter.length) {
            return false;
        }
        for (int i = 0; i < delimiter.length; i++) {
            if (buffer[at + i] != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    private void splitQuoted(int start, int stop) {
        boolean any = false;
        for (int at = start; at < stop && !any; at++) {
            any = buffer[at] == '"';
        }
        if (!any) {
            split(start, stop);
            return;
        }
        byte[] out = room(stop - start);
        int length = 0;
        int cell = 0;
        boolean quoted = false;
        int at = start;
        while (at < stop) {
            byte b = buffer[at];
            if (b == '"') {
                if (quoted && at + 1 < stop && buffer[at + 1] == '"') {
                    out[length++] = '"';
                    at += 2;
                } else {
                    quoted = !quoted;
                    at++;
                }
            } else if (!quoted && isDelimiter(at, stop)) {
                cell(cell, length);
                cell = length;
                at += delimiter.length;
            } else {
                out[length++] = b;
                at++;
            }
        }
        cell(cell, length);
        bytes = out;
    }

    private void unescape() {
        int first = starts[0];
        int last = ends[cells - 1];
        boolean any = false;
        for (int at = first; at < last && !any; at++) {
            any = buffer[at] == '\\';
        }
        if (!any) {
            return;
        }
        byte[] out = room(last - first);
        int length = 0;
        for (int i = 0; i < cells; i++) {
            int start = length;
            for (int at = starts[i]; at < ends[i]; at++) {
                byte b = buffer[at];
                if (b == '\\' && at + 1 < ends[i]) {
                    byte escaped = buffer[++at];
                    b =
                            switch (escaped) {
                                case 't' -> '\t';
                                case 'n' -> '\n';
                                case 'r' -> '\r';
                                default -> escaped;
                            };
                }
                out[length++] = b;
            }
            starts[i] = start;
            ends[i] = length;
        }
        bytes = out;
    }

    private byte[] room(int length) {
        if (unquoted.length < length) {
            unquoted = new byte[Math.max(length, 256)];
        }
        return unquoted;
    }

    private void cell(int start, int end) {
        if (cells == starts.length) {
            starts = Arrays.copyOf(starts, cells * 2);
            ends = Arrays.copyOf(ends, cells * 2);
        }
        starts[cells] = start;
        ends[cells] = end;
        cells++;
    }

    /// Cells of this row; at least 1.
    @Override
    public int cells() {
        return cells;
    }

    /// What [#start] and [#end] are offsets in.
    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int start(int cell) {
        return starts[cell];
    }

    @Override
    public int end(int cell) {
        return ends[cell];
    }

    @Override
    public boolean isText(int cell) {
        return false;
    }

    @Override
    public String text(int cell) {
        return new String(bytes, starts[cell], ends[cell] - starts[cell], StandardCharsets.UTF_8);
    }

    /// 1-based line on which this row begins.
    @Override
    public long line() {
        return line;
    }

    /// What errors call the file.
    @Override
    public String name() {
        return name;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
