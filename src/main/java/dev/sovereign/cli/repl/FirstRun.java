package dev.sovereign.cli.repl;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.HomeFolders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Six lines for somebody who is here for the first time, with a small sample to try them on:
/// trains between towns, which go along with the questions of this one prompt and never enter the
/// store.
final class FirstRun {

    /// One input of the session, as if it had been typed. No way leads back to a town, so that
    /// `way` has an end.
    static final List<String> SAMPLE =
            List.of(
                    ".decl train(from: symbol, to: symbol, minutes: number)",
                    "train(\"Zurich\", \"Bern\", 56).",
                    "train(\"Zurich\", \"Chur\", 75).",
                    "train(\"Bern\", \"Thun\", 18).",
                    "train(\"Bern\", \"Fribourg\", 21).",
                    "train(\"Thun\", \"Visp\", 37).",
                    "train(\"Visp\", \"Zermatt\", 66).",
                    "train(\"Fribourg\", \"Geneva\", 81).",
                    ".decl way(from: symbol, to: symbol, minutes: number)",
                    "way(A, B, M) :- train(A, B, M).",
                    "way(A, C, M + N) :- way(A, B, M), train(B, C, N).");

    /// What to try, each a line to be typed as it is.
    static final List<String> TRIES =
            List.of(
                    "way(\"Zurich\", Town, Minutes)?",
                    ".why way(\"Zurich\", \"Zermatt\", 177)",
                    "sys_disk(Mount, _, _, _, Used, Free)?");

    private static final List<String> MEANING =
            List.of(
                    "where can I go, in which time",
                    "the proof of one answer",
                    "this machine can be asked as well");

    private FirstRun() {}

    /// True the first time in a home that has no store yet, and never again, whatever happens next.
    /// A home that cannot be written is greeted by nobody: the prompt says what is wrong with it.
    static boolean begins(Home home) {
        if (Files.exists(home.store())) {
            return false;
        }
        try {
            HomeFolders.prepare(home);
            Path mark = home.state().resolve("greeted");
            if (Files.exists(mark)) {
                return false;
            }
            Files.createFile(mark); // of two at once one is first
            return true;
        } catch (IOException | SovereignException elsewhere) {
            return false;
        }
    }

    static List<String> lines() {
        int widest = TRIES.stream().mapToInt(String::length).max().orElse(0);
        return List.of(
                "Welcome. Facts are kept, and questions answered by rules, on this machine.",
                "Until you leave, a sample is here: trains between towns. Try",
                tried(0, widest),
                tried(1, widest),
                tried(2, widest),
                "Facts of your own, such as likes(\"ann\", \"tea\"). stay; .help says more.");
    }

    private static String tried(int index, int widest) {
        String text = TRIES.get(index);
        return "  " + text + " ".repeat(widest - text.length() + 3) + MEANING.get(index);
    }
}
