package dev.sovereign.cli.repl;

import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.MaskingCallback;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Inputs typed at a terminal, with an editor, a history and completion.
final class LineInput implements Input {

    private static final String SUSPEND = "suspend";

    /// Stops a process and ends when that has really stopped: its threads run on for a moment after
    /// the signal, in which they must not touch the terminal. Gives up after many looks.
    private static final String STOP =
            """
            kill -STOP "$1"; i=0
            state() {
              if [ -r "/proc/$1/stat" ]; then read -r pid name s rest <"/proc/$1/stat"
              else s=$(ps -o stat= -p "$1"); fi
            }
            while [ $i -lt 2000 ]; do state "$1"; case $s in T*) exit ;; esac; i=$((i + 1)); done
            """;

    private final Terminal terminal;
    private final LineReader reader;
    private final KeptHistory history = new KeptHistory();
    private final boolean color;
    private final Attributes original;
    private boolean raw;
    private String offered = "";

    /// @param historyFile where it is kept; null keeps none
    LineInput(
            Terminal terminal,
            @Nullable Path historyFile,
            Completion completion,
            Highlight highlight,
            boolean color) {
        this.terminal = terminal;
        this.color = color;
        this.original = terminal.getAttributes();
        LineReaderBuilder builder =
                LineReaderBuilder.builder()
                        .terminal(terminal)
                        .appName("sovereign")
                        .parser(new Statements())
                        .completer(completion)
                        .history(history)
                        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true) // ! is negation
                        .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
                        .option(LineReader.Option.INSERT_TAB, false)
                        .option(LineReader.Option.AUTO_FRESH_LINE, false)
                        .option(LineReader.Option.LIST_PACKED, true)
                        .variable(LineReader.SECONDARY_PROMPT_PATTERN, Repl.CONTINUATION)
                        .variable(LineReader.INDENTATION, 0)
                        .variable(LineReader.BELL_STYLE, "none")
                        .variable(LineReader.HISTORY_SIZE, KeptHistory.ENTRIES)
                        .variable(LineReader.HISTORY_FILE_SIZE, KeptHistory.ENTRIES);
        if (historyFile != null) {
            history.prepare(historyFile);
            builder.variable(LineReader.HISTORY_FILE, historyFile);
        }
        // asked at each change of the line, with color or without
        builder.highlighter((reading, text) -> {
            completion.foresee(text, reading.getBuffer().cursor());
            return color ? highlight.highlight(reading, text) : new AttributedString(text);
        });
        this.reader = builder.build();
        reader.getWidgets().put(SUSPEND, this::suspend);
        KeyMap<Binding> keys = reader.getKeyMaps().get(LineReader.MAIN);
        if (keys != null) {
            keys.bind(new Reference(SUSPEND), KeyMap.ctrl('Z'));
            if (color) {
                // the partner has a color instead of the cursor for a moment, and a bracket does
                // not end a search
                keys.bind(new Reference(LineReader.SELF_INSERT), ")", "]", "}");
            }
        }
    }

    /// Ctrl-Z: leaves the terminal as it was and stops this process until the shell continues it.
    /// The editor has turned the key's own signal off.
    private boolean suspend() {
        Attributes editing = terminal.getAttributes();
        terminal.setAttributes(original);
        terminal.writer().write(Repl.PASTE_OFF + "\r\n");
        terminal.flush();
        try {
            String pid = Long.toString(ProcessHandle.current().pid());
            new ProcessBuilder("sh", "-c", STOP, "sh", pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException noKill) {
            // then it goes on as if nothing had been pressed
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        terminal.setAttributes(editing);
        terminal.writer().write(Repl.PASTE_ON);
        reader.callWidget(LineReader.REDRAW_LINE);
        return true;
    }

    /// The terminal stays as the editor needs it from one line to the next that has no command in
    /// between: JLine alone would give it back after Ctrl-C for a moment, in which the system would
    /// echo keys and a second Ctrl-C would throw away what was typed after the first.
    @Override
    public @Nullable Typed next() {
        Attributes before = terminal.enterRawMode();
        try {
            return edited();
        } finally {
            terminal.setAttributes(before);
        }
    }

    private @Nullable Typed edited() {
        while (true) {
            String trouble = history.trouble();
            if (trouble != null) {
                say(trouble);
            }
            try {
                String edited = offered;
                offered = "";
                String text =
                        reader.readLine(prompt(), null, (MaskingCallback) null, edited)
                                .stripTrailing();
                if (text.length() > MAX_CHARS) {
                    throw new TooLong();
                }
                if (!text.isBlank()) {
                    return typed(text);
                }
            } catch (UserInterruptException stopped) {
                boolean again = Thread.interrupted();
                if (Breaker.isEnding()) {
                    return null;
                }
                assert !again || !Thread.currentThread().isInterrupted();
            } catch (EndOfFileException end) {
                return null;
            } catch (java.io.IOError gone) {
                return null; // the terminal was closed
            }
        }
    }

    @Override
    public void offer(String text) {
        offered = text;
    }

    private Typed typed(String text) {
        boolean single = text.indexOf('\n') < 0 && reader.getBuffer().toString().indexOf('\n') < 0;
        return new Typed(Typed.INPUT, text, 1, single ? Repl.PROMPT.length() : 0);
    }

    private String prompt() {
        if (!color) {
            return Repl.PROMPT;
        }
        return new AttributedStringBuilder()
                .style(AttributedStyle.DEFAULT.bold())
                .append(Repl.PROMPT)
                .style(AttributedStyle.DEFAULT)
                .toAnsi(terminal);
    }

    /// Tells the editor when an input is complete, and where the cursor stands.
    private final class Statements implements Parser {

        @Override
        public ParsedLine parse(String line, int cursor, ParseContext context) {
            if (context == ParseContext.ACCEPT_LINE && !raw && needsMore(line)) {
                throw new EOFError(-1, -1, "more", "");
            }
            return context == ParseContext.COMPLETE
                    ? Place.of(line, cursor)
                    : Place.datalog(line, cursor, java.util.List.of());
        }

        /// An empty line at the end is enough for what has no end of its own.
        private static boolean needsMore(String line) {
            int last = line.lastIndexOf('\n');
            boolean emptyLine = last >= 0 && line.substring(last).isBlank();
            return !emptyLine && !line.isBlank() && !Splitter.isComplete(line);
        }

        @Override
        public boolean isEscapeChar(char c) {
            return false;
        }
    }

    /// Lines typed for a command that reads standard input, until Ctrl-D.
    @Override
    public InputStream rest() {
        return new Rest();
    }

    private final class Rest extends InputStream {

        private byte[] line = {};
        private int at;
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (at == line.length && !fill()) {
                return -1;
            }
            int count = Math.min(length, line.length - at);
            System.arraycopy(line, at, to, offset, count);
            at += count;
            return count;
        }

        private boolean fill() throws IOException {
            if (ended) {
                return false;
            }
            raw = true;
            history.pause(true);
            try {
                String text = reader.readLine("");
                line = (text + "\n").getBytes(StandardCharsets.UTF_8);
                at = 0;
                return true;
            } catch (EndOfFileException end) {
                ended = true;
                return false;
            } catch (UserInterruptException stopped) {
                ended = true;
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("stopped");
            } finally {
                raw = false;
                history.pause(false);
            }
        }
    }

    @Override
    public void say(String line) {
        if (reader.isReading()) {
            reader.printAbove(line);
        } else {
            terminal.writer().println(line);
            terminal.flush();
        }
    }

    @Override
    public void close() {
        try {
            terminal.close();
        } catch (IOException gone) {
            // so has the terminal
        }
    }
}
