package dev.sovereign.cli.repl;

import dev.sovereign.cli.Callers;
import dev.sovereign.cli.Faults;
import dev.sovereign.cli.Listener;
import dev.sovereign.cli.Out;
import dev.sovereign.cli.Outline;
import dev.sovereign.cli.Streams;
import dev.sovereign.cli.repl.Statement.Kind;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.Diagnostic.Severity;
import dev.sovereign.error.SovereignException;
import dev.sovereign.error.Where;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jline.utils.WCWidth;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /// A rule about such a relation may simply have been typed too early.
    private static final String UNKNOWN_RELATION = "core.unknown-relation";

    /// A rule has just been typed; that nothing asks for it yet is no news.
    private static final Set<String> NOT_YET = Set.of("core.unused");

    /// Commands whose words are Datalog: blanks between them are not boundaries.
    private static final Set<String> DATALOG =
            Set.of("query", "assert", "retract", "why", "whynot", "watch", "history");

    private static final Set<String> WRITING = Set.of("output", "printsize");

    private final Connection connection;
    private final Session session;
    private final CommandLine commands;
    private final Surface surface;
    private boolean leaving;
    private @Nullable Typed current;

    Shell(Connection connection, Session session, CommandLine commands, Surface surface) {
        this.connection = connection;
        this.session = session;
        this.commands = commands;
        this.surface = surface;
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
        Batch facts = new Batch();
        Batch rules = new Batch();
        int status = 0;
        try {
            for (Statement statement : Splitter.split(typed.text())) {
                switch (statement.kind()) {
                    case FACT -> facts.add(statement);
                    case RULE, DIRECTIVE -> rules.add(statement);
                    case QUERY, COMMAND, UNFINISHED -> {
                        status = first(status, flush(typed, facts, rules));
                        status = first(status, single(typed, statement));
                    }
                }
                if (leaving) {
                    return status;
                }
            }
            return first(status, flush(typed, facts, rules));
        } catch (InterruptedException stopped) {
            words("stopped");
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
    private int flush(Typed typed, Batch facts, Batch rules) throws InterruptedException {
        int status = 0;
        List<Statement> added = facts.take();
        if (!added.isEmpty()) {
            status = guarded(typed, () -> assertFacts(typed, added));
        }
        List<Statement> joined = rules.take();
        if (!joined.isEmpty()) {
            status = first(status, guarded(typed, () -> join(typed, joined)));
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
            return guarded(typed, () -> join(typed, List.of(statement)));
        }
        return query(typed, statement);
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
        try {
            return work.run();
        } catch (SovereignException refused) {
            List<Diagnostic> placed = new ArrayList<>();
            for (Diagnostic fault : refused.diagnostics()) {
                placed.add(typed.placed(fault));
            }
            show(typed, placed);
            return refused.first().kind().exitStatus();
        }
    }

    // ---- questions ----

    private int query(Typed typed, Statement statement) throws InterruptedException {
        connection.place(new AsTyped(typed));
        try {
            String text = typed.only(List.of(statement));
            return command(new String[] {"query", "--", text});
        } finally {
            connection.place(null);
        }
    }

    private int command(String[] args) throws InterruptedException {
        Streams streams = surface.streams();
        int status = commands.run(args, connection, streams);
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
            return new SovereignException(underCaret(typed, placed));
        }
    }

    // ---- facts ----

    private int assertFacts(Typed typed, List<Statement> facts) throws InterruptedException {
        var program = new Request.Program(Typed.INPUT, typed.only(facts));
        Response.Committed done =
                connection.call(new Request.Assert(List.of(program), null), new Notes(typed));
        out(describe(done));
        wake();
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

    // ---- rules ----

    /// Lets rules and directives join the session when they check together with it.
    private int join(Typed typed, List<Statement> statements) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        for (Statement statement : statements) {
            refuseWhatWrites(statement);
            texts.add(statement.in(typed.text()));
        }
        var input = new Request.Program(Typed.INPUT, typed.only(statements));
        if (!session.waiting().isEmpty()) {
            if (errors(check(session.allPrograms(), input)).isEmpty()) {
                session.wake();
            }
        }
        List<Diagnostic> faults = check(session.programs(), input);
        List<Diagnostic> errors = errors(faults);
        if (errors.isEmpty()) {
            session.add(texts);
            show(typed, placed(typed, faults));
            if (surface.isInteractive()) {
                words(joined(texts.size()));
            }
            return 0;
        }
        if (errors.stream().allMatch(error -> error.code().equals(UNKNOWN_RELATION))) {
            session.addWaiting(texts);
            for (Diagnostic error : errors) {
                words("note: " + error.message() + hint(error));
            }
            words(
                    (texts.size() == 1 ? "the rule waits" : "the rules wait")
                            + " in the session until then; see .session");
            return 0;
        }
        show(typed, placed(typed, errors));
        return errors.getFirst().kind().exitStatus();
    }

    private static String hint(Diagnostic fault) {
        String hint = fault.hint();
        return hint == null ? "" : "; " + hint;
    }

    private String joined(int count) {
        int all = session.active().size();
        String more = all == count ? "" : ", " + all + " in all";
        return "session: " + count + (count == 1 ? " statement" : " statements") + " added" + more;
    }

    private static List<Diagnostic> placed(Typed typed, List<Diagnostic> faults) {
        List<Diagnostic> placed = new ArrayList<>();
        for (Diagnostic fault : faults) {
            if (!NOT_YET.contains(fault.code())) {
                placed.add(typed.placed(fault));
            }
        }
        return placed;
    }

    private static void refuseWhatWrites(Statement statement) {
        if (statement.kind() == Kind.DIRECTIVE && WRITING.contains(statement.word())) {
            throw new SovereignException(
                    ReplError.DIRECTIVE,
                    "\"." + statement.word() + "\" is carried out when a program runs, not here",
                    "ask for the relation, or write it with `.export REL -o FILE`");
        }
        if (statement.kind() == Kind.DIRECTIVE && statement.word().equals("plan")) {
            throw new SovereignException(
                    ReplError.DIRECTIVE,
                    "\".plan\" belongs to the rule before it",
                    "type it in one input with the rule");
        }
    }

    private List<Diagnostic> check(List<Request.Program> programs, Request.@Nullable Program input)
            throws InterruptedException {
        List<Request.Program> all = new ArrayList<>(programs);
        if (input != null) {
            all.add(input);
        }
        return connection.call(new Request.CheckText(all), new Listener() {}).diagnostics();
    }

    private static List<Diagnostic> errors(List<Diagnostic> faults) {
        return faults.stream().filter(fault -> fault.severity() == Severity.ERROR).toList();
    }

    /// Tries whether the rules that wait have what they wait for.
    private void wake() throws InterruptedException {
        if (session.waiting().isEmpty()) {
            return;
        }
        if (errors(check(session.allPrograms(), null)).isEmpty()) {
            int woken = session.waiting().size();
            session.wake();
            words("session: " + woken + " that waited " + (woken == 1 ? "is" : "are") + " in use");
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
            case "help", "h", "?" -> rest.isEmpty() ? help() : command(args("help", rest));
            case "session" -> sessionCommand(rest);
            case "read" -> read(rest);
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
            wake();
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

    private int help() {
        StringBuilder text = new StringBuilder();
        text.append(
                """
                Datalog ends with . or ? and takes as many lines as it needs:
                  edge(1, 2).     a fact goes into the store
                  path(1, X)?     asks, as ?- path(1, X). does
                  path(x, y) :- edge(x, y).
                                  a rule joins this session
                An empty line ends what has no end.
                Ctrl-C stops, Ctrl-D leaves, Tab completes,
                Ctrl-R searches what was typed before.

                At the prompt:
                """);
        for (Outline.Name own : OWN) {
            entry(text, own);
        }
        for (Outline.Part part : Outline.parts()) {
            text.append('\n').append(part.title()).append(":\n");
            for (Outline.Name name : part.names()) {
                if (!HIDDEN.contains(name.name())) {
                    entry(text, name);
                }
            }
        }
        text.append("\n`.help query` or `.query --help` says more about a command.");
        out(text.toString());
        return 0;
    }

    /// On a narrower terminal a command and what it does take two lines.
    private static final int NARROW_CELLS = 76;

    /// What only the prompt has.
    static final List<Outline.Name> OWN =
            List.of(
                    new Outline.Name("session", "show the rules of this session"),
                    new Outline.Name("session save NAME", "store them as a module of rules"),
                    new Outline.Name("session drop N", "forget one"),
                    new Outline.Name("session clear", "forget all"),
                    new Outline.Name("read FILE", "carry out the statements of a file"),
                    new Outline.Name("help [COMMAND]", "show help"),
                    new Outline.Name("quit", "leave, as Ctrl-D does"));

    /// Commands that make no sense here.
    static final Set<String> HIDDEN = Set.of("repl", "help", "daemon run", "completion");

    private void entry(StringBuilder text, Outline.Name name) {
        text.append("  .").append(name.name());
        boolean narrow = surface.columns() > 0 && surface.columns() < NARROW_CELLS;
        if (narrow) {
            text.append("\n      ");
        } else {
            text.repeat(' ', Math.max(2, 24 - name.name().length()));
        }
        text.append(name.summary()).append('\n');
    }

    // ---- the session ----

    private int sessionCommand(List<String> words) throws InterruptedException {
        String verb = words.isEmpty() ? "list" : words.getFirst();
        String argument = words.size() > 1 ? words.get(1) : "";
        int wanted = verb.equals("drop") || verb.equals("save") ? 2 : words.isEmpty() ? 0 : 1;
        boolean known = List.of("list", "clear", "drop", "save").contains(verb);
        if (!known || words.size() != wanted) {
            throw new SovereignException(
                    ReplError.USAGE,
                    "`.session " + String.join(" ", words) + "` is not understood",
                    "`.session`, `.session drop N`, `.session clear` or `.session save NAME`");
        }
        switch (verb) {
            case "clear" -> {
                session.clear();
                words("session: empty now");
            }
            case "drop" -> drop(argument);
            case "save" -> save(argument);
            default -> list();
        }
        return 0;
    }

    private void list() {
        if (session.isEmpty()) {
            words("session: empty; a rule such as  p(x) :- q(x).  joins it");
            return;
        }
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (String statement : session.active()) {
            numbered(text, ++number, statement, "");
        }
        for (String statement : session.waiting()) {
            numbered(text, ++number, statement, "  // waits for a relation");
        }
        text.setLength(text.length() - 1);
        out(text.toString());
    }

    private static void numbered(StringBuilder text, int number, String statement, String after) {
        String label = "%3d  ".formatted(number);
        text.append(label);
        text.append(statement.replace("\n", "\n" + " ".repeat(label.length())));
        text.append(after).append('\n');
    }

    private void drop(String number) {
        int index = number.matches("[0-9]{1,6}") ? Integer.parseInt(number) : 0;
        if (session.drop(index) == null) {
            throw new SovereignException(
                    ReplError.USAGE,
                    "the session has no statement \"" + number + "\"",
                    "`.session` shows their numbers");
        }
        list();
    }

    private void save(String name) throws InterruptedException {
        if (session.active().isEmpty()) {
            throw new SovereignException(ReplError.USAGE, "the session has no rules to save");
        }
        var program = new Request.Program(Session.NAME, Session.text(session.active()));
        Response.Committed done =
                connection.call(new Request.RulesAdd(name, program), new Notes(null));
        session.clear();
        String tx = done.tx() > 0 ? "tx " + done.tx() + ": " : "";
        out(tx + "rules of the session saved as " + name + "; the session is empty now");
    }

    // ---- files ----

    /// The same bound as a program on the command line has, in bytes.
    private static final long MAX_FILE_BYTES = 64L << 20;

    private int read(List<String> words) {
        if (words.size() != 1) {
            throw new SovereignException(ReplError.USAGE, "`.read` needs one file");
        }
        Typed outer = current;
        if (outer != null) {
            throw new SovereignException(
                    ReplError.NOT_HERE, "a file that is read cannot read another");
        }
        String name = words.getFirst();
        try {
            Path file = Path.of(name);
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new SovereignException(
                        ReplError.TOO_LONG,
                        "\"" + name + "\" is larger than " + (MAX_FILE_BYTES >> 20) + " MiB",
                        "facts in bulk go in with `.import`");
            }
            Typed typed = new Typed(name, Files.readString(file), 1, 0);
            current = typed;
            return run(typed);
        } catch (IOException | java.nio.file.InvalidPathException unreadable) {
            throw new SovereignException(
                    ReplError.FILE,
                    "cannot read \"" + name + "\": " + reason(unreadable),
                    null,
                    unreadable);
        } finally {
            current = null;
        }
    }

    private static String reason(Exception failure) {
        return switch (failure) {
            case java.nio.file.NoSuchFileException _ -> "no such file";
            case java.nio.file.AccessDeniedException _ -> "permission denied";
            case java.nio.charset.CharacterCodingException _ -> "it is not UTF-8 text";
            default -> String.valueOf(failure.getMessage());
        };
    }

    // ---- words ----

    /// What is said about facts and rules that are sent from here.
    private final class Notes implements Listener {

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

    private void show(Typed typed, List<Diagnostic> faults) {
        print(underCaret(typed, faults));
    }

    /// Draws a caret below what still stands on the screen, when one line was typed and one thing
    /// is wrong with it; the fault then needs no place of its own.
    private List<Diagnostic> underCaret(Typed typed, List<Diagnostic> faults) {
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

    private void print(List<Diagnostic> faults) {
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

    private void out(String text) {
        Out out = surface.streams().out();
        out.line(text);
        out.flush();
    }
}
