package dev.sovereign.cli;

import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.util.List;

/// `relations`: what there is to ask.
final class RelationsCommand extends Command {

    @Override
    void describe(Shape shape) {
        shape.optionalWord("NAME", Complete.RELATION, "one relation; otherwise all");
        shape.text(
                "Lists the relations: columns with types, how many facts are stored, and whether"
                        + " they come from facts, rules or the system.");
        shape.example("sovereign relations", "All of them.");
        shape.example("sovereign relations edge --json", "One, for a script.");
    }

    @Override
    int run(Invocation call) throws InterruptedException {
        Talk talk = new Talk(call);
        List<Response.Relation> relations =
                talk.ask(new Request.RelationsOf(call.word(0))).relations();
        if (call.globals.json()) {
            for (Response.Relation relation : relations) {
                call.line(json(relation));
            }
            return 0;
        }
        RowWriter table = RowWriter.of("table", call, call.out, call.streams.outIsTerminal);
        table.begin(List.of("relation", "columns", "from", "facts", "modules"));
        for (Response.Relation relation : relations) {
            table.row(
                    List.of(
                            relation.name(),
                            columns(relation.columns()),
                            relation.origin(),
                            relation.facts(),
                            String.join(", ", relation.modules())));
        }
        table.end();
        return 0;
    }

    private static String columns(List<Response.Column> columns) {
        StringBuilder text = new StringBuilder();
        for (Response.Column column : columns) {
            text.append(text.isEmpty() ? "" : ", ");
            text.append(column.name()).append(": ").append(column.type());
        }
        return text.toString();
    }

    private static String json(Response.Relation relation) {
        JsonLine line = new JsonLine().open('{').field("name", relation.name());
        line.name("columns").open('[');
        for (Response.Column column : relation.columns()) {
            line.open('{').field("name", column.name()).field("type", column.type()).close('}');
        }
        line.close(']').field("origin", relation.origin()).field("facts", relation.facts());
        return line.strings("modules", relation.modules()).close('}').toString();
    }
}
