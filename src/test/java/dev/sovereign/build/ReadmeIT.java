package dev.sovereign.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.Installation;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// README's first ten minutes, typed as they stand there by somebody with an empty home, and on a
/// second machine: another home, which `scp` reaches by copying. What README shows of an answer has
/// to be the answer, but for times.
@Timeout(180)
@EnabledOnOs(OS.LINUX)
class ReadmeIT {

    private static final Pattern PROMPT = Pattern.compile(" {4}(laptop|desk)?\\$ +(.*)");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");
    private static final Pattern LISTENS =
            Pattern.compile("(/ip4/127\\.0\\.0\\.1/tcp/[1-9][0-9]*)");
    private static final Pattern PEER = Pattern.compile("12D3KooW[1-9A-HJ-NP-Za-km-z]+");

    /// What README has for an address that everybody replaces by their own.
    private static final String ADDRESS = "/ip4/192.168.1.20/tcp/4747";

    /// Looks at whether the mesh listens; each takes a third of a second.
    private static final int LOOKS = 60;

    private record Step(String machine, String command, List<String> shown) {}

    private record Ran(int status, String out, String err) {}

    @TempDir Path temp;

    private Path work;

    @BeforeEach
    void arrive() throws IOException {
        work = Files.createDirectory(temp.resolve("work"));
        Files.createSymbolicLink(work.resolve("examples"), Path.of("examples").toAbsolutePath());
        Files.createDirectory(temp.resolve("laptop"));
        Files.createDirectory(temp.resolve("desk"));
        Path scp = Files.createDirectory(temp.resolve("tools")).resolve("scp");
        Files.writeString(scp, "#!/bin/sh\ncp -p \"$1\" \"" + temp + "/${2%%:*}/${2#*:}\"\n");
        Files.setPosixFilePermissions(scp, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void leave() throws Exception {
        run("laptop", "sovereign daemon stop");
        run("desk", "sovereign daemon stop");
    }

    @Test
    void everyStepOfReadmeWorksAsItStandsThere() throws Exception {
        List<Step> steps = steps();
        assertTrue(steps.size() >= 20, "README has only " + steps.size() + " steps");
        run("laptop", "sovereign config set mesh.listen /ip4/127.0.0.1/tcp/0");
        String said = "";
        for (Step step : steps) {
            String command = step.command();
            if (command.startsWith("scp ")) {
                // both machines are this one: no port of its own for each but by chance
                run("desk", "sovereign daemon stop");
                run("desk", "sovereign config set mesh.listen /ip4/127.0.0.1/tcp/0");
            }
            if (command.contains(ADDRESS)) {
                command = command.replace(ADDRESS, listening());
            }
            if (command.contains("12D3KooW…")) {
                Matcher waits = PEER.matcher(said);
                assertTrue(waits.find(), "nobody waits to be let in: " + said);
                command = command.replace("12D3KooW…", said.substring(waits.start(), waits.end()));
            }
            Ran ran = run(step.machine(), command);
            assertEquals(0, ran.status(), step + ": " + ran);
            said = ran.out();
            if (!step.shown().isEmpty()) {
                String shown = String.join("\n", step.shown()) + "\n";
                assertEquals(timeless(shown), timeless(said), step.command());
            }
        }
    }

    /// Where the desk listens, as soon as it does.
    private String listening() throws Exception {
        for (int i = 0; i < LOOKS; i++) {
            String status = run("desk", "sovereign status --json").out();
            Matcher address = LISTENS.matcher(status);
            if (address.find()) {
                return status.substring(address.start(), address.end());
            }
        }
        throw new AssertionError("the desk does not listen: " + run("desk", "sovereign status"));
    }

    private static String timeless(String text) {
        return TIME.matcher(text).replaceAll("TIME");
    }

    /// The first command, whose answer stands below it by itself, and all that follow a prompt.
    private static List<Step> steps() throws IOException {
        List<Step> steps = new ArrayList<>();
        List<String> shown = new ArrayList<>();
        boolean fenced = false;
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            Matcher prompt = PROMPT.matcher(line);
            if (line.equals("## Tests")) {
                break;
            }
            if (line.startsWith("```")) {
                fenced = !fenced;
            } else if (fenced || prompt.matches()) {
                shown = new ArrayList<>();
                String on = fenced ? null : prompt.group(1);
                String command =
                        fenced
                                ? line.replace("./sovereign", "sovereign")
                                : line.substring(prompt.start(2));
                steps.add(new Step(on == null ? "laptop" : on, command, shown));
            } else if (line.startsWith("    ")) {
                shown.add(line.substring(4));
            }
        }
        return steps;
    }

    private Ran run(String machine, String command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", command).directory(work.toFile());
        Map<String, String> environment = builder.environment();
        environment
                .keySet()
                .removeIf(name -> name.startsWith("XDG_") || name.startsWith("SOVEREIGN_"));
        environment.put("HOME", temp.resolve(machine).toString());
        environment.putAll(Installation.environment());
        environment.put(
                "PATH",
                temp.resolve("tools") + ":" + Installation.BIN + ":" + environment.get("PATH"));
        Process process = builder.start();
        process.getOutputStream().close();
        CompletableFuture<String> err =
                CompletableFuture.supplyAsync(() -> {
                    try (var in = process.getErrorStream()) {
                        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException broken) {
                        return broken.toString();
                    }
                });
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, err.join());
    }
}
