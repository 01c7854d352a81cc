package dev.sovereign.core;

import dev.sovereign.core.eval.Control;
import dev.sovereign.core.eval.Engine;
import dev.sovereign.core.eval.Limits;
import dev.sovereign.core.eval.Threads;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.error.Where;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Runs many programs in one process, for `bench/souffle-tests/run.py --batch`: a line of standard
/// input names program, fact folder, output folder, files for standard output and errors, the
/// working folder, which is not used, and folders to include from; the status is a line of standard
/// output.
final class SouffleBatch {

    private SouffleBatch() {}

    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        BufferedReader requests =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            String[] parts = line.split("\t", -1);
            answers.println(run(parts));
            answers.flush();
        }
    }

    private static int run(String[] parts) throws IOException {
        StringBuilder errors = new StringBuilder();
        int status = 0;
        try (OutputStream out = Files.newOutputStream(Path.of(parts[3]));
                Control control =
                        new Control(new Limits(20_000, Long.MAX_VALUE, 1L << 30, Long.MAX_VALUE))) {
            try {
                ProgramRunner.run(
                        new ProgramRunner.Options(
                                parts[0],
                                parts[1],
                                parts[2],
                                List.of(parts).subList(Math.min(6, parts.length), parts.length),
                                Engine.AUTO,
                                Threads.ONE),
                        new ByteArrayInputStream(new byte[0]),
                        out,
                        warning -> show(warning, errors),
                        control);
            } catch (SovereignException refused) {
                status = 1;
                refused.diagnostics().forEach(diagnostic -> show(diagnostic, errors));
            } catch (RuntimeException | Error bug) {
                status = 70;
                StringWriter trace = new StringWriter();
                bug.printStackTrace(new PrintWriter(trace));
                errors.append(trace);
            }
        }
        Files.writeString(Path.of(parts[4]), errors);
        return status;
    }

    private static void show(Diagnostic diagnostic, StringBuilder errors) {
        Where where = diagnostic.where();
        errors.append(diagnostic.severity() == Diagnostic.Severity.ERROR ? "error: " : "warning: ")
                .append(diagnostic.message())
                .append(" [")
                .append(diagnostic.code())
                .append("]\n");
        if (where != null) {
            errors.append("  ").append(where.label()).append("\n");
            if (where.text() != null) {
                errors.append("  ").append(where.text()).append("\n");
            }
        }
        for (Diagnostic.Note note : diagnostic.notes()) {
            Where second = note.where();
            errors.append("  ")
                    .append(note.message())
                    .append(second == null ? "" : "\n  " + second.label())
                    .append('\n');
        }
    }
}
