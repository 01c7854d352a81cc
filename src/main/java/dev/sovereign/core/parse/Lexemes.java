package dev.sovereign.core.parse;

import dev.sovereign.core.ast.Source;

import java.util.ArrayList;
import java.util.List;

/// What the lexer sees in a text, for an editor that colors it: of any text, also one that is wrong
/// or not finished, and without a word about that.
public final class Lexemes {

    /// What a piece of text is.
    public enum Kind {
        /// Of a relation, a variable, a type or a function.
        NAME,
        NUMBER,
        /// Also one that is not closed yet.
        STRING,
        DIRECTIVE,
        SIGN,
        OPENING,
        CLOSING,
        /// Comments, and lines for the preprocessor.
        COMMENT,
        /// No token begins like this.
        WRONG
    }

    /// @param start offset of its first char
    /// @param end offset after its last char
    public record Lexeme(Kind kind, int start, int end) {}

    private final String text;
    private final List<Lexeme> found = new ArrayList<>();

    private Lexemes(String text) {
        this.text = text;
    }

    /// The pieces of `text` in their order; between them is only white space.
    public static List<Lexeme> of(String text) {
        Lexemes lexemes = new Lexemes(text);
        lexemes.read();
        return lexemes.found;
    }

    private void read() {
        Lexer lexer = new Lexer(new Source("", text), new Problems());
        int at = 0;
        while (true) {
            Token token = lexer.next();
            gap(at, token.start());
            at = token.end();
            if (token.kind() != Token.Kind.END) {
                found.add(new Lexeme(kind(token), token.start(), token.end()));
            } else if (lexer.takePreprocessorLine() == null) {
                return;
            }
        }
    }

    /// What the lexer passes over is white space and comments.
    private void gap(int from, int to) {
        int start = from;
        int end = Math.min(to, text.length());
        while (start < end && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        if (start < end) {
            found.add(new Lexeme(Kind.COMMENT, start, end));
        }
    }

    private Kind kind(Token token) {
        return switch (token.kind()) {
            case IDENTIFIER, UNDERSCORE, CHOICE_DOMAIN -> Kind.NAME;
            case NUMBER, UNSIGNED, FLOAT -> Kind.NUMBER;
            case STRING -> Kind.STRING;
            case DIRECTIVE -> Kind.DIRECTIVE;
            case LEFT_PAREN, LEFT_BRACKET, LEFT_BRACE -> Kind.OPENING;
            case RIGHT_PAREN, RIGHT_BRACKET, RIGHT_BRACE -> Kind.CLOSING;
            case BAD -> text.charAt(token.start()) == '"' ? Kind.STRING : Kind.WRONG;
            case PASTE,
                    QUERY_IF,
                    IF,
                    QUESTION,
                    DOT,
                    COMMA,
                    SEMICOLON,
                    COLON,
                    DOUBLE_COLON,
                    SUBTYPE,
                    DOLLAR,
                    AT,
                    AT_NOT,
                    PIPE,
                    EXCLAMATION,
                    EQUAL,
                    NOT_EQUAL,
                    LESS,
                    LESS_OR_EQUAL,
                    GREATER,
                    GREATER_OR_EQUAL,
                    ARROW,
                    PLUS,
                    MINUS,
                    STAR,
                    SLASH,
                    PERCENT,
                    CARET ->
                    Kind.SIGN;
            case END -> throw new IllegalStateException("the end is no token");
        };
    }
}
