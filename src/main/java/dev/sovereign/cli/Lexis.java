package dev.sovereign.cli;

import java.util.List;

/// The engine's lexer, for coloring and completing what is being typed. Given by `Main`, so that
/// the command line knows nothing of the engine.
@FunctionalInterface
public interface Lexis {

    /// What a piece of text is.
    enum Kind {
        NAME,
        NUMBER,
        /// Also one that is not closed yet.
        STRING,
        DIRECTIVE,
        SIGN,
        OPENING,
        CLOSING,
        COMMENT,
        /// No token begins like this.
        WRONG
    }

    /// @param start offset of its first char
    /// @param end offset after its last char
    record Token(Kind kind, int start, int end) {}

    /// The tokens and comments of any text, finished or not, in their order; between them is only
    /// white space.
    List<Token> tokens(String text);
}
