package dev.sovereign.finance.electrum;

import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Splits what a server sends into lines, none longer than [#LINE_BYTES]. One thread.
final class LineReader {

    /// Bytes. The longest honest lines are headers (330 KB), transactions (800 KB) and histories.
    static final int LINE_BYTES = 2 << 20;

    /// What an idle connection holds.
    private static final int FIRST_BYTES = 8 << 10;

    /// A line in the reader's own buffer; gone with the next call.
    @SuppressWarnings("ArrayRecordComponent") // never compared; a window on the buffer
    record Line(byte[] bytes, int offset, int length) {}

    private final InputStream in;
    private byte[] buffer = new byte[FIRST_BYTES];
    private int start;
    private int end;

    LineReader(InputStream in) {
        this.in = in;
    }

    /// The next line without its end; blocks until it is whole.
    ///
    /// @throws ServerException when it grows too long, or the stream ends
    Line next() throws IOException {
        int seen = start;
        while (true) {
            for (int i = seen; i < end; i++) {
                if (buffer[i] == '\n') {
                    Line line = new Line(buffer, start, i - start);
                    start = i + 1;
                    return line;
                }
            }
            seen = makeRoom(end);
            int count = in.read(buffer, end, buffer.length - end);
            if (count < 0) {
                throw new ServerException(
                        ServerError.UNREACHABLE, "the server closed the connection");
            }
            end += count;
        }
    }

    /// Moves what is left to the front of a buffer with room behind it.
    ///
    /// @return where `position` is now
    private int makeRoom(int position) throws ServerException {
        int held = end - start;
        if (held > LINE_BYTES) {
            throw ServerException.fault(
                    "the server sent a line of more than " + LINE_BYTES + " bytes");
        }
        if (held == 0 && buffer.length > FIRST_BYTES) {
            buffer = new byte[FIRST_BYTES];
        } else if (held == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(2 * held, LINE_BYTES + FIRST_BYTES));
        } else if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, held);
        }
        int moved = position - start;
        start = 0;
        end = held;
        return moved;
    }
}
