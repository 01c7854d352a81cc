package dev.sovereign.cli;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.ErrorKind;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The command line: from arguments to an exit status. The front door of this package.
///
/// The command is found first, by its name alone, and only its model is built: start-up is
/// measured.
public final class Cli {

    /// What a shell makes of a process that ended by SIGINT.
    private static final int INTERRUPTED = 130;

    private Cli() {}

    /// Runs one command for this process, with its standard streams.
    ///
    /// @return the exit status, see specs/cli.md
    public static int run(String[] args, Callers callers) {
        if (isCompleted(args, callers)) {
            return 0;
        }
        Interrupts interrupts = Interrupts.install();
        try {
            return run(args, callers, Streams.ofProcess());
        } finally {
            interrupts.finished();
        }
    }

    /// Whether somebody has pressed Tab and waits: nothing is prepared then that names do not need.
    public static boolean isCompletion(String[] args) {
        return CompleteCommand.at(args) >= 0;
    }

    /// Somebody has pressed Tab and waits: no command model, no terminal, no handler of signals.
    private static boolean isCompleted(String[] args, Callers callers) {
        Out out = new Out(new FileOutputStream(FileDescriptor.out));
        try {
            boolean answered = CompleteCommand.answer(args, callers, out);
            out.flush();
            return answered;
        } catch (Out.Closed | InterruptedException nobodyWaits) {
            return true;
        }
    }

    /// Runs one command with the given streams; the REPL and tests come in here.
    ///
    /// @return the exit status; 130 when the thread was interrupted
    public static int run(String[] args, Callers callers, Streams streams) {
        try {
            int status = report(args, callers, streams);
            streams.out.flush();
            streams.err.flush();
            return status;
        } catch (Out.Closed closed) {
            return closed(closed, streams);
        }
    }

    /// The one who read our output has gone, which is his good right; or it cannot be written.
    private static int closed(Out.Closed closed, Streams streams) {
        String reason = String.valueOf(closed.getMessage());
        if (reason.contains("Broken pipe") || reason.contains("closed")) {
            return 0;
        }
        try {
            Diagnostic fault =
                    Diagnostic.error(CliError.OUTPUT, "cannot write the output: " + reason, null);
            StringBuilder text = new StringBuilder();
            Faults.append(text, fault, false, 0);
            streams.err.print(text).flush();
        } catch (Out.Closed nowhere) {
            // standard error is gone as well
        }
        return CliError.OUTPUT.kind().exitStatus();
    }

    private static int report(String[] args, Callers callers, Streams streams) {
        try {
            return dispatch(args, callers, streams);
        } catch (SovereignException refused) {
            return refuse(refused, args, streams);
        } catch (InterruptedException cancelled) {
            return INTERRUPTED;
        } catch (IOException unreadable) {
            return refuse(
                    new SovereignException(CliError.FILE, Inputs.reason(unreadable)),
                    args,
                    streams);
        } catch (Out.Closed closed) {
            throw closed;
        } catch (RuntimeException | Error bug) {
            return bug(bug, args, streams);
        }
    }

    private static int refuse(SovereignException refused, String[] args, Streams streams) {
        show(refused.diagnostics(), refused.first(), args, streams);
        if (has(args, "-v", "--verbose") && refused.getCause() != null) {
            StringBuilder causes = new StringBuilder();
            for (Throwable cause = refused.getCause(); cause != null; cause = cause.getCause()) {
                causes.append("sovereign: cause: ").append(Display.visible(cause.toString()));
                causes.append('\n');
            }
            streams.err.print(causes).flush();
        }
        return refused.first().kind().exitStatus();
    }

    private static int bug(Throwable bug, String[] args, Streams streams) {
        Diagnostic fault =
                new Diagnostic(
                        Diagnostic.Severity.ERROR,
                        "internal.bug",
                        ErrorKind.BUG,
                        "a defect of this program: " + bug,
                        "run it again with -v and report what it prints",
                        null,
                        List.of());
        show(List.of(fault), fault, args, streams);
        if (has(args, "-v", "--verbose")) {
            java.io.StringWriter trace = new java.io.StringWriter();
            bug.printStackTrace(new java.io.PrintWriter(trace));
            streams.err.print(trace.toString()).flush();
        }
        return ErrorKind.BUG.exitStatus();
    }

    private static void show(
            List<Diagnostic> faults, Diagnostic first, String[] args, Streams streams) {
        streams.out.flush();
        StringBuilder text = new StringBuilder();
        if (has(args, "--json", "--json")) {
            text.append(Faults.json(faults, first)).append('\n');
        } else {
            boolean color = isColored(args, streams);
            int cells = streams.errIsTerminal ? streams.columns() : 0;
            for (Diagnostic fault : faults) {
                Faults.append(text, fault, color, cells);
            }
        }
        streams.err.print(text).flush();
    }

    /// Looks for a flag among arguments that perhaps do not parse.
    private static boolean has(String[] args, String name, String longName) {
        for (String arg : args) {
            if (arg.equals("--")) {
                return false;
            }
            if (arg.equals(name) || arg.equals(longName)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isColored(String[] args, Streams streams) {
        for (int i = 0; i < args.length; i++) {
            String when =
                    args[i].startsWith("--color=")
                            ? args[i].substring(8)
                            : args[i].equals("--color") && i + 1 < args.length ? args[i + 1] : "";
            if (when.equals("always") || when.equals("never")) {
                return when.equals("always");
            }
        }
        return streams.errIsTerminal && !streams.isPlain();
    }

    /// Finds the words that name the command; options that every command has may stand before and
    /// between them.
    private static int dispatch(String[] args, Callers callers, Streams streams)
            throws InterruptedException, IOException {
        List<String> rest = new ArrayList<>(args.length);
        String name = "";
        int next = 0;
        while (next < args.length) {
            String word = args[next];
            if (word.equals("--version") && name.isEmpty()) {
                VersionCommand.print(streams.out, has(args, "--json", "--json"));
                return 0;
            }
            if (Usage.isOption(word)) {
                int taken = Shape.globalWords(word);
                if (taken == 0) {
                    if (name.isEmpty()) {
                        throw Usage.unknownOption(word, new Shape("").globals().spec);
                    }
                    break;
                }
                for (int i = 0; i < taken && next < args.length; i++) {
                    rest.add(args[next++]);
                }
            } else if (name.isEmpty()) {
                name = word;
                next++;
                if (!Commands.isGroup(name)) {
                    break;
                }
            } else {
                name = name + " " + word;
                next++;
                break;
            }
        }
        while (next < args.length) {
            rest.add(args[next++]);
        }
        return run(name, rest, callers, streams);
    }

    private static int run(String name, List<String> rest, Callers callers, Streams streams)
            throws InterruptedException, IOException {
        boolean help = rest.contains("--help") || rest.contains("-h");
        if (name.isEmpty() && !help && streams.inIsTerminal && streams.outIsTerminal) {
            if (!rest.isEmpty()) {
                // the launcher gives the prompt's libraries to `sovereign` and `sovereign repl`
                // only
                throw Usage.wrong(
                        "a command is missing", "for a prompt with options: `sovereign repl`");
            }
            ReplCommand prompt = new ReplCommand();
            prompt.welcome();
            return carryOut("repl", prompt, rest, callers, streams);
        }
        if (name.isEmpty() || Commands.isGroup(name)) {
            Help.print(help ? streams.out : streams.err, name, streams);
            return help ? 0 : ErrorKind.USAGE.exitStatus();
        }
        Command command = Commands.create(name);
        if (command == null) {
            throw unknown(name);
        }
        return carryOut(name, command, rest, callers, streams);
    }

    private static int carryOut(
            String name, Command command, List<String> rest, Callers callers, Streams streams)
            throws InterruptedException, IOException {
        Shape shape = Commands.shape(name, command);
        CommandLine line = new CommandLine(shape.spec);
        line.setExpandAtFiles(false); // "@module.relation(X)?" is a query, not a file
        line.setInterpolateVariables(false);
        line.setUnmatchedOptionsArePositionalParams(shape.takesNumbers());
        CommandLine.ParseResult parsed;
        try {
            parsed = line.parseArgs(rest.toArray(new String[0]));
        } catch (CommandLine.ParameterException fault) {
            throw Usage.of(fault, shape.spec);
        }
        if (shape.takesNumbers()) {
            refuseUnknownOptions(parsed, rest, shape);
        }
        if (parsed.isUsageHelpRequested()) {
            return Help.print(streams.out, name, streams);
        }
        int dashes = rest.indexOf("--");
        int after = dashes < 0 ? 0 : rest.size() - dashes - 1;
        return command.run(new Invocation(parsed, after, globals(parsed), streams, callers));
    }

    /// Of the words that picocli took for arguments though they begin with a dash, only numbers
    /// are.
    private static void refuseUnknownOptions(
            CommandLine.ParseResult parsed, List<String> words, Shape shape) {
        int dashes = words.indexOf("--");
        List<String> before = dashes < 0 ? words : words.subList(0, dashes);
        for (var positional : parsed.matchedPositionals()) {
            for (String word : positional.originalStringValues()) {
                if (Usage.isOption(word) && !Usage.isNumber(word) && before.contains(word)) {
                    throw Usage.unknownOption(word, shape.spec);
                }
            }
        }
    }

    private static SovereignException unknown(String name) {
        if (Commands.isLater(name)) {
            return Usage.notYet(name);
        }
        int space = name.indexOf(' ');
        return space < 0
                ? Usage.unknownCommand(name)
                : Usage.unknownCommand(
                        name.substring(space + 1),
                        Commands.secondWords(name.substring(0, space)),
                        name.substring(0, space + 1));
    }

    private static Globals globals(CommandLine.ParseResult parsed) {
        return new Globals(
                parsed.hasMatchedOption("--quiet"),
                parsed.hasMatchedOption("--verbose"),
                parsed.hasMatchedOption("--json"),
                parsed.hasMatchedOption("--header"),
                color(parsed.matchedOptionValue("--color", "auto")),
                Amounts.duration("--timeout", parsed.matchedOptionValue("--timeout", null)),
                parsed.matchedOptionValue("--home", null),
                !parsed.hasMatchedOption("--no-daemon-start"));
    }

    private static @Nullable Boolean color(String when) {
        return switch (when) {
            case "auto" -> null;
            case "always" -> true;
            case "never" -> false;
            default -> throw Usage.badChoice("--color", when, List.of("always", "auto", "never"));
        };
    }
}
