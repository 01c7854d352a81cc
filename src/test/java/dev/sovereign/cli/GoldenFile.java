package dev.sovereign.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A file of `src/test/resources/cli`: command lines and what must come of them.
///
///     # a comment
///     @ file prog.dl          a file in the working directory; its lines follow as "@|"
///     @ terminal 40           all three streams are a terminal of 40 cells
///     @ typed                 standard input is what is typed at the terminal
///     @ env NAME=VALUE
///     $ sovereign query 'a(X)?'      also: $ cat FILE, $ ls
///     < a line of standard input
///     <- columns {"names":["X"],…}   what the node answers (docs/protocol.md), scripted tests only
///     -> query {"text":"a(X)?",…}    what the node was asked
///     | a line of standard output
///     ! a line of standard error
///     = 1                            exit status; 0 is not said
///
/// `«»` in a line stands for anything. Escape characters are shown as `␛`, carriage returns as `␍`.
/// A last line without its newline ends in `⏎̸`. With `-Dsovereign.accept=true` what came is
/// written into the file, to be looked at.
public final class GoldenFile {

    public static final boolean ACCEPT = Boolean.getBoolean("sovereign.accept");

    private static final String NO_NEWLINE = "⏎̸";

    /// One command line with everything about it.
    static final class Case {
        final List<String> before = new ArrayList<>();
        String command = "";
        final List<String> stdin = new ArrayList<>();
        final List<String> replies = new ArrayList<>();
        final List<String> expected = new ArrayList<>();

        /// The words of the command line, quotes taken away.
        List<String> words() {
            return split(command);
        }
    }

    /// What came of a command line.
    record Outcome(int status, String out, String err, List<String> requests) {

        List<String> lines() {
            List<String> lines = new ArrayList<>(requests);
            add(lines, "|", out);
            add(lines, "!", err);
            if (status != 0) {
                lines.add("= " + status);
            }
            return lines;
        }

        private static void add(List<String> to, String mark, String text) {
            if (text.isEmpty()) {
                return;
            }
            boolean whole = text.endsWith("\n");
            String shown = text.replace('\u001b', '␛').replace('\r', '␍');
            String[] lines =
                    (whole ? shown.substring(0, shown.length() - 1) : shown).split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                boolean cut = !whole && i == lines.length - 1;
                to.add((mark + " " + lines[i]).stripTrailing() + (cut ? NO_NEWLINE : ""));
            }
        }
    }

    final Path path;
    final List<Case> cases = new ArrayList<>();

    GoldenFile(Path path) throws IOException {
        this.path = path;
        Case current = new Case();
        boolean started = false;
        for (String line : Files.readAllLines(path)) {
            boolean head = line.isBlank() || line.startsWith("#") || line.startsWith("@");
            if (started && head) {
                cases.add(current);
                current = new Case();
                started = false;
            }
            if (head) {
                current.before.add(line);
            } else if (line.startsWith("$ ")) {
                if (started) {
                    cases.add(current);
                    current = new Case();
                }
                current.command = line.substring(2);
                started = true;
            } else if (line.startsWith("<- ")) {
                current.replies.add(line.substring(3));
            } else if (line.equals("<") || line.startsWith("< ")) {
                current.stdin.add(line.length() > 2 ? line.substring(2) : "");
            } else {
                current.expected.add(line.stripTrailing());
            }
        }
        if (started) {
            cases.add(current);
        }
    }

    /// Whether the lines that came are those that were expected.
    public static boolean matches(List<String> expected, List<String> came) {
        if (expected.size() != came.size()) {
            return false;
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!matches(expected.get(i), came.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String expected, String came) {
        if (!expected.contains("«»")) {
            return expected.equals(came);
        }
        StringBuilder pattern = new StringBuilder();
        for (String part : expected.split("«»", -1)) {
            pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.matches(pattern.toString(), came);
    }

    /// Writes the file anew with what came.
    void accept(List<List<String>> came) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < cases.size(); i++) {
            Case one = cases.get(i);
            one.before.forEach(line -> text.append(line).append('\n'));
            text.append("$ ").append(one.command).append('\n');
            one.stdin.forEach(line -> text.append(("< " + line).stripTrailing()).append('\n'));
            one.replies.forEach(line -> text.append("<- ").append(line).append('\n'));
            List<String> lines = matches(one.expected, came.get(i)) ? one.expected : came.get(i);
            lines.forEach(line -> text.append(line).append('\n'));
        }
        Files.writeString(path, text);
    }

    /// Words as a shell takes them apart: blanks, both quotes, backslash; nothing is expanded.
    static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (word != null) {
                    words.add(word.toString());
                    word = null;
                }
                continue;
            }
            word = word == null ? new StringBuilder() : word;
            if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
            } else {
                word.append(c);
            }
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }

    @Override
    public String toString() {
        return path.getFileName().toString();
    }
}
