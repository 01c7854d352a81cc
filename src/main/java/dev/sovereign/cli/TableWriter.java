package dev.sovereign.cli;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// A table on a terminal: boxed, numbers to the right, cells cut with `…` where the whole would be
/// wider than the terminal. The first rows decide how wide columns are; later ones stream.
final class TableWriter extends RowWriter {

    /// Rows that are held back to measure: several screens.
    private static final int MEASURED_ROWS = 1_000;

    /// A column is not made narrower than this to fit.
    private static final int MIN_CELLS = 4;

    private final Out out;
    private final int columns;
    private final boolean unicode;
    private final boolean color;
    private final List<String[]> held = new ArrayList<>();
    private List<String> names = List.of();
    private int[] widths = new int[0];
    private boolean[] numeric = new boolean[0];
    private boolean streaming;
    private boolean first = true;
    private final StringBuilder line = new StringBuilder();

    TableWriter(Out out, int columns, boolean unicode, boolean color) {
        this.out = out;
        this.columns = columns;
        this.unicode = unicode;
        this.color = color;
    }

    @Override
    void begin(List<String> names) {
        this.names = names;
        held.clear();
        streaming = false;
        numeric = new boolean[names.size()];
        java.util.Arrays.fill(numeric, true);
    }

    @Override
    void row(List<? extends @Nullable Object> row) {
        String[] cells = new String[row.size()];
        for (int i = 0; i < cells.length; i++) {
            Object value = row.get(i);
            cells[i] = Display.visible(ValueText.of(value));
            numeric[i] &= streaming || ValueText.isNumber(value);
        }
        if (streaming) {
            print(cells);
            return;
        }
        held.add(cells);
        if (held.size() == MEASURED_ROWS) {
            startPrinting();
        }
    }

    @Override
    void end() {
        if (held.isEmpty() && !streaming) {
            return; // no rows, no table: the count says it
        }
        if (!streaming) {
            startPrinting();
        }
        if (unicode) {
            rule("└", "┴", "┘", "─");
        }
        first = false;
    }

    @Override
    void answer(boolean yes) {
        String word = yes ? "yes" : "no";
        out.line(Display.styled(word, yes ? "32" : "33", color));
        first = false;
    }

    private void startPrinting() {
        streaming = true;
        measure();
        if (!first) {
            out.newline();
        }
        if (unicode) {
            rule("┌", "┬", "┐", "─");
        }
        heading();
        if (unicode) {
            rule("├", "┼", "┤", "─");
        } else {
            rule("", "-+-", "", "-");
        }
        for (String[] cells : held) {
            print(cells);
        }
        held.clear();
    }

    /// Each column as wide as its widest cell; then the widest give way until the table fits.
    private void measure() {
        widths = new int[names.size()];
        int total = unicode ? 1 : -3;
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(1, Display.width(Display.visible(names.get(i))));
            for (String[] cells : held) {
                widths[i] = Math.max(widths[i], Display.width(cells[i]));
            }
            total += widths[i] + 3;
        }
        while (total > columns) {
            int widest = 0;
            int second = MIN_CELLS;
            int count = 0;
            for (int width : widths) {
                widest = Math.max(widest, width);
            }
            for (int width : widths) {
                second = width < widest ? Math.max(second, width) : second;
                count += width == widest ? 1 : 0;
            }
            if (widest <= MIN_CELLS) {
                return;
            }
            int excess = total - columns;
            int each = Math.clamp((excess + count - 1) / count, 1, widest - second);
            for (int i = 0; i < widths.length && total > columns; i++) {
                if (widths[i] == widest) {
                    widths[i] -= each;
                    total -= each;
                }
            }
        }
    }

    private void heading() {
        line.setLength(0);
        for (int i = 0; i < widths.length; i++) {
            edge(i);
            String name = fitted(Display.visible(names.get(i)), widths[i]);
            int pad = widths[i] - Display.width(name);
            line.repeat(' ', numeric[i] ? pad : 0).append(Display.styled(name, "1", color));
            line.repeat(' ', numeric[i] || isLast(i) ? 0 : pad);
        }
        finishLine();
    }

    private void print(String[] cells) {
        line.setLength(0);
        for (int i = 0; i < widths.length; i++) {
            edge(i);
            String cell = fitted(cells[i], widths[i]);
            int pad = widths[i] - Display.width(cell);
            line.repeat(' ', numeric[i] ? pad : 0).append(cell);
            line.repeat(' ', numeric[i] || isLast(i) ? 0 : pad);
        }
        finishLine();
    }

    /// Whether trailing blanks would be in vain.
    private boolean isLast(int column) {
        return !unicode && column == widths.length - 1;
    }

    private void edge(int column) {
        line.append(unicode ? column == 0 ? "│ " : " │ " : column == 0 ? "" : " | ");
    }

    private void finishLine() {
        out.line(unicode ? line.append(" │") : line);
    }

    private void rule(String left, String middle, String right, String dash) {
        line.setLength(0);
        line.append(left);
        for (int i = 0; i < widths.length; i++) {
            line.append(i == 0 ? "" : middle).repeat(dash, widths[i] + (unicode ? 2 : 0));
        }
        out.line(line.append(right));
    }

    private String fitted(String cell, int width) {
        if (Display.width(cell) <= width) {
            return cell;
        }
        return Display.clip(cell, width - 1) + (unicode ? "…" : ">");
    }
}
