package dev.sovereign.core;

import dev.sovereign.core.analyze.Analysis;
import dev.sovereign.core.analyze.Analyzer;
import dev.sovereign.core.analyze.Catalog;
import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.Directive;
import dev.sovereign.core.analyze.CheckedProgram.Relation;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Source;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.eval.Engine;
import dev.sovereign.core.eval.Evaluation;
import dev.sovereign.core.eval.Evaluator;
import dev.sovereign.core.eval.RowOrder;
import dev.sovereign.core.io.Delimited;
import dev.sovereign.core.io.FactFiles;
import dev.sovereign.core.io.IoError;
import dev.sovereign.core.io.RowWriter;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.ParseResult;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.core.parse.SourceResolver;
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
    private final SymbolTable symbols = new SymbolTable();

    /// @param program path, or `-` for standard input
    /// @param factDirectory where `.input` finds files
    /// @param outputDirectory where `.output` puts files; `-` prints everything
    /// @param engine how rules are carried out
    public record Options(
            String program, String factDirectory, String outputDirectory, Engine engine) {
        /// With the engine that fits.
        public Options(String program, String factDirectory, String outputDirectory) {
            this(program, factDirectory, outputDirectory, Engine.AUTO);
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
                        plan, given, symbols, new RecordTable(control), control, options.engine());
        write(program, found);
        return found;
    }

    private CheckedProgram check() throws IOException {
        String name = options.program();
        ParseResult parsed = Parser.parse(name, text(name), Mode.PROGRAM, includes());
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

    private static SourceResolver includes() {
        return (from, included) -> {
            Path folder = Path.of(from.name()).getParent();
            Path file = folder == null ? Path.of(included) : folder.resolve(included);
            return new Source(file.toString(), Files.readString(file));
        };
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
                read(input, directive, rows);
            } catch (SovereignException bad) {
                // the faults of all files are worth knowing
                if (!bad.first().code().equals(IoError.BAD_ROW.code())) {
                    throw bad;
                }
                faults.addAll(bad.diagnostics());
            }
            given.put(relation.name(), Extent.of(rows));
        }
        if (!faults.isEmpty()) {
            throw new SovereignException(
                    faults.subList(0, Math.min(faults.size(), FactFiles.MAX_FAULTS)));
        }
        return given;
    }

    private void read(
            FactFiles.Input input, Directive directive, dev.sovereign.core.data.Relation rows)
            throws IOException {
        if (input.standardInput()) {
            input.read(standardInput, STANDARD, rows, symbols, control::step);
            return;
        }
        Path file = path(options.factDirectory()).resolve(path(input.fileName()));
        try (InputStream in = Files.newInputStream(file)) {
            input.read(in, file.toString(), rows, symbols, control::step);
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
                    && destination(directive) == Destination.FILE
                    && !Files.isDirectory(folder())) {
                throw new SovereignException(
                        IoError.UNWRITABLE,
                        "there is no folder \"" + folder() + "\" for outputs",
                        "create it, or say where outputs go with -D DIR");
            }
        }
    }

    private Path folder() {
        String folder = options.outputDirectory();
        return path(folder.equals(STANDARD) ? "." : folder);
    }

    private enum Destination {
        FILE,
        STANDARD_OUTPUT,
        SIZE
    }

    private Destination destination(Directive directive) {
        if (directive.kind() == Item.DirectiveKind.PRINTSIZE) {
            return Destination.SIZE;
        }
        String kind = directive.parameters().get("IO");
        if (kind == null) {
            return options.outputDirectory().equals(STANDARD)
                    ? Destination.STANDARD_OUTPUT
                    : Destination.FILE;
        }
        return switch (kind) {
            case "file" -> Destination.FILE;
            case "stdout" -> Destination.STANDARD_OUTPUT;
            case "stdoutprintsize" -> Destination.SIZE;
            default -> throw FactFiles.unsupported(directive, "IO=" + kind);
        };
    }

    private void write(CheckedProgram program, Evaluation found, Directive directive)
            throws IOException {
        Relation relation = program.relations().get(directive.relation());
        Extent extent = found.extent(relation.id());
        control.enter("writing " + relation.name(), directive.span());
        Destination destination = destination(directive);
        if (destination == Destination.SIZE) {
            String line = relation.name() + "\t" + extent.count() + "\n";
            standardOutput.write(line.getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (FactFiles.flag(directive, "compress")) {
            throw FactFiles.unsupported(directive, "compress=true");
        }
        Delimited format = FactFiles.format(directive);
        if (destination == Destination.STANDARD_OUTPUT) {
            boolean headed = format.header() || options.outputDirectory().equals(STANDARD);
            RowWriter out = writer(standardOutput, program, found, format, headed);
            out.line("---------------");
            out.line(relation.name());
            out.header(relation.columns());
            out.line("===============");
            rows(out, program, found, relation, extent);
            out.line("===============");
            out.flush();
            return;
        }
        Path file =
                folder().resolve(
                                path(
                                        directive
                                                .parameters()
                                                .getOrDefault(
                                                        "filename", relation.name() + ".csv")));
        try (OutputStream to = Files.newOutputStream(file)) {
            RowWriter out = writer(to, program, found, format, format.header());
            out.header(relation.columns());
            rows(out, program, found, relation, extent);
            out.flush();
        } catch (IOException failure) {
            throw new SovereignException(
                    IoError.UNWRITABLE,
                    "cannot write \"" + file + "\": " + reason(failure),
                    "check path, permissions and free space",
                    failure);
        }
    }

    private RowWriter writer(
            OutputStream to,
            CheckedProgram program,
            Evaluation found,
            Delimited format,
            boolean header) {
        return new RowWriter(
                new FilterOutputStream(to) {
                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        control.check();
                        out.write(bytes, from, length);
                    }
                },
                new Delimited(format.delimiter(), format.quoting(), header),
                symbols,
                found.records(),
                program);
    }

    private void rows(
            RowWriter out,
            CheckedProgram program,
            Evaluation found,
            Relation relation,
            Extent extent)
            throws IOException {
        for (int row :
                RowOrder.sorted(
                        extent, relation.columns(), symbols, found.records(), program, control)) {
            out.row(extent, relation.columns(), row);
        }
    }
}
