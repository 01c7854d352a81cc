package dev.sovereign.cli;

import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// `export`: a relation or an answer as a file.
final class ExportCommand extends Command {

    private static final List<String> FORMATS = List.of("csv", "tsv", "jsonl", "json", "facts");

    @Override
    void describe(Shape shape) {
        shape.word("REL|QUERY", Complete.RELATION, "a relation's name, or a query");
        shape.option(
                "FILE",
                Complete.FILE,
                "the file to write, whole or not at all; - is standard output",
                "-o",
                "--output");
        shape.option(
                "FORMAT",
                Complete.words("csv", "tsv", "jsonl", "json", "facts"),
                "write csv, tsv, jsonl, json or facts; otherwise the file's ending decides, else"
                        + " tsv",
                "--format");
        shape.option(
                "WHEN",
                Complete.NOTHING,
                "the facts of that moment: a transaction or an RFC 3339 time",
                "--as-of");
        shape.text(
                "Writes a relation or the answer of a query as a file that `sovereign import` and"
                        + " others read. facts is what Soufflé reads: tab-separated, nothing"
                        + " escaped.");
        shape.example("sovereign export edge -o edge.csv", "A relation with its column names.");
        shape.example("sovereign export 'path(1, X)?' --format jsonl", "An answer, for a pipe.");
    }

    @Override
    int run(Invocation call) throws InterruptedException {
        String file = call.value("--output");
        String format =
                call.choice("--format", call.globals.json() ? "jsonl" : byEnding(file), FORMATS);
        var request = new Request.Export(call.need(0), call.value("--as-of"));
        try (AtomicFile output =
                AtomicFile.create(call.streams, file == null ? "-" : file, false)) {
            boolean toTerminal = call.streams.outIsTerminal && (file == null || file.equals("-"));
            RowWriter writer = RowWriter.of(format, call, output.out(), toTerminal);
            AnswerPrinter printer = new AnswerPrinter(call, format, writer);
            try {
                Response.Answers answers = call.ask(request, printer);
                printer.finish(answers);
                output.commit();
            } catch (Out.Closed full) {
                throw output.refuse(full);
            } finally {
                printer.waiting.stop();
            }
        }
        return 0;
    }

    private static String byEnding(@Nullable String file) {
        if (file != null) {
            for (String format : FORMATS) {
                if (file.endsWith("." + format)) {
                    return format;
                }
            }
        }
        return "tsv";
    }
}
