package dev.sovereign.node;

import dev.sovereign.core.analyze.Analysis;
import dev.sovereign.core.analyze.Analyzer;
import dev.sovereign.core.analyze.Catalog;
import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.parse.IncludePath;
import dev.sovereign.core.parse.Limits;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.ParseResult;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Response;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `check`: parses and analyzes files, each as a program of its own, and runs nothing.
final class ProgramCheck {
    private ProgramCheck() {}

    /// UTF-8 takes at most four bytes a character.
    private static final int TEXT_BYTES = 4 * Limits.TEXT_CHARS;

    /// @param paths as the user gave them; `-` is standard input
    /// @param includeFolders where to look for what is included, besides beside the file
    /// @throws SovereignException when one cannot be read
    static Response.Checked check(List<String> paths, List<String> includeFolders) {
        IncludePath includes = new IncludePath(includeFolders);
        List<Diagnostic> diagnostics = new ArrayList<>();
        long rules = 0;
        long relations = 0;
        for (String path : paths) {
            ParseResult parsed = Parser.parse(path, text(path), Mode.PROGRAM, includes);
            diagnostics.addAll(parsed.diagnostics());
            if (parsed.hasErrors()) {
                continue;
            }
            Analysis analysis =
                    Analyzer.analyze(List.of(parsed.program()), Catalog.EMPTY, Mode.PROGRAM);
            diagnostics.addAll(analysis.diagnostics());
            CheckedProgram program = analysis.program();
            if (program != null) {
                relations += program.relations().size() - program.queries().size();
                for (CheckedProgram.Stratum stratum : program.strata()) {
                    rules += stratum.rules().size();
                }
            }
        }
        return new Response.Checked(diagnostics, rules, relations);
    }

    private static String text(String path) {
        try {
            return read(path);
        } catch (IOException unreadable) {
            String why =
                    unreadable instanceof NoSuchFileException
                            ? "no such file"
                            : unreadable instanceof AccessDeniedException
                                    ? "permission denied"
                                    : String.valueOf(unreadable.getMessage());
            throw new SovereignException(
                    NodeError.FILE_UNREADABLE,
                    "cannot read \"" + path + "\": " + why,
                    null,
                    unreadable);
        }
    }

    private static String read(String path) throws IOException {
        try (InputStream in = path.equals("-") ? System.in : Files.newInputStream(Path.of(path))) {
            byte[] bytes = in.readNBytes(TEXT_BYTES + 1);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
