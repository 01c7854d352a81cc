package dev.sovereign.core.parse;

import dev.sovereign.core.ast.Source;
import dev.sovereign.core.ast.Span;

/// One token.
///
/// @param text of an identifier, a directive without its dot, or a string without quotes and
///   escapes; empty otherwise
/// @param bits magnitude of a number, bits of a float; 0 otherwise
record Token(Kind kind, Source source, int start, int end, String text, long bits) {

    enum Kind {
        END("the end of the text"),
        IDENTIFIER("an identifier"),
        NUMBER("a number"),
        UNSIGNED("an unsigned number"),
        FLOAT("a float"),
        STRING("a string"),
        /// `.decl` and the like.
        DIRECTIVE("a directive"),
        CHOICE_DOMAIN("choice-domain"),
        /// Reported by the lexer already.
        BAD(""),
        /// In a macro's definition only.
        PASTE("##"),
        QUERY_IF("?-"),
        IF(":-"),
        QUESTION("?"),
        DOT("."),
        COMMA(","),
        SEMICOLON(";"),
        COLON(":"),
        DOUBLE_COLON("::"),
        SUBTYPE("<:"),
        LEFT_PAREN("("),
        RIGHT_PAREN(")"),
        LEFT_BRACKET("["),
        RIGHT_BRACKET("]"),
        LEFT_BRACE("{"),
        RIGHT_BRACE("}"),
        UNDERSCORE("_"),
        DOLLAR("$"),
        AT("@"),
        AT_NOT("@!"),
        PIPE("|"),
        EXCLAMATION("!"),
        EQUAL("="),
        NOT_EQUAL("!="),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">="),
        ARROW("->"),
        PLUS("+"),
        MINUS("-"),
        STAR("*"),
        SLASH("/"),
        PERCENT("%"),
        CARET("^");

        private final String sign;

        Kind(String sign) {
            this.sign = sign;
        }

        /// As messages show it: signs in quotes, classes of tokens as words.
        String shown() {
            return switch (this) {
                case END, IDENTIFIER, NUMBER, UNSIGNED, FLOAT, STRING, DIRECTIVE -> sign;
                default -> "\"" + sign + "\"";
            };
        }

        String sign() {
            return sign;
        }
    }

    Span span() {
        return new Span(source, start, end);
    }

    boolean is(String word) {
        return kind == Kind.IDENTIFIER && text.equals(word);
    }
}
