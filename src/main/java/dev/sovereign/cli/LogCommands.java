package dev.sovereign.cli;

import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// `log` and `history`: what was changed, when, by whom and why.
final class LogCommands {
    private LogCommands() {}

    static final class Log extends Command {
        @Override
        void describe(Shape shape) {
            shape.option("N", Complete.NOTHING, "at most N transactions", "--limit");
            shape.option("TX", Complete.NOTHING, "only transactions before TX", "--before");
            shape.text("Lists the transactions, newest first.");
            shape.example("sovereign log --limit 10", "The last ten.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Long limit = Amounts.count("--limit", call.value("--limit"));
            Long before = Amounts.count("--before", call.value("--before"));
            Talk talk = new Talk(call);
            List<Response.Transaction> all =
                    talk.ask(new Request.Log(limit, before)).transactions();
            if (call.globals.json()) {
                for (Response.Transaction transaction : all) {
                    call.line(json(transaction));
                }
                return 0;
            }
            RowWriter table = RowWriter.of("table", call, call.out, call.streams.outIsTerminal);
            table.begin(List.of("tx", "time", "author", "what", "asserted", "retracted", "reason"));
            for (Response.Transaction transaction : all) {
                table.row(
                        List.of(
                                transaction.tx(),
                                Times.rfc3339(transaction.timeMillis()),
                                transaction.author(),
                                transaction.what()
                                        + (transaction.forgotten() ? " (forgotten)" : ""),
                                transaction.asserted(),
                                transaction.retracted(),
                                orNothing(transaction.reason())));
            }
            table.end();
            return 0;
        }

        private static String json(Response.Transaction transaction) {
            JsonLine line = new JsonLine().open('{').field("tx", transaction.tx());
            line.field("time", Times.rfc3339(transaction.timeMillis()));
            line.field("author", transaction.author()).field("what", transaction.what());
            line.field("reason", transaction.reason()).field("asserted", transaction.asserted());
            line.field("retracted", transaction.retracted()).field("hash", transaction.hash());
            return line.field("forgotten", transaction.forgotten()).close('}').toString();
        }
    }

    static final class History extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("FACT", Complete.RELATION, "a fact such as 'edge(1, 2)'");
            shape.text("Shows when a fact was asserted and retracted, by whom and why.");
            shape.example("sovereign history 'edge(1, 2)'", "Its whole life.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Talk talk = new Talk(call);
            Response.History history = talk.ask(new Request.HistoryOf(call.need(0)));
            if (call.globals.json()) {
                call.line(json(history));
                return 0;
            }
            RowWriter table = RowWriter.of("table", call, call.out, call.streams.outIsTerminal);
            table.begin(List.of("tx", "time", "change", "author", "reason"));
            for (Response.Event event : history.events()) {
                table.row(
                        List.of(
                                event.tx(),
                                Times.rfc3339(event.timeMillis()),
                                event.change(),
                                event.author(),
                                orNothing(event.reason())));
            }
            table.end();
            call.out.flush();
            call.remark(
                    history.events().isEmpty()
                            ? "never asserted"
                            : history.holds() ? "it holds now" : "it does not hold now");
            return 0;
        }

        private static String json(Response.History history) {
            JsonLine line = new JsonLine().open('{').field("fact", history.fact());
            line.field("holds", history.holds()).name("events").open('[');
            for (Response.Event event : history.events()) {
                line.open('{').field("tx", event.tx());
                line.field("time", Times.rfc3339(event.timeMillis()));
                line.field("change", event.change()).field("author", event.author());
                line.field("reason", event.reason()).close('}');
            }
            return line.close(']').close('}').toString();
        }
    }

    private static String orNothing(@Nullable String reason) {
        return reason == null ? "" : reason;
    }
}
