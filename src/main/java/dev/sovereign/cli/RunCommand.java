package dev.sovereign.cli;

import dev.sovereign.protocol.Request;

/// `run`: a whole program, as `souffle` does.
final class RunCommand extends Command {

    private static final int MAX_JOBS = 1_024;

    @Override
    void describe(Shape shape) {
        shape.word("PROG", Complete.FILE, "the program; - reads it from standard input");
        shape.option("DIR", Complete.FOLDER, "where .input finds its files", "-F", "--fact-dir");
        shape.option(
                "DIR",
                Complete.FOLDER,
                "where .output puts its files; - prints them all",
                "-D",
                "--output-dir");
        QueryCommand.includes(shape);
        shape.option(
                "N",
                Complete.NOTHING,
                "threads; 0 is one less than the processors",
                "-j",
                "--jobs");
        shape.flag("print what each rule cost, on standard error", "--profile");
        shape.option(
                "FILE",
                Complete.FILE,
                "write what each rule cost to FILE, as JSON",
                "--profile-file");
        shape.option(
                "NAME",
                Complete.words("auto", "interpreter"),
                "how to evaluate: auto or interpreter",
                "--engine");
        shape.flag("print how the program is carried out instead of running it", "--explain-plan");
        QueryCommand.limits(shape);
        shape.text(
                "Runs a program with neither daemon nor store. Takes the place of `souffle PROG -F"
                        + " DIR -D DIR -I DIR -j N`: the same files, the same standard output.");
        shape.example("sovereign run tc.dl -F facts -D out", "Facts from facts/, results in out/.");
        shape.example("sovereign run tc.dl -F facts -D -", "Results on standard output.");
    }

    @Override
    int run(Invocation call) throws InterruptedException {
        String jobs = call.value("--jobs");
        long threads = jobs == null ? 1 : Amounts.number("--jobs", jobs);
        if (threads > MAX_JOBS) {
            throw Usage.wrong(
                    "--jobs is " + threads + ", at most " + MAX_JOBS + " are allowed", null);
        }
        String engine = call.value("--engine");
        Request.Run request =
                new Request.Run(
                        call.need(0),
                        orCurrent(call.value("--fact-dir")),
                        orCurrent(call.value("--output-dir")),
                        call.values("--include-dir"),
                        (int) threads,
                        call.flag("--explain-plan"),
                        call.flag("--profile"),
                        call.value("--profile-file"),
                        engine,
                        QueryCommand.limits(call));
        Talk talk = new Talk(call);
        String profile = talk.askHere(request).profile();
        if (profile != null) {
            call.out.flush();
            call.streams.err.print(profile).flush();
        }
        return 0;
    }

    private static String orCurrent(@org.jspecify.annotations.Nullable String folder) {
        return folder == null ? "." : folder;
    }
}
