package dev.sovereign.cli;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// `daemon …`: the process that answers.
final class DaemonCommands {

    /// As long as a client of another build waits (specs/cli.md).
    private static final long DRAIN_MILLIS = 5_000;

    /// How often a followed log is looked at.
    private static final long FOLLOW_MILLIS = 200;

    private static final int BLOCK_BYTES = 1 << 16;

    private DaemonCommands() {}

    static final class Start extends Command {
        @Override
        void describe(Shape shape) {
            shape.text(
                    "Starts the daemon of this home when none runs. Other commands do so by"
                            + " themselves.");
            shape.example("sovereign daemon start", "Says its process id.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            return started(call);
        }
    }

    static final class Stop extends Command {
        @Override
        void describe(Shape shape) {
            shape.text(
                    "Stops the daemon: waits up to 5 seconds for what is under way, then ends it."
                            + " Where none runs there is nothing to do.");
            shape.example("sovereign daemon stop", "Everything acknowledged is on the disk.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            boolean stopped = stop(call);
            if (call.globals.json()) {
                call.line(new JsonLine().open('{').field("stopped", stopped).close('}').toString());
            } else {
                call.say(stopped ? "the daemon has stopped" : "no daemon was running");
            }
            return 0;
        }
    }

    static final class Restart extends Command {
        @Override
        void describe(Shape shape) {
            shape.text("Stops the daemon and starts it again.");
            shape.example("sovereign daemon restart", "After a change of the configuration.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            stop(call);
            return started(call);
        }
    }

    static final class Run extends Command {
        @Override
        void describe(Shape shape) {
            shape.option(
                    "DURATION",
                    Complete.NOTHING,
                    "end after so long with nothing to do; 0 is never (default: daemon.idle)",
                    "--idle");
            shape.text(
                    "Runs the daemon in the foreground until Ctrl-C or `sovereign daemon stop`: for"
                            + " service managers and for looking at it.");
            shape.example("sovereign daemon run --home /srv/knowledge", "Under a service manager.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Long idle =
                    "0".equals(call.value("--idle"))
                            ? Long.valueOf(0)
                            : Amounts.duration("--idle", call.value("--idle"));
            return call.callers.runDaemon(call.globals.reach(), idle, call::say);
        }
    }

    static final class Logs extends Command {
        @Override
        void describe(Shape shape) {
            shape.flag("go on with what is added, until Ctrl-C", "-f", "--follow");
            shape.option("N", Complete.NOTHING, "only the last N lines", "-n", "--lines");
            shape.text("Prints the log of the daemon. Starts none.");
            shape.example("sovereign daemon logs -n 50", "The last lines.");
            shape.example("sovereign daemon logs -f", "As it grows.");
        }

        @Override
        int run(Invocation call) throws InterruptedException, IOException {
            Path file = call.callers.home(call.globals.reach()).logFile();
            Long lines = Amounts.count("--lines", call.value("--lines"));
            boolean follow = call.flag("--follow");
            long position = 0;
            Object key = null;
            boolean first = true;
            while (true) {
                try (SeekableByteChannel log = Files.newByteChannel(file)) {
                    Object now = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
                    if (first) {
                        position = lines == null ? 0 : lastLines(log, lines);
                    } else if (log.size() < position || (key != null && !key.equals(now))) {
                        position = 0; // rotated
                    }
                    key = now;
                    position = copy(call, log, position);
                } catch (NoSuchFileException none) {
                    if (!follow) {
                        throw new SovereignException(
                                CliError.FILE,
                                "there is no log yet: \"" + file + "\"",
                                "a daemon makes it when it starts");
                    }
                }
                if (!follow) {
                    return 0;
                }
                first = false;
                call.out.flush();
                Thread.sleep(FOLLOW_MILLIS);
            }
        }

        private static long copy(Invocation call, SeekableByteChannel log, long from)
                throws IOException {
            ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
            long position = from;
            log.position(from);
            while (log.read(block.clear()) > 0) {
                call.out.write(block.array(), 0, block.position());
                position += block.position();
            }
            return position;
        }

        /// Where the last lines of a file begin.
        private static long lastLines(SeekableByteChannel log, long lines) throws IOException {
            ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
            long left = lines + 1; // the newline that ends the line before them
            long end = log.size();
            boolean atEnd = true;
            while (end > 0) {
                long start = Math.max(0, end - BLOCK_BYTES);
                block.clear().limit((int) (end - start));
                log.position(start);
                while (block.hasRemaining() && log.read(block) >= 0) {
                    // until the block is full
                }
                for (int i = block.position() - 1; i >= 0; i--) {
                    boolean last = atEnd && i == block.position() - 1;
                    if (block.get(i) == '\n' && !last && --left == 0) {
                        return start + i + 1;
                    }
                    if (last && block.get(i) == '\n') {
                        left--;
                        if (left == 0) {
                            return end;
                        }
                    }
                }
                atEnd = false;
                end = start;
            }
            return 0;
        }
    }

    private static int started(Invocation call) throws InterruptedException {
        Talk talk = new Talk(call);
        Response.Heartbeat beat = talk.ask(new Request.Status());
        if (call.globals.json()) {
            JsonLine line = new JsonLine().open('{').field("pid", beat.pid());
            call.line(line.field("state", beat.state()).close('}').toString());
        } else {
            call.say("the daemon runs, pid " + beat.pid());
        }
        return 0;
    }

    /// @return false when none was running
    static boolean stop(Invocation call) throws InterruptedException {
        Callers.Reach own = call.globals.reach();
        Callers.Reach running = new Callers.Reach(own.home(), false, own.timeoutMillis());
        Talk talk = new Talk(call);
        try {
            call.ask(new Request.Stop(DRAIN_MILLIS), talk, running);
            return true;
        } catch (SovereignException refused) {
            if (isNotRunning(refused.first().code())) {
                return false;
            }
            throw refused;
        } finally {
            talk.waiting.stop();
        }
    }

    /// The code with which connecting says that there is no daemon and none may be started.
    static boolean isNotRunning(@Nullable String code) {
        return "daemon.not-running".equals(code);
    }
}
