package dev.sovereign.cli.repl;

import dev.sovereign.cli.Faults;
import dev.sovereign.cli.Listener;
import dev.sovereign.cli.Out;
import dev.sovereign.cli.Streams;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.Where;
import dev.sovereign.protocol.Response;

import org.jline.utils.WCWidth;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How the prompt says things: data, words about the work, and faults under what was typed.
final class Voice {

    private final Surface surface;

    Voice(Surface surface) {
        this.surface = surface;
    }

    /// What is said about facts and rules that are sent from here.
    final class Notes implements Listener {

        private final @Nullable Typed typed;

        Notes(@Nullable Typed typed) {
            this.typed = typed;
        }

        @Override
        public void note(Response.Note note) {
            Diagnostic said = note.diagnostic();
            Typed place = typed;
            print(List.of(place == null ? said : place.placed(said)));
        }

        @Override
        public InputStream open(Response.Wanted wanted) throws IOException {
            return Files.newInputStream(Path.of(wanted.name()));
        }
    }

    void show(Typed typed, List<Diagnostic> faults) {
        print(underCaret(typed, faults));
    }

    /// Draws a caret below what still stands on the screen, when one line was typed and one thing
    /// is wrong with it; the fault then needs no place of its own.
    List<Diagnostic> underCaret(Typed typed, List<Diagnostic> faults) {
        Diagnostic fault = faults.size() == 1 ? faults.getFirst() : null;
        Where where = fault == null ? null : fault.where();
        if (fault == null
                || where == null
                || typed.promptCells() == 0
                || where.line() != 1
                || where.column() == 0
                || !where.file().equals(typed.name())) {
            return faults;
        }
        String line = typed.text();
        int start = offset(line, where.column());
        int end = Math.max(start, offset(line, where.endColumn()));
        int before = typed.promptCells() + cells(line.substring(0, start));
        int carets = Math.max(1, cells(line.substring(start, end)));
        if (line.indexOf('\t') >= 0 || before + carets >= surface.columns()) {
            return faults;
        }
        String marks = "^".repeat(carets);
        String red = surface.isColored() ? "\u001b[1;31m" + marks + "\u001b[0m" : marks;
        Out err = surface.streams().err();
        err.print(" ".repeat(before) + red + "\n");
        err.flush();
        return List.of(
                new Diagnostic(
                        fault.severity(),
                        fault.code(),
                        fault.kind(),
                        fault.message(),
                        fault.hint(),
                        null,
                        fault.notes()));
    }

    /// The offset of a 1-based column in code points; the end of the line when it is past it.
    private static int offset(String line, int column) {
        int offset = 0;
        for (int i = 1; i < column && offset < line.length(); i++) {
            offset += Character.charCount(line.codePointAt(offset));
        }
        return offset;
    }

    /// Cells that the line editor used for a text.
    private static int cells(String text) {
        return text.codePoints().map(codePoint -> Math.max(0, WCWidth.wcwidth(codePoint))).sum();
    }

    void print(List<Diagnostic> faults) {
        if (faults.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        for (Diagnostic fault : faults) {
            Faults.append(text, fault, surface.isColored(), surface.columns());
        }
        Streams streams = surface.streams();
        streams.out().flush();
        streams.err().print(text);
        streams.err().flush();
    }

    /// Words about the work, for a person.
    void words(String line) {
        Streams streams = surface.streams();
        streams.out().flush();
        streams.err().line("sovereign: " + line);
        streams.err().flush();
    }

    /// Data; a pager shows what is longer than the screen.
    void out(String text) {
        Page page = surface.page();
        if (page == null) {
            Out out = surface.streams().out();
            out.line(text);
            out.flush();
            return;
        }
        try (page) {
            Out out = surface.paged(page).out();
            out.line(text);
            out.flush();
        } catch (IOException | Out.Closed left) {
            // somebody has seen enough
        }
    }
}
