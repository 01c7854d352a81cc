package dev.sovereign.cli;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;

import java.util.ArrayList;
import java.util.List;

/// `query`: asks the node.
final class QueryCommand extends Command {

    static final List<String> FORMATS = List.of("table", "tsv", "csv", "json", "jsonl");

    @Override
    void describe(Shape shape) {
        shape.words(
                "QUERY",
                Complete.RELATION,
                "what to ask, such as 'path(1, X)?'; - reads queries from standard input",
                false);
        shape.repeated(
                "FILE",
                Complete.FILE,
                "a program for this question only; its .input and .include are relative to its"
                        + " folder",
                "-f",
                "--file");
        includes(shape);
        shape.option(
                "WHEN",
                Complete.NOTHING,
                "ask the facts of that moment: a transaction or an RFC 3339 time",
                "--as-of");
        shape.option("N", Complete.NOTHING, "print at most N rows of each query", "--limit");
        shape.option(
                "FORMAT",
                Complete.words("table", "tsv", "csv", "json", "jsonl"),
                "print rows as table, tsv, csv, json or jsonl; a table in a pipe is tab-separated",
                "--format");
        shape.flag("print the proof of each row instead of the rows, as why does", "--why");
        shape.option(
                "PEER",
                Complete.PEER,
                "ask a peer instead of this node, as far as its policy allows",
                "--at");
        shape.flag("print how the query is carried out, after the answer", "--explain-plan");
        limits(shape);
        shape.text(
                "Answers Datalog queries from the facts and rules of this node. The names of the"
                        + " variables, in order of first use, are the columns; rows are sorted."
                        + " A query without variables answers yes or no.");
        shape.text(
                "Any bare word is a variable: symbols stand in double quotes, so the whole query"
                        + " in single ones.");
        shape.example("sovereign query 'path(1, X)?'", "Everything that can be reached from 1.");
        shape.example(
                "sovereign query -f examples/debian/debian.dl 'breaks(\"libssl3\", p)?'",
                "What breaks when a package goes, by rules in a file.");
        shape.example(
                "sovereign query 'age(N, A), A >= 18?' --format csv > adults.csv",
                "The answer as a file.");
        shape.example(
                "sovereign query 'edge(X, Y)?' --as-of 2026-01-31T12:00:00Z",
                "The facts of that moment.");
        shape.example("sovereign query 'backup(Day, Ok)?' --at server", "What a peer knows.");
    }

    /// Where to look for included files, the same in every command that reads programs.
    static void includes(Shape shape) {
        shape.repeated(
                "DIR",
                Complete.FOLDER,
                "look here for .include files that do not lie beside the file that includes them",
                "-I",
                "--include-dir");
    }

    /// The bounds of one evaluation, the same in every command that evaluates.
    static void limits(Shape shape) {
        shape.option("N", Complete.NOTHING, "stop after N derived tuples", "--max-tuples");
        shape.option(
                "SIZE",
                Complete.NOTHING,
                "stop when derived relations hold more than SIZE, such as 500m",
                "--max-memory");
        shape.option(
                "N",
                Complete.NOTHING,
                "stop after N counted joins: the same on every machine",
                "--fuel");
    }

    static Request.Limits limits(Invocation call) {
        return new Request.Limits(
                call.globals.timeoutMillis(),
                Amounts.count("--max-tuples", call.value("--max-tuples")),
                Amounts.size("--max-memory", call.value("--max-memory")),
                Amounts.count("--fuel", call.value("--fuel")));
    }

    @Override
    int run(Invocation call) throws InterruptedException {
        if (call.flag("--why")) {
            prove(call);
            return 0;
        }
        String standard = call.globals.json() ? "jsonl" : "table";
        String format = call.choice("--format", standard, FORMATS);
        Request.Limits limits = limits(call);
        Long rowLimit = Amounts.count("--limit", call.value("--limit"));
        String peer = call.value("--at");
        if (peer != null && !call.values("--file").isEmpty()) {
            throw noFiles();
        }
        List<Request.Program> programs = programs(call);
        String text = text(call);
        RowWriter writer = RowWriter.of(format, call, call.out, call.streams.outIsTerminal);
        AnswerPrinter printer = new AnswerPrinter(call, format, writer);
        Request.Query query =
                new Request.Query(
                        text,
                        programs,
                        call.value("--as-of"),
                        rowLimit,
                        call.flag("--explain-plan"),
                        limits);
        try {
            printer.finish(PeerCommands.at(call, peer, query, printer));
        } finally {
            printer.waiting.stop();
        }
        return 0;
    }

    static SovereignException noFiles() {
        return Usage.wrong(
                "a peer takes no files: -f and --at do not go together",
                "`sovereign rules add` on that node stores the rules there");
    }

    /// The other formats are for rows.
    private static void prove(Invocation call) throws InterruptedException {
        String format = call.value("--format");
        if (format != null) {
            throw Usage.wrong(
                    "--format " + format + " does not go with --why",
                    "`sovereign why` has the formats tree, json, dot and mermaid");
        }
        if (WhyCommands.prove(call, text(call)) == 0) {
            call.remark("there is no answer, and so no proof");
        }
    }

    static List<Request.Program> programs(Invocation call) {
        List<Request.Program> programs = new ArrayList<>();
        for (String file : call.values("--file")) {
            programs.add(
                    new Request.Program(
                            file, Inputs.text(call.streams, file), call.values("--include-dir")));
        }
        return programs;
    }

    /// All queries as one text, each ended.
    private static String text(Invocation call) {
        List<String> queries = call.words(0);
        if (queries.isEmpty()) {
            throw Usage.wrong(
                    "QUERY is missing", "ask something, such as `sovereign query 'path(1, X)?'`");
        }
        if (queries.size() == 1) {
            return one(call, queries.getFirst());
        }
        StringBuilder text = new StringBuilder();
        for (String query : queries) {
            String one = one(call, query).stripTrailing();
            boolean ended = one.endsWith("?") || one.endsWith(".");
            text.append(one).append(ended ? "\n" : "?\n");
        }
        return text.toString();
    }

    private static String one(Invocation call, String query) {
        return query.equals("-") ? Inputs.text(call.streams, "-") : query;
    }
}
