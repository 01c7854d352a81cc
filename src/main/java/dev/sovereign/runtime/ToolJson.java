package dev.sovereign.runtime;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.List;

/// Plain values as tools read and write them: arguments are a JSON array, a value is one JSON
/// number or string. Stateless.
public final class ToolJson {

    /// Characters of a number that a tool gives.
    private static final int NUMBER_CHARS = 64;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNumberLength(NUMBER_CHARS).build())
                    .build();

    private ToolJson() {}

    /// @param arguments each a [Long], a [BigInteger], a [Double] or a [String]; floats that JSON
    ///   has no number for become texts
    public static byte[] write(List<Object> arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartArray();
            for (Object argument : arguments) {
                switch (argument) {
                    case Long number -> json.writeNumber(number);
                    case BigInteger number -> json.writeNumber(number);
                    case Double number when Double.isFinite(number) -> json.writeNumber(number);
                    default -> json.writeString(argument.toString());
                }
            }
            json.writeEndArray();
        }
        return out.toByteArray();
    }

    /// The one value that a tool has printed: a [Long], a larger [BigInteger], a [Double] or a
    /// [String]; null when it printed anything else.
    public static @Nullable Object read(byte[] output) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), output)) {
            JsonToken token = json.nextToken();
            Object value =
                    switch (token) {
                        case VALUE_NUMBER_INT -> whole(json.getBigIntegerValue());
                        case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
                        case VALUE_STRING -> json.getString();
                        case null, default -> null;
                    };
            return value != null && json.nextToken() == null ? value : null;
        } catch (JacksonException broken) {
            return null;
        }
    }

    private static Object whole(BigInteger number) {
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }
}
