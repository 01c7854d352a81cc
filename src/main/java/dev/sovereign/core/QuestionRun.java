package dev.sovereign.core;

import dev.sovereign.core.analyze.Analysis;
import dev.sovereign.core.analyze.Analyzer;
import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.ast.Source;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.Relation;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.eval.Answer;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.eval.Engine;
import dev.sovereign.core.eval.Evaluation;
import dev.sovereign.core.eval.Evaluator;
import dev.sovereign.core.eval.Threads;
import dev.sovereign.core.io.FactFiles;
import dev.sovereign.core.io.Values;
import dev.sovereign.core.parse.IncludePath;
import dev.sovereign.core.parse.Limits;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.ParseResult;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.core.parse.SourceResolver;
import dev.sovereign.core.plan.Planner;
import dev.sovereign.core.plan.Statistics;
import dev.sovereign.core.plan.ir.Plan;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// One question from its text to its rows: parse, check, plan, evaluate, sort, deliver. For one
/// thread, once.
final class QuestionRun {

    /// Rows delivered at once: enough to make the cost of a message small, few enough to be held
    /// for a slow reader.
    private static final int ROWS_AT_ONCE = 512;

    /// Values of rows that are handed on together: records may hold many.
    private static final int VALUES_AT_ONCE = 100_000;

    private static final Threads THREADS = Threads.allCoresButOne();

    private final KnowledgeBase knowledge;
    private final Question question;
    private final FileSource files;
    private final Control control;
    private final Snapshot snapshot;
    private final SymbolTable symbols;
    private final RecordTable records;
    private final List<Diagnostic> warnings = new ArrayList<>();

    QuestionRun(KnowledgeBase knowledge, Question question, FileSource files, Control control) {
        this.knowledge = knowledge;
        this.question = question;
        this.files = files;
        this.control = control;
        this.records = new RecordTable(control);
        String asOf = question.asOf();
        if (asOf == null) {
            this.snapshot =
                    knowledge.published(); // before the fork, which then holds all its symbols
            this.symbols = fork();
        } else {
            this.symbols = fork();
            this.snapshot = knowledge.asOf(knowledge.momentTx(asOf), symbols);
        }
    }

    private SymbolTable fork() {
        return knowledge.symbols().fork(knowledge.symbols().size(), control);
    }

    Answered run(AnswerSink sink) throws IOException, InterruptedException {
        CheckedProgram program = program();
        if (program.queries().isEmpty()) {
            throw new SovereignException(
                    KnowledgeError.NO_QUERY,
                    "there is no question in this text",
                    "such as path(1, X)?");
        }
        Map<String, Extent> externals = externals(program);
        Plan plan = Planner.plan(program, Statistics.of(externals));
        Evaluation evaluation =
                Evaluator.evaluate(
                        plan, externals, symbols, records, control, Engine.AUTO, THREADS);
        warnings.addAll(evaluation.warnings());
        for (Diagnostic warning : warnings) {
            sink.note(warning);
        }
        long rows = 0;
        boolean truncated = false;
        Boolean yes = null;
        for (int i = 0; i < program.queries().size(); i++) {
            CheckedProgram.Query query = program.queries().get(i);
            Answer answer = evaluation.answer(i);
            sink.columns(
                    text(query),
                    answer.columns().stream().map(Column::name).toList(),
                    answer.columns().stream().map(Column::type).toList());
            if (answer.columns().isEmpty()) {
                yes = answer.extent().count() > 0;
                if (program.queries().size() > 1) {
                    // several questions: each answer has to be told from the others as it comes
                    sink.rows(yes ? List.of(List.of()) : List.of());
                }
                continue;
            }
            yes = null;
            int[] order = answer.sort(program, control);
            int count = (int) Math.min(order.length, question.rowLimit());
            truncated |= count < order.length;
            rows += count;
            deliver(
                    answer,
                    new RecordValues(program, symbols, answer.records()),
                    order,
                    count,
                    sink);
            forgottenQuotes(program, query, answer, externals, sink);
        }
        return new Answered(
                rows,
                truncated,
                yes,
                question.explain() ? evaluation.explain() : null,
                snapshot.tx());
    }

    /// The query as it was written.
    static String text(CheckedProgram.Query query) {
        return query.span().source().text().substring(query.span().start(), query.span().end());
    }

    /// The moment that is asked.
    Snapshot snapshot() {
        return snapshot;
    }

    SymbolTable symbols() {
        return symbols;
    }

    // ---- from text to a checked program ----

    /// The question and its programs, checked beside the stored modules.
    CheckedProgram program() throws InterruptedException {
        return check(parse());
    }

    private List<Program> parse() throws InterruptedException {
        List<Diagnostic> diagnostics = new ArrayList<>();
        List<Program> programs = new ArrayList<>();
        for (KnowledgeBase.Text text : question.programs()) {
            ParseResult parsed =
                    Parser.parse(
                            text.name(),
                            text.text(),
                            Mode.PROGRAM,
                            (from, path) -> include(from, path, text.includeFolders()));
            diagnostics.addAll(parsed.diagnostics());
            programs.add(parsed.program());
        }
        KnowledgeBase.Text text = question.text();
        ParseResult parsed =
                Parser.parse(text.name(), text.text(), Mode.QUERY, SourceResolver.NONE);
        diagnostics.addAll(parsed.diagnostics());
        programs.add(parsed.program());
        KnowledgeBase.refuseErrors(diagnostics);
        warnings.addAll(diagnostics);
        return programs;
    }

    private Source include(Source from, String path, List<String> folders) throws IOException {
        IOException first = null;
        for (String place : IncludePath.places(from.name(), path, folders)) {
            try (InputStream in = files.open(place, null)) {
                return new Source(place, text(in));
            } catch (InterruptedException cancelled) {
                control.cancel();
                throw new java.io.InterruptedIOException("cancelled");
            } catch (IOException missing) {
                first = first == null ? missing : first;
            }
        }
        throw first == null ? new IOException(IncludePath.missing(folders)) : first;
    }

    /// The whole of an included file: one that is cut would be another program.
    private static String text(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(Limits.TEXT_CHARS + 1);
        if (bytes.length > Limits.TEXT_CHARS) {
            throw new IOException("it is longer than " + Limits.TEXT_CHARS + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// How errors name a file of facts: beside the program that reads it.
    private static String sibling(String from, String path) {
        return IncludePath.places(from, path, List.of()).getFirst();
    }

    /// Checks beside the stored modules. A module that does not check any more must not spoil
    /// questions that do not need it: it is left out then, and missed only by those that do.
    private CheckedProgram check(List<Program> programs) {
        Set<String> left = new TreeSet<>(snapshot.modules().keySet());
        snapshot.modules()
                .forEach((name, module) -> {
                    if (module.parsed().hasErrors()) {
                        left.remove(name);
                    }
                });
        Analysis all = analyze(programs, left);
        Analysis analysis = all;
        while (analysis.program() == null) {
            Set<String> faulty = new TreeSet<>();
            for (Diagnostic diagnostic : analysis.diagnostics()) {
                if (diagnostic.where() != null && diagnostic.where().file().startsWith("@")) {
                    faulty.add(diagnostic.where().file().substring(1));
                }
            }
            if (!left.removeAll(faulty)) {
                throw new SovereignException(all.diagnostics());
            }
            analysis = analyze(programs, left);
        }
        for (Diagnostic warning : analysis.diagnostics()) {
            if (warning.where() == null || !warning.where().file().startsWith("@")) {
                warnings.add(warning);
            }
        }
        return KnowledgeBase.checked(analysis);
    }

    private Analysis analyze(List<Program> programs, Set<String> modules) {
        List<Program> together = new ArrayList<>();
        for (String name : modules) {
            together.add(RuleModules.find(snapshot.modules(), name).program());
        }
        together.addAll(programs);
        return Analyzer.analyze(together, knowledge.catalog(snapshot), Mode.QUERY);
    }

    // ---- facts ----

    /// The tuples that are given for the program's relations.
    Map<String, Extent> externals(CheckedProgram program) throws IOException, InterruptedException {
        Map<String, Extent> externals = new HashMap<>();
        for (CheckedProgram.Relation relation : program.relations()) {
            if (relation.external()) {
                externals.put(relation.name(), stored(relation));
            }
        }
        for (CheckedProgram.Directive directive : program.directives()) {
            if (directive.kind() == Item.DirectiveKind.INPUT) {
                CheckedProgram.Relation relation = program.relations().get(directive.relation());
                externals.merge(relation.name(), input(program, relation, directive), this::union);
            }
        }
        return externals;
    }

    private Extent stored(CheckedProgram.Relation relation) {
        if (!relation.name().startsWith(SystemRelations.PREFIX)) {
            Extent view = snapshot.view(relation.name());
            return view == null ? Extent.empty(relation.arity()) : view;
        }
        Relation rows = new Relation(relation.arity(), control);
        long[] tuple = new long[relation.arity()];
        knowledge
                .system()
                .rows(
                        relation.name(),
                        snapshot,
                        row -> {
                            control.step();
                            for (int column = 0; column < tuple.length; column++) {
                                tuple[column] =
                                        row[column] instanceof Long number
                                                ? number
                                                : symbols.intern((String) row[column]);
                            }
                            rows.addIfAbsent(tuple);
                        });
        return Extent.of(rows);
    }

    private Extent input(
            CheckedProgram checked,
            CheckedProgram.Relation relation,
            CheckedProgram.Directive directive)
            throws IOException, InterruptedException {
        String program = directive.span().source().name();
        FactFiles.Input input = FactFiles.input(relation, directive);
        if (input.form() == FactFiles.Form.SQLITE) {
            throw FactFiles.unsupported(directive, "IO=sqlite");
        }
        Relation rows = new Relation(relation.arity(), control);
        try (InputStream in = files.open(input.fileName(), program)) {
            input.read(
                    in,
                    sibling(program, input.fileName()),
                    rows,
                    new Values(symbols, records, checked),
                    control::step);
        }
        return Extent.of(rows);
    }

    private Extent union(Extent one, Extent other) {
        Relation both = new Relation(one.arity(), control);
        long[] tuple = new long[one.arity()];
        for (Extent part : List.of(one, other)) {
            for (int row = 0; row < part.limit(); row++) {
                if (part.visible(row)) {
                    control.step();
                    for (int column = 0; column < tuple.length; column++) {
                        tuple[column] = part.value(column, row);
                    }
                    both.addIfAbsent(tuple);
                }
            }
        }
        return Extent.of(both);
    }

    // ---- rows ----

    private void deliver(
            Answer answer, RecordValues decoder, int[] order, int count, AnswerSink sink)
            throws InterruptedException {
        List<List<@Nullable Object>> batch = new ArrayList<>(Math.min(count, ROWS_AT_ONCE));
        int values = 0;
        for (int i = 0; i < count; i++) {
            List<@Nullable Object> row = new ArrayList<>(answer.columns().size());
            for (int column = 0; column < answer.columns().size(); column++) {
                row.add(decoder.of(answer.columns().get(column), answer.bits(column, order[i])));
            }
            batch.add(row);
            values += decoder.decoded();
            if (batch.size() == ROWS_AT_ONCE || values >= VALUES_AT_ONCE) {
                sink.rows(batch);
                batch = new ArrayList<>(ROWS_AT_ONCE);
                values = 0;
            }
        }
        if (!batch.isEmpty()) {
            sink.rows(batch);
        }
    }

    /// A lower-case variable that occurs once and is spelled like a symbol of its column is most
    /// likely a symbol whose quotes were forgotten (specs/datalog.md section 1).
    private void forgottenQuotes(
            CheckedProgram program,
            CheckedProgram.Query query,
            Answer answer,
            Map<String, Extent> externals,
            AnswerSink sink)
            throws InterruptedException {
        for (int column = 0; column < answer.columns().size(); column++) {
            Column named = answer.columns().get(column);
            if (named.kind() != Kind.SYMBOL || !Character.isLowerCase(named.name().charAt(0))) {
                continue;
            }
            long id = symbols.find(named.name());
            if (id != SymbolTable.NONE
                    && occurrences(text(query), named.name()) == 1
                    && (contains(answer.extent(), column, id)
                            || stands(program, query, named.name(), id, externals))) {
                sink.note(
                        Diagnostic.warning(
                                KnowledgeError.UNQUOTED,
                                named.name()
                                        + " is a variable here, and there is a symbol \""
                                        + named.name()
                                        + "\" in its column",
                                "put it in quotes to ask for the symbol",
                                null));
            }
        }
    }

    private static int occurrences(String text, String word) {
        int count = 0;
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            int end = at + word.length();
            if ((at == 0 || !Character.isJavaIdentifierPart(text.charAt(at - 1)))
                    && (end == text.length()
                            || !Character.isJavaIdentifierPart(text.charAt(end)))) {
                count++;
            }
        }
        return count;
    }

    private static boolean contains(Extent extent, int column, long id) {
        for (int row = 0; row < extent.limit(); row++) {
            if (extent.value(column, row) == id && extent.visible(row)) {
                return true;
            }
        }
        return false;
    }

    private static boolean stands(
            CheckedProgram program,
            CheckedProgram.Query query,
            String variable,
            long id,
            Map<String, Extent> externals) {
        for (CheckedProgram.Stratum stratum : program.strata()) {
            for (CheckedProgram.Rule rule : stratum.rules()) {
                if (rule.relation() != query.relation()) {
                    continue;
                }
                for (Literal literal : rule.body()) {
                    if (literal instanceof Literal.Positive positive) {
                        Extent extent =
                                externals.get(program.relations().get(positive.relation()).name());
                        for (int at = 0; extent != null && at < positive.arguments().size(); at++) {
                            if (positive.arguments().get(at) instanceof Term.Variable found
                                    && rule.variables().get(found.id()).name().equals(variable)
                                    && contains(extent, at, id)) {
                                return true;
                            }
                        }
                    }
                }
            }
        }
        return false;
    }
}
