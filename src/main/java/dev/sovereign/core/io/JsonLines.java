package dev.sovereign.core.io;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.error.Where;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows written as JSON, one array or one object a line. The first object's keys, in their order,
/// are the columns; every other must have them too, and may have more. Values are numbers, strings,
/// `true` and `false` (as text).
public final class JsonLines implements RowReader {

    private static final JsonFactory JSON = new JsonFactory();

    private final DelimitedReader lines;
    private @Nullable List<String> names;
    private final ByteArrayOutputStream cells = new ByteArrayOutputStream(256);
    private byte[] bytes = {};
    private int[] starts = new int[8];
    private int[] ends = new int[8];
    private boolean[] text = new boolean[8];
    private int count;

    /// @param name what errors call the file
    /// @param names keys to take, in this order; empty takes those of the first object
    public JsonLines(InputStream in, String name, List<String> names) {
        // no line holds a NUL, so a line is one cell
        this.lines =
                new DelimitedReader(in, name, new Delimited("\0", Delimited.Quoting.NONE, false));
        this.names = names.isEmpty() ? null : List.copyOf(names);
    }

    /// The columns' names; empty when rows are arrays or none has been read.
    public List<String> names() {
        return names == null ? List.of() : names;
    }

    @Override
    public boolean next() throws IOException {
        do {
            if (!lines.next()) {
                return false;
            }
        } while (lines.text(0).isBlank());
        cells.reset();
        count = 0;
        try (JsonParser parser =
                JSON.createParser(
                        ObjectReadContext.empty(),
                        lines.bytes(),
                        lines.start(0),
                        lines.end(0) - lines.start(0))) {
            switch (parser.nextToken()) {
                case START_ARRAY -> array(parser);
                case START_OBJECT -> object(parser);
                case null, default -> throw fault("a row is a JSON array or object");
            }
            if (parser.nextToken() != null) {
                throw fault("something follows the row on its line");
            }
        } catch (JacksonException wrong) {
            throw fault("this is not JSON: " + wrong.getOriginalMessage());
        }
        bytes = cells.toByteArray();
        return true;
    }

    private void array(JsonParser parser) {
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            cell(count++, token, parser);
        }
    }

    private void object(JsonParser parser) {
        List<String> wanted = names;
        List<String> found = new ArrayList<>();
        if (wanted != null) {
            count = wanted.size();
            room(count);
            Arrays.fill(starts, 0, count, -1);
        }
        for (String key = parser.nextName(); key != null; key = parser.nextName()) {
            JsonToken token = parser.nextToken();
            int at = wanted == null ? count++ : wanted.indexOf(key);
            if (at < 0) {
                parser.skipChildren();
            } else {
                found.add(key);
                cell(at, token, parser);
            }
        }
        if (wanted == null) {
            names = List.copyOf(found);
        } else {
            for (int i = 0; i < count; i++) {
                if (starts[i] < 0) {
                    throw fault("the row has no \"" + wanted.get(i) + "\"");
                }
            }
        }
    }

    private void cell(int at, @Nullable JsonToken token, JsonParser parser) {
        room(at + 1);
        boolean quoted =
                switch (token) {
                    case VALUE_STRING, VALUE_TRUE, VALUE_FALSE -> true;
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> false;
                    case null, default -> throw fault("a cell is a number or a string");
                };
        starts[at] = cells.size();
        cells.writeBytes(parser.getString().getBytes(StandardCharsets.UTF_8));
        ends[at] = cells.size();
        text[at] = quoted;
    }

    private void room(int wanted) {
        if (wanted > starts.length) {
            starts = Arrays.copyOf(starts, wanted * 2);
            ends = Arrays.copyOf(ends, wanted * 2);
            text = Arrays.copyOf(text, wanted * 2);
        }
    }

    private SovereignException fault(String message) {
        int line = (int) Math.min(lines.line(), Integer.MAX_VALUE);
        return new SovereignException(
                List.of(
                        Diagnostic.error(
                                IoError.BAD_ROW,
                                message,
                                null,
                                new Where(lines.name(), line, 0, 0, null))));
    }

    @Override
    public int cells() {
        return count;
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int start(int cell) {
        return starts[cell];
    }

    @Override
    public int end(int cell) {
        return ends[cell];
    }

    @Override
    public boolean isText(int cell) {
        return text[cell];
    }

    @Override
    public String text(int cell) {
        return new String(bytes, starts[cell], ends[cell] - starts[cell], StandardCharsets.UTF_8);
    }

    @Override
    public long line() {
        return lines.line();
    }

    @Override
    public String name() {
        return lines.name();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
