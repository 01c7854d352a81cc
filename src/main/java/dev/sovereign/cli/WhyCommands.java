package dev.sovereign.cli;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.util.ArrayList;
import java.util.List;

/// `why` and `whynot`: the proof of an answer, and what is missing for another.
final class WhyCommands {

    static final List<String> FORMATS = List.of("tree", "json", "dot", "mermaid");

    private WhyCommands() {}

    private static void common(Shape shape) {
        shape.repeated(
                "FILE",
                Complete.FILE,
                "a program for this question only, as in query",
                "-f",
                "--file");
        QueryCommand.includes(shape);
        shape.option(
                "WHEN",
                Complete.NOTHING,
                "ask the facts of that moment: a transaction or an RFC 3339 time",
                "--as-of");
        QueryCommand.limits(shape);
    }

    /// An atom as people write it: with or without `?` or `.` at its end.
    private static String atom(Invocation call) {
        String text = call.need(0).strip();
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    static final class Why extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("ATOM", Complete.RELATION, "what holds, such as 'path(1, 3)'");
            shape.option(
                    "FORMAT",
                    Complete.words("tree", "json", "dot", "mermaid"),
                    "print a tree, json, or a graph for dot or mermaid",
                    "--format");
            shape.option("N", Complete.NOTHING, "show N steps from the atom", "--depth");
            shape.option("N", Complete.NOTHING, "prove at most N rows of a question", "--limit");
            shape.flag(
                    "every way in which a rule derives it, instead of the lowest proof", "--all");
            common(shape);
            shape.option(
                    "PEER",
                    Complete.NOTHING,
                    "ask a peer instead of this node, as far as its policy allows",
                    "--at");
            shape.text(
                    "Shows why something holds: the proof of least height, from the atom down to"
                            + " facts, each with the transaction, time and author that it came"
                            + " with. What was checked on the way is shown too: that no fact"
                            + " stands against a negation, what an aggregate counted, which"
                            + " comparison held. Equal parts of a proof are shown once.");
            shape.text(
                    "With variables, each row of the answer is proved. What does not hold has no"
                            + " proof: status 1; ask whynot.");
            shape.text(
                    "A peer shows the tuples of relations that its policy allows for why; where"
                            + " something is hidden, the step says so.");
            shape.example("sovereign why 'path(1, 3)'", "The shortest proof.");
            shape.example(
                    "sovereign why -f examples/debian/debian.dl 'breaks(\"libssl3\", \"curl\")'",
                    "By rules in a file.");
            shape.example(
                    "sovereign why 'path(1, 3)' --format dot | dot -Tsvg > proof.svg",
                    "A picture.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            String text = atom(call);
            if (prove(call, text) == 0) {
                throw new SovereignException(
                        CliError.NOT_TRUE,
                        text + " does not hold",
                        "ask what is missing: sovereign whynot '" + text + "'");
            }
            return 0;
        }
    }

    /// Prints a proof of each row that a question answers; their number.
    static long prove(Invocation call, String text) throws InterruptedException {
        String standard = call.globals.json() ? "json" : "tree";
        String format =
                call.value("--format") == null
                        ? standard
                        : call.choice("--format", standard, FORMATS);
        String peer = call.value("--at");
        if (peer != null && !call.values("--file").isEmpty()) {
            throw QueryCommand.noFiles();
        }
        Printer printer = new Printer(call, format);
        Request.Why why =
                new Request.Why(
                        text,
                        QueryCommand.programs(call),
                        call.value("--as-of"),
                        Amounts.count("--depth", call.value("--depth")),
                        call.flag("--all"),
                        Amounts.count("--limit", call.value("--limit")),
                        QueryCommand.limits(call));
        try {
            Response.Proved proved = PeerCommands.at(call, peer, why, printer);
            printer.end();
            if (proved.truncated()) {
                call.say("note: the other rows were left out by --limit");
            }
            return proved.proofs();
        } finally {
            printer.waiting.stop();
        }
    }

    /// Collects one proof, prints it when it is complete.
    private static final class Printer extends Talk {
        private final String format;
        private final List<Response.ProofStep> steps = new ArrayList<>();
        private long proof;
        private int printed;

        Printer(Invocation call, String format) {
            super(call);
            this.format = format;
        }

        @Override
        public void proofSteps(Response.ProofSteps some) {
            if (some.proof() != proof) {
                end();
                proof = some.proof();
            }
            steps.addAll(some.steps());
        }

        void end() {
            if (steps.isEmpty()) {
                return;
            }
            waiting.stop();
            ProofText text = new ProofText(steps);
            switch (format) {
                case "json" -> call.line(text.json());
                case "dot" -> call.out.print(text.dot(printed));
                case "mermaid" -> call.out.print(text.mermaid());
                default -> {
                    if (printed > 0) {
                        call.out.newline();
                    }
                    int columns = call.streams.outIsTerminal ? call.streams.columns() : 0;
                    text.tree(call.out, columns, call.outColor());
                }
            }
            call.out.flush();
            printed++;
            steps.clear();
        }
    }

    static final class WhyNot extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("ATOM", Complete.RELATION, "what does not hold, such as 'path(3, 1)'");
            common(shape);
            shape.text(
                    "Shows why something does not hold: for each rule that could derive it, the"
                            + " first premise that fails, and the facts that come nearest to"
                            + " mending it.");
            shape.example("sovereign whynot 'path(3, 1)'", "Which premise is missing.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Talk talk = new Talk(call);
            Response.NotProved not =
                    talk.ask(
                            new Request.WhyNot(
                                    atom(call),
                                    QueryCommand.programs(call),
                                    call.value("--as-of"),
                                    QueryCommand.limits(call)));
            if (call.globals.json()) {
                call.line(json(not));
            } else {
                print(call, not);
            }
            return 0;
        }

        private static void print(Invocation call, Response.NotProved not) {
            call.line(Display.visible(not.atom()) + " does not hold");
            if (not.rules().isEmpty()) {
                call.line("  no rule derives it, and there is no such fact");
            }
            for (Response.FailedRule rule : not.rules()) {
                call.line("  " + rule.place() + "  " + Display.visible(oneLine(rule.rule())));
                if (rule.fails().isEmpty()) {
                    call.line("    does not fit: its head is another");
                }
                lines(call, "holds", rule.holds());
                lines(call, "fails", rule.fails());
                lines(call, "nearest", rule.nearest());
            }
            lines(call, "nearest", not.nearest());
        }

        private static void lines(Invocation call, String word, List<String> texts) {
            for (String text : texts) {
                call.line("    " + word + "  " + Display.visible(text));
                word = " ".repeat(word.length());
            }
        }

        /// A rule over several lines as one.
        private static String oneLine(String rule) {
            return rule.replaceAll("\\s+", " ");
        }

        private static String json(Response.NotProved not) {
            JsonLine line = new JsonLine().open('{').field("atom", not.atom());
            line.name("rules").open('[');
            for (Response.FailedRule rule : not.rules()) {
                line.open('{').field("rule", rule.place()).field("text", rule.rule());
                line.name("holds").data(rule.holds());
                line.name("fails").data(rule.fails());
                line.name("nearest").data(rule.nearest()).close('}');
            }
            line.close(']').name("nearest").data(not.nearest());
            return line.close('}').toString();
        }
    }
}
