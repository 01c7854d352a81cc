package dev.sovereign.core.io;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.data.Relation;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.error.Where;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// What `.input` says about a file, as Soufflé understands it, and the reading of it.
public final class FactFiles {

    /// Faulty rows of one file that are reported; the rest is not looked at.
    public static final int MAX_FAULTS = 50;

    /// Longest text of a faulty row that is shown, in characters.
    private static final int SHOWN = 200;

    private FactFiles() {}

    /// What kind of file holds rows.
    public enum Form {
        DELIMITED,
        JSON,
        SQLITE
    }

    /// Where the rows of a relation come from and how they are written.
    ///
    /// @param standardInput whether they come from standard input; the file name is then `-`
    /// @param fileName as written, or the relation's name with `.facts`, `.json` or `.sqlite`
    /// @param format of delimited text
    /// @param source which cell of a row is which column of the relation
    public record Input(
            CheckedProgram.Relation relation,
            Form form,
            boolean standardInput,
            String fileName,
            Delimited format,
            List<Integer> source) {

        public Input {
            source = List.copyOf(source);
        }

        /// Adds the rows of `in`, delimited text or JSON, to `rows`, which has to be made
        /// [Relation#distinct] afterwards; it may be compressed with gzip.
        ///
        /// @param shown what errors call the file
        /// @param eachRow called for every row; may throw to stop
        /// @return rows that have more cells than there are columns
        /// @throws SovereignException `core.bad-row` with every faulty row up to [#MAX_FAULTS]
        public long read(
                InputStream in, String shown, Relation rows, Values values, Runnable eachRow)
                throws IOException {
            InputStream plain = unzipped(in);
            if (form == Form.JSON) {
                JsonFacts.read(relation, plain, shown, rows, values, eachRow);
                return 0;
            }
            int arity = relation.arity();
            int width = source.stream().mapToInt(cell -> cell + 1).max().orElse(0);
            long wide = 0;
            List<Diagnostic> faults = new ArrayList<>();
            boolean nested =
                    relation.columns().stream().anyMatch(column -> column.kind().isStructured());
            DelimitedReader reader = new DelimitedReader(plain, shown, format, nested);
            CellParser parser = values.parser();
            long[] tuple = new long[arity];
            boolean headed = !format.header();
            while (reader.next() && faults.size() < MAX_FAULTS) {
                if (!headed) {
                    headed = true;
                    continue;
                }
                eachRow.run();
                if (arity == 0) {
                    rows.addIfAbsent(tuple);
                } else if (reader.cells() < width) {
                    faults.add(
                            fault(
                                    reader,
                                    -1,
                                    "the row has "
                                            + cells(reader.cells())
                                            + ", relation "
                                            + relation.name()
                                            + " has "
                                            + cells(width)));
                } else if (row(reader, parser, tuple, faults)) {
                    wide += reader.cells() > width && width == arity ? 1 : 0;
                    rows.addNew(tuple);
                }
            }
            if (!faults.isEmpty()) {
                throw new SovereignException(faults);
            }
            return wide;
        }

        private boolean row(
                DelimitedReader reader, CellParser parser, long[] tuple, List<Diagnostic> faults) {
            for (int column = 0; column < tuple.length; column++) {
                int cell = source.get(column);
                Column of = relation.columns().get(column);
                if (!parser.parse(of, reader.bytes(), reader.start(cell), reader.end(cell))) {
                    faults.add(
                            fault(
                                    reader,
                                    cell,
                                    "\""
                                            + shortened(reader.text(cell))
                                            + "\" is no "
                                            + (of.kind().isStructured()
                                                    ? of.type()
                                                    : of.kind().word())
                                            + " (column "
                                            + relation.columns().get(column).name()
                                            + " of "
                                            + relation.name()
                                            + ")"));
                    return false;
                }
                tuple[column] = parser.value();
            }
            return true;
        }
    }

    private static String cells(int count) {
        return count == 1 ? "1 cell" : count + " cells";
    }

    /// A faulty row with its place and its text.
    ///
    /// @param cell the one that is wrong; -1 is the row as a whole
    public static Diagnostic fault(RowReader reader, int cell, String message) {
        StringBuilder text = new StringBuilder();
        int column = 1;
        int endColumn = 1;
        for (int i = 0; i < reader.cells() && text.length() < SHOWN; i++) {
            text.append(i == 0 ? "" : "\t");
            int start = text.codePointCount(0, text.length()) + 1;
            text.append(reader.text(i));
            if (i == cell) {
                column = start;
                endColumn = Math.max(start + 1, text.codePointCount(0, text.length()) + 1);
            }
        }
        String shown = text.length() > SHOWN ? null : text.toString().replace('\n', ' ');
        int line = (int) Math.min(reader.line(), Integer.MAX_VALUE);
        int end = cell < 0 ? text.codePointCount(0, text.length()) + 1 : endColumn;
        return Diagnostic.error(
                IoError.BAD_ROW,
                message,
                null,
                new Where(reader.name(), line, column, Math.max(end, column), shown));
    }

    /// A text for a message, cut where it grows long.
    public static String shortened(String text) {
        if (text.length() <= 40) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(38)) ? 38 : 39) + "…";
    }

    /// Reads the parameters of an `.input` directive.
    ///
    /// @throws SovereignException `core.io-option`, or `core.io-unsupported` for kinds of files
    ///   that are not carried out
    public static Input input(
            CheckedProgram.Relation relation, CheckedProgram.Directive directive) {
        Map<String, String> parameters = directive.parameters();
        String kind = parameters.getOrDefault("IO", "file");
        String name = parameters.getOrDefault("name", relation.name());
        flag(directive, "compress"); // what is compressed tells so itself
        Form form =
                switch (kind) {
                    case "file", "stdin" -> Form.DELIMITED;
                    case "json", "jsonfile" -> Form.JSON;
                    case "sqlite" -> Form.SQLITE;
                    default ->
                            throw option(
                                    directive, "IO", kind, "file, stdin, json, jsonfile or sqlite");
                };
        boolean standard =
                kind.equals("stdin")
                        || (kind.equals("json") && !parameters.containsKey("filename"));
        String fileName =
                switch (form) {
                    case DELIMITED -> parameters.getOrDefault("filename", name + ".facts");
                    case JSON -> parameters.getOrDefault("filename", name + ".json");
                    case SQLITE ->
                            parameters.getOrDefault(
                                    "filename",
                                    parameters.getOrDefault("dbname", name + ".sqlite"));
                };
        return new Input(
                relation,
                form,
                standard,
                standard ? "-" : fileName,
                format(directive),
                columns(relation, directive, parameters.get("columns")));
    }

    /// What a gzip file holds, told by its first bytes; anything else as it is.
    private static InputStream unzipped(InputStream in) throws IOException {
        PushbackInputStream start = new PushbackInputStream(in, 2);
        byte[] magic = start.readNBytes(2);
        start.unread(magic);
        return magic.length == 2 && magic[0] == (byte) 0x1f && magic[1] == (byte) 0x8b
                ? new GZIPInputStream(start, 1 << 16)
                : start;
    }

    /// How a directive says that rows are written: `delimiter`, `rfc4180`, `headers`.
    public static Delimited format(CheckedProgram.Directive directive) {
        boolean quoted = flag(directive, "rfc4180");
        String delimiter = directive.parameters().get("delimiter");
        if (delimiter == null) {
            delimiter = quoted ? "," : "\t";
        }
        if (delimiter.isEmpty()
                || delimiter.indexOf('\n') >= 0
                || (quoted && delimiter.indexOf('"') >= 0)) {
            throw option(
                    directive,
                    "delimiter",
                    delimiter,
                    "at least one character, no line end, and no quote with rfc4180");
        }
        return new Delimited(
                delimiter,
                quoted ? Delimited.Quoting.RFC4180 : Delimited.Quoting.NONE,
                flag(directive, "headers"));
    }

    /// A parameter that is `true` or `false`; false when it is not there.
    public static boolean flag(CheckedProgram.Directive directive, String key) {
        String value = directive.parameters().get(key);
        return switch (value) {
            case null -> false;
            case "true" -> true;
            case "false" -> false;
            default -> throw option(directive, key, value, "true or false");
        };
    }

    /// Refuses a kind of file by its name.
    public static SovereignException unsupported(CheckedProgram.Directive directive, String what) {
        return new SovereignException(
                List.of(
                        Diagnostic.error(
                                IoError.IO_UNSUPPORTED,
                                what + " is not carried out here",
                                "run the program with `sovereign run`",
                                directive.span().where())));
    }

    /// Refuses the value of a parameter.
    public static SovereignException option(
            CheckedProgram.Directive directive,
            String key,
            @Nullable String value,
            String expected) {
        return new SovereignException(
                List.of(
                        Diagnostic.error(
                                IoError.IO_OPTION,
                                key + "=\"" + value + "\" is not possible, expected " + expected,
                                null,
                                directive.span().where())));
    }

    /// `columns="0:2:1"`: cell 0 is column 0, cell 2 column 1, cell 1 column 2.
    private static List<Integer> columns(
            CheckedProgram.Relation relation,
            CheckedProgram.Directive directive,
            @Nullable String written) {
        Integer[] source = new Integer[relation.arity()];
        if (written == null) {
            Arrays.setAll(source, cell -> cell);
            return List.of(source);
        }
        String[] parts = written.split(":", -1);
        if (parts.length != source.length) {
            throw option(
                    directive, "columns", written, source.length + " numbers joined by colons");
        }
        for (int column = 0; column < parts.length; column++) {
            if (!parts[column].matches("[0-9]{1,4}")) {
                throw option(
                        directive, "columns", written, source.length + " numbers joined by colons");
            }
            source[column] = Integer.valueOf(parts[column]);
        }
        return List.of(source);
    }
}
