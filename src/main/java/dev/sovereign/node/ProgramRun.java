package dev.sovereign.node;

import dev.sovereign.core.ProgramRunner;
import dev.sovereign.core.analyze.AnalysisCode;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.eval.Engine;
import dev.sovereign.core.eval.Evaluation;
import dev.sovereign.core.eval.Limits;
import dev.sovereign.core.eval.Threads;
import dev.sovereign.core.io.IoError;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Carries out [Request.Run] in the caller's own process.
final class ProgramRun {

    /// Bytes of standard output sent at once.
    private static final int OUTPUT_BYTES = 64 << 10;

    private ProgramRun() {}

    /// @param home whose skills compute the functors that the program declares; looked at only when
    ///   it calls one
    static Response.Ran run(Request.Run request, Exchange exchange, Home home)
            throws IOException, InterruptedException {
        refuseWhatIsNotThere(request);
        try (LocalSkills skills = new LocalSkills(home);
                Control control = new Control(limits(request.limits()));
                Output output = new Output(exchange);
                OutputStream buffered = new BufferedOutputStream(output, OUTPUT_BYTES)) {
            exchange.onCancel(control::cancel);
            control.lend(new SkillFunctors(skills::open));
            Evaluation found =
                    ProgramRunner.run(
                            new ProgramRunner.Options(
                                    request.program(),
                                    request.factDirectory(),
                                    request.outputDirectory(),
                                    request.includeFolders(),
                                    "interpreter".equals(request.engine())
                                            ? Engine.INTERPRETER
                                            : Engine.AUTO,
                                    threads(request.jobs())),
                            new Input(exchange),
                            buffered,
                            note -> send(exchange, new Response.Note(note)),
                            control);
            buffered.flush();
            if (request.explainPlan()) {
                exchange.send(new Response.Text(found.explain()));
            }
            String file = request.profileFile();
            if (file != null) {
                write(file, found.profile().json());
            }
            return new Response.Ran(request.profile() ? found.profile().text() : null);
        } catch (UncheckedIOException stopped) {
            throw stopped.getCause();
        }
    }

    private static Threads threads(int asked) {
        return asked == 0 ? Threads.allCoresButOne() : Threads.of(asked);
    }

    private static void refuseWhatIsNotThere(Request.Run request) {
        String engine = request.engine();
        if (engine != null && !engine.equals("auto") && !engine.equals("interpreter")) {
            throw new SovereignException(
                    AnalysisCode.UNSUPPORTED,
                    "there is no engine \"" + engine + "\"",
                    "auto or interpreter");
        }
    }

    private static void write(String file, String text) {
        try {
            Files.writeString(Path.of(file), text);
        } catch (IOException | InvalidPathException failure) {
            throw new SovereignException(
                    IoError.UNWRITABLE,
                    "cannot write \"" + file + "\": " + failure.getMessage(),
                    "check path, permissions and free space",
                    failure);
        }
    }

    private static Limits limits(Request.Limits limits) {
        return new Limits(
                orUnlimited(limits.timeMillis()),
                orUnlimited(limits.tuples()),
                orUnlimited(limits.memoryBytes()),
                orUnlimited(limits.fuel()));
    }

    private static long orUnlimited(@Nullable Long limit) {
        return limit == null ? Long.MAX_VALUE : limit;
    }

    private static void send(Exchange exchange, Response response) {
        try {
            exchange.send(response);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("cancelled"));
        }
    }

    /// Standard input, asked of the caller when it is first read.
    private static final class Input extends InputStream {
        private final Exchange exchange;
        private @Nullable InputStream opened;

        Input(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public int read() throws IOException {
            return opened().read();
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return opened().read(bytes, from, length);
        }

        private InputStream opened() throws IOException {
            InputStream in = opened;
            if (in == null) {
                try {
                    in = exchange.want(ProgramRunner.STANDARD, null);
                } catch (InterruptedException cancelled) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("cancelled");
                }
                opened = in;
            }
            return in;
        }

        @Override
        public void close() throws IOException {
            if (opened != null) {
                opened.close();
            }
        }
    }

    /// Standard output as texts; a character whose bytes come in two pieces stays whole.
    private static final class Output extends OutputStream {
        private final Exchange exchange;
        private final CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private byte[] rest = {};

        Output(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            ByteBuffer in = ByteBuffer.allocate(rest.length + length);
            in.put(rest).put(bytes, from, length).flip();
            CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
            decoder.decode(in, out, false);
            rest = new byte[in.remaining()];
            in.get(rest);
            if (out.flip().hasRemaining()) {
                send(exchange, new Response.Text(out.toString()));
            }
        }
    }
}
