package dev.sovereign.cli.repl;

import org.jline.reader.CompletingParsedLine;

import java.util.List;

/// Where the cursor stands, for completion: in a command, whose words are known, or in Datalog,
/// where the word is the name before the cursor.
///
/// @param line the whole input
/// @param cursor offset in it
/// @param command words of the command up to the cursor, without the dot; empty in Datalog
/// @param start offset at which the word to complete begins, after a quote
/// @param word the text from there to the cursor, as it is meant
record Place(String line, int cursor, List<Words.Word> command, int start, String word)
        implements CompletingParsedLine {

    /// Finds out for a cursor anywhere in any text.
    static Place of(String input, int cursor) {
        String before = input.substring(0, cursor);
        int lineStart = before.lastIndexOf('\n') + 1;
        int dot = lineStart;
        while (dot < cursor && Splitter.isBlank(input.charAt(dot))) {
            dot++;
        }
        boolean isCommand =
                dot < cursor
                        && input.charAt(dot) == '.'
                        && Splitter.isComplete(input.substring(0, lineStart));
        if (!isCommand) {
            return datalog(input, cursor, List.of());
        }
        List<Words.Word> words = Words.splitForCompletion(before.substring(dot + 1));
        Words.Word last = words.getLast();
        int start = dot + 1 + last.start() + (last.quoted() ? 1 : 0);
        return new Place(input, cursor, words, Math.min(start, cursor), last.text());
    }

    /// The place with the name before the cursor as its word.
    static Place datalog(String input, int cursor, List<Words.Word> command) {
        int quote = openQuote(input, cursor);
        if (quote >= 0) {
            return new Place(input, cursor, command, quote + 1, input.substring(quote + 1, cursor));
        }
        int start = cursor;
        while (start > 0 && isName(input.charAt(start - 1))) {
            start--;
        }
        // the dot that ends a statement does not begin a name
        while (start < cursor && input.charAt(start) == '.') {
            start++;
        }
        return new Place(input, cursor, command, start, input.substring(start, cursor));
    }

    /// The offset of the quote that the cursor stands behind, in a string that is not closed before
    /// it; -1 when there is none.
    private static int openQuote(String text, int cursor) {
        int i = 0;
        while (i < cursor) {
            if (text.startsWith("//", i)) {
                int end = text.indexOf('\n', i);
                i = end < 0 ? cursor : end;
            } else if (text.charAt(i) == '"') {
                int end = i + 1;
                while (end < cursor && text.charAt(end) != '"') {
                    end += text.charAt(end) == '\\' ? 2 : 1;
                }
                if (end >= cursor) {
                    return i;
                }
                i = end + 1;
            } else {
                i++;
            }
        }
        return -1;
    }

    /// Whether the word stands in a string of Datalog that is not closed before it.
    boolean inString() {
        return openQuote(line, cursor) == start - 1 && start > 0;
    }

    private static boolean isName(char c) {
        return Splitter.isNamePart(c) || c == '@' || c == '.';
    }

    boolean isCommand() {
        return !command.isEmpty();
    }

    /// What stands after the cursor.
    char next() {
        return cursor < line.length() ? line.charAt(cursor) : '\0';
    }

    @Override
    public int wordCursor() {
        return word.length();
    }

    @Override
    public int wordIndex() {
        return Math.max(0, command.size() - 1);
    }

    @Override
    public List<String> words() {
        return command.isEmpty() ? List.of(word) : command.stream().map(Words.Word::text).toList();
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
        boolean quoted = start > 0 && start <= line.length() && isQuote(line.charAt(start - 1));
        boolean blank = candidate.chars().anyMatch(c -> c == ' ' || c == '\t');
        return blank && !quoted && isCommand() && word.indexOf('(') < 0
                ? "'" + candidate + (complete ? "'" : "")
                : candidate;
    }

    private static boolean isQuote(char c) {
        return c == '\'' || c == '"';
    }

    @Override
    public int rawWordCursor() {
        return cursor - start;
    }

    @Override
    public int rawWordLength() {
        return cursor - start;
    }
}
