package dev.sovereign.finance.electrum;

import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;
import dev.sovereign.finance.net.ServerWords;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/// One line from a server, taken apart as far as JSON-RPC goes: an answer, a refusal, or a
/// notification. What it carries is read with [#value] once it is known what it should be.
final class Incoming {

    /// Levels of arrays and objects; honest answers have four.
    static final int DEPTH = 16;

    /// Digits of a number; 2^64 has 20.
    static final int DIGITS = 20;

    /// Tokens of a line: a history of [Answers#HISTORY_ENTRIES] entries of three fields each.
    static final int TOKENS = 200_000;

    private static final int NAME_CHARS = 64;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH)
                                    .maxDocumentLength(LineReader.LINE_BYTES)
                                    .maxTokenCount(TOKENS)
                                    .maxNumberLength(DIGITS)
                                    .maxStringLength(LineReader.LINE_BYTES)
                                    .maxNameLength(NAME_CHARS)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .recyclerPool(JsonRecyclerPools.sharedBoundedPool())
                    .build();

    /// Reads one value; the parser stands on its first token, and afterwards on its last.
    interface Shape<T> {
        T read(JsonParser parser) throws ServerException;
    }

    private final LineReader.Line line;

    /// 0 when there is none: a notification.
    private long id;

    private @Nullable String method;
    private boolean hasResult;
    private boolean refused;
    private @Nullable String words;

    private Incoming(LineReader.Line line) {
        this.line = line;
    }

    /// Takes a line apart.
    ///
    /// @throws ServerException when it is no object within the limits
    static Incoming read(LineReader.Line line) throws ServerException {
        Incoming incoming = new Incoming(line);
        try (JsonParser parser = parser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw ServerException.fault("the server sent a line that is no JSON object");
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                parser.nextToken();
                incoming.field(name, parser);
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw ServerException.fault("the server sent a line with more than one object");
            }
        } catch (JacksonException broken) {
            throw malformed(broken);
        }
        return incoming;
    }

    private void field(String name, JsonParser parser) throws ServerException {
        switch (name) {
            case "id" -> id = parser.currentToken() == JsonToken.VALUE_NULL ? 0 : id(parser);
            case "method" -> method = text(parser, NAME_CHARS, "a method");
            case "error" -> error(parser);
            case "result" -> {
                hasResult = true;
                parser.skipChildren();
            }
            default -> parser.skipChildren();
        }
    }

    private static long id(JsonParser parser) throws ServerException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw ServerException.fault("the server answered with an id that we never sent");
        }
        return Answers.integer(parser, 1, Long.MAX_VALUE, "an id");
    }

    /// `{code, message}` by the specification; others send a string.
    private void error(JsonParser parser) throws ServerException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        refused = true;
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            words = ServerWords.shown(parser.getString());
        } else if (parser.currentToken() == JsonToken.START_OBJECT) {
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                if (name.equals("message") && value == JsonToken.VALUE_STRING) {
                    words = ServerWords.shown(parser.getString());
                } else {
                    parser.skipChildren();
                }
            }
        } else {
            parser.skipChildren();
        }
    }

    boolean isNotification() {
        return id == 0 && method != null;
    }

    /// Whether this is an answer or a refusal to the question [#id].
    boolean isAnswer() {
        return id != 0 && method == null && (hasResult || refused);
    }

    boolean isRefusal() {
        return refused;
    }

    long id() {
        return id;
    }

    /// Of a notification; printable only after [ServerWords].
    String method() {
        return method == null ? "" : method;
    }

    /// What a refusal says, printable and cut.
    String words() {
        return words == null || words.isEmpty() ? "no reason given" : words;
    }

    /// Reads the field `result` or `params`.
    ///
    /// @throws ServerException when it is missing or of another shape
    <T> T value(String field, Shape<T> shape) throws ServerException {
        try (JsonParser parser = parser(line)) {
            parser.nextToken();
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                parser.nextToken();
                if (name.equals(field)) {
                    return shape.read(parser);
                }
                parser.skipChildren();
            }
        } catch (JacksonException broken) {
            throw malformed(broken);
        }
        throw ServerException.fault("the server's message has no \"" + field + "\"");
    }

    static String text(JsonParser parser, int chars, String what) throws ServerException {
        if (parser.currentToken() != JsonToken.VALUE_STRING || parser.getStringLength() > chars) {
            throw ServerException.fault(
                    "the server sent "
                            + what
                            + " that is no text of at most "
                            + chars
                            + " characters");
        }
        return parser.getString();
    }

    private static JsonParser parser(LineReader.Line line) {
        return FACTORY.createParser(
                ObjectReadContext.empty(), line.bytes(), line.offset(), line.length());
    }

    private static ServerException malformed(JacksonException broken) {
        return new ServerException(
                ServerError.FAULT,
                "the server sent a line that is not JSON within the limits: "
                        + ServerWords.shown(String.valueOf(broken.getOriginalMessage())),
                null,
                broken);
    }
}
