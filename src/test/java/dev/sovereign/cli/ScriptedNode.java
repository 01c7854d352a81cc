package dev.sovereign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Codec;
import dev.sovereign.protocol.FrameBuffer;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Message;
import dev.sovereign.protocol.ProtocolException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Answers with what a golden file says, and notes what it was asked.
final class ScriptedNode implements Callers {

    private final Path folder;
    private final Iterator<String> replies;
    final List<String> asked = new ArrayList<>();

    ScriptedNode(Path folder, List<String> replies) {
        this.folder = folder;
        this.replies = replies.iterator();
    }

    @Override
    public Caller daemon(Reach reach, Words words) {
        return new Scripted(reach, words);
    }

    @Override
    public Caller local(Reach reach) {
        return new Scripted(reach, line -> {});
    }

    @Override
    public Lexis lexis() {
        return text -> List.of();
    }

    @Override
    public Home home(Reach reach) {
        return Home.of(reach.home() == null ? folder.toString() : reach.home(), Map.of());
    }

    @Override
    public Installation installation(Reach reach) {
        return new Installation(
                java.nio.file.Path.of("/opt/sovereign/bin/sovereign"),
                java.nio.file.Path.of("/opt/sovereign/lib/0123456789abcdef.env"),
                null);
    }

    @Override
    public String daemonOptions(Reach reach) {
        return "-Xmx512m";
    }

    @Override
    public int runDaemon(Reach reach, @Nullable Long idle, Words words) {
        words.say("listening");
        return 0;
    }

    private final class Scripted implements Caller {

        private final Words words;

        Scripted(Reach reach, Words words) {
            this.words = words;
            if (!reach.equals(Reach.DEFAULT)) {
                asked.add(
                        "-> reach home="
                                + reach.home()
                                + " start="
                                + reach.mayStart()
                                + " timeout="
                                + reach.timeoutMillis());
            }
        }

        @Override
        @SuppressWarnings("unchecked")
        public <R extends Response.Closing> R call(Request<R> request, Listener listener)
                throws InterruptedException {
            asked.add("-> " + json(request));
            while (replies.hasNext()) {
                String reply = replies.next();
                int space = reply.indexOf(' ');
                String kind = space < 0 ? reply : reply.substring(0, space);
                String body = space < 0 ? "{}" : reply.substring(space + 1);
                switch (kind) {
                    case "interrupt" -> throw new InterruptedException();
                    case "bug" -> throw new IllegalStateException("something impossible");
                    case "say" -> words.say(body);
                    default -> {
                        Response response = response(kind, body);
                        if (response instanceof Response.Failure failure) {
                            throw new SovereignException(failure.diagnostics());
                        }
                        if (response instanceof Response.Closing closing) {
                            return (R) closing;
                        }
                        stream(response, listener);
                    }
                }
            }
            throw new AssertionError("no answer is scripted for " + request);
        }

        private void stream(Response response, Listener listener) {
            switch (response) {
                case Response.Columns columns -> listener.columns(columns);
                case Response.Rows rows -> listener.rows(rows);
                case Response.ProofSteps steps -> listener.proofSteps(steps);
                case Response.Chunk chunk -> listener.chunk(chunk);
                case Response.Text text -> listener.text(text);
                case Response.Note note -> listener.note(note);
                case Response.Progress progress -> listener.progress(progress);
                case Response.MeshEvent event -> listener.meshEvent(event);
                case Response.Wanted wanted -> {
                    try (InputStream in = listener.open(wanted)) {
                        String text = new String(in.readAllBytes(), UTF_8);
                        asked.add("-> file " + wanted.name() + ": " + text.replace("\n", "\\n"));
                    } catch (IOException unreadable) {
                        asked.add("-> no file " + wanted.name() + ": " + unreadable.getMessage());
                    }
                }
                case Response.Closing closing -> throw new AssertionError(closing);
            }
        }

        @Override
        public void close() {}
    }

    private static Response response(String kind, String body) {
        String frame =
                "{\"type\":\"answer\",\"id\":1,\"kind\":\"" + kind + "\",\"body\":" + body + "}";
        byte[] bytes = frame.getBytes(UTF_8);
        try {
            Message message = Codec.fromNode(bytes, 0, bytes.length);
            if (message instanceof Message.Answer answer) {
                return answer.response();
            }
            throw new AssertionError("not an answer: " + frame);
        } catch (ProtocolException malformed) {
            throw new AssertionError(frame, malformed);
        }
    }

    /// Kind and body of a request as they go over the wire.
    private static String json(Request<?> request) {
        FrameBuffer frame = new FrameBuffer(Bounds.REQUEST_FRAME_BYTES);
        try {
            Codec.encode(new Message.Ask(1, request), frame);
        } catch (ProtocolException tooLarge) {
            throw new AssertionError(tooLarge);
        }
        String text = new String(frame.bytes(), 4, frame.size() - 4, UTF_8);
        int kind = text.indexOf("\"kind\":\"") + 8;
        int end = text.indexOf('"', kind);
        int body = text.indexOf("\"body\":") + 7;
        return text.substring(kind, end) + " " + text.substring(body, text.length() - 1);
    }
}
