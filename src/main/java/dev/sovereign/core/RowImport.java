package dev.sovereign.core;

import dev.sovereign.core.analyze.Catalog;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.io.CellParser;
import dev.sovereign.core.io.Delimited;
import dev.sovereign.core.io.DelimitedReader;
import dev.sovereign.core.io.FactFiles;
import dev.sovereign.core.io.IoError;
import dev.sovereign.core.io.JsonLines;
import dev.sovereign.core.io.RowReader;
import dev.sovereign.core.store.Progress;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/// Reads the rows of files into one relation, in one transaction: all of them, or nothing. For one
/// thread, once.
///
/// The types of a relation that is not known are taken from the first rows: a column of whole
/// numbers without leading zeros is a number, one of other numbers a float, any other a symbol. A
/// column name with a type, as in `zip:symbol`, says otherwise.
public final class RowImport {

    /// Rows that decide the types of a new relation.
    static final int SAMPLE_ROWS = 1_000;

    /// Rows between two looks at whether the asker is still there.
    private static final int ROWS_BETWEEN_CHECKS = 4_096;

    private static final int FIRST_ROOM = 1_024;

    /// What is to be read.
    ///
    /// @param format `csv`, `tsv`, `jsonl` or `facts`; null goes by each file's ending
    /// @param columns names to take from the header, or to give; each may say its type after a
    ///   colon; empty is all
    /// @param dryRun only says what would be done
    public record Plan(
            List<String> files,
            String relation,
            @Nullable String format,
            boolean header,
            List<String> columns,
            boolean dryRun,
            boolean skipBadRows) {
        public Plan {
            files = List.copyOf(files);
            columns = List.copyOf(columns);
        }
    }

    /// @param skipped faulty rows that were left out
    /// @param faults the first of them
    public record Result(Committed committed, long skipped, List<Diagnostic> faults) {}

    private final KnowledgeBase knowledge;
    private final Plan plan;
    private final FileSource files;
    private final BooleanSupplier cancelled;
    private final Progress progress;
    private final Control control;

    /// Names and, where the user said them, types of `--columns`.
    private final List<String> names = new ArrayList<>();

    private final List<@Nullable Kind> types = new ArrayList<>();

    private final SymbolTable symbols = new SymbolTable();
    private final CellParser parser = new CellParser(symbols);
    private final List<Diagnostic> faults = new ArrayList<>();
    private long skipped;

    /// Of the relation; empty until they are known.
    private List<Column> columns = List.of();

    private Kind[] kinds = {};
    private long[][] values = {};
    private int count;
    private long bytesRead;
    private long symbolBytes;

    RowImport(
            KnowledgeBase knowledge,
            Plan plan,
            FileSource files,
            BooleanSupplier cancelled,
            Progress progress,
            Control control) {
        this.knowledge = knowledge;
        this.plan = plan;
        this.files = files;
        this.cancelled = cancelled;
        this.progress = progress;
        this.control = control;
    }

    Result run(String author) throws IOException, InterruptedException {
        knowledge.requireRelationName(plan.relation());
        knowledge.requireWritable(plan.relation());
        readColumnNames();
        Catalog.Known known = knowledge.knownRelation(plan.relation());
        if (known != null) {
            begin(known.columns());
        }
        for (String file : plan.files()) {
            try (InputStream in = new Counted(files.open(file, null))) {
                read(in, file);
            }
        }
        if (!plan.skipBadRows() && !faults.isEmpty()) {
            throw new SovereignException(faults);
        }
        if (columns.isEmpty()) {
            return new Result(new Committed(0, 0, 0, 0), skipped, faults);
        }
        FactWriter.Batch batch =
                new FactWriter.Batch(plan.relation(), columns, values, count, texts());
        Committed committed =
                plan.dryRun() ? knowledge.wouldAdd(batch) : knowledge.add(batch, "import", author);
        return new Result(committed, skipped, faults);
    }

    private final class Counted extends FilterInputStream {
        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            bytesRead += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = super.read(bytes, from, length);
            bytesRead += Math.max(read, 0);
            return read;
        }
    }

    private List<String> texts() {
        return new AbstractList<>() {
            @Override
            public String get(int position) {
                return symbols.text(position);
            }

            @Override
            public int size() {
                return symbols.size();
            }
        };
    }

    private void readColumnNames() {
        for (String written : plan.columns()) {
            int colon = written.lastIndexOf(':');
            names.add(colon < 0 ? written : written.substring(0, colon));
            types.add(colon < 0 ? null : kind(written, written.substring(colon + 1)));
        }
    }

    private static Kind kind(String written, String type) {
        for (Kind kind : List.of(Kind.NUMBER, Kind.UNSIGNED, Kind.FLOAT, Kind.SYMBOL)) {
            if (kind.word().equals(type)) {
                return kind;
            }
        }
        throw new SovereignException(
                KnowledgeError.COLUMNS,
                "column \"" + written + "\" has the type \"" + type + "\"",
                "number, unsigned, float or symbol");
    }

    private void read(InputStream in, String file) throws IOException {
        RowReader reader = reader(in, file);
        List<String> header = List.of();
        if (plan.header() && !(reader instanceof JsonLines) && reader.next()) {
            header = cells(reader);
        }
        List<Sampled> sample = new ArrayList<>();
        int[] source = null;
        long rows = 0;
        while (next(reader)) {
            if (++rows % ROWS_BETWEEN_CHECKS == 0) {
                look();
            }
            if (source == null) {
                source = source(reader instanceof JsonLines json ? json.names() : header, reader);
            }
            if (!columns.isEmpty()) {
                take(reader, source);
            } else {
                sample.add(Sampled.of(reader));
                if (sample.size() == SAMPLE_ROWS) {
                    beginFrom(sample, source, header(reader, header));
                    sample.clear();
                }
            }
        }
        if (!sample.isEmpty() && source != null) {
            beginFrom(sample, source, header(reader, header));
        }
    }

    private static List<String> header(RowReader reader, List<String> header) {
        return reader instanceof JsonLines json ? json.names() : header;
    }

    /// The next row that can be read at all.
    private boolean next(RowReader reader) throws IOException {
        while (faults.size() < FactFiles.MAX_FAULTS || plan.skipBadRows()) {
            try {
                return reader.next();
            } catch (SovereignException unreadable) {
                if (!(reader instanceof JsonLines)
                        || !unreadable.first().code().equals(IoError.BAD_ROW.code())) {
                    throw unreadable;
                }
                fault(unreadable.first());
            }
        }
        return false;
    }

    /// Tells how far it is, counts what the strings take, and stops when nobody waits any more.
    private void look() {
        progress.at("import", bytesRead, 0);
        control.allocating(symbols.bytes() - symbolBytes);
        symbolBytes = symbols.bytes();
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("the import was cancelled");
        }
    }

    private RowReader reader(InputStream in, String file) {
        String format = plan.format() != null ? plan.format() : ending(file);
        return switch (format) {
            case "csv" ->
                    new DelimitedReader(
                            in, file, new Delimited(",", Delimited.Quoting.RFC4180, plan.header()));
            case "tsv" ->
                    new DelimitedReader(
                            in,
                            file,
                            new Delimited("\t", Delimited.Quoting.BACKSLASH, plan.header()));
            case "facts" -> new DelimitedReader(in, file, Delimited.FACTS);
            case "jsonl" -> new JsonLines(in, file, names);
            default ->
                    throw new SovereignException(
                            KnowledgeError.FORMAT,
                            "the format of \"" + file + "\" is not known: \"" + format + "\"",
                            "say --format csv, tsv, jsonl or facts");
        };
    }

    private static String ending(String file) {
        String ending = file.substring(file.lastIndexOf('.') + 1);
        return switch (ending) {
            case "ndjson" -> "jsonl";
            case "tab", "txt" -> "tsv";
            default -> file.equals("-") ? "tsv" : ending;
        };
    }

    private static List<String> cells(RowReader reader) {
        List<String> cells = new ArrayList<>(reader.cells());
        for (int cell = 0; cell < reader.cells(); cell++) {
            cells.add(reader.text(cell));
        }
        return cells;
    }

    /// Which cell of a row goes into which column.
    private int[] source(List<String> header, RowReader reader) {
        int width =
                columns.isEmpty()
                        ? names.isEmpty() ? reader.cells() : names.size()
                        : columns.size();
        int[] source = new int[width];
        List<String> wanted = names.isEmpty() && !columns.isEmpty() ? columnNames() : names;
        boolean byName =
                !header.isEmpty()
                        && !wanted.isEmpty()
                        && (!names.isEmpty() || header.containsAll(wanted));
        for (int column = 0; column < width; column++) {
            source[column] = byName ? header.indexOf(wanted.get(column)) : column;
            if (source[column] < 0) {
                throw new SovereignException(
                        KnowledgeError.COLUMNS,
                        reader.name() + " has no column \"" + wanted.get(column) + "\"",
                        "it has: " + String.join(", ", header));
            }
        }
        return source;
    }

    private List<String> columnNames() {
        return columns.stream().map(Column::name).toList();
    }

    // ---- types ----

    /// A row kept until the types are known.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sampled(List<String> cells, boolean[] text, Diagnostic place) {
        static Sampled of(RowReader reader) {
            boolean[] text = new boolean[reader.cells()];
            for (int cell = 0; cell < text.length; cell++) {
                text[cell] = reader.isText(cell);
            }
            return new Sampled(RowImport.cells(reader), text, FactFiles.fault(reader, -1, ""));
        }
    }

    private void beginFrom(List<Sampled> sample, int[] source, List<String> header) {
        List<Column> inferred = new ArrayList<>();
        for (int column = 0; column < source.length; column++) {
            int cell = source[column];
            Kind said = column < types.size() ? types.get(column) : null;
            Kind kind = said != null ? said : infer(sample, cell);
            String name =
                    column < names.size()
                            ? names.get(column)
                            : cell < header.size() && isName(header.get(cell))
                                    ? header.get(cell)
                                    : "c" + (column + 1);
            inferred.add(new Column(name, kind.word(), kind));
        }
        begin(inferred);
        for (Sampled row : sample) {
            takeSampled(row, source);
        }
    }

    private static boolean isName(String text) {
        return text.matches("[A-Za-z_?][A-Za-z0-9_?]{0,254}");
    }

    private static Kind infer(List<Sampled> sample, int cell) {
        boolean whole = true;
        boolean number = true;
        for (Sampled row : sample) {
            if (cell >= row.cells().size()) {
                continue;
            }
            String text = row.cells().get(cell);
            if (row.text()[cell] || text.isEmpty()) {
                return Kind.SYMBOL;
            }
            whole = whole && text.matches("-?(0|[1-9][0-9]{0,17})");
            number = number && text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?");
            if (!number) {
                return Kind.SYMBOL;
            }
        }
        return whole ? Kind.NUMBER : Kind.FLOAT;
    }

    private void begin(List<Column> known) {
        if (!names.isEmpty() && names.size() != known.size()) {
            throw new SovereignException(
                    KnowledgeError.COLUMNS,
                    "relation "
                            + plan.relation()
                            + " has "
                            + known.size()
                            + " columns, --columns names "
                            + names.size(),
                    null);
        }
        columns = List.copyOf(known);
        kinds = columns.stream().map(Column::kind).toArray(Kind[]::new);
        values = new long[kinds.length][FIRST_ROOM];
    }

    // ---- rows ----

    private void take(RowReader reader, int[] source) {
        if (!fits(reader.cells(), source)) {
            fault(FactFiles.fault(reader, -1, widthMessage(reader.cells(), source)));
            return;
        }
        room();
        for (int column = 0; column < kinds.length; column++) {
            int cell = source[column];
            if (!parser.parse(
                    kinds[column], reader.bytes(), reader.start(cell), reader.end(cell))) {
                fault(FactFiles.fault(reader, cell, valueMessage(reader.text(cell), column)));
                return;
            }
            values[column][count] = parser.value();
        }
        count++;
    }

    private void takeSampled(Sampled row, int[] source) {
        if (!fits(row.cells().size(), source)) {
            fault(again(row.place(), widthMessage(row.cells().size(), source)));
            return;
        }
        room();
        for (int column = 0; column < kinds.length; column++) {
            byte[] bytes = row.cells().get(source[column]).getBytes(StandardCharsets.UTF_8);
            if (!parser.parse(kinds[column], bytes, 0, bytes.length)) {
                fault(again(row.place(), valueMessage(row.cells().get(source[column]), column)));
                return;
            }
            values[column][count] = parser.value();
        }
        count++;
    }

    /// Without chosen columns a row must have just as many cells; with them, enough.
    private boolean fits(int cells, int[] source) {
        if (names.isEmpty() && !plan.header()) {
            return cells == source.length;
        }
        for (int cell : source) {
            if (cell >= cells) {
                return false;
            }
        }
        return true;
    }

    private String widthMessage(int cells, int[] source) {
        return "the row has "
                + cells
                + (cells == 1 ? " cell" : " cells")
                + ", "
                + plan.relation()
                + " has "
                + source.length
                + (source.length == 1 ? " column" : " columns");
    }

    private String valueMessage(String text, int column) {
        return "\""
                + FactFiles.shortened(text)
                + "\" is no "
                + kinds[column].word()
                + " (column "
                + columns.get(column).name()
                + " of "
                + plan.relation()
                + ")";
    }

    private static Diagnostic again(Diagnostic place, String message) {
        return Diagnostic.error(IoError.BAD_ROW, message, null, place.where());
    }

    private void fault(Diagnostic fault) {
        skipped++;
        if (faults.size() < FactFiles.MAX_FAULTS) {
            faults.add(fault);
        }
    }

    private void room() {
        if (values.length > 0 && count == values[0].length) {
            for (int column = 0; column < values.length; column++) {
                control.allocating(8L * count);
                values[column] = Arrays.copyOf(values[column], count * 2);
            }
        }
    }
}
