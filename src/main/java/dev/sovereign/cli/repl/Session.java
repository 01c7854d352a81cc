package dev.sovereign.cli.repl;

import dev.sovereign.protocol.Request;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The rules and declarations typed at this prompt. They go along with each question and end with
/// the prompt. A rule about a relation that nobody knows yet waits, and goes nowhere meanwhile.
final class Session {

    /// What errors call the text.
    static final String NAME = "session";

    private final List<String> active = new ArrayList<>();
    private final List<String> waiting = new ArrayList<>();

    /// The statements that go along, in the order typed; a copy.
    List<String> active() {
        return List.copyOf(active);
    }

    /// The statements that wait for a relation; a copy.
    List<String> waiting() {
        return List.copyOf(waiting);
    }

    boolean isEmpty() {
        return active.isEmpty() && waiting.isEmpty();
    }

    /// The text that goes along; null when there is none.
    Request.@Nullable Program program() {
        return active.isEmpty() ? null : new Request.Program(NAME, text(active));
    }

    static String text(List<String> statements) {
        StringBuilder text = new StringBuilder();
        for (String statement : statements) {
            text.append(statement).append('\n');
        }
        return text.toString();
    }

    void add(List<String> statements) {
        active.addAll(statements);
    }

    void addWaiting(List<String> statements) {
        waiting.addAll(statements);
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
        if (number < 1 || number > active.size() + waiting.size()) {
            return null;
        }
        return number <= active.size()
                ? active.remove(number - 1)
                : waiting.remove(number - 1 - active.size());
    }

    void clear() {
        active.clear();
        waiting.clear();
    }
}
