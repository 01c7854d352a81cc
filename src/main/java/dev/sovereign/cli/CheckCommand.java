package dev.sovereign.cli;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.util.List;

/// `check`: everything that is wrong with programs, at once.
final class CheckCommand extends Command {

    @Override
    void describe(Shape shape) {
        shape.words("PROG", Complete.FILE, "programs; - reads one from standard input", true);
        QueryCommand.includes(shape);
        shape.text(
                "Checks syntax, types, safety and stratification, and looks for relations that are"
                        + " never used and rules that can never fire. Reports all faults of all"
                        + " programs; warnings alone are exit status 0.");
        shape.example("sovereign check rules.dl", "Every fault with its place.");
        shape.example("sovereign check -I lib main.dl", "What it includes lies in lib/ as well.");
        shape.example("sovereign check --json *.dl", "One object a line, for an editor.");
    }

    @Override
    int run(Invocation call) throws InterruptedException {
        List<String> programs = call.words(0);
        Talk talk = new Talk(call);
        return report(
                call, talk.askHere(new Request.Check(programs, call.values("--include-dir"))));
    }

    /// Shows faults; under `--json` they are data and go to standard output.
    static int report(Invocation call, Response.Checked checked) {
        int status = 0;
        int errors = 0;
        int warnings = 0;
        StringBuilder text = new StringBuilder();
        for (Diagnostic fault : checked.diagnostics()) {
            switch (fault.severity()) {
                case ERROR -> {
                    status = status == 0 ? fault.kind().exitStatus() : status;
                    errors++;
                }
                case WARNING -> warnings++;
            }
            if (call.globals.json()) {
                call.line(Faults.jsonChecked(fault));
            } else if (fault.severity() == Diagnostic.Severity.ERROR || !call.globals.quiet()) {
                Faults.append(text, fault, call.errColor(), call.errColumns());
            }
        }
        call.out.flush();
        call.streams.err.print(text).flush();
        if (!call.globals.json()) {
            call.remark(
                    Amounts.counted(checked.rules(), "rule")
                            + ", "
                            + Amounts.counted(checked.relations(), "relation")
                            + ": "
                            + (errors + warnings == 0
                                    ? "no faults"
                                    : Amounts.counted(errors, "error")
                                            + ", "
                                            + Amounts.counted(warnings, "warning")));
        }
        return status;
    }
}
