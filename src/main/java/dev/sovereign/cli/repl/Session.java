package dev.sovereign.cli.repl;

import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The rules and declarations typed at this prompt. They go along with each question and end with
/// the prompt. A rule about a relation that nobody knows yet waits, and goes nowhere meanwhile.
///
/// What was typed as one input stays one text: a text that declares a relation must declare all
/// that it has, and that is not to be asked of the texts beside it.
final class Session {

    /// What errors call the texts.
    static final String NAME = "session";

    /// A declaration, or the head of a rule whose arguments are plain.
    private static final Pattern HEAD =
            Pattern.compile("(?:\\.decl\\s+)?([A-Za-z_]\\w*)\\s*\\(([^()\"]+)\\)");

    private final List<List<String>> active = new ArrayList<>();
    private final List<List<String>> waiting = new ArrayList<>();

    /// The statements that go along, in the order typed; a copy.
    List<String> active() {
        return flat(active);
    }

    /// The statements that wait for a relation; a copy.
    List<String> waiting() {
        return flat(waiting);
    }

    private static List<String> flat(List<List<String>> inputs) {
        return inputs.stream().flatMap(List::stream).toList();
    }

    boolean isEmpty() {
        return active.isEmpty() && waiting.isEmpty();
    }

    /// The texts that go along, one for each input. Each begins on the line on which it would stand
    /// if they were one text.
    List<Request.Program> programs() {
        return programs(active);
    }

    /// As [#programs], with those that wait.
    List<Request.Program> allPrograms() {
        List<List<String>> all = new ArrayList<>(active);
        all.addAll(waiting);
        return programs(all);
    }

    private static List<Request.Program> programs(List<List<String>> inputs) {
        List<Request.Program> programs = new ArrayList<>();
        int line = 0;
        for (List<String> input : inputs) {
            String text = text(input);
            programs.add(new Request.Program(NAME, "\n".repeat(line) + text));
            line += (int) text.chars().filter(c -> c == '\n').count();
        }
        return programs;
    }

    /// The statements one below the other.
    static String text(List<String> statements) {
        StringBuilder text = new StringBuilder();
        for (String statement : statements) {
            text.append(statement).append('\n');
        }
        return text.toString();
    }

    /// The relations that the active statements declare or derive, as far as their heads tell.
    List<Response.Relation> relations() {
        List<Response.Relation> relations = new ArrayList<>();
        for (List<String> input : active) {
            for (String statement : input) {
                Matcher head = HEAD.matcher(statement);
                if (head.lookingAt()) {
                    relations.add(relation(head.group(1), head.group(2)));
                }
            }
        }
        return relations;
    }

    private static Response.Relation relation(String name, String columns) {
        List<Response.Column> found = new ArrayList<>();
        for (String column : columns.split(",")) {
            int colon = column.indexOf(':');
            String type = colon < 0 ? "" : column.substring(colon + 1).strip();
            String called = colon < 0 ? column.strip() : column.substring(0, colon).strip();
            found.add(new Response.Column(called, type));
        }
        return new Response.Relation(name, found, "session", 0, List.of());
    }

    void add(List<String> input) {
        active.add(new ArrayList<>(input));
    }

    void addWaiting(List<String> input) {
        waiting.add(new ArrayList<>(input));
    }

    /// What waited goes along from now on.
    void wake() {
        active.addAll(waiting);
        waiting.clear();
    }

    /// Takes out one statement.
    ///
    /// @param number 1-based, the waiting ones after the others
    /// @return the statement; null when there is none of that number
    @Nullable String drop(int number) {
        int left = number - 1;
        for (List<List<String>> inputs : List.of(active, waiting)) {
            for (List<String> input : inputs) {
                if (left >= 0 && left < input.size()) {
                    String dropped = input.remove(left);
                    inputs.removeIf(List::isEmpty);
                    return dropped;
                }
                left -= input.size();
            }
        }
        return null;
    }

    void clear() {
        active.clear();
        waiting.clear();
    }
}
