package dev.sovereign.cli;

import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// One call of a command: what was typed, what surrounds it, and the way to those who answer.
final class Invocation {

    /// Of an answer to a question; a word is enough.
    private static final int MAX_ANSWER_BYTES = 100;

    final Globals globals;
    final Streams streams;
    final Callers callers;
    final Out out;
    private final ParseResult parsed;
    private final int wordsAfterDashes;

    Invocation(
            ParseResult parsed,
            int wordsAfterDashes,
            Globals globals,
            Streams streams,
            Callers callers) {
        this.parsed = parsed;
        this.wordsAfterDashes = wordsAfterDashes;
        this.globals = globals;
        this.streams = streams;
        this.callers = callers;
        this.out = streams.out;
    }

    boolean flag(String name) {
        return parsed.hasMatchedOption(name);
    }

    /// Whether the command has such an option at all.
    boolean has(String name) {
        return parsed.commandSpec().findOption(name) != null;
    }

    @Nullable String value(String name) {
        OptionSpec option = parsed.matchedOption(name);
        return option == null ? null : option.getValue();
    }

    /// Every value of a repeated option.
    List<String> values(String name) {
        OptionSpec option = parsed.matchedOption(name);
        return option == null ? List.of() : List.of((String[]) option.getValue());
    }

    /// The word at `index`; null when it is not there.
    @Nullable String word(int index) {
        List<String> words = words(index);
        return words.isEmpty() ? null : words.getFirst();
    }

    /// The word at `index`, which the model requires.
    String need(int index) {
        return words(index).getFirst();
    }

    /// All words from `index` on.
    List<String> words(int index) {
        List<String> words = parsed.matchedPositionals().isEmpty() ? List.of() : given();
        return index >= words.size() ? List.of() : words.subList(index, words.size());
    }

    /// How many words stand after `--`.
    int wordsAfterDashes() {
        return wordsAfterDashes;
    }

    private List<String> given() {
        List<String> words = new java.util.ArrayList<>();
        // words with options between them are matches of one and the same positional
        for (var positional : new java.util.LinkedHashSet<>(parsed.matchedPositionals())) {
            words.addAll(positional.originalStringValues());
        }
        return words;
    }

    /// A word of a fixed set.
    ///
    /// @return `standard` when the option was not given
    String choice(String option, String standard, List<String> allowed) {
        String value = value(option);
        if (value == null) {
            return standard;
        }
        if (!allowed.contains(value)) {
            throw Usage.badChoice(option, value, allowed);
        }
        return value;
    }

    boolean outColor() {
        return colored(streams.outIsTerminal);
    }

    boolean errColor() {
        return colored(streams.errIsTerminal);
    }

    private boolean colored(boolean terminal) {
        Boolean asked = globals.color();
        return asked != null ? asked : terminal && !streams.isPlain();
    }

    /// Cells of the terminal that words go to; 0 when it is none.
    int errColumns() {
        return streams.errIsTerminal ? streams.columns() : 0;
    }

    /// Asks the daemon. What it says while it works goes where words go.
    <R extends Response.Closing> R ask(Request<R> request, Listener listener)
            throws InterruptedException {
        return ask(request, listener, globals.reach());
    }

    <R extends Response.Closing> R ask(Request<R> request, Listener listener, Callers.Reach reach)
            throws InterruptedException {
        try (Caller caller = callers.daemon(reach, this::say)) {
            return caller.call(request, listener);
        }
    }

    <R extends Response.Closing> R askHere(Request<R> request, Listener listener)
            throws InterruptedException {
        try (Caller caller = callers.local(globals.reach())) {
            return caller.call(request, listener);
        }
    }

    /// One line of words on standard error; not under `--quiet`.
    void say(String line) {
        if (!globals.quiet()) {
            streams.out.flush();
            streams.err.line("sovereign: " + Display.visible(line));
            streams.err.flush();
        }
    }

    /// Whether a person is there to answer a question.
    boolean mayAsk() {
        return streams.inIsTerminal && streams.errIsTerminal && !globals.json();
    }

    /// Asks a person; null when they end the input instead.
    @Nullable String answer(String question) {
        streams.out.flush();
        streams.err.print(Display.visible(question) + " ").flush();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            int next = streams.in.read();
            while (next >= 0 && next != '\n' && bytes.size() < MAX_ANSWER_BYTES) {
                bytes.write(next);
                next = streams.in.read();
            }
            return next < 0 && bytes.size() == 0
                    ? null
                    : bytes.toString(StandardCharsets.UTF_8).strip().toLowerCase(Locale.ROOT);
        } catch (IOException unreadable) {
            throw Inputs.unreadable("-", unreadable);
        }
    }

    /// A word that only a person at a terminal needs.
    void remark(String line) {
        if (streams.errIsTerminal) {
            say(line);
        }
    }

    /// Prints a line of data.
    void line(String text) {
        out.line(text);
    }
}
