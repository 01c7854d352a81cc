package dev.sovereign.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sovereign.finance.MachineId;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.Payload;
import dev.sovereign.finance.PaymentAddress;
import dev.sovereign.finance.ProofFile;
import dev.sovereign.finance.ProofJson;
import dev.sovereign.finance.RegtestMiner;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// Every example that a `--help` shows, in bash and with the installed program, as it is written
/// there. `src/test/resources/cli/examples.txt` puts them in an order, prepares what they need, and
/// names those that cannot run here, with the reason.
class ExamplesIT {

    private static final Path INSTALLED =
            Path.of(System.getProperty("sovereign.dist", "target/dist")).toAbsolutePath();

    private static final Path LIST = Path.of("src/test/resources/cli/examples.txt");
    private static final Path SOURCES = Path.of("").toAbsolutePath();
    private static final String EDGE = ".decl edge(a: number, b: number)";
    private static final String PERSON = ".decl person(name: symbol, age: number)";
    private static final long PATIENCE_SECONDS = 60;

    private static final String ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
    private static final Payload PAYLOAD =
            MachineId.of("5e0c6f1d2b7a49c8a3d1e4f6b9087c21", "the test").payload();

    @TempDir Path folder;
    private final Set<Path> homes = new LinkedHashSet<>();
    private Path home = Path.of("");
    private Path work = Path.of("");

    private void put(String name, String... lines) throws IOException {
        Path file = work.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private void prepare() throws IOException, InterruptedException {
        work = Files.createDirectory(folder.resolve("work"));
        put("facts.dl", "edge(3, 4).");
        put("rules.dl", EDGE, "path(x, y) :- edge(x, y).", "path(x, z) :- path(x, y), edge(y, z).");
        put(
                "policy.dl",
                PERSON,
                "adult(n) :- person(n, a), a >= 18.",
                "age(n, a) :- person(n, a).");
        put("edges.tsv", "4\t5");
        put("people.csv", "name,age", "alice,41", "bob,7");
        put("tc.dl", EDGE, ".input edge", ".output edge");
        put("facts/edge.facts", "1\t2");
        put("notes.txt", "[1, 2]");
        Files.createDirectory(work.resolve("out"));
        Files.createDirectories(work.resolve(".config/fish/completions"));
        Files.createSymbolicLink(work.resolve("examples"), SOURCES.resolve("examples"));
        Path product = work.resolve("bin/start-the-product");
        put("bin/start-the-product", "#!/bin/sh", "echo started");
        Files.setPosixFilePermissions(product, PosixFilePermissions.fromString("rwx------"));
        PaymentAddress address = PaymentAddress.parse(Network.REGTEST, ADDRESS);
        ProofFile proof =
                RegtestMiner.mined(RegtestMiner.payment(address, 50_000, PAYLOAD), 20, 10);
        Files.write(work.resolve("license.json"), ProofJson.write(proof));
        Files.write(work.resolve("his.json"), ProofJson.write(proof));
        put("t.hex", HexFormat.of().formatHex(proof.raw()));
    }

    @Test
    void everyExampleRunsAsWritten() throws IOException, InterruptedException {
        prepare();
        enter("home");
        Files.createDirectories(home);
        Set<String> left = examples();
        List<String> faults = new ArrayList<>();
        List<String> lines = Files.readAllLines(LIST);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("@ home ")) {
                enter(line.substring(7));
            } else if (line.startsWith("$ ")) {
                faults.addAll(run(line.substring(2), 0));
            } else if (line.startsWith("- ")) {
                i++;
                assertTrue(lines.get(i).startsWith("  "), "no reason for " + line);
                assertTrue(left.remove(line.substring(2)), "no example: " + line);
            } else {
                boolean other = i + 1 < lines.size() && lines.get(i + 1).startsWith("= ");
                int status = other ? Integer.parseInt(lines.get(++i).substring(2)) : 0;
                assertTrue(left.remove(line), "no example: " + line);
                faults.addAll(run(line, status));
            }
        }
        assertTrue(faults.isEmpty(), String.join("\n", faults));
        assertEquals(Set.of(), left, "examples that " + LIST + " does not name");
    }

    private static Set<String> examples() {
        Set<String> all = new TreeSet<>();
        for (String name : Commands.names()) {
            Command command = Objects.requireNonNull(Commands.create(name), name);
            Commands.shape(name, command).examples.forEach(example -> all.add(example.call()));
        }
        assertTrue(all.size() >= 100, all.toString());
        return all;
    }

    private void enter(String name) {
        home = folder.resolve(name);
        homes.add(home);
    }

    private List<String> run(String command, int status) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        ProcessBuilder builder =
                new ProcessBuilder("bash", "-c", command)
                        .directory(work.toFile())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile());
        builder.environment().put("SOVEREIGN_HOME", home.toString());
        builder.environment().put("HOME", work.toString());
        builder.environment().put("FOLDER", folder.toString());
        builder.environment().put("SOURCES", SOURCES.toString());
        builder.environment().put("ADDRESS", ADDRESS);
        builder.environment().put("PAYLOAD", PAYLOAD.hex());
        builder.environment()
                .put(
                        "PATH",
                        INSTALLED.resolve("bin")
                                + ":"
                                + work.resolve("bin")
                                + ":"
                                + System.getenv("PATH"));
        Process process = builder.start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return List.of(command + ": still running");
        }
        if (process.exitValue() == status) {
            return List.of();
        }
        return List.of(command + ": " + process.exitValue() + "\n" + Files.readString(out, UTF_8));
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        for (Path each : homes) {
            home = each;
            run("sovereign daemon stop -q", 0);
        }
    }
}
