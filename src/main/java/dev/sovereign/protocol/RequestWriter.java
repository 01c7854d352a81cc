package dev.sovereign.protocol;

import tools.jackson.core.JsonGenerator;

/// Generated from the records by ProtocolTool (src/test); do not edit.
final class RequestWriter {
    private RequestWriter() {}

    /// Writes the fields `kind` and `body`.
    static void write(JsonGenerator out, Request<?> value) {
        if (value instanceof Request.Assert v) {
            out.writeStringProperty("kind", "assert");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.At v) {
            out.writeStringProperty("kind", "at");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Check v) {
            out.writeStringProperty("kind", "check");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.CheckText v) {
            out.writeStringProperty("kind", "check-text");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.ConfigGet v) {
            out.writeStringProperty("kind", "config-get");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.ConfigList) {
            out.writeStringProperty("kind", "config-list");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.ConfigPath) {
            out.writeStringProperty("kind", "config-path");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.ConfigSet v) {
            out.writeStringProperty("kind", "config-set");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.ConfigUnset v) {
            out.writeStringProperty("kind", "config-unset");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Export v) {
            out.writeStringProperty("kind", "export");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.HistoryOf v) {
            out.writeStringProperty("kind", "history-of");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Import v) {
            out.writeStringProperty("kind", "import");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.KeyId) {
            out.writeStringProperty("kind", "key-id");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.KeyNew v) {
            out.writeStringProperty("kind", "key-new");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.KeyRotate v) {
            out.writeStringProperty("kind", "key-rotate");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.KeyShow) {
            out.writeStringProperty("kind", "key-show");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.LicenseActivate v) {
            out.writeStringProperty("kind", "license-activate");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.LicenseCheck v) {
            out.writeStringProperty("kind", "license-check");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.LicenseExport) {
            out.writeStringProperty("kind", "license-export");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.LicenseId v) {
            out.writeStringProperty("kind", "license-id");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.LicenseImport v) {
            out.writeStringProperty("kind", "license-import");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.LicenseRequest v) {
            out.writeStringProperty("kind", "license-request");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.LicenseStatus v) {
            out.writeStringProperty("kind", "license-status");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.LicenseVerify v) {
            out.writeStringProperty("kind", "license-verify");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Log v) {
            out.writeStringProperty("kind", "log");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.MeshRun v) {
            out.writeStringProperty("kind", "mesh-run");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.ModuleCheck v) {
            out.writeStringProperty("kind", "module-check");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.ModuleRun v) {
            out.writeStringProperty("kind", "module-run");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Names v) {
            out.writeStringProperty("kind", "names");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.PeerAdd v) {
            out.writeStringProperty("kind", "peer-add");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.PeerAllow v) {
            out.writeStringProperty("kind", "peer-allow");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.PeerDeny v) {
            out.writeStringProperty("kind", "peer-deny");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.PeerDiscover v) {
            out.writeStringProperty("kind", "peer-discover");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.PeerList) {
            out.writeStringProperty("kind", "peer-list");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.PeerMap v) {
            out.writeStringProperty("kind", "peer-map");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.PeerMeet v) {
            out.writeStringProperty("kind", "peer-meet");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.PeerPerf v) {
            out.writeStringProperty("kind", "peer-perf");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.PeerPing v) {
            out.writeStringProperty("kind", "peer-ping");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.PeerRemove v) {
            out.writeStringProperty("kind", "peer-remove");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.PeerShow v) {
            out.writeStringProperty("kind", "peer-show");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Query v) {
            out.writeStringProperty("kind", "query");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.RelationsOf v) {
            out.writeStringProperty("kind", "relations-of");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Retract v) {
            out.writeStringProperty("kind", "retract");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.RulesAdd v) {
            out.writeStringProperty("kind", "rules-add");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.RulesCheck v) {
            out.writeStringProperty("kind", "rules-check");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.RulesGraph v) {
            out.writeStringProperty("kind", "rules-graph");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.RulesList) {
            out.writeStringProperty("kind", "rules-list");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.RulesRemove v) {
            out.writeStringProperty("kind", "rules-remove");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.RulesShow v) {
            out.writeStringProperty("kind", "rules-show");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Run v) {
            out.writeStringProperty("kind", "run");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.SkillGrant v) {
            out.writeStringProperty("kind", "skill-grant");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.SkillInstall v) {
            out.writeStringProperty("kind", "skill-install");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.SkillList) {
            out.writeStringProperty("kind", "skill-list");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.SkillPropose v) {
            out.writeStringProperty("kind", "skill-propose");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.SkillRemove v) {
            out.writeStringProperty("kind", "skill-remove");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.SkillRevoke v) {
            out.writeStringProperty("kind", "skill-revoke");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.SkillRun v) {
            out.writeStringProperty("kind", "skill-run");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.SkillShow v) {
            out.writeStringProperty("kind", "skill-show");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Status) {
            out.writeStringProperty("kind", "status");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.Stop v) {
            out.writeStringProperty("kind", "stop");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.StoreBackup) {
            out.writeStringProperty("kind", "store-backup");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.StoreCheck) {
            out.writeStringProperty("kind", "store-check");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.StoreCompact) {
            out.writeStringProperty("kind", "store-compact");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.StoreDecrypt) {
            out.writeStringProperty("kind", "store-decrypt");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.StoreEncrypt) {
            out.writeStringProperty("kind", "store-encrypt");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.StoreInfo) {
            out.writeStringProperty("kind", "store-info");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.StoreRekey) {
            out.writeStringProperty("kind", "store-rekey");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Request.StoreRestore v) {
            out.writeStringProperty("kind", "store-restore");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.Why v) {
            out.writeStringProperty("kind", "why");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Request.WhyNot v) {
            out.writeStringProperty("kind", "why-not");
            out.writeName("body");
            write(out, v);
            return;
        }
        throw new IllegalArgumentException("no kind for " + value.getClass());
    }

    private static void write(JsonGenerator out, Request.Assert v) {
        out.writeStartObject();
        out.writeArrayPropertyStart("facts");
        for (Request.Program element : v.facts()) {
            write(out, element);
        }
        out.writeEndArray();
        if (v.reason() != null) {
            out.writeStringProperty("reason", v.reason());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.At v) {
        out.writeStartObject();
        out.writeStringProperty("peer", v.peer());
        out.writeObjectPropertyStart("request");
        write(out, v.request());
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.Check v) {
        out.writeStartObject();
        out.writeArrayPropertyStart("programs");
        for (String element : v.programs()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("includeFolders");
        for (String element : v.includeFolders()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.CheckText v) {
        out.writeStartObject();
        out.writeArrayPropertyStart("programs");
        for (Request.Program element : v.programs()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.ConfigGet v) {
        out.writeStartObject();
        out.writeStringProperty("key", v.key());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.ConfigSet v) {
        out.writeStartObject();
        out.writeStringProperty("key", v.key());
        out.writeStringProperty("value", v.value());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.ConfigUnset v) {
        out.writeStartObject();
        out.writeStringProperty("key", v.key());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.Export v) {
        out.writeStartObject();
        out.writeStringProperty("relationOrQuery", v.relationOrQuery());
        if (v.asOf() != null) {
            out.writeStringProperty("asOf", v.asOf());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.HistoryOf v) {
        out.writeStartObject();
        out.writeStringProperty("fact", v.fact());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.Import v) {
        out.writeStartObject();
        out.writeArrayPropertyStart("files");
        for (String element : v.files()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeStringProperty("into", v.into());
        if (v.format() != null) {
            out.writeStringProperty("format", v.format());
        }
        out.writeBooleanProperty("header", v.header());
        out.writeArrayPropertyStart("columns");
        for (String element : v.columns()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeBooleanProperty("dryRun", v.dryRun());
        out.writeBooleanProperty("skipBadRows", v.skipBadRows());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.KeyNew v) {
        out.writeStartObject();
        if (v.out() != null) {
            out.writeStringProperty("out", v.out());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.KeyRotate v) {
        out.writeStartObject();
        if (v.from() != null) {
            out.writeStringProperty("from", v.from());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.LicenseActivate v) {
        out.writeStartObject();
        if (v.txid() != null) {
            out.writeStringProperty("txid", v.txid());
        }
        if (v.height() != null) {
            out.writeNumberProperty("height", v.height());
        }
        out.writeBooleanProperty("follow", v.follow());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.LicenseCheck v) {
        out.writeStartObject();
        out.writeStringProperty("tx", v.tx());
        out.writeName("terms");
        write(out, v.terms());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.LicenseId v) {
        out.writeStartObject();
        out.writeBooleanProperty("reveal", v.reveal());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.LicenseImport v) {
        out.writeStartObject();
        out.writeStringProperty("file", v.file());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.LicenseRequest v) {
        out.writeStartObject();
        out.writeName("terms");
        write(out, v.terms());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.LicenseStatus v) {
        out.writeStartObject();
        out.writeBooleanProperty("explain", v.explain());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.LicenseVerify v) {
        out.writeStartObject();
        out.writeStringProperty("file", v.file());
        out.writeBooleanProperty("explain", v.explain());
        out.writeName("terms");
        write(out, v.terms());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.Log v) {
        out.writeStartObject();
        if (v.limit() != null) {
            out.writeNumberProperty("limit", v.limit());
        }
        if (v.before() != null) {
            out.writeNumberProperty("before", v.before());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.MeshRun v) {
        out.writeStartObject();
        out.writeArrayPropertyStart("listen");
        for (String element : v.listen()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeStringProperty("key", v.key());
        if (v.identity() != null) {
            out.writeStringProperty("identity", v.identity());
        }
        out.writeArrayPropertyStart("connect");
        for (String element : v.connect()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("allow");
        for (String element : v.allow()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeNumberProperty("maxConnections", v.maxConnections());
        out.writeBooleanProperty("testProtocols", v.testProtocols());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.ModuleCheck v) {
        out.writeStartObject();
        out.writeStringProperty("file", v.file());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.ModuleRun v) {
        out.writeStartObject();
        out.writeStringProperty("file", v.file());
        out.writeStringProperty("export", v.export());
        out.writeArrayPropertyStart("arguments");
        for (String element : v.arguments()) {
            out.writeString(element);
        }
        out.writeEndArray();
        if (v.fuel() != null) {
            out.writeNumberProperty("fuel", v.fuel());
        }
        if (v.timeoutMillis() != null) {
            out.writeNumberProperty("timeoutMillis", v.timeoutMillis());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.Names v) {
        out.writeStartObject();
        out.writeStringProperty("kind", v.kind());
        if (v.prefix() != null) {
            out.writeStringProperty("prefix", v.prefix());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.PeerAdd v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeStringProperty("multiaddr", v.multiaddr());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.PeerAllow v) {
        out.writeStartObject();
        out.writeStringProperty("peer", v.peer());
        if (v.name() != null) {
            out.writeStringProperty("name", v.name());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.PeerDeny v) {
        out.writeStartObject();
        out.writeStringProperty("peer", v.peer());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.PeerDiscover v) {
        out.writeStartObject();
        if (v.waitMillis() != null) {
            out.writeNumberProperty("waitMillis", v.waitMillis());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.PeerMap v) {
        out.writeStartObject();
        out.writeStringProperty("format", v.format());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.PeerMeet v) {
        out.writeStartObject();
        out.writeStringProperty("multiaddr", v.multiaddr());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.PeerPerf v) {
        out.writeStartObject();
        out.writeStringProperty("peer", v.peer());
        out.writeNumberProperty("bytes", v.bytes());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.PeerPing v) {
        out.writeStartObject();
        out.writeStringProperty("peer", v.peer());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.PeerRemove v) {
        out.writeStartObject();
        out.writeStringProperty("peer", v.peer());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.PeerShow v) {
        out.writeStartObject();
        out.writeStringProperty("peer", v.peer());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.Query v) {
        out.writeStartObject();
        out.writeStringProperty("text", v.text());
        out.writeArrayPropertyStart("programs");
        for (Request.Program element : v.programs()) {
            write(out, element);
        }
        out.writeEndArray();
        if (v.asOf() != null) {
            out.writeStringProperty("asOf", v.asOf());
        }
        if (v.rowLimit() != null) {
            out.writeNumberProperty("rowLimit", v.rowLimit());
        }
        out.writeBooleanProperty("explainPlan", v.explainPlan());
        out.writeName("limits");
        write(out, v.limits());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.RelationsOf v) {
        out.writeStartObject();
        if (v.name() != null) {
            out.writeStringProperty("name", v.name());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.Retract v) {
        out.writeStartObject();
        out.writeArrayPropertyStart("facts");
        for (Request.Program element : v.facts()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeBooleanProperty("allMatching", v.allMatching());
        if (v.reason() != null) {
            out.writeStringProperty("reason", v.reason());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.RulesAdd v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeName("program");
        write(out, v.program());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.RulesCheck v) {
        out.writeStartObject();
        if (v.name() != null) {
            out.writeStringProperty("name", v.name());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.RulesGraph v) {
        out.writeStartObject();
        if (v.name() != null) {
            out.writeStringProperty("name", v.name());
        }
        out.writeStringProperty("format", v.format());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.RulesRemove v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.RulesShow v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.Run v) {
        out.writeStartObject();
        out.writeStringProperty("program", v.program());
        out.writeStringProperty("factDirectory", v.factDirectory());
        out.writeStringProperty("outputDirectory", v.outputDirectory());
        out.writeArrayPropertyStart("includeFolders");
        for (String element : v.includeFolders()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeNumberProperty("jobs", v.jobs());
        out.writeBooleanProperty("explainPlan", v.explainPlan());
        out.writeBooleanProperty("profile", v.profile());
        if (v.profileFile() != null) {
            out.writeStringProperty("profileFile", v.profileFile());
        }
        if (v.engine() != null) {
            out.writeStringProperty("engine", v.engine());
        }
        out.writeName("limits");
        write(out, v.limits());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.SkillGrant v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeArrayPropertyStart("capabilities");
        for (String element : v.capabilities()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.SkillInstall v) {
        out.writeStartObject();
        out.writeStringProperty("path", v.path());
        out.writeBooleanProperty("folder", v.folder());
        out.writeBooleanProperty("force", v.force());
        out.writeStringProperty("shown", v.shown());
        out.writeBooleanProperty("agreed", v.agreed());
        out.writeArrayPropertyStart("granted");
        for (String element : v.granted()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.SkillPropose v) {
        out.writeStartObject();
        out.writeStringProperty("path", v.path());
        out.writeBooleanProperty("folder", v.folder());
        out.writeBooleanProperty("force", v.force());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.SkillRemove v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.SkillRevoke v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeArrayPropertyStart("capabilities");
        for (String element : v.capabilities()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.SkillRun v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        if (v.tool() != null) {
            out.writeStringProperty("tool", v.tool());
        }
        out.writeArrayPropertyStart("arguments");
        for (String element : v.arguments()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeStringProperty("input", v.input());
        out.writeName("limits");
        write(out, v.limits());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.SkillShow v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.Stop v) {
        out.writeStartObject();
        out.writeNumberProperty("drainMillis", v.drainMillis());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.StoreRestore v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.Why v) {
        out.writeStartObject();
        out.writeStringProperty("text", v.text());
        out.writeArrayPropertyStart("programs");
        for (Request.Program element : v.programs()) {
            write(out, element);
        }
        out.writeEndArray();
        if (v.asOf() != null) {
            out.writeStringProperty("asOf", v.asOf());
        }
        if (v.depth() != null) {
            out.writeNumberProperty("depth", v.depth());
        }
        out.writeBooleanProperty("all", v.all());
        if (v.rowLimit() != null) {
            out.writeNumberProperty("rowLimit", v.rowLimit());
        }
        out.writeName("limits");
        write(out, v.limits());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.WhyNot v) {
        out.writeStartObject();
        out.writeStringProperty("text", v.text());
        out.writeArrayPropertyStart("programs");
        for (Request.Program element : v.programs()) {
            write(out, element);
        }
        out.writeEndArray();
        if (v.asOf() != null) {
            out.writeStringProperty("asOf", v.asOf());
        }
        out.writeName("limits");
        write(out, v.limits());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.Program v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeStringProperty("text", v.text());
        out.writeArrayPropertyStart("includeFolders");
        for (String element : v.includeFolders()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.LicenseTerms v) {
        out.writeStartObject();
        if (v.network() != null) {
            out.writeStringProperty("network", v.network());
        }
        if (v.address() != null) {
            out.writeStringProperty("address", v.address());
        }
        if (v.sats() != null) {
            out.writeNumberProperty("sats", v.sats());
        }
        if (v.confirmations() != null) {
            out.writeNumberProperty("confirmations", v.confirmations());
        }
        if (v.machineId() != null) {
            out.writeStringProperty("machineId", v.machineId());
        }
        if (v.payload() != null) {
            out.writeStringProperty("payload", v.payload());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Request.Limits v) {
        out.writeStartObject();
        if (v.timeMillis() != null) {
            out.writeNumberProperty("timeMillis", v.timeMillis());
        }
        if (v.tuples() != null) {
            out.writeNumberProperty("tuples", v.tuples());
        }
        if (v.memoryBytes() != null) {
            out.writeNumberProperty("memoryBytes", v.memoryBytes());
        }
        if (v.fuel() != null) {
            out.writeNumberProperty("fuel", v.fuel());
        }
        out.writeEndObject();
    }
}
