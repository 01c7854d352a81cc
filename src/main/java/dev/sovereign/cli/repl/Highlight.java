package dev.sovereign.cli.repl;

import dev.sovereign.cli.Lexis;
import dev.sovereign.cli.Lexis.Token;

import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/// Colors what is being typed as the engine's lexer sees it, shows the partner of the bracket at
/// the cursor, and closing brackets that have none. The first word of a command is colored too, in
/// red when there is no such command.
final class Highlight implements Highlighter {

    /// Longer inputs were pasted; coloring them at each key would be felt.
    private static final int MAX_CHARS = 32 << 10;

    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle STRING = PLAIN.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle NUMBER = PLAIN.foreground(AttributedStyle.CYAN);
    private static final AttributedStyle COMMENT =
            PLAIN.foreground(AttributedStyle.BLACK + AttributedStyle.BRIGHT);
    private static final AttributedStyle RELATION = PLAIN.foreground(AttributedStyle.BLUE);
    private static final AttributedStyle WORD = RELATION.bold();
    private static final AttributedStyle SIGN = PLAIN.foreground(AttributedStyle.MAGENTA);
    private static final AttributedStyle WRONG = PLAIN.foreground(AttributedStyle.RED);
    private static final AttributedStyle PARTNER = PLAIN.bold().underline();

    /// Signs that make rules, questions and negations; the others are plain.
    private static final Set<String> TELLING = Set.of(":-", "?-", "?", "!", "@", "@!");

    private final Lexis lexis;
    private final Set<String> commands;

    /// @param commands the words that a command may begin with
    Highlight(Lexis lexis, Set<String> commands) {
        this.lexis = lexis;
        this.commands = commands;
    }

    @Override
    public AttributedString highlight(LineReader reader, String buffer) {
        return painted(buffer, reader.isReading() ? reader.getBuffer().cursor() : -1);
    }

    /// @param cursor -1 shows no partners
    AttributedString painted(String text, int cursor) {
        if (text.length() > MAX_CHARS) {
            return new AttributedString(text);
        }
        AttributedStyle[] styles = new AttributedStyle[text.length()];
        Arrays.fill(styles, PLAIN);
        boolean after = cursor > 0 && "()[]{}".indexOf(text.charAt(cursor - 1)) >= 0;
        int bracket = after ? cursor - 1 : cursor;
        int from = 0;
        for (Statement statement : Splitter.split(text)) {
            if (statement.kind() == Statement.Kind.COMMAND) {
                datalog(text, from, statement.start(), bracket, styles);
                from = command(text, statement, styles);
            }
        }
        datalog(text, from, text.length(), bracket, styles);
        AttributedStringBuilder painted = new AttributedStringBuilder(text.length());
        for (int i = 0, end; i < styles.length; i = end) {
            end = i + 1;
            while (end < styles.length && styles[end].equals(styles[i])) {
                end++;
            }
            painted.append(text.substring(i, end), styles[i]);
        }
        return painted.toAttributedString();
    }

    /// @return the offset from which on its words are Datalog
    private int command(String text, Statement statement, AttributedStyle[] styles) {
        int end = statement.start() + 1 + statement.word().length();
        boolean known = commands.contains(statement.word());
        boolean typing = end == text.length(); // it may become one
        Arrays.fill(styles, statement.start(), end, known || typing ? WORD : WRONG);
        return Shell.DATALOG.contains(statement.word()) ? end : statement.end();
    }

    private void datalog(String text, int from, int to, int bracket, AttributedStyle[] styles) {
        if (from >= to) {
            return;
        }
        Deque<Token> open = new ArrayDeque<>();
        List<Token> tokens = lexis.tokens(text.substring(from, to));
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            int start = from + token.start();
            int end = from + token.end();
            AttributedStyle style =
                    switch (token.kind()) {
                        case STRING -> STRING;
                        case NUMBER -> NUMBER;
                        case COMMENT -> COMMENT;
                        case DIRECTIVE -> WORD;
                        case WRONG -> WRONG;
                        case SIGN -> TELLING.contains(text.substring(start, end)) ? SIGN : PLAIN;
                        case NAME -> end < to && text.charAt(end) == '(' ? RELATION : PLAIN;
                        case OPENING -> {
                            open.push(token);
                            yield PLAIN;
                        }
                        case CLOSING -> {
                            Token opening = open.poll();
                            if (opening == null || !pair(text, from + opening.start(), start)) {
                                yield WRONG;
                            }
                            if (bracket == start || bracket == from + opening.start()) {
                                styles[from + opening.start()] = PARTNER;
                                yield PARTNER;
                            }
                            yield PLAIN;
                        }
                    };
            Arrays.fill(styles, start, end, style);
        }
    }

    private static boolean pair(String text, int opening, int closing) {
        return "([{".indexOf(text.charAt(opening)) == ")]}".indexOf(text.charAt(closing));
    }
}
