package dev.sovereign.cli.repl;

import dev.sovereign.cli.Listener;
import dev.sovereign.cli.repl.Statement.Kind;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.Diagnostic.Severity;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Rules and directives that were typed: lets them join the session, wakes those that wait, and
/// carries out `.session`.
final class SessionRules {

    /// A rule about such a relation may simply have been typed too early.
    private static final String UNKNOWN_RELATION = "core.unknown-relation";

    /// A rule has just been typed; that nothing asks for it yet is no news.
    private static final Set<String> NOT_YET = Set.of("core.unused");

    private static final Set<String> WRITING = Set.of("output", "printsize");

    private final Connection connection;
    private final Session session;
    private final Surface surface;
    private final Voice voice;

    SessionRules(Connection connection, Session session, Surface surface, Voice voice) {
        this.connection = connection;
        this.session = session;
        this.surface = surface;
        this.voice = voice;
    }

    /// Lets rules and directives join the session when they check together with it.
    int join(Typed typed, List<Statement> statements) throws InterruptedException {
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
            voice.show(typed, placed(typed, faults));
            if (surface.isInteractive()) {
                voice.words(joined(texts.size()));
            }
            return 0;
        }
        if (errors.stream().allMatch(error -> error.code().equals(UNKNOWN_RELATION))) {
            session.addWaiting(texts);
            for (Diagnostic error : errors) {
                voice.words("note: " + error.message() + hint(error));
            }
            voice.words(
                    (texts.size() == 1 ? "the rule waits" : "the rules wait")
                            + " in the session until then; see .session");
            return 0;
        }
        voice.show(typed, placed(typed, errors));
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
    void wake() throws InterruptedException {
        if (session.waiting().isEmpty()) {
            return;
        }
        if (errors(check(session.allPrograms(), null)).isEmpty()) {
            int woken = session.waiting().size();
            session.wake();
            voice.words(
                    "session: "
                            + woken
                            + " that waited "
                            + (woken == 1 ? "is" : "are")
                            + " in use");
        }
    }

    /// `.session …`
    int command(List<String> words) throws InterruptedException {
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
                voice.words("session: empty now");
            }
            case "drop" -> drop(argument);
            case "save" -> save(argument);
            default -> list();
        }
        return 0;
    }

    private void list() {
        if (session.isEmpty()) {
            voice.words("session: empty; a rule such as  p(x) :- q(x).  joins it");
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
        voice.out(text.toString());
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
                connection.call(new Request.RulesAdd(name, program), voice.new Notes(null));
        session.clear();
        String tx = done.tx() > 0 ? "tx " + done.tx() + ": " : "";
        voice.out(tx + "rules of the session saved as " + name + "; the session is empty now");
    }
}
