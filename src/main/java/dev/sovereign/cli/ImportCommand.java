package dev.sovereign.cli;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.util.ArrayList;
import java.util.List;

/// `import`: rows of files into one relation.
final class ImportCommand extends Command {

    private static final List<String> FORMATS = List.of("csv", "tsv", "jsonl", "facts");

    @Override
    void describe(Shape shape) {
        shape.words("FILE", Complete.FILE, "files; - is standard input", true);
        shape.option("REL", Complete.RELATION, "the relation that takes the rows", "--into");
        shape.option(
                "FORMAT",
                Complete.words("csv", "tsv", "jsonl", "facts"),
                "read csv, tsv, jsonl or facts; otherwise each file's ending decides",
                "--format");
        shape.option(
                "NAMES",
                Complete.NOTHING,
                "columns to take, in the relation's order, with commas between",
                "--columns");
        shape.flag("read and check everything, write nothing", "--dry-run");
        shape.flag("report rows that do not fit and go on", "--skip-bad-rows");
        shape.text(
                "Adds the rows of files to one relation in one transaction: all or none. With"
                        + " --header the first row names the columns. A row that does not fit ends"
                        + " the import with its file, line and column.");
        shape.example("sovereign import edges.tsv --into edge", "Two columns, tab-separated.");
        shape.example(
                "sovereign import people.csv --into person --header --columns name,age",
                "Two columns of a larger file.");
    }

    @Override
    int run(Invocation call) throws InterruptedException {
        String into = call.value("--into");
        if (into == null) {
            throw Usage.wrong("--into REL is missing", "say which relation takes the rows");
        }
        String format = call.value("--format");
        if (format != null) {
            call.choice("--format", "", FORMATS);
        }
        List<String> files = call.words(0);
        for (String file : files) {
            if (file.equals("-") && format == null) {
                throw Usage.wrong(
                        "standard input has no ending that says its format", "add --format csv");
            }
        }
        Request.Import request =
                new Request.Import(
                        files,
                        into,
                        format,
                        call.globals.header(),
                        columns(call.value("--columns")),
                        call.flag("--dry-run"),
                        call.flag("--skip-bad-rows"));
        Talk talk = new Talk(call);
        report(call, talk.ask(request));
        return 0;
    }

    private static List<String> columns(@org.jspecify.annotations.Nullable String names) {
        List<String> columns = new ArrayList<>();
        if (names != null) {
            int from = 0;
            while (from <= names.length()) {
                int comma = names.indexOf(',', from);
                int end = comma < 0 ? names.length() : comma;
                String name = names.substring(from, end).strip();
                if (name.isEmpty()) {
                    throw new SovereignException(
                            CliError.VALUE,
                            "--columns is \"" + names + "\", expected names with commas between");
                }
                columns.add(name);
                from = end + 1;
            }
        }
        return columns;
    }

    private static void report(Invocation call, Response.Imported done) {
        if (call.globals.json()) {
            JsonLine line = new JsonLine().open('{').field("tx", done.tx());
            line.field("asserted", done.asserted()).field("unchanged", done.unchanged());
            line.field("skipped", done.skipped()).name("skippedRows").open('[');
            for (Diagnostic row : done.skippedRows()) {
                line.open('{');
                Faults.appendFields(line, row);
                line.close('}');
            }
            call.line(line.close(']').close('}').toString());
            return;
        }
        if (done.tx() > 0) {
            call.line(Long.toString(done.tx()));
        }
        call.out.flush();
        StringBuilder text = new StringBuilder();
        for (Diagnostic row : done.skippedRows()) {
            Faults.append(text, row, call.errColor(), call.errColumns());
        }
        call.streams.err.print(text).flush();
        if (done.skipped() > 0) {
            call.say(Amounts.counted(done.skipped(), "row") + " skipped");
        }
        call.remark(
                Amounts.grouped(done.asserted())
                        + " asserted, "
                        + Amounts.grouped(done.unchanged())
                        + " unchanged"
                        + (done.tx() > 0 ? " in transaction " + done.tx() : "; nothing written"));
    }
}
