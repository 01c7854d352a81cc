package dev.sovereign;

import dev.sovereign.cli.Lexis;
import dev.sovereign.core.parse.Lexemes;

import java.util.List;

/// Lends the engine's lexer to the prompt.
final class DatalogLexis implements Lexis {

    @Override
    public List<Token> tokens(String text) {
        return Lexemes.of(text).stream()
                .map(found -> new Token(kind(found.kind()), found.start(), found.end()))
                .toList();
    }

    private static Kind kind(Lexemes.Kind kind) {
        return switch (kind) {
            case NAME -> Kind.NAME;
            case NUMBER -> Kind.NUMBER;
            case STRING -> Kind.STRING;
            case DIRECTIVE -> Kind.DIRECTIVE;
            case SIGN -> Kind.SIGN;
            case OPENING -> Kind.OPENING;
            case CLOSING -> Kind.CLOSING;
            case COMMENT -> Kind.COMMENT;
            case WRONG -> Kind.WRONG;
        };
    }
}
