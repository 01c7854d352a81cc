package dev.sovereign.protocol;

/// Generated from the records by ProtocolTool (src/test); do not edit.
final class RequestWriter {
    private RequestWriter() {}

    /// Writes the fields `kind` and `body`.
    static void write(JsonWriter out, Request<?> value) {
        if (value instanceof Request.Assert v) {
            out.field("kind", "assert");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Check v) {
            out.field("kind", "check");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.CheckText v) {
            out.field("kind", "check-text");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.ConfigGet v) {
            out.field("kind", "config-get");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.ConfigList) {
            out.field("kind", "config-list");
            out.name("body");
            out.beginObject();
            out.endObject();
            return;
        }
        if (value instanceof Request.ConfigPath) {
            out.field("kind", "config-path");
            out.name("body");
            out.beginObject();
            out.endObject();
            return;
        }
        if (value instanceof Request.ConfigSet v) {
            out.field("kind", "config-set");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.ConfigUnset v) {
            out.field("kind", "config-unset");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Export v) {
            out.field("kind", "export");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.HistoryOf v) {
            out.field("kind", "history-of");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Import v) {
            out.field("kind", "import");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Log v) {
            out.field("kind", "log");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Query v) {
            out.field("kind", "query");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.RelationsOf v) {
            out.field("kind", "relations-of");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Retract v) {
            out.field("kind", "retract");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.RulesAdd v) {
            out.field("kind", "rules-add");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.RulesCheck v) {
            out.field("kind", "rules-check");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.RulesGraph v) {
            out.field("kind", "rules-graph");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.RulesList) {
            out.field("kind", "rules-list");
            out.name("body");
            out.beginObject();
            out.endObject();
            return;
        }
        if (value instanceof Request.RulesRemove v) {
            out.field("kind", "rules-remove");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.RulesShow v) {
            out.field("kind", "rules-show");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Run v) {
            out.field("kind", "run");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Status) {
            out.field("kind", "status");
            out.name("body");
            out.beginObject();
            out.endObject();
            return;
        }
        if (value instanceof Request.Stop v) {
            out.field("kind", "stop");
            out.name("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.StoreBackup) {
            out.field("kind", "store-backup");
            out.name("body");
            out.beginObject();
            out.endObject();
            return;
        }
        if (value instanceof Request.StoreCheck) {
            out.field("kind", "store-check");
            out.name("body");
            out.beginObject();
            out.endObject();
            return;
        }
        if (value instanceof Request.StoreCompact) {
            out.field("kind", "store-compact");
            out.name("body");
            out.beginObject();
            out.endObject();
            return;
        }
        if (value instanceof Request.StoreDecrypt) {
            out.field("kind", "store-decrypt");
            out.name("body");
            out.beginObject();
            out.endObject();
            return;
        }
        if (value instanceof Request.StoreEncrypt) {
            out.field("kind", "store-encrypt");
            out.name("body");
            out.beginObject();
            out.endObject();
            return;
        }
        if (value instanceof Request.StoreInfo) {
            out.field("kind", "store-info");
            out.name("body");
            out.beginObject();
            out.endObject();
            return;
        }
        if (value instanceof Request.StoreRekey) {
            out.field("kind", "store-rekey");
            out.name("body");
            out.beginObject();
            out.endObject();
            return;
        }
        if (value instanceof Request.StoreRestore v) {
            out.field("kind", "store-restore");
            out.name("body");
            write(out, v);
            return;
        }
        throw new IllegalArgumentException("no kind for " + value.getClass());
    }

    private static void write(JsonWriter out, Request.Assert v) {
        out.beginObject();
        out.name("facts");
        out.beginArray();
        for (Request.Program element : v.facts()) {
            write(out, element);
        }
        out.endArray();
        if (v.reason() != null) {
            out.field("reason", v.reason());
        }
        out.endObject();
    }

    private static void write(JsonWriter out, Request.Check v) {
        out.beginObject();
        out.name("programs");
        out.beginArray();
        for (String element : v.programs()) {
            out.string(element);
        }
        out.endArray();
        out.endObject();
    }

    private static void write(JsonWriter out, Request.CheckText v) {
        out.beginObject();
        out.name("programs");
        out.beginArray();
        for (Request.Program element : v.programs()) {
            write(out, element);
        }
        out.endArray();
        out.endObject();
    }

    private static void write(JsonWriter out, Request.ConfigGet v) {
        out.beginObject();
        out.field("key", v.key());
        out.endObject();
    }

    private static void write(JsonWriter out, Request.ConfigSet v) {
        out.beginObject();
        out.field("key", v.key());
        out.field("value", v.value());
        out.endObject();
    }

    private static void write(JsonWriter out, Request.ConfigUnset v) {
        out.beginObject();
        out.field("key", v.key());
        out.endObject();
    }

    private static void write(JsonWriter out, Request.Export v) {
        out.beginObject();
        out.field("relationOrQuery", v.relationOrQuery());
        if (v.asOf() != null) {
            out.field("asOf", v.asOf());
        }
        out.endObject();
    }

    private static void write(JsonWriter out, Request.HistoryOf v) {
        out.beginObject();
        out.field("fact", v.fact());
        out.endObject();
    }

    private static void write(JsonWriter out, Request.Import v) {
        out.beginObject();
        out.name("files");
        out.beginArray();
        for (String element : v.files()) {
            out.string(element);
        }
        out.endArray();
        out.field("into", v.into());
        if (v.format() != null) {
            out.field("format", v.format());
        }
        out.field("header", v.header());
        out.name("columns");
        out.beginArray();
        for (String element : v.columns()) {
            out.string(element);
        }
        out.endArray();
        out.field("dryRun", v.dryRun());
        out.field("skipBadRows", v.skipBadRows());
        out.endObject();
    }

    private static void write(JsonWriter out, Request.Log v) {
        out.beginObject();
        if (v.limit() != null) {
            out.field("limit", v.limit());
        }
        if (v.before() != null) {
            out.field("before", v.before());
        }
        out.endObject();
    }

    private static void write(JsonWriter out, Request.Query v) {
        out.beginObject();
        out.field("text", v.text());
        out.name("programs");
        out.beginArray();
        for (Request.Program element : v.programs()) {
            write(out, element);
        }
        out.endArray();
        if (v.asOf() != null) {
            out.field("asOf", v.asOf());
        }
        if (v.rowLimit() != null) {
            out.field("rowLimit", v.rowLimit());
        }
        out.field("explainPlan", v.explainPlan());
        out.name("limits");
        write(out, v.limits());
        out.endObject();
    }

    private static void write(JsonWriter out, Request.RelationsOf v) {
        out.beginObject();
        if (v.name() != null) {
            out.field("name", v.name());
        }
        out.endObject();
    }

    private static void write(JsonWriter out, Request.Retract v) {
        out.beginObject();
        out.name("facts");
        out.beginArray();
        for (Request.Program element : v.facts()) {
            write(out, element);
        }
        out.endArray();
        out.field("allMatching", v.allMatching());
        if (v.reason() != null) {
            out.field("reason", v.reason());
        }
        out.endObject();
    }

    private static void write(JsonWriter out, Request.RulesAdd v) {
        out.beginObject();
        out.field("name", v.name());
        out.name("program");
        write(out, v.program());
        out.endObject();
    }

    private static void write(JsonWriter out, Request.RulesCheck v) {
        out.beginObject();
        if (v.name() != null) {
            out.field("name", v.name());
        }
        out.endObject();
    }

    private static void write(JsonWriter out, Request.RulesGraph v) {
        out.beginObject();
        if (v.name() != null) {
            out.field("name", v.name());
        }
        out.field("format", v.format());
        out.endObject();
    }

    private static void write(JsonWriter out, Request.RulesRemove v) {
        out.beginObject();
        out.field("name", v.name());
        out.endObject();
    }

    private static void write(JsonWriter out, Request.RulesShow v) {
        out.beginObject();
        out.field("name", v.name());
        out.endObject();
    }

    private static void write(JsonWriter out, Request.Run v) {
        out.beginObject();
        out.field("program", v.program());
        out.field("factDirectory", v.factDirectory());
        out.field("outputDirectory", v.outputDirectory());
        out.field("jobs", v.jobs());
        out.field("explainPlan", v.explainPlan());
        out.field("profile", v.profile());
        if (v.profileFile() != null) {
            out.field("profileFile", v.profileFile());
        }
        if (v.engine() != null) {
            out.field("engine", v.engine());
        }
        out.name("limits");
        write(out, v.limits());
        out.endObject();
    }

    private static void write(JsonWriter out, Request.Stop v) {
        out.beginObject();
        out.field("drainMillis", v.drainMillis());
        out.endObject();
    }

    private static void write(JsonWriter out, Request.StoreRestore v) {
        out.beginObject();
        out.field("name", v.name());
        out.endObject();
    }

    private static void write(JsonWriter out, Request.Program v) {
        out.beginObject();
        out.field("name", v.name());
        out.field("text", v.text());
        out.endObject();
    }

    private static void write(JsonWriter out, Request.Limits v) {
        out.beginObject();
        if (v.timeMillis() != null) {
            out.field("timeMillis", v.timeMillis());
        }
        if (v.tuples() != null) {
            out.field("tuples", v.tuples());
        }
        if (v.memoryBytes() != null) {
            out.field("memoryBytes", v.memoryBytes());
        }
        if (v.fuel() != null) {
            out.field("fuel", v.fuel());
        }
        out.endObject();
    }
}
