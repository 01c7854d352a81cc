package dev.sovereign.cli;

import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Prints the answer of a query as it comes.
final class AnswerPrinter extends Talk {

    private final String format;
    private final RowWriter writer;
    private boolean open;
    private boolean isYesNo;
    private boolean hasRow;

    /// @param format of `writer`
    AnswerPrinter(Invocation call, String format, RowWriter writer) {
        super(call);
        this.format = format;
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
            plan(plan);
        }
        call.out.flush();
        if (answers.truncated()) {
            call.say(
                    "note: only the first "
                            + Amounts.counted(answers.rows(), "row")
                            + (answers.rows() == 1 ? " is" : " are")
                            + " shown; there are more");
        } else if (!isYesNo && call.streams.outIsTerminal) {
            call.remark(Amounts.counted(answers.rows(), "row"));
        }
    }

    /// A plan stands below a table; other formats are for programs and stay what they are.
    private void plan(String plan) {
        String text = plan.endsWith("\n") ? plan : plan + "\n";
        switch (format) {
            case "table" -> call.out.print(text);
            case "jsonl" ->
                    call.line(new JsonLine().open('{').field("plan", plan).close('}').toString());
            default -> {
                call.out.flush();
                call.streams.err.print(text).flush();
            }
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
