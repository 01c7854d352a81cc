package dev.sovereign.protocol;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonGenerator;

import java.math.BigInteger;
import java.util.List;

/// Values of rows as JSON, see [Response.Rows]: what JSON has no word for is an object.
final class Values {
    private Values() {}

    @SuppressWarnings("IfChainToSwitch") // invokedynamic would cost the client milliseconds
    static void write(JsonGenerator out, @Nullable Object value) {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof Long number) {
            out.writeNumber(number);
        } else if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object element : list) {
                write(out, element);
            }
            out.writeEndArray();
        } else if (value instanceof Double number) {
            if (Double.isNaN(number) || Double.isInfinite(number)) {
                out.writeStartObject();
                out.writeStringProperty("float", number.toString());
                out.writeEndObject();
            } else {
                out.writeNumber(number);
            }
        } else if (value instanceof BigInteger number) {
            out.writeNumber(number);
        } else if (value instanceof Response.Adt adt) {
            out.writeStartObject();
            out.writeStringProperty("adt", adt.name());
            out.writeName("arguments");
            write(out, adt.arguments());
            out.writeEndObject();
        } else {
            throw new IllegalArgumentException("not a value of a row: " + value.getClass());
        }
    }

    /// About how many bytes the value takes as JSON; cheap, and never far too low.
    static int weight(@Nullable Object value) {
        if (value instanceof String text) {
            return 3 + 2 * text.length();
        }
        if (value instanceof List<?> list) {
            int sum = 2;
            for (Object element : list) {
                sum += 1 + weight(element);
            }
            return sum;
        }
        if (value instanceof Response.Adt adt) {
            return 24 + weight(adt.arguments());
        }
        return 12;
    }
}
