package dev.sovereign.protocol;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

import java.io.OutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Strict JSON within [Bounds]: tokens by jackson-core, no data binding. Thread-safe.
final class Json {

    private static final int LONG_DIGITS = 18;

    static final Json REQUESTS = new Json(Bounds.REQUEST_FRAME_BYTES, Bounds.REQUEST_TOKENS);
    static final Json RESPONSES = new Json(Bounds.RESPONSE_FRAME_BYTES, Bounds.RESPONSE_TOKENS);

    private final JsonFactory factory;

    private Json(int frameBytes, int tokens) {
        factory =
                JsonFactory.builder()
                        .streamReadConstraints(
                                StreamReadConstraints.builder()
                                        .maxNestingDepth(Bounds.DEPTH)
                                        .maxDocumentLength(frameBytes)
                                        .maxTokenCount(tokens)
                                        .maxNumberLength(Bounds.NUMBER_CHARS)
                                        .maxStringLength(frameBytes)
                                        .maxNameLength(Bounds.NAME_CHARS)
                                        .build())
                        .streamWriteConstraints(
                                StreamWriteConstraints.builder()
                                        .maxNestingDepth(Bounds.DEPTH)
                                        .build())
                        .recyclerPool(JsonRecyclerPools.sharedBoundedPool())
                        .build();
    }

    /// The object that `bytes` hold, and nothing after it.
    ///
    /// @throws ProtocolException when they hold anything else, or more than the bounds allow
    Fields read(byte[] bytes, int offset, int length) throws ProtocolException {
        try (JsonParser parser =
                factory.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("a frame does not hold a JSON object");
            }
            Fields fields = object(parser);
            if (parser.nextToken() != null) {
                throw malformed("a frame goes on after its JSON object");
            }
            return fields;
        } catch (JacksonException broken) {
            throw new ProtocolException(
                    ProtocolError.MALFORMED,
                    "a frame is not JSON within the limits: " + broken.getOriginalMessage(),
                    broken);
        }
    }

    JsonGenerator writer(OutputStream out) {
        return factory.createGenerator(ObjectWriteContext.empty(), out);
    }

    private static Fields object(JsonParser parser) throws ProtocolException {
        Fields fields = new Fields();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            if (!fields.put(name, value(parser, parser.nextToken()))) {
                throw malformed("the field \"" + name + "\" is there twice");
            }
        }
        return fields;
    }

    private static List<@Nullable Object> array(JsonParser parser) throws ProtocolException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.END_ARRAY) {
            return new ArrayList<>(0);
        }
        List<@Nullable Object> list = new ArrayList<>(4);
        while (token != JsonToken.END_ARRAY) {
            list.add(value(parser, token));
            token = parser.nextToken();
        }
        return list;
    }

    private static @Nullable Object value(JsonParser parser, @Nullable JsonToken token)
            throws ProtocolException {
        // no switch over the enum: javac makes a class of its own for it, loaded at start-up
        if (token == JsonToken.VALUE_STRING) {
            return parser.getString();
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return integer(parser);
        }
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token == JsonToken.VALUE_TRUE) {
            return true;
        }
        if (token == JsonToken.VALUE_FALSE) {
            return false;
        }
        if (token == JsonToken.START_OBJECT) {
            return object(parser);
        }
        if (token == JsonToken.START_ARRAY) {
            return array(parser);
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            return parser.getDoubleValue();
        }
        throw malformed("a frame ends inside its JSON object");
    }

    private static Object integer(JsonParser parser) {
        if (parser.getStringLength() <= LONG_DIGITS) {
            return parser.getLongValue();
        }
        BigInteger exact = parser.getBigIntegerValue();
        return exact.bitLength() < Long.SIZE ? (Object) exact.longValue() : exact;
    }

    private static ProtocolException malformed(String message) {
        return new ProtocolException(ProtocolError.MALFORMED, message);
    }
}
