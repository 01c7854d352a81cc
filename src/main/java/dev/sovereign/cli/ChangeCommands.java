package dev.sovereign.cli;

import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.util.ArrayList;
import java.util.List;

/// `assert` and `retract`: what changes facts, one transaction each.
final class ChangeCommands {
    private ChangeCommands() {}

    static final class Assert extends Command {
        @Override
        void describe(Shape shape) {
            facts(shape);
            shape.text(
                    "Adds facts in one transaction: all or none, and safe on the disk when the"
                            + " command is done. Prints the transaction's number; facts that were"
                            + " there already change nothing.");
            shape.example("sovereign assert 'edge(1, 2).' 'edge(2, 3).'", "Two facts.");
            shape.example(
                    "sovereign assert 'trusts(\"alice\", \"bob\").' --reason \"met in person\"",
                    "With a reason, which `sovereign log` shows.");
            shape.example("sovereign assert -f facts.dl", "The facts of a file.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            var request = new Request.Assert(programs(call, "assert"), call.value("--reason"));
            Talk talk = new Talk(call);
            committed(call, talk.ask(request));
            return 0;
        }
    }

    static final class Retract extends Command {
        @Override
        void describe(Shape shape) {
            facts(shape);
            shape.flag("remove every fact that matches; needed for variables", "--all-matching");
            shape.text(
                    "Removes facts in one transaction. A pattern with variables removes all that"
                            + " match and therefore needs --all-matching.");
            shape.example("sovereign retract 'edge(1, 2).'", "One fact.");
            shape.example("sovereign retract 'edge(1, X).' --all-matching", "All edges from 1.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            var request =
                    new Request.Retract(
                            programs(call, "retract"),
                            call.flag("--all-matching"),
                            call.value("--reason"));
            Talk talk = new Talk(call);
            committed(call, talk.ask(request));
            return 0;
        }
    }

    private static void facts(Shape shape) {
        shape.words(
                "FACT",
                Complete.RELATION,
                "a fact such as 'edge(1, 2).'; - reads facts from standard input",
                false);
        shape.repeated("FILE", Complete.FILE, "the facts of a file", "-f", "--file");
        shape.option("TEXT", Complete.NOTHING, "why; kept with the transaction", "--reason");
    }

    private static List<Request.Program> programs(Invocation call, String name) {
        List<Request.Program> programs = new ArrayList<>();
        for (String fact : call.words(0)) {
            programs.add(
                    fact.equals("-")
                            ? Inputs.program(call.streams, "-")
                            : new Request.Program(name, fact));
        }
        programs.addAll(QueryCommand.programs(call));
        if (programs.isEmpty()) {
            throw Usage.wrong(
                    "FACT is missing", "say what, such as `sovereign " + name + " 'edge(1, 2).'`");
        }
        return programs;
    }

    /// What was changed: the transaction on standard output, the counts for people.
    static void committed(Invocation call, Response.Committed done) {
        if (call.globals.json()) {
            JsonLine line = new JsonLine().open('{').field("tx", done.tx());
            line.field("asserted", done.asserted()).field("retracted", done.retracted());
            call.line(line.field("unchanged", done.unchanged()).close('}').toString());
            return;
        }
        if (done.tx() > 0) {
            call.line(Long.toString(done.tx()));
        }
        StringBuilder words = new StringBuilder();
        count(words, done.asserted(), "asserted");
        count(words, done.retracted(), "retracted");
        count(words, done.unchanged(), "unchanged");
        call.remark(
                words.isEmpty()
                        ? "nothing changed"
                        : words + (done.tx() > 0 ? " in transaction " + done.tx() : ""));
    }

    private static void count(StringBuilder words, long count, String what) {
        if (count > 0) {
            words.append(words.isEmpty() ? "" : ", ");
            words.append(Amounts.grouped(count)).append(' ').append(what);
        }
    }
}
