package dev.sovereign.protocol;

import dev.sovereign.error.Where;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Makes records with arbitrary fields, by reflection, so that none is forgotten.
final class Samples {

    private static final String[] TEXTS = {
        "",
        "a",
        "path(1, X)?",
        "\u0000\t\n\\\"",
        "äß€",
        "🜚 gold",
        "line\u2028end",
        "$Name",
        "x".repeat(300)
    };

    private final RandomGenerator random;

    Samples(RandomGenerator random) {
        this.random = random;
    }

    @SuppressWarnings("unchecked")
    <T> T of(Class<T> record) {
        if (record == Where.class) {
            int column = random.nextInt(100);
            return (T)
                    new Where(
                            text(),
                            random.nextInt(1000),
                            column,
                            column + random.nextInt(10),
                            random.nextBoolean() ? null : text());
        }
        RecordComponent[] components = record.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] =
                    ProtocolTool.nullable(components[i]) && random.nextInt(3) == 0
                            ? null
                            : value(components[i].getGenericType());
        }
        try {
            Constructor<T> constructor = record.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(record + " " + Arrays.toString(values), impossible);
        }
    }

    private @Nullable Object value(Type type) {
        if (type == String.class) {
            return text();
        }
        if (type == long.class || type == Long.class) {
            return number();
        }
        if (type == int.class) {
            return (int) number();
        }
        if (type == boolean.class || type == Boolean.class) {
            return random.nextBoolean();
        }
        if (type == byte[].class) {
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            return bytes;
        }
        if (type instanceof Class<?> plain && plain.isEnum()) {
            Object[] constants = plain.getEnumConstants();
            return constants[random.nextInt(constants.length)];
        }
        if (type instanceof Class<?> plain && plain.isRecord()) {
            return of(plain);
        }
        if (ProtocolTool.isRequest(type)) {
            return random.nextBoolean() ? of(Request.Query.class) : of(Request.Status.class);
        }
        if (type instanceof ParameterizedType list) {
            List<@Nullable Object> values = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                values.add(value(list.getActualTypeArguments()[0]));
            }
            return values;
        }
        return rowValue(3);
    }

    private @Nullable Object rowValue(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> null;
            case 1 -> random.nextDouble() * number();
            case 2 -> BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
            case 3 ->
                    new Object[] {Double.NaN, -1.0 / 0, 1.0 / 0, 0.0, -0.0, 1e300}
                            [random.nextInt(6)];
            case 4 -> text();
            case 5 -> number();
            case 6 -> new Response.Adt("Leaf", rowValues(depth - 1));
            default -> rowValues(depth - 1);
        };
    }

    private List<@Nullable Object> rowValues(int depth) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            values.add(rowValue(depth));
        }
        return values;
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private long number() {
        return switch (random.nextInt(5)) {
            case 0 -> Long.MIN_VALUE;
            case 1 -> Long.MAX_VALUE;
            case 2 -> 0;
            default -> random.nextLong() >> random.nextInt(64);
        };
    }
}
