package dev.sovereign.mesh.interop;

import dev.sovereign.mesh.JsonTree;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A process that prints one JSON object a line, and may be told lines.
final class LineProcess implements AutoCloseable {

    private static final String END = "";

    private final Process process;
    private final Writer in;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    LineProcess(List<String> command, Path errors) throws IOException {
        this(command, Map.of(), errors);
    }

    LineProcess(List<String> command, Map<String, String> environment, Path errors)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
        in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().name("lines of " + command.getFirst()).start(this::read);
    }

    private void read() {
        try (BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = out.readLine()) != null) {
                lines.add(line);
            }
        } catch (IOException gone) {
            // told below
        } finally {
            lines.add(END);
        }
    }

    /// The next line.
    JsonTree next(long seconds) throws IOException, InterruptedException {
        String line = lines.poll(seconds, TimeUnit.SECONDS);
        if (line == null) {
            throw new IOException("said nothing for " + seconds + " s");
        }
        if (line.equals(END)) {
            throw new IOException("has ended");
        }
        return JsonTree.parse(line);
    }

    /// Skips lines until an event of that name.
    JsonTree awaitEvent(String name, long seconds) throws IOException, InterruptedException {
        while (true) {
            JsonTree line = next(seconds);
            if (line.has("event") && line.get("event").text().equals(name)) {
                return line;
            }
        }
    }

    /// Tells a peer program to do something and waits for its answer.
    JsonTree tell(String command) throws IOException, InterruptedException {
        in.write(command + "\n");
        in.flush();
        return next(120);
    }

    /// As [#tell], where only success will do.
    JsonTree done(String command) throws IOException, InterruptedException {
        JsonTree answer = tell(command);
        if (!answer.get("ok").isTrue()) {
            throw new IOException("\"" + command + "\": " + answer.get("message").text());
        }
        return answer;
    }

    Process process() {
        return process;
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException gone) {
            // it has ended
        }
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(stop));
        }
    }
}
