package dev.sovereign.cli;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

/// `store …`: the files that hold what the node knows.
final class StoreCommands {
    private StoreCommands() {}

    /// Those that take no arguments: one request, one report.
    static final class Simple extends Command {

        private final Request<Response.StoreReport> request;
        private final String text;
        private final String done;

        /// @param done what is said afterwards; nothing where the report is the answer
        private Simple(Request<Response.StoreReport> request, String text, String done) {
            this.request = request;
            this.text = text;
            this.done = done;
        }

        @Override
        void describe(Shape shape) {
            shape.text(text);
            String name = shape.spec.name();
            shape.example(
                    "sovereign " + name,
                    Character.toUpperCase(summary(name).charAt(0))
                            + summary(name).substring(1)
                            + ".");
            shape.example("sovereign " + name + " --json", "The report, for a script.");
        }

        private static String summary(String name) {
            return Commands.summary(name);
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Talk talk = new Talk(call);
            return report(call, talk.ask(request), done);
        }
    }

    static Command info() {
        return new Simple(
                new Request.StoreInfo(),
                "Shows where the store is, how large, in which format, and how much it holds.",
                "");
    }

    static Command check() {
        return new Simple(
                new Request.StoreCheck(),
                "Reads the whole store and verifies it: checksums, the chain of transactions, and"
                        + " that the state follows from the log. Changes nothing; exit status 3"
                        + " when something is wrong.",
                "the store is clean");
    }

    static Command encrypt() {
        return new Simple(
                new Request.StoreEncrypt(),
                "Encrypts the store under store.key, which is made when there is none. Keep a copy"
                        + " of that file: without it nobody can read the store.",
                "the store is encrypted");
    }

    static Command decrypt() {
        return new Simple(
                new Request.StoreDecrypt(),
                "Writes the store anew without encryption.",
                "the store is no longer encrypted");
    }

    static Command rekey() {
        return new Simple(
                new Request.StoreRekey(),
                "Encrypts the store under a new store.key; the old one is kept aside.",
                "the store has a new key");
    }

    static Command compact() {
        return new Simple(
                new Request.StoreCompact(),
                "Gives back space that the store no longer needs. Facts, history and the log stay.",
                "the store is compact");
    }

    static final class Backup extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("FILE", Complete.FILE, "the backup; - is standard output");
            shape.text(
                    "Writes a backup of one consistent moment while work goes on. The file appears"
                            + " when it is whole, and only its owner may read it.");
            shape.example("sovereign store backup sovereign.backup", "Into a file.");
            shape.example(
                    "sovereign store backup - | ssh host 'cat > sovereign.backup'", "Elsewhere.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            String file = call.need(0);
            boolean toStdout = file.equals("-");
            if (toStdout && call.streams.outIsTerminal) {
                throw Usage.wrong("a backup is not for a terminal", "name a file, or use a pipe");
            }
            try (AtomicFile target = AtomicFile.create(call.streams, file, true)) {
                Response.StoreReport report = target.receiver(call).ask(new Request.StoreBackup());
                target.commit();
                if (toStdout) {
                    call.remark("backup of transaction " + report.tx());
                    return 0;
                }
                return report(call, report, "backup of transaction " + report.tx());
            }
        }
    }

    static final class Restore extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("FILE", Complete.FILE, "a backup; - is standard input");
            shape.text(
                    "Puts a backup in the place of the store. The backup is verified first; the"
                            + " store that was there is kept aside, and the report says where.");
            shape.example("sovereign store restore sovereign.backup", "From a file.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            String file = call.need(0);
            Talk talk = new Talk(call);
            Response.StoreReport report = talk.ask(new Request.StoreRestore(file));
            String aside = report.keptAside();
            return report(
                    call,
                    report,
                    "restored" + (aside == null ? "" : "; the store before is in " + aside));
        }
    }

    /// @return 0, or the status of the first error that was found
    private static int report(Invocation call, Response.StoreReport report, String done) {
        if (call.globals.json()) {
            call.line(json(report));
        } else if (done.isEmpty() || call.globals.verbose()) {
            text(call, report);
        }
        call.out.flush();
        int status = 0;
        StringBuilder problems = new StringBuilder();
        for (Diagnostic problem : report.problems()) {
            if (problem.severity() == Diagnostic.Severity.ERROR && status == 0) {
                status = problem.kind().exitStatus();
            }
            Faults.append(problems, problem, call.errColor(), call.errColumns());
        }
        if (!call.globals.json()) {
            call.streams.err.print(problems).flush();
        }
        if (status == 0 && !done.isEmpty() && !call.globals.json()) {
            call.say(done);
        }
        return status;
    }

    private static void text(Invocation call, Response.StoreReport report) {
        Fields fields = new Fields(call);
        boolean people = call.streams.outIsTerminal;
        fields.add("path", report.path());
        fields.add("bytes", size(report.bytes(), people));
        fields.add("log", size(report.logBytes(), people));
        fields.add("state", size(report.stateBytes(), people));
        fields.add("format", Integer.toString(report.formatVersion()));
        fields.add("encrypted", report.encrypted() ? "yes" : "no");
        fields.add("transaction", Long.toString(report.tx()));
        fields.add("facts", count(report.facts(), people));
        fields.add("relations", count(report.relations(), people));
        fields.print();
    }

    private static String size(long bytes, boolean people) {
        return people ? Amounts.bytes(bytes) : Long.toString(bytes);
    }

    private static String count(long count, boolean people) {
        return people ? Amounts.grouped(count) : Long.toString(count);
    }

    private static String json(Response.StoreReport report) {
        JsonLine line = new JsonLine().open('{').field("path", report.path());
        line.field("bytes", report.bytes()).field("logBytes", report.logBytes());
        line.field("stateBytes", report.stateBytes());
        line.field("formatVersion", report.formatVersion());
        line.field("encrypted", report.encrypted()).field("tx", report.tx());
        line.field("facts", report.facts()).field("relations", report.relations());
        line.name("problems").open('[');
        for (Diagnostic problem : report.problems()) {
            line.open('{');
            Faults.appendFields(line, problem);
            line.close('}');
        }
        return line.close(']').field("keptAside", report.keptAside()).close('}').toString();
    }
}
