package dev.sovereign.core.io;

import java.io.Closeable;
import java.io.IOException;

/// Rows of cells, one after the other. Cells are stretches of [#bytes], valid until the next row is
/// read. For one thread.
public interface RowReader extends Closeable {

    /// Goes to the next row; false after the last.
    ///
    /// @throws dev.sovereign.error.SovereignException `core.row-length` or `core.bad-row` when what
    ///   follows cannot be read as rows any more
    boolean next() throws IOException;

    /// Cells of this row.
    int cells();

    /// What [#start] and [#end] are offsets in; UTF-8.
    byte[] bytes();

    int start(int cell);

    int end(int cell);

    /// Whether the file says that a cell is text even where it looks like a number.
    boolean isText(int cell);

    String text(int cell);

    /// 1-based line on which this row begins.
    long line();

    /// What errors call the file.
    String name();
}
