package dev.sovereign.cli.repl;

import dev.sovereign.error.SovereignException;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Cuts the line of a command into words as a shell would, except that Datalog needs no quotes: a
/// blank inside brackets, or inside quotes in the middle of a word, does not end the word, and such
/// quotes stay.
final class Words {

    /// @param text without the quotes around it
    /// @param quoted it stood in quotes and is one word for certain
    /// @param start offset in the line, of the quote if there is one
    record Word(String text, boolean quoted, int start) {}

    private final String line;
    private final List<Word> words = new ArrayList<>();
    private boolean open;

    private Words(String line) {
        this.line = line;
    }

    /// @throws SovereignException when a quote is not closed
    static List<Word> split(String line) {
        Words words = new Words(line);
        words.run();
        if (words.open) {
            throw new SovereignException(
                    ReplError.QUOTE,
                    "a quote is not closed",
                    "a command is one line; close what begins with ' or \"");
        }
        return words.words;
    }

    /// The words before the end of `line`, for completion; the last one is empty after a blank, and
    /// may lack its closing quote.
    static List<Word> splitForCompletion(String line) {
        Words words = new Words(line);
        words.run();
        if (line.isEmpty() || (Splitter.isBlank(line.charAt(line.length() - 1)) && !words.open)) {
            words.words.add(new Word("", false, line.length()));
        }
        return words.words;
    }

    private void run() {
        int i = 0;
        while (i < line.length()) {
            if (Splitter.isBlank(line.charAt(i))) {
                i++;
            } else if (line.charAt(i) == '\'' || line.charAt(i) == '"') {
                i = quoted(i);
            } else {
                i = plain(i);
            }
        }
    }

    private int quoted(int start) {
        StringBuilder text = new StringBuilder();
        int i = quotedPart(start, text);
        while (i < line.length() && !Splitter.isBlank(line.charAt(i))) {
            text.append(line.charAt(i++));
        }
        words.add(new Word(text.toString(), true, start));
        return i;
    }

    /// Appends what stands between the quote at `start` and its partner; returns the offset after
    /// it.
    private int quotedPart(int start, StringBuilder text) {
        char quote = line.charAt(start);
        int i = start + 1;
        while (i < line.length() && line.charAt(i) != quote) {
            if (quote == '"'
                    && line.charAt(i) == '\\'
                    && i + 1 < line.length()
                    && (line.charAt(i + 1) == '"' || line.charAt(i + 1) == '\\')) {
                i++;
            }
            text.append(line.charAt(i++));
        }
        open |= i >= line.length();
        return Math.min(line.length(), i + 1);
    }

    private int plain(int start) {
        StringBuilder text = new StringBuilder();
        int depth = 0;
        int i = start;
        while (i < line.length()) {
            char c = line.charAt(i);
            if (depth == 0 && Splitter.isBlank(c)) {
                break;
            }
            if (c == '"') {
                int end = i + 1;
                while (end < line.length() && line.charAt(end) != '"') {
                    end += line.charAt(end) == '\\' ? 2 : 1;
                }
                open |= end >= line.length();
                end = Math.min(line.length(), end + 1);
                text.append(line, i, end);
                i = end;
                continue;
            }
            if (c == '\'' && i > start && line.charAt(i - 1) == '=' && line.charAt(start) == '-') {
                i = quotedPart(i, text); // --option='some words'
                continue;
            }
            if (c == '(' || c == '[' || c == '{') {
                depth++;
            } else if (depth > 0 && (c == ')' || c == ']' || c == '}')) {
                depth--;
            }
            text.append(c);
            i++;
        }
        words.add(new Word(text.toString(), false, start));
        return i;
    }

    /// Joins neighboring words that are neither quoted, nor options, nor an option's value: what
    /// was typed as one Datalog text with blanks in it.
    ///
    /// @param isOption whether a word is an option of the command
    /// @param takesValue whether that option's value is the next word
    static List<String> joinDatalog(
            List<Word> words, Predicate<String> isOption, Predicate<String> takesValue) {
        List<String> joined = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            Word word = words.get(i);
            boolean option = !word.quoted() && isOption.test(word.text());
            if (!option && !word.quoted()) {
                text.append(text.isEmpty() ? "" : " ").append(word.text());
                continue;
            }
            flush(text, joined);
            joined.add(word.text());
            if (option && takesValue.test(word.text()) && i + 1 < words.size()) {
                joined.add(words.get(++i).text());
            }
        }
        flush(text, joined);
        return joined;
    }

    private static void flush(StringBuilder text, List<String> to) {
        if (!text.isEmpty()) {
            to.add(text.toString());
            text.setLength(0);
        }
    }
}
