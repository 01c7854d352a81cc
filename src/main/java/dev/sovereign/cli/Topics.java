package dev.sovereign.cli;

import java.util.ArrayList;
import java.util.List;

/// Help on what is no command.
final class Topics {
    private Topics() {}

    static List<String> names() {
        List<String> names = new ArrayList<>(Manual.NAMES);
        names.addAll(List.of("language", "formats", "exit-status", "environment"));
        return names;
    }

    /// @param name one of [#names] that is no chapter of the [Manual]
    static String text(String name) {
        return switch (name) {
            case "language" ->
                    """
                    The language is Soufflé's Datalog. Any bare word is a variable; symbols stand in
                    double quotes, so a query stands in single ones on a command line.

                      edge(1, 2).                            a fact
                      path(X, Y) :- edge(X, Y).              a rule: when the body holds
                      path(X, Z) :- path(X, Y), edge(Y, Z).  rules may be recursive
                      lonely(X) :- node(X), !edge(X, _).     negation
                      n(C) :- C = count : { edge(_, _) }.    also sum min max mean
                      path(1, X)?                            a query; without variables yes or no
                      path(1, X), X > 2?                     with a condition
                      @policy.allowed(U)?                    a relation of the module policy

                    Relations that are not declared get their types from their facts and rules.
                    A program for `run` or `check` that declares one relation (.decl) declares all.
                    Relations whose names begin with sys_ are the system's.
                    `sovereign help datalog` says more.
                    """;
            case "formats" ->
                    """
                    table   boxed and as wide as the terminal; in a pipe tab-separated, no header
                    tsv     tab-separated, with \\t \\n \\\\ for what would be taken for its ends;
                            --header adds names
                    csv     RFC 4180 with a header
                    json    one array of objects
                    jsonl   one object a line; --json is the same for rows
                    facts   tab-separated, nothing escaped, as Soufflé reads it (export, import)

                    In JSON, numbers are exact, NaN and the infinities are strings, records are
                    arrays, $Name(…) is {"$Name":[…]} and nil is null. A query without variables
                    answers {"answer":true} or {"answer":false}.
                    """;
            case "exit-status" ->
                    """
                    0     done
                    1     the input or the question is wrong
                    2     the command line is wrong
                    3     refused: permission, a damaged or foreign file, no daemon
                    4     another machine or the network
                    5     a limit was reached: time, tuples, memory, fuel
                    70    a defect of this program
                    130   stopped by Ctrl-C; everything is as it was
                    """;
            case "environment" ->
                    """
                    SOVEREIGN_HOME        keeps everything in one folder; --home does the same
                    XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_RUNTIME_DIR
                                          otherwise: configuration, store, logs, socket
                    SOVEREIGN_JAVA_HOME   the JDK to run on, 25 or newer
                    VISUAL, EDITOR        what `config edit` opens
                    NO_COLOR, TERM=dumb   no color and no boxes
                    COLUMNS               the width of tables, where the terminal's is not right
                    """;
            default -> throw new IllegalArgumentException(name);
        };
    }
}
