package dev.sovereign.cli;

import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.util.List;

/// `rules …`: named modules of rules in the store.
final class RulesCommands {
    private RulesCommands() {}

    static final class Add extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("NAME", Complete.MODULE, "what to call the module");
            shape.word("FILE", Complete.FILE, "its program; - reads it from standard input");
            shape.text(
                    "Stores a program as a module, in place of one of the same name. A program that"
                            + " does not check is refused, and nothing is changed. Prints the"
                            + " transaction's number.");
            shape.example("sovereign rules add policy policy.dl", "Adds or replaces policy.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            var program = Inputs.program(call.streams, call.need(1));
            Talk talk = new Talk(call);
            var done = talk.ask(new Request.RulesAdd(call.need(0), program));
            ChangeCommands.committed(call, done);
            return 0;
        }
    }

    static final class Remove extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("NAME", Complete.MODULE, "the module");
            shape.text("Removes a module. Facts stay. Prints the transaction's number.");
            shape.example("sovereign rules remove policy", "Removes policy.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Talk talk = new Talk(call);
            ChangeCommands.committed(call, talk.ask(new Request.RulesRemove(call.need(0))));
            return 0;
        }
    }

    static final class ListAll extends Command {
        @Override
        void describe(Shape shape) {
            shape.text(
                    "Lists the modules: how many rules, when they last changed, what they derive.");
            shape.example("sovereign rules list --json", "One object a line.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Talk talk = new Talk(call);
            List<Response.Module> modules = talk.ask(new Request.RulesList()).modules();
            if (call.globals.json()) {
                for (Response.Module module : modules) {
                    JsonLine line = new JsonLine().open('{').field("name", module.name());
                    line.field("rules", module.rules()).field("tx", module.tx());
                    line.field("time", Times.rfc3339(module.timeMillis()));
                    line.strings("relations", module.relations());
                    call.line(line.close('}').toString());
                }
                return 0;
            }
            RowWriter table = RowWriter.of("table", call, call.out, call.streams.outIsTerminal);
            table.begin(List.of("name", "rules", "tx", "time", "relations"));
            for (Response.Module module : modules) {
                table.row(
                        List.of(
                                module.name(),
                                module.rules(),
                                module.tx(),
                                Times.rfc3339(module.timeMillis()),
                                String.join(", ", module.relations())));
            }
            table.end();
            return 0;
        }
    }

    static final class Show extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("NAME", Complete.MODULE, "the module");
            shape.text("Prints the program of a module as it was added.");
            shape.example("sovereign rules show policy > policy.dl", "Back into a file.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Talk talk = new Talk(call);
            Response.Source source = talk.ask(new Request.RulesShow(call.need(0)));
            if (call.globals.json()) {
                JsonLine line = new JsonLine().open('{').field("name", source.name());
                call.line(line.field("text", source.text()).close('}').toString());
            } else {
                printText(call, source.text());
            }
            return 0;
        }
    }

    static final class Check extends Command {
        @Override
        void describe(Shape shape) {
            shape.optionalWord("NAME", Complete.MODULE, "one module; otherwise all");
            shape.text("Checks stored modules again, against the relations of today.");
            shape.example("sovereign rules check", "All modules.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Talk talk = new Talk(call);
            return CheckCommand.report(call, talk.ask(new Request.RulesCheck(call.word(0))));
        }
    }

    static final class Graph extends Command {
        @Override
        void describe(Shape shape) {
            shape.optionalWord("NAME", Complete.MODULE, "one module; otherwise all");
            shape.option(
                    "FORMAT",
                    Complete.words("tree", "dot", "mermaid", "svg"),
                    "draw a tree or a picture (svg), or for dot or mermaid",
                    "--format");
            shape.text("Draws which relation depends on which.");
            shape.example("sovereign rules graph --format svg > rules.svg", "A picture.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            String format =
                    call.choice("--format", "tree", List.of("tree", "dot", "mermaid", "svg"));
            Talk talk = new Talk(call);
            Response.Graph graph = talk.ask(new Request.RulesGraph(call.word(0), format));
            if (call.globals.json()) {
                JsonLine line = new JsonLine().open('{').field("format", graph.format());
                call.line(line.field("text", graph.text()).close('}').toString());
            } else {
                printText(call, graph.text());
            }
            return 0;
        }
    }

    /// Prints a text of several lines as it is; on a terminal without what it would obey.
    static void printText(Invocation call, String text) {
        call.out.print(call.streams.outIsTerminal ? Display.visibleText(text) : text);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            call.out.newline();
        }
    }
}
