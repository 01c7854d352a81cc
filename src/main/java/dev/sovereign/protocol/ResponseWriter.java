package dev.sovereign.protocol;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.Where;

/// Generated from the records by ProtocolTool (src/test); do not edit.
final class ResponseWriter {
    private ResponseWriter() {}

    /// Writes the fields `kind` and `body`.
    static void write(JsonWriter out, Response value) {
        if (value instanceof Response.Answers v) {
            out.field("kind", "answers");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Checked v) {
            out.field("kind", "checked");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Chunk v) {
            out.field("kind", "chunk");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Columns v) {
            out.field("kind", "columns");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Committed v) {
            out.field("kind", "committed");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Done) {
            out.field("kind", "done");
            out.name("body");
            out.beginObject();
            out.endObject();
            return;
        }
        if (value instanceof Response.Failure v) {
            out.field("kind", "failure");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Graph v) {
            out.field("kind", "graph");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Heartbeat v) {
            out.field("kind", "heartbeat");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.History v) {
            out.field("kind", "history");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Imported v) {
            out.field("kind", "imported");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Modules v) {
            out.field("kind", "modules");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Note v) {
            out.field("kind", "note");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Progress v) {
            out.field("kind", "progress");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Relations v) {
            out.field("kind", "relations");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Rows v) {
            out.field("kind", "rows");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Settings v) {
            out.field("kind", "settings");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Source v) {
            out.field("kind", "source");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.StoreReport v) {
            out.field("kind", "store-report");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Text v) {
            out.field("kind", "text");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Transactions v) {
            out.field("kind", "transactions");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Wanted v) {
            out.field("kind", "wanted");
            out.name("body");
            write(out, v);
            return;
        }
        throw new IllegalArgumentException("no kind for " + value.getClass());
    }

    private static void write(JsonWriter out, Response.Answers v) {
        out.beginObject();
        out.field("rows", v.rows());
        out.field("truncated", v.truncated());
        if (v.answer() != null) {
            out.field("answer", v.answer());
        }
        if (v.plan() != null) {
            out.field("plan", v.plan());
        }
        out.field("snapshotTx", v.snapshotTx());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Checked v) {
        out.beginObject();
        out.name("diagnostics");
        out.beginArray();
        for (Diagnostic element : v.diagnostics()) {
            write(out, element);
        }
        out.endArray();
        out.field("rules", v.rules());
        out.field("relations", v.relations());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Chunk v) {
        out.beginObject();
        out.field("bytes", v.bytes());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Columns v) {
        out.beginObject();
        out.field("query", v.query());
        out.name("names");
        out.beginArray();
        for (String element : v.names()) {
            out.string(element);
        }
        out.endArray();
        out.name("types");
        out.beginArray();
        for (String element : v.types()) {
            out.string(element);
        }
        out.endArray();
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Committed v) {
        out.beginObject();
        out.field("tx", v.tx());
        out.field("asserted", v.asserted());
        out.field("retracted", v.retracted());
        out.field("unchanged", v.unchanged());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Failure v) {
        out.beginObject();
        out.name("diagnostics");
        out.beginArray();
        for (Diagnostic element : v.diagnostics()) {
            write(out, element);
        }
        out.endArray();
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Graph v) {
        out.beginObject();
        out.field("format", v.format());
        out.field("text", v.text());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Heartbeat v) {
        out.beginObject();
        out.field("version", v.version());
        out.field("build", v.build());
        out.field("pid", v.pid());
        out.field("uptimeMillis", v.uptimeMillis());
        out.field("state", v.state());
        if (v.peerId() != null) {
            out.field("peerId", v.peerId());
        }
        out.name("mesh");
        write(out, v.mesh());
        out.name("license");
        write(out, v.license());
        out.name("knowledge");
        write(out, v.knowledge());
        out.name("store");
        write(out, v.store());
        out.name("skills");
        write(out, v.skills());
        out.name("actors");
        out.beginArray();
        for (Response.ActorState element : v.actors()) {
            write(out, element);
        }
        out.endArray();
        out.name("memory");
        write(out, v.memory());
        out.name("machine");
        write(out, v.machine());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.History v) {
        out.beginObject();
        out.field("fact", v.fact());
        out.field("holds", v.holds());
        out.name("events");
        out.beginArray();
        for (Response.Event element : v.events()) {
            write(out, element);
        }
        out.endArray();
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Imported v) {
        out.beginObject();
        out.field("tx", v.tx());
        out.field("asserted", v.asserted());
        out.field("unchanged", v.unchanged());
        out.field("skipped", v.skipped());
        out.name("skippedRows");
        out.beginArray();
        for (Diagnostic element : v.skippedRows()) {
            write(out, element);
        }
        out.endArray();
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Modules v) {
        out.beginObject();
        out.name("modules");
        out.beginArray();
        for (Response.Module element : v.modules()) {
            write(out, element);
        }
        out.endArray();
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Note v) {
        out.beginObject();
        out.name("diagnostic");
        write(out, v.diagnostic());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Progress v) {
        out.beginObject();
        out.field("what", v.what());
        out.field("done", v.done());
        out.field("total", v.total());
        out.field("unit", v.unit());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Relations v) {
        out.beginObject();
        out.name("relations");
        out.beginArray();
        for (Response.Relation element : v.relations()) {
            write(out, element);
        }
        out.endArray();
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Rows v) {
        out.beginObject();
        out.name("rows");
        Values.write(out, v.rows());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Settings v) {
        out.beginObject();
        out.name("settings");
        out.beginArray();
        for (Response.Setting element : v.settings()) {
            write(out, element);
        }
        out.endArray();
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Source v) {
        out.beginObject();
        out.field("name", v.name());
        out.field("text", v.text());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.StoreReport v) {
        out.beginObject();
        out.field("path", v.path());
        out.field("bytes", v.bytes());
        out.field("logBytes", v.logBytes());
        out.field("stateBytes", v.stateBytes());
        out.field("formatVersion", v.formatVersion());
        out.field("encrypted", v.encrypted());
        out.field("tx", v.tx());
        out.field("facts", v.facts());
        out.field("relations", v.relations());
        out.name("problems");
        out.beginArray();
        for (Diagnostic element : v.problems()) {
            write(out, element);
        }
        out.endArray();
        if (v.keptAside() != null) {
            out.field("keptAside", v.keptAside());
        }
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Text v) {
        out.beginObject();
        out.field("text", v.text());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Transactions v) {
        out.beginObject();
        out.name("transactions");
        out.beginArray();
        for (Response.Transaction element : v.transactions()) {
            write(out, element);
        }
        out.endArray();
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Wanted v) {
        out.beginObject();
        out.field("handle", v.handle());
        out.field("name", v.name());
        if (v.from() != null) {
            out.field("from", v.from());
        }
        out.endObject();
    }

    private static void write(JsonWriter out, Diagnostic v) {
        out.beginObject();
        out.field("severity", v.severity() == Diagnostic.Severity.ERROR ? "error" : "warning");
        out.field("code", v.code());
        out.field("kind", v.kind().word());
        out.field("message", v.message());
        if (v.hint() != null) {
            out.field("hint", v.hint());
        }
        if (v.where() != null) {
            out.name("where");
            write(out, v.where());
        }
        out.name("notes");
        out.beginArray();
        for (Diagnostic.Note element : v.notes()) {
            write(out, element);
        }
        out.endArray();
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Mesh v) {
        out.beginObject();
        out.field("enabled", v.enabled());
        out.name("listening");
        out.beginArray();
        for (String element : v.listening()) {
            out.string(element);
        }
        out.endArray();
        out.field("connections", v.connections());
        out.field("refused", v.refused());
        if (v.fingerprint() != null) {
            out.field("fingerprint", v.fingerprint());
        }
        out.endObject();
    }

    private static void write(JsonWriter out, Response.License v) {
        out.beginObject();
        out.field("verdict", v.verdict());
        out.field("network", v.network());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Knowledge v) {
        out.beginObject();
        out.field("facts", v.facts());
        out.field("relations", v.relations());
        out.field("rules", v.rules());
        out.field("tx", v.tx());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Store v) {
        out.beginObject();
        out.field("path", v.path());
        out.field("bytes", v.bytes());
        out.field("encrypted", v.encrypted());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Skills v) {
        out.beginObject();
        out.field("installed", v.installed());
        out.field("running", v.running());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.ActorState v) {
        out.beginObject();
        out.field("name", v.name());
        out.field("state", v.state());
        out.field("restarts", v.restarts());
        if (v.lastFailure() != null) {
            out.field("lastFailure", v.lastFailure());
        }
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Memory v) {
        out.beginObject();
        out.field("residentBytes", v.residentBytes());
        out.field("heapUsedBytes", v.heapUsedBytes());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Machine v) {
        out.beginObject();
        out.field("os", v.os());
        out.field("cpus", v.cpus());
        out.field("memoryBytes", v.memoryBytes());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Event v) {
        out.beginObject();
        out.field("tx", v.tx());
        out.field("timeMillis", v.timeMillis());
        out.field("author", v.author());
        out.field("change", v.change());
        if (v.reason() != null) {
            out.field("reason", v.reason());
        }
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Module v) {
        out.beginObject();
        out.field("name", v.name());
        out.field("rules", v.rules());
        out.field("tx", v.tx());
        out.field("timeMillis", v.timeMillis());
        out.name("relations");
        out.beginArray();
        for (String element : v.relations()) {
            out.string(element);
        }
        out.endArray();
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Relation v) {
        out.beginObject();
        out.field("name", v.name());
        out.name("columns");
        out.beginArray();
        for (Response.Column element : v.columns()) {
            write(out, element);
        }
        out.endArray();
        out.field("origin", v.origin());
        out.field("facts", v.facts());
        out.name("modules");
        out.beginArray();
        for (String element : v.modules()) {
            out.string(element);
        }
        out.endArray();
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Setting v) {
        out.beginObject();
        out.field("key", v.key());
        if (v.value() != null) {
            out.field("value", v.value());
        }
        out.field("from", v.from());
        out.field("description", v.description());
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Transaction v) {
        out.beginObject();
        out.field("tx", v.tx());
        out.field("timeMillis", v.timeMillis());
        out.field("author", v.author());
        out.field("what", v.what());
        if (v.reason() != null) {
            out.field("reason", v.reason());
        }
        out.field("asserted", v.asserted());
        out.field("retracted", v.retracted());
        out.field("hash", v.hash());
        out.field("forgotten", v.forgotten());
        out.endObject();
    }

    private static void write(JsonWriter out, Where v) {
        out.beginObject();
        out.field("file", v.file());
        out.field("line", v.line());
        out.field("column", v.column());
        out.field("endColumn", v.endColumn());
        if (v.text() != null) {
            out.field("text", v.text());
        }
        out.endObject();
    }

    private static void write(JsonWriter out, Diagnostic.Note v) {
        out.beginObject();
        out.field("message", v.message());
        if (v.where() != null) {
            out.name("where");
            write(out, v.where());
        }
        out.endObject();
    }

    private static void write(JsonWriter out, Response.Column v) {
        out.beginObject();
        out.field("name", v.name());
        out.field("type", v.type());
        out.endObject();
    }
}
