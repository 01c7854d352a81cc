package dev.sovereign.core.parse;

/// What sort of text is read; decides what may stand in it.
public enum Mode {
    /// A file: declarations, facts, rules, directives; for a question also queries.
    PROGRAM,
    /// The argument of `query`: one or more queries, before them facts and rules; the last query
    /// needs neither `?` nor `.`.
    QUERY,
    /// A line of the REPL: facts, rules, declarations and queries.
    PROMPT,
    /// The argument of `assert` or `retract`: facts; the last needs no `.`; patterns with variables
    /// pass the parser.
    FACTS
}
