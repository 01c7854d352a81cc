package dev.sovereign.cli;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.Diagnostic.Severity;
import dev.sovereign.error.Where;

import java.util.List;

/// Shows what is wrong, as specs/cli.md has it: one line, the place with its source line and a
/// caret, second places, a hint. Or, under `--json`, one object.
public final class Faults {

    /// Cells of a source line that are shown when it is not a terminal that limits them.
    private static final int LINE_CELLS = 160;

    private static final String RED = "1;31";
    private static final String YELLOW = "1;33";
    private static final String CYAN = "1;36";
    private static final String BOLD = "1";

    private Faults() {}

    /// Appends one diagnostic with everything that belongs to it, as lines.
    ///
    /// @param cells width of the terminal; 0 where there is none
    public static void append(StringBuilder to, Diagnostic fault, boolean color, int cells) {
        to.append("sovereign: ");
        appendSeverity(to, fault.severity(), color);
        to.append(Display.styled(Display.visible(fault.message()), BOLD, color));
        to.append(" [").append(fault.code()).append("]\n");
        Where where = fault.where();
        if (where != null) {
            appendPlace(to, where, color, cells);
        }
        for (Diagnostic.Note note : fault.notes()) {
            to.append("sovereign: ").append(Display.styled("note: ", CYAN, color));
            to.append(Display.visible(note.message())).append('\n');
            Where second = note.where();
            if (second != null) {
                appendPlace(to, second, color, cells);
            }
        }
        String hint = fault.hint();
        if (hint != null) {
            to.append("sovereign: ").append(Display.styled("hint: ", CYAN, color));
            to.append(Display.visible(hint)).append('\n');
        }
    }

    /// Appends a word about an answer on one line: severity, message, code, hint.
    static void appendOneLine(StringBuilder to, Diagnostic fault, boolean color) {
        to.append("sovereign: ");
        appendSeverity(to, fault.severity(), color);
        to.append(Display.visible(fault.message()));
        String hint = fault.hint();
        if (hint != null) {
            to.append("; ").append(Display.visible(hint));
        }
        to.append(" [").append(fault.code()).append("]\n");
    }

    private static void appendSeverity(StringBuilder to, Severity severity, boolean color) {
        switch (severity) {
            case ERROR -> to.append(Display.styled("error: ", RED, color));
            case WARNING -> to.append(Display.styled("warning: ", YELLOW, color));
        }
    }

    private static void appendPlace(StringBuilder to, Where where, boolean color, int cells) {
        to.append("  ").append(Display.visible(where.label())).append('\n');
        String source = where.text();
        if (source == null || where.column() == 0) {
            return;
        }
        String line = Display.visibleLine(source);
        int start = offset(line, where.column());
        int end = Math.max(start, offset(line, where.endColumn()));
        int room = Math.max(20, (cells > 0 ? cells : LINE_CELLS) - 2);
        int from = 0;
        int until = line.length();
        if (Display.width(line) > room) {
            from = windowStart(line, start, room);
            until = from + Display.clip(line.substring(from), room - (from > 0 ? 2 : 1)).length();
            end = Math.clamp(end, start, Math.max(start, until));
        }
        String mark = from > 0 ? "…" : "";
        to.append("  ").append(mark).append(line, from, until);
        to.append(until < line.length() ? "…\n" : "\n");
        to.append("  ").repeat(' ', mark.length());
        appendBlank(to, line, from, start);
        int carets = Math.max(1, Display.width(line.substring(start, end)));
        to.append(Display.styled("^".repeat(carets), RED, color)).append('\n');
    }

    /// Where a window of `room` cells begins that shows the caret with something before it.
    private static int windowStart(String line, int caret, int room) {
        int lead = room / 2;
        int from = caret;
        int cells = 0;
        while (from > 0 && cells < lead) {
            from -= Character.charCount(line.codePointBefore(from));
            cells++;
        }
        return from;
    }

    /// As wide as `line` between two offsets; a tab stays a tab, so that it fits every tab width.
    private static void appendBlank(StringBuilder to, String line, int from, int end) {
        int begin = from;
        for (int i = from; i < end; i++) {
            if (line.charAt(i) == '\t') {
                to.repeat(' ', Display.width(line.substring(begin, i))).append('\t');
                begin = i + 1;
            }
        }
        to.repeat(' ', Display.width(line.substring(begin, end)));
    }

    /// The offset of a 1-based column in code points; the end of the line when it is past it.
    private static int offset(String line, int column) {
        int offset = 0;
        for (int i = 1; i < column && offset < line.length(); i++) {
            offset += Character.charCount(line.codePointAt(offset));
        }
        return offset;
    }

    /// The object of specs/cli.md under the first error, and the rest of several under `more`.
    static String json(List<Diagnostic> faults, Diagnostic first) {
        JsonLine line = new JsonLine().open('{').name("error").open('{');
        appendFields(line, first);
        line.close('}');
        if (faults.size() > 1) {
            line.name("more").open('[');
            int at = faults.indexOf(first);
            for (int i = 0; i < faults.size(); i++) {
                Diagnostic fault = faults.get(i);
                if (i != at) {
                    line.open('{').field("severity", word(fault.severity()));
                    appendFields(line, fault);
                    line.close('}');
                }
            }
            line.close(']');
        }
        return line.close('}').toString();
    }

    /// A word about an answer under `--json`.
    static String jsonNote(Diagnostic note) {
        JsonLine line = new JsonLine().open('{').name(word(note.severity())).open('{');
        appendFields(line, note);
        return line.close('}').close('}').toString();
    }

    /// One line of `check --json`.
    static String jsonChecked(Diagnostic fault) {
        JsonLine line = new JsonLine().open('{').field("severity", word(fault.severity()));
        appendFields(line, fault);
        return line.close('}').toString();
    }

    private static String word(Severity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
        };
    }

    static void appendFields(JsonLine line, Diagnostic fault) {
        line.field("code", fault.code());
        line.field("kind", fault.kind().word());
        line.field("message", fault.message());
        line.field("hint", fault.hint());
        line.name("where");
        appendWhere(line, fault.where());
        if (!fault.notes().isEmpty()) {
            line.name("notes").open('[');
            for (Diagnostic.Note note : fault.notes()) {
                line.open('{').field("message", note.message()).name("where");
                appendWhere(line, note.where());
                line.close('}');
            }
            line.close(']');
        }
    }

    private static void appendWhere(JsonLine line, @org.jspecify.annotations.Nullable Where where) {
        if (where == null) {
            line.value((String) null);
            return;
        }
        line.open('{').field("file", where.file()).field("line", where.line());
        line.field("column", where.column()).field("endColumn", where.endColumn()).close('}');
    }
}
