package dev.sovereign.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The benchmark programs and their small data sets, which lie beside the repository, in
/// `../shared/anchors/datalog`.
public final class Anchors {

    private static final Path BESIDE = Path.of("../shared/anchors/datalog");

    /// Run to program and data set, as in `gen.py`.
    public static final Map<String, String[]> RUNS =
            Map.ofEntries(
                    run("tc_sparse", "tc", "sparse"),
                    run("tc_dense", "tc", "dense"),
                    run("tc_chain", "tc", "chain"),
                    run("sg", "sg", "tree"),
                    run("andersen", "andersen", "pta"),
                    run("cspa", "cspa", "cspa"),
                    run("triangle", "triangle", "social"),
                    run("clique4", "clique4", "social"),
                    run("unreachable", "unreachable", "neg"),
                    run("sssp", "sssp", "roads"),
                    run("reach_bound", "reach_bound", "big"),
                    run("reach_right", "reach_right", "mid"),
                    run("policy", "policy", "policy"));

    private Anchors() {}

    private static Map.Entry<String, String[]> run(String name, String program, String data) {
        return Map.entry(name, new String[] {program, data});
    }

    /// Makes the small data sets; skips the test where that cannot be done.
    ///
    /// @return the folder of programs, `programs`, and of what is expected
    public static Path generate(Path folder) throws Exception {
        Path anchors = anchors();
        Assumptions.assumeTrue(
                Files.exists(anchors.resolve("gen.py")), () -> "skipped: no " + BESIDE);
        Process process;
        try {
            process =
                    new ProcessBuilder(
                                    "python3",
                                    "-B",
                                    anchors.resolve("gen.py").toString(),
                                    folder.toString(),
                                    "--set",
                                    "small")
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("gen.log").toFile())
                            .start();
        } catch (IOException failure) {
            Assumptions.abort("skipped: no python3: " + failure.getMessage());
            return anchors;
        }
        process.waitFor(2, TimeUnit.MINUTES);
        assertEquals(0, process.exitValue(), () -> "gen.py failed");
        return anchors;
    }

    /// Beside the repository, or, from a work tree, beside the folder of work trees.
    private static Path anchors() {
        Path beside = BESIDE;
        return Files.exists(beside) ? beside : Path.of("..").resolve(BESIDE);
    }
}
