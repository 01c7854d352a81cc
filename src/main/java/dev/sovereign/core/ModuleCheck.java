package dev.sovereign.core;

import dev.sovereign.core.analyze.Analysis;
import dev.sovereign.core.analyze.Analyzer;
import dev.sovereign.core.analyze.Catalog;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.error.Diagnostic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Checks a module of rules as it would stand beside the others.
final class ModuleCheck {

    private ModuleCheck() {}

    /// @param others the modules there are; one of the same name is being replaced
    /// @return warnings
    /// @throws dev.sovereign.error.SovereignException with all errors
    static List<Diagnostic> of(
            String name,
            KnowledgeBase.Text text,
            Map<String, StoredModule> others,
            Catalog catalog) {
        var parsed =
                dev.sovereign.core.parse.Parser.parse(
                        text.name(),
                        text.text(),
                        Mode.PROGRAM,
                        (_, path) -> {
                            throw new java.io.IOException(
                                    "a stored module stands alone: put the text of "
                                            + path
                                            + " into it");
                        });
        List<Diagnostic> diagnostics = new ArrayList<>(parsed.diagnostics());
        files(parsed.program(), diagnostics);
        KnowledgeBase.refuseErrors(diagnostics);
        List<Program> programs = new ArrayList<>();
        for (StoredModule other : others.values()) {
            if (!other.name().equals(name)) {
                programs.add(other.program());
            }
        }
        programs.add(parsed.program().asModule(name));
        Analysis analysis = Analyzer.analyze(programs, catalog, Mode.PROGRAM);
        diagnostics.addAll(analysis.diagnostics());
        KnowledgeBase.refuseErrors(diagnostics);
        return diagnostics;
    }

    /// What is wrong with modules that are stored already: a relation may have changed since.
    static List<Diagnostic> of(Map<String, StoredModule> modules, Catalog catalog) {
        List<Diagnostic> diagnostics = new ArrayList<>();
        List<Program> programs = new ArrayList<>();
        for (StoredModule module : modules.values()) {
            diagnostics.addAll(module.parsed().diagnostics());
            programs.add(module.program());
        }
        if (diagnostics.stream()
                .noneMatch(found -> found.severity() == Diagnostic.Severity.ERROR)) {
            diagnostics.addAll(Analyzer.analyze(programs, catalog, Mode.PROGRAM).diagnostics());
        }
        return diagnostics;
    }

    private static void files(Program program, List<Diagnostic> diagnostics) {
        for (Item item : program.items()) {
            if (item instanceof Item.Directive directive
                    && directive.kind() != Item.DirectiveKind.LIMITSIZE) {
                diagnostics.add(
                        Diagnostic.error(
                                KnowledgeError.MODULE_FILES,
                                "a stored module neither reads nor writes files",
                                directive.kind() == Item.DirectiveKind.INPUT
                                        ? "leave this out, and put the facts into the store with"
                                                + " sovereign import"
                                        : "leave this out, and ask with sovereign query or"
                                                + " sovereign export",
                                directive.span().where()));
            }
        }
    }
}
