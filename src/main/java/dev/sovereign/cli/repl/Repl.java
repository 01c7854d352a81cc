package dev.sovereign.cli.repl;

import dev.sovereign.cli.Callers;
import dev.sovereign.cli.Cli;
import dev.sovereign.cli.Out;
import dev.sovereign.cli.Streams;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.ShutdownHooks;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// The prompt, from its first line to its last. On a terminal it edits lines; on one that cannot
/// (`TERM=dumb`) and in a pipe it reads them as they come.
public final class Repl {

    static final String PROMPT = "sovereign> ";

    /// What lines on standard error begin with.
    private static final String NAME = "sovereign: ";

    /// As wide as [#PROMPT], so that what is typed lines up.
    static final String CONTINUATION = "       ..> ";

    /// Tell the terminal to mark what is pasted, and not to.
    static final String PASTE_ON = "\u001b[?2004h";

    static final String PASTE_OFF = "\u001b[?2004l";

    private final Setting setting;
    private final @Nullable Terminal rehearsal;
    private final Breaker breaker = new Breaker();
    private final Session session = new Session();
    private final Connection connection;
    private final Out out;
    private final Out err;
    private @Nullable Terminal terminal;
    private @Nullable Input input;

    /// What a prompt is started with.
    ///
    /// @param interactive somebody types, and the answers go to a terminal too
    /// @param color as `--color` and the environment have it
    /// @param welcome greet who is here for the first time, and give them a sample to try
    public record Setting(
            Callers callers,
            Callers.Reach reach,
            boolean interactive,
            boolean color,
            boolean quiet,
            boolean welcome,
            Map<String, String> environment) {}

    private Repl(Setting setting, @Nullable Terminal rehearsal) {
        this.setting = setting;
        this.rehearsal = rehearsal;
        this.connection =
                new Connection(setting.callers(), setting.reach(), this::sayOfDaemon, session);
        this.out = new Out(new FileOutputStream(FileDescriptor.out));
        FileOutputStream errors = new FileOutputStream(FileDescriptor.err);
        this.err = new Out(setting.interactive() ? new Unprefixed(errors) : errors);
    }

    /// Runs the prompt on the standard streams of this process until its end.
    ///
    /// @return 0 after a dialog; in a pipe the status of the first input that failed
    public static int run(Setting setting) {
        return run(setting, null);
    }

    private static int run(Setting setting, @Nullable Terminal rehearsal) {
        Repl repl = new Repl(setting, rehearsal);
        try {
            return repl.run();
        } finally {
            repl.connection.close();
        }
    }

    /// Walks through a dialog on a terminal of its own making, while the JVM records what it loads
    /// for an AOT cache: nobody is at a terminal then.
    public static void rehearse(Setting setting) throws IOException {
        Rehearsal keys = new Rehearsal();
        try (Terminal terminal =
                TerminalBuilder.builder()
                        .streams(keys.input(), keys)
                        .type("xterm-256color")
                        .provider("jni")
                        .encoding(StandardCharsets.UTF_8)
                        .build()) {
            terminal.setSize(Size.of(80, 24));
            Class.forName("org.jline.terminal.impl.jni.JniUnixSysTerminal");
            Signals.register("CONT", () -> {}); // a real terminal does so for each signal
            run(setting, terminal);
        } catch (ClassNotFoundException | IllegalStateException noJni) {
            throw new IOException(noJni);
        }
    }

    private int run() {
        try (Known known = new Known(connection, setting.callers(), setting.reach());
                Input source = open(new Completion(known, session))) {
            input = source;
            Shell shell = new Shell(connection, session, Cli::run, new Screen(source));
            boolean dialog = setting.interactive();
            if (dialog) {
                greet();
                known.warmUp();
            }
            int status = 0;
            while (!shell.isLeaving()) {
                Typed typed = source.next();
                if (typed == null) {
                    break;
                }
                breaker.begin();
                int one = shell.run(typed);
                breaker.end();
                if (dialog) {
                    known.follow();
                }
                status = status == 0 ? one : status;
                if (Breaker.isEnding()) {
                    break;
                }
            }
            return dialog ? 0 : status;
        } catch (Input.TooLong tooLong) {
            return refuseTooLong();
        } catch (Out.Closed gone) {
            return 0; // whoever read our answers has left
        }
    }

    private int refuseTooLong() {
        Diagnostic fault =
                Diagnostic.error(
                        ReplError.TOO_LONG,
                        "an input is longer than " + (Input.MAX_CHARS >> 20) + " Mi characters",
                        "facts in bulk go in with `sovereign import`");
        StringBuilder text = new StringBuilder();
        dev.sovereign.cli.Faults.append(text, fault, setting.color(), 0);
        err.print(text).flush();
        return fault.kind().exitStatus();
    }

    // ---- the terminal ----

    private Input open(Completion completion) {
        if (!setting.interactive()) {
            return new PlainInput(unclosed(), out, false);
        }
        Terminal found = rehearsal != null ? rehearsal : isDumb() ? null : openTerminal();
        if (found == null) {
            PlainInput plain = new PlainInput(unclosed(), out, true);
            Signals.register(
                    "INT",
                    () -> {
                        if (!breaker.signal()) {
                            plain.interrupted();
                        }
                    });
            return plain;
        }
        terminal = found;
        found.handle(Terminal.Signal.INT, signal -> breaker.signal());
        restorePasteMode(found);
        Highlight highlight = new Highlight(setting.callers().lexis(), Completion.firstWords());
        return new LineInput(found, historyFile(), completion, highlight, setting.color());
    }

    private boolean isDumb() {
        String type = setting.environment().get("TERM");
        return type == null || type.isEmpty() || type.equals("dumb");
    }

    /// Through JNI: of the ways JLine has it starts fastest (76 ms against 85 by programs and 140
    /// by foreign functions, with an AOT cache), and the launcher allows it native access, so that
    /// the JVM has nothing to warn about. Where its library cannot be loaded: through `stty`. One
    /// after the other, because JLine loads all that it may use before it chooses.
    ///
    /// @return null when there is no way to the terminal, or it has no size to edit lines in
    private static @Nullable Terminal openTerminal() {
        Terminal found = openTerminal("jni");
        found = found == null ? openTerminal("exec") : found;
        if (found == null || (found.getSize().getColumns() > 0 && found.getSize().getRows() > 0)) {
            return found;
        }
        try {
            found.close();
        } catch (IOException gone) {
            // it is not used
        }
        return null;
    }

    private static @Nullable Terminal openTerminal(String provider) {
        try {
            return TerminalBuilder.builder()
                    .system(true)
                    .provider(provider)
                    .dumb(false)
                    .encoding(StandardCharsets.UTF_8)
                    .graphemeCluster(false) // asking the terminal takes a round trip to it
                    .build();
        } catch (IOException | IllegalStateException | LinkageError noWay) {
            return null;
        }
    }

    /// JLine puts the terminal's modes back when the process is ended by a signal, but not what it
    /// told the terminal in escape sequences.
    private static void restorePasteMode(Terminal terminal) {
        ShutdownHooks.add(() -> {
            terminal.writer().write(PASTE_OFF);
            terminal.writer().flush();
        });
    }

    private @Nullable Path historyFile() {
        try {
            return connection.home().replHistory();
        } catch (SovereignException noHome) {
            return null;
        }
    }

    private static InputStream unclosed() {
        return new FilterInputStream(new FileInputStream(FileDescriptor.in)) {
            @Override
            public void close() {}
        };
    }

    // ---- words ----

    private void greet() {
        if (!setting.quiet()) {
            String version = System.getProperty("sovereign.version", "dev");
            err.line("Sovereign " + version + ". Type .help for help; Ctrl-D leaves.");
            if (setting.welcome() && FirstRun.begins(setting.callers().home(setting.reach()))) {
                session.add(FirstRun.SAMPLE);
                FirstRun.lines().forEach(err::line);
            }
            err.flush();
        }
    }

    private void sayOfDaemon(String said) {
        String line = said.startsWith(NAME) ? said.substring(NAME.length()) : said;
        Input source = input;
        if (setting.quiet()) {
            return;
        }
        if (setting.interactive() && source != null) {
            source.say(line);
        } else {
            err.line(NAME + line);
            err.flush();
        }
    }

    private final class Screen implements Surface {

        private final Input source;

        Screen(Input source) {
            this.source = source;
        }

        @Override
        public Streams streams() {
            return streams(out, err);
        }

        @Override
        public @Nullable Page page() {
            String pager = Page.command(setting.environment());
            Terminal screen = terminal;
            if (screen == null || pager.isEmpty()) {
                return null;
            }
            Size size = screen.getSize();
            return new Page(
                    new FileOutputStream(FileDescriptor.out),
                    new FileOutputStream(FileDescriptor.err),
                    pager,
                    size.getRows(),
                    size.getColumns());
        }

        @Override
        public Streams paged(Page page) {
            return streams(new Out(page), new Out(new Unprefixed(page.words())));
        }

        @Override
        public void offer(String text) {
            source.offer(text);
        }

        private Streams streams(Out out, Out err) {
            boolean there = setting.interactive();
            return new Streams(
                    source.rest(), // anew for each command: Ctrl-D ends it for one only
                    out,
                    err,
                    there,
                    there,
                    there,
                    setting.environment(),
                    Path.of(""),
                    there ? columns() : 0);
        }

        @Override
        public boolean isInteractive() {
            return setting.interactive();
        }

        @Override
        public boolean isColored() {
            return setting.color();
        }

        @Override
        public int columns() {
            Terminal screen = terminal;
            int width = screen == null ? 0 : screen.getSize().getColumns();
            return setting.interactive() ? (width > 0 ? width : 80) : 0;
        }
    }
}
