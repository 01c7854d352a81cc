package dev.sovereign.core.io;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.AlgebraicType;
import dev.sovereign.core.analyze.CheckedProgram.RecordType;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.Relation;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.error.Where;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Reads the rows of a relation from one JSON array, as Soufflé's `IO=json` and `IO=jsonfile` have
/// it: rows are arrays of values, or objects by the names of the attributes; records likewise,
/// `nil` is null, a branch is `{"$Name": […]}`.
final class JsonFacts {

    /// Arrays and objects inside each other; each is a step of recursion here.
    private static final int MAX_DEPTH = 1_000;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                    .build();

    private final CheckedProgram.Relation relation;
    private final JsonParser in;
    private final String name;
    private final Values values;
    private final CellParser cells;

    private JsonFacts(CheckedProgram.Relation relation, JsonParser in, String name, Values values) {
        this.relation = relation;
        this.in = in;
        this.name = name;
        this.values = values;
        this.cells = values.parser();
    }

    static void read(
            CheckedProgram.Relation relation,
            InputStream in,
            String name,
            Relation rows,
            Values values,
            Runnable eachRow)
            throws IOException {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), in)) {
            JsonFacts reader = new JsonFacts(relation, parser, name, values);
            try {
                reader.rows(rows, eachRow);
            } catch (JacksonException wrong) {
                throw reader.fault("this is not JSON: " + wrong.getOriginalMessage());
            }
        }
    }

    private void rows(Relation rows, Runnable eachRow) {
        if (in.nextToken() != JsonToken.START_ARRAY) {
            throw fault("the rows of a relation are one JSON array");
        }
        long[] tuple = new long[relation.arity()];
        for (JsonToken token = in.nextToken();
                token != JsonToken.END_ARRAY;
                token = in.nextToken()) {
            eachRow.run();
            if (token == null) {
                throw fault("the array of rows does not end");
            }
            if (tuple.length > 0 || token != JsonToken.VALUE_NULL) {
                fields(relation.columns(), tuple, 0, token, "relation " + relation.name());
            }
            rows.addIfAbsent(tuple);
        }
    }

    /// Reads an array, or an object, into the fields of a row, record or branch.
    private void fields(
            List<Column> fields, long[] into, int first, @Nullable JsonToken token, String of) {
        if (token == JsonToken.START_ARRAY) {
            for (int i = 0; i < fields.size(); i++) {
                JsonToken next = in.nextToken();
                if (next == JsonToken.END_ARRAY || next == null) {
                    throw fault(of + " has " + fields.size() + " values, here are " + i);
                }
                into[first + i] = value(fields.get(i), next);
            }
            if (in.nextToken() != JsonToken.END_ARRAY) {
                throw fault(of + " has " + fields.size() + " values, here are more");
            }
            return;
        }
        if (token != JsonToken.START_OBJECT) {
            throw fault(of + " is an array or an object");
        }
        boolean[] found = new boolean[fields.size()];
        for (String key = in.nextName(); key != null; key = in.nextName()) {
            int at = 0;
            while (at < found.length && !fields.get(at).name().equals(key)) {
                at++;
            }
            if (at == found.length) {
                throw fault(of + " has no \"" + FactFiles.shortened(key) + "\"");
            }
            into[first + at] = value(fields.get(at), in.nextToken());
            found[at] = true;
        }
        for (int i = 0; i < found.length; i++) {
            if (!found[i]) {
                throw fault("\"" + fields.get(i).name() + "\" of " + of + " is missing");
            }
        }
    }

    private long value(Column column, @Nullable JsonToken token) {
        return switch (column.kind()) {
            case NUMBER, UNSIGNED, FLOAT -> {
                if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
                    yield primitive(column, in.getString());
                }
                throw wrong(column);
            }
            case SYMBOL -> {
                if (token == JsonToken.VALUE_STRING) {
                    yield primitive(column, in.getString());
                }
                throw wrong(column);
            }
            case RECORD -> {
                RecordType type = values.program().records().get(column.type());
                if (token == JsonToken.VALUE_NULL || type == null) {
                    yield RecordTable.NIL;
                }
                long[] fields = new long[type.fields().size()];
                fields(type.fields(), fields, 0, token, "record " + column.type());
                yield values.records().intern(fields);
            }
            case ADT -> branch(column, token);
        };
    }

    private long primitive(Column column, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (!cells.parse(column, bytes, 0, bytes.length)) {
            throw wrong(column);
        }
        return cells.value();
    }

    private long branch(Column column, @Nullable JsonToken token) {
        AlgebraicType type = values.program().algebraics().get(column.type());
        String key = token == JsonToken.START_OBJECT ? in.nextName() : null;
        if (type == null || key == null) {
            throw wrong(column);
        }
        for (int tag = 0; tag < type.branches().size(); tag++) {
            CheckedProgram.Branch branch = type.branches().get(tag);
            if (key.equals("$" + branch.name())) {
                long[] fields = new long[branch.fields().size() + 1];
                Arrays.fill(fields, 0);
                fields[0] = tag;
                fields(branch.fields(), fields, 1, in.nextToken(), "branch " + key);
                if (in.nextToken() != JsonToken.END_OBJECT) {
                    throw fault("a branch is an object of one key");
                }
                return values.records().intern(fields);
            }
        }
        throw fault("type " + column.type() + " has no branch " + FactFiles.shortened(key));
    }

    private SovereignException wrong(Column column) {
        return fault(
                "this is no "
                        + (column.kind().isStructured() ? column.type() : column.kind().word())
                        + " ("
                        + column.name()
                        + ")");
    }

    private SovereignException fault(String message) {
        var place = in.currentTokenLocation();
        int column = Math.max(1, place.getColumnNr());
        return new SovereignException(
                List.of(
                        Diagnostic.error(
                                IoError.BAD_ROW,
                                message,
                                null,
                                new Where(
                                        name,
                                        Math.max(1, place.getLineNr()),
                                        column,
                                        column,
                                        null))));
    }
}
