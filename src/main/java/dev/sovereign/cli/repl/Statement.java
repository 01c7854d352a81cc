package dev.sovereign.cli.repl;

/// One statement of an input.
///
/// @param start offset of its first character in the input
/// @param end offset after its last character, which is its `.` or `?` where it has one
/// @param word the name after the dot of a [Kind#COMMAND] or [Kind#DIRECTIVE]; otherwise empty
record Statement(Kind kind, int start, int end, String word) {

    enum Kind {
        /// `edge(1,2).`
        FACT,
        /// `path(x,y) :- edge(x,y).`, with the `.plan` that follows it
        RULE,
        /// `path(1,x)?` or `?- path(1,x).`
        QUERY,
        /// `.decl`, `.type` and the others of the language; also a line that begins with `#`
        DIRECTIVE,
        /// `.relations`: a line that begins with a dot and a word that the language does not know
        COMMAND,
        /// text that needs more: the last statement only
        UNFINISHED
    }

    String in(String input) {
        return input.substring(start, end);
    }
}
