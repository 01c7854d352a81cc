package dev.sovereign.core;

import dev.sovereign.core.analyze.Analysis;
import dev.sovereign.core.analyze.Analyzer;
import dev.sovereign.core.analyze.Catalog;
import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.ParseResult;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.core.parse.SourceResolver;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The named modules of rules that the store holds: adding, checking, listing, drawing them. Any
/// thread; changes go through the [Writer].
public final class RuleModules {

    /// Longest text of a stored module, in chars. A guess: a thousand pages of rules.
    static final int MODULE_CHARS = 4 << 20;

    private final KnowledgeBase knowledge;
    private final FactState state;
    private final FactWriter facts;
    private final Writer writer;

    RuleModules(KnowledgeBase knowledge, FactState state, FactWriter facts, Writer writer) {
        this.knowledge = knowledge;
        this.state = state;
        this.facts = facts;
        this.writer = writer;
    }

    /// Stores a module of rules, replacing the one of that name. Refused, and nothing changed, when
    /// it does not check together with the others.
    ///
    /// @return what was done, and warnings
    public Committed add(
            String name, KnowledgeBase.Text text, String author, Consumer<Diagnostic> warnings)
            throws IOException, InterruptedException {
        requireModuleName(name);
        if (text.text().length() > MODULE_CHARS) {
            throw new SovereignException(
                    KnowledgeError.TOO_MANY,
                    "module "
                            + name
                            + " is longer than "
                            + MODULE_CHARS
                            + " characters, the most a module can have");
        }
        return writer.submit(() -> {
            ModuleCheck.of(name, text, state.modules(), knowledge.catalog(knowledge.published()))
                    .forEach(warnings);
            return facts.putModule(
                    name, text.text(), new FactWriter.Label(author, "rules add " + name, null));
        });
    }

    /// @throws SovereignException when there is no such module, or others would no longer check
    ///   without it
    public Committed remove(String name, String author) throws IOException, InterruptedException {
        return writer.submit(() -> {
            find(state.modules(), name);
            return facts.removeModule(
                    name, new FactWriter.Label(author, "rules remove " + name, null));
        });
    }

    private static void requireModuleName(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,63}")) {
            throw new SovereignException(
                    KnowledgeError.MODULE_NAME,
                    "\"" + name + "\" is no name for a module",
                    "a name begins with a letter and goes on with letters, digits and _, 64 at"
                            + " most");
        }
    }

    /// A stored module, for lists.
    ///
    /// @param rules in it
    /// @param tx that stored it
    /// @param relations that it derives, sorted
    public record ModuleInfo(
            String name, long rules, long tx, long timeMillis, List<String> relations) {}

    /// Sorted by name.
    public List<ModuleInfo> list() {
        Snapshot now = knowledge.published();
        List<RelationInfo> derived = knowledge.relations(now);
        List<ModuleInfo> modules = new ArrayList<>();
        for (StoredModule module : now.modules().values()) {
            List<String> relations = new ArrayList<>();
            for (RelationInfo relation : derived) {
                if (relation.modules().contains(module.name())) {
                    relations.add(relation.name());
                }
            }
            modules.add(
                    new ModuleInfo(
                            module.name(),
                            module.ruleCount(),
                            module.tx(),
                            knowledge.transaction(module.tx()).timeMillis(),
                            relations));
        }
        return modules;
    }

    /// As it was given.
    public String text(String name) {
        return find(knowledge.published().modules(), name).text();
    }

    /// What is wrong with stored modules, sorted by place.
    ///
    /// @param name only with this one; null is all
    public List<Diagnostic> check(@Nullable String name) {
        Snapshot now = knowledge.published();
        if (name != null) {
            find(now.modules(), name);
        }
        List<Diagnostic> found = ModuleCheck.of(now.modules(), knowledge.catalog(now));
        if (name == null) {
            return found;
        }
        return found.stream()
                .filter(one -> one.where() == null || one.where().file().equals("@" + name))
                .toList();
    }

    /// What would be wrong with programs beside the stored modules, sorted by place.
    public List<Diagnostic> checkTexts(List<KnowledgeBase.Text> texts) {
        Snapshot now = knowledge.published();
        List<Diagnostic> diagnostics = new ArrayList<>();
        List<Program> programs = new ArrayList<>();
        for (KnowledgeBase.Text text : texts) {
            ParseResult parsed =
                    Parser.parse(text.name(), text.text(), Mode.PROMPT, SourceResolver.NONE);
            diagnostics.addAll(parsed.diagnostics());
            programs.add(parsed.program());
        }
        if (diagnostics.stream().noneMatch(one -> one.severity() == Diagnostic.Severity.ERROR)) {
            for (StoredModule module : now.modules().values()) {
                programs.add(module.program());
            }
            diagnostics.addAll(
                    Analyzer.analyze(programs, knowledge.catalog(now), Mode.PROMPT).diagnostics());
        }
        return diagnostics;
    }

    /// Draws what is derived from what.
    ///
    /// @param name one module; null is all
    /// @param format `tree`, `dot`, `mermaid` or `svg`
    public String graph(@Nullable String name, String format) {
        Snapshot now = knowledge.published();
        if (name != null) {
            find(now.modules(), name);
        }
        return RuleGraph.draw(checked(now), name, format);
    }

    CheckedProgram checked(Snapshot snapshot) {
        List<Program> programs = new ArrayList<>();
        for (StoredModule module : snapshot.modules().values()) {
            KnowledgeBase.refuseErrors(module.parsed().diagnostics());
            programs.add(module.program());
        }
        Analysis analysis = Analyzer.analyze(programs, knowledge.catalog(snapshot), Mode.PROGRAM);
        KnowledgeBase.refuseErrors(analysis.diagnostics());
        return KnowledgeBase.checked(analysis);
    }

    static StoredModule find(Map<String, StoredModule> modules, String name) {
        StoredModule found = modules.get(name);
        if (found == null) {
            throw new SovereignException(
                    KnowledgeError.NO_MODULE,
                    "there is no module \"" + name + "\"",
                    modules.isEmpty()
                            ? "sovereign rules add NAME FILE stores one"
                            : "there are: " + String.join(", ", modules.keySet()));
        }
        return found;
    }

    // ---- what modules say about relations ----

    /// What a module declares about a relation that it does not derive; null when none does.
    Catalog.@Nullable Known declared(String name, Snapshot snapshot) {
        if (snapshot.modules().isEmpty()) {
            return null;
        }
        try {
            for (CheckedProgram.Relation relation : checked(snapshot).relations()) {
                if (relation.name().equals(name)) {
                    return new Catalog.Known(name, relation.columns(), false);
                }
            }
        } catch (SovereignException _) {
            return null; // `rules check` says why; a faulty module decides nothing
        }
        return null;
    }

    /// Stored relations first; where a relation has no facts yet, its declaration in a module
    /// counts.
    Catalog factCatalog(Snapshot snapshot) {
        Catalog stored = knowledge.catalog(snapshot);
        return new Catalog() {
            @Override
            public @Nullable Known find(String relation) {
                Known known = stored.find(relation);
                return known != null ? known : declared(relation, snapshot);
            }

            @Override
            public Collection<String> names() {
                return stored.names();
            }
        };
    }
}
