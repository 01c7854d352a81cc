package dev.sovereign.core;

import dev.sovereign.core.analyze.Analysis;
import dev.sovereign.core.analyze.Analyzer;
import dev.sovereign.core.analyze.Catalog;
import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.Directive;
import dev.sovereign.core.analyze.CheckedProgram.Relation;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.eval.Engine;
import dev.sovereign.core.eval.Evaluation;
import dev.sovereign.core.eval.Evaluator;
import dev.sovereign.core.eval.RowOrder;
import dev.sovereign.core.eval.Threads;
import dev.sovereign.core.io.Databases;
import dev.sovereign.core.io.Delimited;
import dev.sovereign.core.io.FactFiles;
import dev.sovereign.core.io.IoError;
import dev.sovereign.core.io.JsonRows;
import dev.sovereign.core.io.RowWriter;
import dev.sovereign.core.io.Values;
import dev.sovereign.core.parse.IncludePath;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.ParseResult;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.core.plan.Planner;
import dev.sovereign.core.plan.Statistics;
import dev.sovereign.core.plan.ir.Plan;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/// Runs a whole program as `souffle PROGRAM -F DIR -D DIR` does: reads the fact files that it
/// names, evaluates what its `.output` and `.printsize` ask for, writes the files. No store, no
/// daemon. One thread a run.
public final class ProgramRunner {

    /// What `-` means for a program, and for the folder of outputs.
    public static final String STANDARD = "-";

    private final Options options;
    private final InputStream standardInput;
    private final OutputStream standardOutput;
    private final Consumer<Diagnostic> notes;
    private final Control control;
    private final SymbolTable symbols;
    private final RecordTable records;

    /// @param program path, or `-` for standard input
    /// @param factDirectory where `.input` finds files
    /// @param outputDirectory where `.output` puts files; `-` prints everything
    /// @param includeFolders where to look for what is included, besides beside the file
    /// @param engine how rules are carried out
    /// @param threads that evaluate
    public record Options(
            String program,
            String factDirectory,
            String outputDirectory,
            List<String> includeFolders,
            Engine engine,
            Threads threads) {
        /// With the engine that fits, on one thread.
        public Options(String program, String factDirectory, String outputDirectory) {
            this(program, factDirectory, outputDirectory, Engine.AUTO, Threads.ONE);
        }

        /// Of a program that includes only what lies beside it.
        public Options(
                String program,
                String factDirectory,
                String outputDirectory,
                Engine engine,
                Threads threads) {
            this(program, factDirectory, outputDirectory, List.of(), engine, threads);
        }
    }

    private ProgramRunner(
            Options options,
            InputStream standardInput,
            OutputStream standardOutput,
            Consumer<Diagnostic> notes,
            Control control) {
        this.options = options;
        this.standardInput = standardInput;
        this.standardOutput = standardOutput;
        this.notes = notes;
        this.control = control;
        this.symbols = new SymbolTable(control);
        this.records = new RecordTable(control);
    }

    /// Runs a program. Nothing is written when it does not check or cannot be evaluated.
    ///
    /// @param standardOutput for `.printsize` and `IO=stdout`; flushed, not closed
    /// @param notes gets warnings
    /// @return what was found; its [Evaluation#explain] is for `--explain-plan`
    /// @throws SovereignException for faults of the program, its facts, and at a limit
    /// @throws IOException when an output cannot be written
    public static Evaluation run(
            Options options,
            InputStream standardInput,
            OutputStream standardOutput,
            Consumer<Diagnostic> notes,
            Control control)
            throws IOException {
        return new ProgramRunner(options, standardInput, standardOutput, notes, control).run();
    }

    private Evaluation run() throws IOException {
        CheckedProgram program = check();
        requireFolder(program);
        Map<String, Extent> given = load(program);
        Plan plan = Planner.plan(program, Statistics.of(given), asked(program));
        Evaluation found =
                Evaluator.evaluate(
                        plan,
                        given,
                        symbols,
                        records,
                        control,
                        options.engine(),
                        options.threads());
        write(program, found);
        found.warnings().forEach(notes);
        return found;
    }

    private CheckedProgram check() throws IOException {
        String name = options.program();
        ParseResult parsed =
                Parser.parse(
                        name, text(name), Mode.PROGRAM, new IncludePath(options.includeFolders()));
        refuse(parsed.diagnostics());
        Analysis analysis =
                Analyzer.analyze(List.of(parsed.program()), Catalog.EMPTY, Mode.PROGRAM);
        refuse(analysis.diagnostics());
        CheckedProgram program = analysis.program();
        if (program == null) {
            throw new IllegalStateException("neither a program nor an error");
        }
        parsed.diagnostics().forEach(notes);
        analysis.diagnostics().forEach(notes);
        return program;
    }

    private static void refuse(List<Diagnostic> diagnostics) {
        for (Diagnostic diagnostic : diagnostics) {
            if (diagnostic.severity() == Diagnostic.Severity.ERROR) {
                throw new SovereignException(diagnostics);
            }
        }
    }

    private String text(String name) throws IOException {
        if (name.equals(STANDARD)) {
            return new String(standardInput.readAllBytes(), StandardCharsets.UTF_8);
        }
        try {
            return Files.readString(path(name));
        } catch (NoSuchFileException _) {
            throw new SovereignException(
                    IoError.UNREADABLE, "there is no program \"" + name + "\"", "check the path");
        } catch (IOException failure) {
            throw unreadable(name, failure);
        }
    }

    /// What `.output` and `.printsize` ask for.
    private static Set<Integer> asked(CheckedProgram program) {
        Set<Integer> asked = new java.util.LinkedHashSet<>();
        for (Directive directive : program.directives()) {
            if (directive.kind() != Item.DirectiveKind.INPUT) {
                asked.add(directive.relation());
            }
        }
        return asked;
    }

    private Map<String, Extent> load(CheckedProgram program) throws IOException {
        Set<Integer> needed = Planner.needed(program, asked(program));
        Map<Integer, dev.sovereign.core.data.Relation> loaded = new HashMap<>();
        Map<String, Extent> given = new HashMap<>();
        List<Diagnostic> faults = new ArrayList<>();
        for (Directive directive : program.directives()) {
            if (directive.kind() != Item.DirectiveKind.INPUT) {
                continue;
            }
            Relation relation = program.relations().get(directive.relation());
            FactFiles.Input input = FactFiles.input(relation, directive);
            if (!needed.contains(relation.id())) {
                continue;
            }
            control.enter("reading " + relation.name(), directive.span());
            var rows =
                    loaded.computeIfAbsent(
                            relation.id(),
                            _ -> new dev.sovereign.core.data.Relation(relation.arity(), control));
            try {
                read(input, directive, rows, new Values(symbols, records, program));
            } catch (SovereignException bad) {
                // the faults of all files are worth knowing
                if (!bad.first().code().equals(IoError.BAD_ROW.code())) {
                    throw bad;
                }
                faults.addAll(bad.diagnostics());
            }
        }
        loaded.forEach((relation, rows) ->
                given.put(program.relations().get(relation).name(), Extent.of(rows.distinct())));
        if (!faults.isEmpty()) {
            throw new SovereignException(
                    faults.subList(0, Math.min(faults.size(), FactFiles.MAX_FAULTS)));
        }
        return given;
    }

    private void read(
            FactFiles.Input input,
            Directive directive,
            dev.sovereign.core.data.Relation rows,
            Values values)
            throws IOException {
        if (input.standardInput()) {
            wide(
                    input.read(standardInput, STANDARD, rows, values, control::step),
                    input,
                    directive);
            return;
        }
        Path file = path(options.factDirectory()).resolve(path(input.fileName()));
        try {
            if (input.form() == FactFiles.Form.SQLITE) {
                Databases.read(
                        input.relation(),
                        directive.parameters().getOrDefault("name", input.relation().name()),
                        input.fileName().startsWith("file:") ? path(input.fileName()) : file,
                        rows,
                        values,
                        control::step);
                return;
            }
            try (InputStream in = Files.newInputStream(file)) {
                wide(
                        input.read(in, file.toString(), rows, values, control::step),
                        input,
                        directive);
            }
        } catch (NoSuchFileException _) {
            throw new SovereignException(
                    List.of(
                            Diagnostic.error(
                                    IoError.UNREADABLE,
                                    "there is no fact file \""
                                            + file
                                            + "\" for "
                                            + input.relation().name(),
                                    "say where the facts are with -F DIR",
                                    directive.span().where())));
        } catch (IOException failure) {
            throw unreadable(file.toString(), failure);
        }
    }

    private void wide(long rows, FactFiles.Input input, Directive directive) {
        if (rows > 0) {
            notes.accept(
                    Diagnostic.warning(
                            IoError.WIDE_ROWS,
                            rows
                                    + " rows of \""
                                    + input.fileName()
                                    + "\" have more cells than "
                                    + input.relation().name()
                                    + " has columns; the rest of each is left out",
                            "columns=\"0:1\" says which cells are meant",
                            directive.span().where()));
        }
    }

    private static SovereignException unreadable(String file, IOException failure) {
        return new SovereignException(
                IoError.UNREADABLE,
                "cannot read \"" + file + "\": " + reason(failure),
                "check path and permissions",
                failure);
    }

    private static String reason(IOException failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException bad) {
            throw new SovereignException(
                    IoError.UNREADABLE, "\"" + name + "\" is not a path: " + bad.getReason(), null);
        }
    }

    private void write(CheckedProgram program, Evaluation found) throws IOException {
        List<Directive> outputs = new ArrayList<>();
        for (Directive directive : program.directives()) {
            if (directive.kind() != Item.DirectiveKind.INPUT) {
                destination(directive);
                outputs.add(directive);
            }
        }
        for (Directive directive : outputs) {
            write(program, found, directive);
        }
        standardOutput.flush();
    }

    /// Before the work, so that it is not lost for a folder that nobody made.
    private void requireFolder(CheckedProgram program) {
        for (Directive directive : program.directives()) {
            if (directive.kind() == Item.DirectiveKind.OUTPUT
                    && needsFolder(destination(directive))
                    && !Files.isDirectory(folder())) {
                throw new SovereignException(
                        IoError.UNWRITABLE,
                        "there is no folder \"" + folder() + "\" for outputs",
                        "create it, or say where outputs go with -D DIR");
            }
        }
    }

    private static boolean needsFolder(Destination destination) {
        return switch (destination) {
            case FILE, JSON_FILE, DATABASE -> true;
            case STANDARD_OUTPUT, JSON_OUTPUT, SIZE -> false;
        };
    }

    private Path folder() {
        String folder = options.outputDirectory();
        return path(folder.equals(STANDARD) ? "." : folder);
    }

    private enum Destination {
        FILE,
        JSON_FILE,
        DATABASE,
        STANDARD_OUTPUT,
        JSON_OUTPUT,
        SIZE
    }

    private Destination destination(Directive directive) {
        if (directive.kind() == Item.DirectiveKind.PRINTSIZE) {
            return Destination.SIZE;
        }
        if (options.outputDirectory().equals(STANDARD)) {
            return Destination.STANDARD_OUTPUT;
        }
        return switch (directive.parameters().getOrDefault("IO", "file")) {
            case "file" -> Destination.FILE;
            case "jsonfile" -> Destination.JSON_FILE;
            case "sqlite" -> Destination.DATABASE;
            case "stdout" -> Destination.STANDARD_OUTPUT;
            case "json" ->
                    directive.parameters().containsKey("filename")
                            ? Destination.JSON_FILE
                            : Destination.JSON_OUTPUT;
            case "stdoutprintsize" -> Destination.SIZE;
            default ->
                    throw FactFiles.option(
                            directive,
                            "IO",
                            directive.parameters().get("IO"),
                            "file, stdout, stdoutprintsize, json, jsonfile or sqlite");
        };
    }

    private void write(CheckedProgram program, Evaluation found, Directive directive)
            throws IOException {
        Relation relation = program.relations().get(directive.relation());
        Extent extent = found.extent(relation.id());
        control.enter("writing " + relation.name(), directive.span());
        Delimited format = FactFiles.format(directive);
        Values values = new Values(symbols, records, program);
        switch (destination(directive)) {
            case SIZE -> {
                String line = relation.name() + "\t" + extent.count() + "\n";
                standardOutput.write(line.getBytes(StandardCharsets.UTF_8));
            }
            case STANDARD_OUTPUT -> {
                boolean headed = format.header() || options.outputDirectory().equals(STANDARD);
                RowWriter out = writer(standardOutput, format, headed, values);
                out.line("---------------");
                out.line(relation.name());
                out.header(relation.columns());
                out.line("===============");
                rows(out, relation, extent, values);
                out.line("===============");
                out.flush();
            }
            case JSON_OUTPUT -> json(standardOutput, directive, relation, extent, values);
            case FILE -> {
                boolean compressed = FactFiles.flag(directive, "compress");
                Path file = file(directive, relation, compressed ? ".csv.gz" : ".csv");
                toFile(
                        file,
                        () -> {
                            try (OutputStream bytes = Files.newOutputStream(file);
                                    OutputStream to =
                                            compressed ? new GZIPOutputStream(bytes) : bytes) {
                                RowWriter out = writer(to, format, format.header(), values);
                                out.header(relation.columns());
                                rows(out, relation, extent, values);
                                out.flush();
                            }
                        });
            }
            case JSON_FILE -> {
                Path file = file(directive, relation, ".json");
                toFile(
                        file,
                        () -> {
                            try (OutputStream to = Files.newOutputStream(file)) {
                                json(to, directive, relation, extent, values);
                            }
                        });
            }
            case DATABASE -> {
                Path file = file(directive, relation, ".sqlite");
                toFile(
                        file,
                        () ->
                                Databases.write(
                                        relation,
                                        directive
                                                .parameters()
                                                .getOrDefault("name", relation.name()),
                                        file,
                                        extent,
                                        sorted(relation, extent, values),
                                        values));
            }
        }
    }

    private Path file(Directive directive, Relation relation, String ending) {
        Map<String, String> parameters = directive.parameters();
        String name = parameters.getOrDefault("name", relation.name()) + ending;
        if (ending.equals(".sqlite")) {
            name = parameters.getOrDefault("dbname", name);
        }
        String file = parameters.getOrDefault("filename", name);
        return file.startsWith("file:")
                ? path(file.substring("file:".length()))
                : folder().resolve(path(file));
    }

    private interface Writing {
        void run() throws IOException;
    }

    private static void toFile(Path file, Writing writing) {
        try {
            writing.run();
        } catch (IOException failure) {
            throw new SovereignException(
                    IoError.UNWRITABLE,
                    "cannot write \"" + file + "\": " + reason(failure),
                    "check path, permissions and free space",
                    failure);
        }
    }

    private void json(
            OutputStream to, Directive directive, Relation relation, Extent extent, Values values)
            throws IOException {
        String shape = directive.parameters().getOrDefault("format", "list");
        if (!shape.equals("list") && !shape.equals("object")) {
            throw FactFiles.option(directive, "format", shape, "list or object");
        }
        JsonRows out = new JsonRows(to, shape.equals("object"), values);
        for (int row : sorted(relation, extent, values)) {
            control.step();
            out.row(extent, relation.columns(), row);
        }
        out.end();
    }

    private RowWriter writer(OutputStream to, Delimited format, boolean header, Values values) {
        return new RowWriter(
                new FilterOutputStream(to) {
                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        control.check();
                        out.write(bytes, from, length);
                    }
                },
                new Delimited(format.delimiter(), format.quoting(), header),
                values);
    }

    private int[] sorted(Relation relation, Extent extent, Values values) {
        return RowOrder.sorted(
                extent, relation.columns(), symbols, records, values.program(), control);
    }

    private void rows(RowWriter out, Relation relation, Extent extent, Values values)
            throws IOException {
        for (int row : sorted(relation, extent, values)) {
            out.row(extent, relation.columns(), row);
        }
    }
}
