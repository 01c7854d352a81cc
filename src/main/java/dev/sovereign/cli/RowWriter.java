package dev.sovereign.cli;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Prints rows in one of the formats. For each table in turn: [#begin], [#row]…, [#end]; a
/// yes-or-no question is [#answer]; [#finish] ends everything.
abstract class RowWriter {

    /// Begins a table.
    abstract void begin(List<String> names);

    abstract void row(List<? extends @Nullable Object> row);

    abstract void end();

    abstract void answer(boolean yes);

    void finish() {}

    /// @param format one of [QueryCommand#FORMATS] or `facts`
    static RowWriter of(String format, Invocation call, Out out, boolean terminal) {
        boolean header = call.globals.header();
        return switch (format) {
            case "table" ->
                    terminal
                            ? new TableWriter(
                                    out,
                                    call.streams.columns(),
                                    !call.streams.isPlain(),
                                    call.outColor())
                            : new TsvWriter(out, header, false);
            case "tsv" -> new TsvWriter(out, header, terminal);
            case "csv" -> new CsvWriter(out, terminal);
            case "json" -> new JsonWriter(out, true);
            case "jsonl" -> new JsonWriter(out, false);
            case "facts" -> new FactsWriter(out);
            default -> throw new IllegalArgumentException(format);
        };
    }

    /// Tab-separated, escaped, one row a line.
    private static final class TsvWriter extends RowWriter {

        private final Out out;
        private final boolean header;
        private final boolean terminal;
        private final StringBuilder line = new StringBuilder();

        TsvWriter(Out out, boolean header, boolean terminal) {
            this.out = out;
            this.header = header;
            this.terminal = terminal;
        }

        @Override
        void begin(List<String> names) {
            if (header) {
                row(names);
            }
        }

        @Override
        void row(List<? extends @Nullable Object> row) {
            line.setLength(0);
            for (int i = 0; i < row.size(); i++) {
                if (i > 0) {
                    line.append('\t');
                }
                Object value = row.get(i);
                if (value instanceof Long number) {
                    line.append(number.longValue());
                } else {
                    ValueText.appendTsv(line, ValueText.of(value));
                }
            }
            out.line(terminal ? Display.visibleText(line.toString()) : line);
        }

        @Override
        void end() {}

        @Override
        void answer(boolean yes) {
            out.line(yes ? "yes" : "no");
        }
    }

    /// RFC 4180 with a header; lines end in a newline alone, as every tool here reads them.
    private static final class CsvWriter extends RowWriter {

        private final Out out;
        private final boolean terminal;
        private final StringBuilder line = new StringBuilder();

        CsvWriter(Out out, boolean terminal) {
            this.out = out;
            this.terminal = terminal;
        }

        @Override
        void begin(List<String> names) {
            row(names);
        }

        @Override
        void row(List<? extends @Nullable Object> row) {
            line.setLength(0);
            for (int i = 0; i < row.size(); i++) {
                if (i > 0) {
                    line.append(',');
                }
                ValueText.appendCsv(line, ValueText.of(row.get(i)));
            }
            out.line(terminal ? Display.visibleText(line.toString()) : line);
        }

        @Override
        void end() {}

        @Override
        void answer(boolean yes) {
            out.line(yes ? "yes" : "no");
        }
    }

    /// What Soufflé reads as `.facts`: tabs between, nothing escaped.
    private static final class FactsWriter extends RowWriter {

        private final Out out;
        private final StringBuilder line = new StringBuilder();

        FactsWriter(Out out) {
            this.out = out;
        }

        @Override
        void begin(List<String> names) {}

        @Override
        void row(List<? extends @Nullable Object> row) {
            line.setLength(0);
            for (int i = 0; i < row.size(); i++) {
                if (i > 0) {
                    line.append('\t');
                }
                String text = ValueText.of(row.get(i));
                if (text.indexOf('\t') >= 0 || text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
                    throw new dev.sovereign.error.SovereignException(
                            CliError.NOT_REPRESENTABLE,
                            "the facts format cannot hold the tab or newline of \""
                                    + Display.visible(text)
                                    + "\"",
                            "use `--format csv`, `tsv` or `jsonl`");
                }
                line.append(text);
            }
            out.line(line);
        }

        @Override
        void end() {}

        @Override
        void answer(boolean yes) {
            if (yes) {
                out.line("()");
            }
        }
    }

    /// Objects of one line each; or one array of them.
    private static final class JsonWriter extends RowWriter {

        private final Out out;
        private final boolean array;
        private final JsonLine line = new JsonLine();
        private List<String> names = List.of();
        private boolean any;

        JsonWriter(Out out, boolean array) {
            this.out = out;
            this.array = array;
        }

        @Override
        void begin(List<String> names) {
            this.names = names;
            any = false;
        }

        @Override
        void row(List<? extends @Nullable Object> row) {
            line.clear().open('{');
            for (int i = 0; i < row.size(); i++) {
                line.name(names.get(i)).data(row.get(i));
            }
            put(line.close('}').toString());
        }

        @Override
        void end() {
            if (array) {
                out.line(any ? "]" : "[]");
            }
        }

        @Override
        void answer(boolean yes) {
            any = false;
            put(line.clear().open('{').field("answer", yes).close('}').toString());
            end();
        }

        private void put(String object) {
            if (array) {
                out.print(any ? ",\n " : "[").print(object);
                any = true;
            } else {
                out.line(object);
            }
        }
    }
}
