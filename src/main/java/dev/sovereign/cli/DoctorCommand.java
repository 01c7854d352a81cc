package dev.sovereign.cli;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;

/// `doctor`: what is wrong with this installation, why it matters, how to mend it.
final class DoctorCommand extends Command {

    @Override
    void describe(Shape shape) {
        shape.text(
                "Looks at all that this installation stands on: Java, the program and its start-up"
                    + " caches, the home and its permissions, configuration, keys, socket, daemon,"
                    + " store, disk space, clock, log, service and terminal. Starts nothing and"
                    + " changes nothing.");
        shape.text(
                "Each is ok, warn (works, but should be mended) or fail. The exit status is 1 when"
                        + " something fails.");
        shape.example("sovereign doctor", "The first thing to try when something is odd.");
        shape.example("sovereign doctor --json", "For a monitor, or to send along with a report.");
    }

    @Override
    int run(Invocation call) throws InterruptedException {
        List<Checkup.Finding> findings = new Checkup(call, InstantSource.system()).all();
        Checkup.Verdict worst =
                findings.stream()
                        .map(Checkup.Finding::verdict)
                        .max(Comparator.naturalOrder())
                        .orElse(Checkup.Verdict.OK);
        if (call.globals.json()) {
            JsonLine line = new JsonLine().open('{').field("verdict", worst.word());
            line.name("checks").open('[');
            for (Checkup.Finding finding : findings) {
                line.open('{').field("name", finding.name());
                line.field("verdict", finding.verdict().word()).field("found", finding.found());
                line.field("mend", finding.mend()).close('}');
            }
            call.line(line.close(']').close('}').toString());
        } else {
            print(call, findings);
        }
        return worst == Checkup.Verdict.FAIL ? 1 : 0;
    }

    private static void print(Invocation call, List<Checkup.Finding> findings) {
        int widest = findings.stream().mapToInt(one -> one.name().length()).max().orElse(0);
        for (Checkup.Finding finding : findings) {
            String word = (finding.verdict().word() + "  ").substring(0, 4);
            call.line(
                    painted(call, finding.verdict(), word)
                            + "  "
                            + (finding.name() + " ".repeat(widest)).substring(0, widest)
                            + "  "
                            + Display.visible(finding.found()));
            String mend = finding.mend();
            if (mend != null) {
                call.line(" ".repeat(6 + widest) + "  " + Display.visible(mend));
            }
        }
    }

    private static String painted(Invocation call, Checkup.Verdict verdict, String word) {
        if (!call.outColor()) {
            return word;
        }
        String color =
                switch (verdict) {
                    case OK -> "\u001b[32m";
                    case WARN -> "\u001b[33m";
                    case FAIL -> "\u001b[1;31m";
                };
        return color + word + "\u001b[0m";
    }
}
