package dev.sovereign.cli.repl;

import dev.sovereign.cli.Callers;
import dev.sovereign.cli.Outline;
import dev.sovereign.cli.Streams;
import dev.sovereign.cli.repl.Statement.Kind;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Carries out inputs, one after the other: facts go into the store, questions are answered, rules
/// join the session, and what begins with a dot is a command. Knows nothing of lines and keys.
final class Shell {

    /// Runs a command of the command line; [dev.sovereign.cli.Cli#run] outside of tests.
    @FunctionalInterface
    interface CommandLine {
        int run(String[] args, Callers callers, Streams streams);
    }

    static final int INTERRUPTED = 130;

    /// Commands whose words are Datalog: blanks between them are not boundaries.
    static final Set<String> DATALOG =
            Set.of("query", "assert", "retract", "why", "whynot", "watch", "history");

    /// Commands that print much and read nothing: a pager shows what is longer than the screen.
    private static final Set<String> PAGED =
            Set.of("query", "why", "whynot", "relations", "log", "history", "rules", "help");

    private final Connection connection;
    private final CommandLine commands;
    private final Surface surface;
    private final Voice voice;
    private final SessionRules rules;
    private final OwnCommands own;
    private boolean leaving;
    private boolean loading;
    private String last = "";

    Shell(Connection connection, Session session, CommandLine commands, Surface surface) {
        this.connection = connection;
        this.commands = commands;
        this.surface = surface;
        this.voice = new Voice(surface);
        this.rules = new SessionRules(connection, session, surface, voice);
        this.own = new OwnCommands(connection, surface, voice);
    }

    /// Whether `.quit` was said.
    boolean isLeaving() {
        return leaving;
    }

    /// Carries out one input. Never throws; a fault is shown, and the statements after it are
    /// carried out all the same.
    ///
    /// @return the status of the first part that failed; 0 when none did; [#INTERRUPTED] when the
    ///   thread was interrupted, which also ends the input
    int run(Typed typed) {
        if (!loading && !typed.text().startsWith(".edit")) {
            last = typed.text();
        }
        Batch facts = new Batch();
        Batch clauses = new Batch();
        int status = 0;
        try {
            for (Statement statement : Splitter.split(typed.text())) {
                switch (statement.kind()) {
                    case FACT -> facts.add(statement);
                    case RULE, DIRECTIVE -> clauses.add(statement);
                    case QUERY, COMMAND, UNFINISHED -> {
                        status = first(status, flush(typed, facts, clauses));
                        status = first(status, single(typed, statement));
                    }
                }
                if (leaving) {
                    return status;
                }
            }
            return first(status, flush(typed, facts, clauses));
        } catch (InterruptedException stopped) {
            voice.words("stopped");
            return INTERRUPTED;
        }
    }

    /// Statements of one kind that are sent together.
    private static final class Batch {
        private final List<Statement> statements = new ArrayList<>();

        void add(Statement statement) {
            statements.add(statement);
        }

        List<Statement> take() {
            List<Statement> taken = List.copyOf(statements);
            statements.clear();
            return taken;
        }
    }

    private static int first(int status, int next) {
        return status != 0 ? status : next;
    }

    /// Facts before rules, so that rules find the relations that stand beside them.
    private int flush(Typed typed, Batch facts, Batch clauses) throws InterruptedException {
        int status = 0;
        List<Statement> added = facts.take();
        if (!added.isEmpty()) {
            status = guarded(typed, () -> assertFacts(typed, added));
        }
        List<Statement> joined = clauses.take();
        if (!joined.isEmpty()) {
            status = first(status, guarded(typed, () -> rules.join(typed, joined)));
        }
        return status;
    }

    private int single(Typed typed, Statement statement) throws InterruptedException {
        String text = statement.in(typed.text());
        if (statement.kind() == Kind.COMMAND) {
            return guarded(typed, () -> command(text));
        }
        boolean rule = statement.kind() == Kind.UNFINISHED && !isQuestion(text);
        if (rule) {
            return guarded(typed, () -> rules.join(typed, List.of(statement)));
        }
        return guarded(typed, () -> query(typed, statement));
    }

    /// Of a text that has no end: the daemon says what is missing, so that it only matters which
    /// part of it is asked.
    private static boolean isQuestion(String unfinished) {
        return unfinished.startsWith("?-")
                || !(unfinished.contains(":-") || unfinished.startsWith("."));
    }

    /// A part of the work that may be refused.
    private interface Work {
        int run() throws InterruptedException;
    }

    private int guarded(Typed typed, Work work) throws InterruptedException {
        boolean timing = own.isTiming();
        long start = System.nanoTime();
        try {
            int status = work.run();
            if (timing) {
                own.took(System.nanoTime() - start);
            }
            return status;
        } catch (SovereignException refused) {
            List<Diagnostic> placed = new ArrayList<>();
            for (Diagnostic fault : refused.diagnostics()) {
                placed.add(typed.placed(fault));
            }
            voice.show(typed, placed);
            return refused.first().kind().exitStatus();
        }
    }

    // ---- questions ----

    private int query(Typed typed, Statement statement) throws InterruptedException {
        connection.place(new AsTyped(typed));
        try {
            String text = typed.only(List.of(statement));
            return command("query", "--format", own.mode(), "--", text);
        } finally {
            connection.place(null);
        }
    }

    private int command(String... args) throws InterruptedException {
        Page page = PAGED.contains(args[0]) ? surface.page() : null;
        int status;
        try (page) {
            Streams streams = page == null ? surface.streams() : surface.paged(page);
            status = commands.run(args, connection, streams);
        } catch (IOException gone) {
            throw new SovereignException(
                    ReplError.FILE, "cannot write to the terminal", null, gone);
        }
        if (Thread.interrupted() || status == INTERRUPTED) {
            throw new InterruptedException();
        }
        return status;
    }

    /// Puts what a question is told where it was typed.
    private final class AsTyped implements Connection.Placing {

        private final Typed typed;

        AsTyped(Typed typed) {
            this.typed = typed;
        }

        @Override
        public Diagnostic note(Diagnostic note) {
            return typed.placed(note);
        }

        @Override
        public SovereignException failure(SovereignException failure) {
            List<Diagnostic> placed = new ArrayList<>();
            for (Diagnostic fault : failure.diagnostics()) {
                placed.add(typed.placed(fault));
            }
            return new SovereignException(voice.underCaret(typed, placed));
        }
    }

    // ---- facts ----

    private int assertFacts(Typed typed, List<Statement> facts) throws InterruptedException {
        var program = new Request.Program(Typed.INPUT, typed.only(facts));
        Response.Committed done =
                connection.call(new Request.Assert(List.of(program), null), voice.new Notes(typed));
        voice.out(describe(done));
        rules.wake();
        return 0;
    }

    /// What a transaction did: `tx 3: 1 asserted`.
    static String describe(Response.Committed done) {
        StringBuilder text = new StringBuilder();
        if (done.tx() > 0) {
            text.append("tx ").append(done.tx()).append(": ");
        }
        int start = text.length();
        count(text, start, done.asserted(), "asserted");
        count(text, start, done.retracted(), "retracted");
        count(text, start, done.unchanged(), "unchanged");
        return text.isEmpty() ? "nothing changed" : text.toString();
    }

    private static void count(StringBuilder text, int start, long count, String what) {
        if (count > 0) {
            text.append(text.length() > start ? ", " : "").append(count).append(' ').append(what);
        }
    }

    // ---- commands ----

    /// Runs what follows a dot.
    private int command(String line) throws InterruptedException {
        List<Words.Word> words = Words.split(line.substring(1));
        String name = words.isEmpty() ? "" : words.getFirst().text();
        List<String> rest = words.stream().skip(1).map(Words.Word::text).toList();
        return switch (name) {
            case "quit", "exit", "q" -> {
                leaving = true;
                yield 0;
            }
            case "help", "h", "?" -> rest.isEmpty() ? own.help() : command(args("help", rest));
            case "session" -> rules.command(rest);
            case "load" -> load(rest);
            case "edit" -> own.edit(rest, last);
            case "mode" -> own.mode(rest);
            case "timing" -> own.timing(rest);
            case "schema" -> own.schema(rest);
            case "repl" ->
                    throw new SovereignException(ReplError.NOT_HERE, "this is the prompt already");
            default -> {
                int status = command(words(name, words.subList(1, words.size())));
                wakeAfter(name);
                yield status;
            }
        };
    }

    private void wakeAfter(String name) throws InterruptedException {
        if (name.equals("assert")
                || name.equals("import")
                || name.equals("rules")
                || name.equals("skill")) {
            rules.wake();
        }
    }

    private static String[] args(String name, List<String> rest) {
        List<String> args = new ArrayList<>(List.of(name));
        args.addAll(rest);
        return args.toArray(new String[0]);
    }

    /// The arguments of a command; Datalog is put together again.
    private static String[] words(String name, List<Words.Word> rest) {
        Outline outline = DATALOG.contains(name) ? Outline.of(name) : null;
        if (outline == null) {
            return args(name, rest.stream().map(Words.Word::text).toList());
        }
        return args(
                name,
                Words.joinDatalog(
                        rest,
                        word -> option(outline, word) != null,
                        word -> {
                            Outline.Option option = option(outline, word);
                            return option != null && option.value() != null && !word.contains("=");
                        }));
    }

    private static Outline.@Nullable Option option(Outline outline, String word) {
        int equals = word.indexOf('=');
        return outline.option(equals > 0 ? word.substring(0, equals) : word);
    }

    private int load(List<String> words) {
        if (loading) {
            throw new SovereignException(
                    ReplError.NOT_HERE, "a file that is loaded cannot load another");
        }
        Typed file = OwnCommands.file(words);
        loading = true;
        try {
            return run(file);
        } finally {
            loading = false;
        }
    }
}
