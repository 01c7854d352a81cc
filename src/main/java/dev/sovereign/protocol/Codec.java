package dev.sovereign.protocol;

import dev.sovereign.error.Diagnostic;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;

import java.util.List;

/// Messages to frames and back. Whatever arrives is checked against [Bounds] and against the
/// records before anybody sees it. Stateless.
public final class Codec {
    private Codec() {}

    /// Raised when an old program could misread what a new one says; never for new kinds or fields.
    public static final int PROTOCOL = 1;

    /// Writes one message into `frame`, which then holds it with its length in front.
    ///
    /// @throws ProtocolException when it does not fit the frame or nests too deep; `frame` then
    ///   holds nothing of use
    public static void encode(Message message, FrameBuffer frame) throws ProtocolException {
        frame.begin();
        try (JsonGenerator out = Json.REQUESTS.writer(frame)) {
            out.writeStartObject();
            write(out, message);
            out.writeEndObject();
        } catch (FrameBuffer.FrameFull full) {
            throw new ProtocolException(
                    ProtocolError.FRAME_TOO_LARGE,
                    "a single answer or request is larger than a frame can be",
                    full);
        } catch (JacksonException broken) {
            throw new ProtocolException(
                    ProtocolError.MALFORMED,
                    "this cannot be said in JSON: " + broken.getOriginalMessage(),
                    broken);
        }
        frame.end();
    }

    /// Reads a frame that a caller sent.
    public static Message.FromCaller fromCaller(byte[] bytes, int offset, int length)
            throws ProtocolException {
        Fields in = Json.REQUESTS.read(bytes, offset, length);
        String type = in.text("type");
        return switch (type) {
            case "hello" -> hello(in);
            case "ask" -> ask(in);
            case "cancel" -> new Message.Cancel(id(in));
            case "file-chunk" ->
                    new Message.FileChunk(
                            id(in), in.integer("handle"), in.bytes("bytes"), in.flag("end"));
            case "file-failed" ->
                    new Message.FileFailed(id(in), in.integer("handle"), in.text("reason"));
            default -> new Message.Unknown(type);
        };
    }

    /// Reads a frame that the daemon sent.
    public static Message.FromNode fromNode(byte[] bytes, int offset, int length)
            throws ProtocolException {
        Fields in = Json.RESPONSES.read(bytes, offset, length);
        String type = in.text("type");
        return switch (type) {
            case "hello" -> hello(in);
            case "answer" -> answer(in);
            case "credit" -> new Message.Credit(id(in), in.integer("handle"), in.number("bytes"));
            case "file-close" -> new Message.FileClose(id(in), in.integer("handle"));
            case "bye" -> new Message.Bye();
            case "broken" -> new Message.Broken(failure(in).diagnostics());
            default -> new Message.Unknown(type);
        };
    }

    // a switch over types goes through invokedynamic, which costs the client milliseconds
    @SuppressWarnings("IfChainToSwitch")
    private static void write(JsonGenerator out, Message message) {
        if (message instanceof Message.Ask ask) {
            head(out, "ask", ask.id());
            RequestWriter.write(out, ask.request());
        } else if (message instanceof Message.Answer answer) {
            head(out, "answer", answer.id());
            if (answer.response() instanceof Response.Closing) {
                out.writeBooleanProperty("closing", true);
            }
            ResponseWriter.write(out, answer.response());
        } else if (message instanceof Message.Hello hello) {
            out.writeStringProperty("type", "hello");
            out.writeNumberProperty("protocol", hello.protocol());
            out.writeStringProperty("version", hello.version());
            out.writeStringProperty("build", hello.build());
            out.writeNumberProperty("pid", hello.pid());
        } else if (message instanceof Message.FileChunk chunk) {
            head(out, "file-chunk", chunk.id());
            out.writeNumberProperty("handle", chunk.handle());
            out.writeBinaryProperty("bytes", chunk.bytes());
            out.writeBooleanProperty("end", chunk.end());
        } else if (message instanceof Message.FileFailed failed) {
            head(out, "file-failed", failed.id());
            out.writeNumberProperty("handle", failed.handle());
            out.writeStringProperty("reason", failed.reason());
        } else if (message instanceof Message.Cancel cancel) {
            head(out, "cancel", cancel.id());
        } else if (message instanceof Message.Credit credit) {
            head(out, "credit", credit.id());
            out.writeNumberProperty("handle", credit.handle());
            out.writeNumberProperty("bytes", credit.bytes());
        } else if (message instanceof Message.FileClose close) {
            head(out, "file-close", close.id());
            out.writeNumberProperty("handle", close.handle());
        } else if (message instanceof Message.Bye) {
            out.writeStringProperty("type", "bye");
        } else if (message instanceof Message.Broken broken) {
            out.writeStringProperty("type", "broken");
            ResponseWriter.write(out, new Response.Failure(broken.diagnostics()));
        } else {
            throw new IllegalArgumentException("never sent: " + message.getClass());
        }
    }

    private static void head(JsonGenerator out, String type, long id) {
        out.writeStringProperty("type", type);
        out.writeNumberProperty("id", id);
    }

    private static Message.Hello hello(Fields in) throws ProtocolException {
        return new Message.Hello(
                in.integer("protocol"), in.text("version"), in.text("build"), in.number("pid"));
    }

    private static Message.FromCaller ask(Fields in) throws ProtocolException {
        long id = id(in);
        String kind = in.text("kind");
        try {
            Request<?> request = RequestReader.read(kind, in.object("body"));
            return request != null
                    ? new Message.Ask(id, request)
                    : new Message.Unreadable(id, unknownRequest(kind));
        } catch (ProtocolException | IllegalArgumentException malformed) {
            return new Message.Unreadable(
                    id,
                    Diagnostic.error(
                            ProtocolError.MALFORMED,
                            "in the request \"" + shown(kind) + "\" " + malformed.getMessage(),
                            null));
        }
    }

    private static Diagnostic unknownRequest(String kind) {
        return Diagnostic.error(
                ProtocolError.UNKNOWN_REQUEST,
                "this daemon does not know the request \"" + shown(kind) + "\"",
                "the caller is newer than the daemon: `sovereign daemon restart`");
    }

    private static Message.FromNode answer(Fields in) throws ProtocolException {
        long id = id(in);
        String kind = in.text("kind");
        Response response;
        try {
            response = ResponseReader.read(kind, in.object("body"));
        } catch (IllegalArgumentException malformed) {
            throw new ProtocolException(
                    ProtocolError.MALFORMED,
                    "in the response \"" + shown(kind) + "\": " + malformed.getMessage(),
                    malformed);
        }
        if (response != null) {
            return new Message.Answer(id, response);
        }
        if (!in.flag("closing")) {
            return new Message.Unknown("answer " + shown(kind));
        }
        return new Message.Answer(
                id,
                new Response.Failure(
                        List.of(
                                Diagnostic.error(
                                        ProtocolError.UNKNOWN_RESPONSE,
                                        "the daemon answered with \"" + shown(kind) + "\"",
                                        "the daemon is newer than this program"))));
    }

    private static Response.Failure failure(Fields in) throws ProtocolException {
        Response response = ResponseReader.read("failure", in.object("body"));
        if (response instanceof Response.Failure failure) {
            return failure;
        }
        throw new ProtocolException(ProtocolError.MALFORMED, "no failure");
    }

    private static long id(Fields in) throws ProtocolException {
        long id = in.number("id");
        if (id < 1) {
            throw new ProtocolException(ProtocolError.MALFORMED, "the id " + id + " is below 1");
        }
        return id;
    }

    /// A word from outside, short enough for a message.
    private static String shown(@Nullable String word) {
        String text = String.valueOf(word);
        return text.length() <= Bounds.NAME_CHARS ? text : text.substring(0, Bounds.NAME_CHARS);
    }
}
