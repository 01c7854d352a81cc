package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Program;
import dev.sovereign.core.parse.Mode;

import java.util.List;

/// Checks programs.
public final class Analyzer {

    private Analyzer() {}

    /// Checks texts that are evaluated together: modules, a file for this question, the question.
    ///
    /// @param programs parsed without error; those with a module name define relations of that
    ///   module
    /// @param mode [Mode#PROGRAM] for `run`, `check` and `rules add`; [Mode#QUERY] and
    ///   [Mode#PROMPT] keep of all relations only what the queries need (everything when there is
    ///   no query) and do not warn of unused relations; [Mode#FACTS] allows facts and patterns only
    public static Analysis analyze(List<Program> programs, Catalog catalog, Mode mode) {
        return new Analysis(null, List.of());
    }
}
