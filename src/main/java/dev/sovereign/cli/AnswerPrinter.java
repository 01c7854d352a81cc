package dev.sovereign.cli;

import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Prints the answer of a query as it comes.
final class AnswerPrinter extends Talk {

    private final RowWriter writer;
    private boolean open;
    private boolean isYesNo;
    private boolean hasRow;

    AnswerPrinter(Invocation call, RowWriter writer) {
        super(call);
        this.writer = writer;
    }

    @Override
    public void columns(Response.Columns columns) {
        endTable(null);
        open = true;
        hasRow = false;
        isYesNo = columns.names().isEmpty();
        if (!isYesNo) {
            waiting.stop();
            writer.begin(columns.names());
        }
    }

    @Override
    public void rows(Response.Rows rows) {
        hasRow |= !rows.rows().isEmpty();
        if (!isYesNo) {
            for (List<@Nullable Object> row : rows.rows()) {
                writer.row(row);
            }
        }
    }

    /// Ends the answer. What is said about it goes to standard error.
    void finish(Response.Answers answers) {
        waiting.stop();
        endTable(answers.answer());
        writer.finish();
        String plan = answers.plan();
        if (plan != null) {
            call.out.print(plan.endsWith("\n") ? plan : plan + "\n");
        }
        call.out.flush();
        if (answers.truncated()) {
            call.say("note: only the first " + answers.rows() + " rows are shown; there are more");
        } else if (!isYesNo && call.streams.outIsTerminal) {
            call.remark(answers.rows() == 1 ? "1 row" : Amounts.grouped(answers.rows()) + " rows");
        }
    }

    private void endTable(@Nullable Boolean answer) {
        if (open && isYesNo) {
            writer.answer(answer != null ? answer : hasRow);
        } else if (open) {
            writer.end();
        }
        open = false;
    }
}
