package dev.sovereign.protocol;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.Where;

import tools.jackson.core.JsonGenerator;

/// Generated from the records by ProtocolTool (src/test); do not edit.
final class ResponseWriter {
    private ResponseWriter() {}

    /// Writes the fields `kind` and `body`.
    static void write(JsonGenerator out, Response value) {
        if (value instanceof Response.Answers v) {
            out.writeStringProperty("kind", "answers");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Checked v) {
            out.writeStringProperty("kind", "checked");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Chunk v) {
            out.writeStringProperty("kind", "chunk");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Columns v) {
            out.writeStringProperty("kind", "columns");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Committed v) {
            out.writeStringProperty("kind", "committed");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Done) {
            out.writeStringProperty("kind", "done");
            out.writeObjectPropertyStart("body");
            out.writeEndObject();
            return;
        }
        if (value instanceof Response.Failure v) {
            out.writeStringProperty("kind", "failure");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Graph v) {
            out.writeStringProperty("kind", "graph");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Heartbeat v) {
            out.writeStringProperty("kind", "heartbeat");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.History v) {
            out.writeStringProperty("kind", "history");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Imported v) {
            out.writeStringProperty("kind", "imported");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Keys v) {
            out.writeStringProperty("kind", "keys");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.LicenseIdentity v) {
            out.writeStringProperty("kind", "license-identity");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.LicenseJudged v) {
            out.writeStringProperty("kind", "license-judged");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.LicenseOffer v) {
            out.writeStringProperty("kind", "license-offer");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.LicenseVerdict v) {
            out.writeStringProperty("kind", "license-verdict");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.MeshEvent v) {
            out.writeStringProperty("kind", "mesh-event");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.ModuleRan v) {
            out.writeStringProperty("kind", "module-ran");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.ModuleSheet v) {
            out.writeStringProperty("kind", "module-sheet");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Modules v) {
            out.writeStringProperty("kind", "modules");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.NameList v) {
            out.writeStringProperty("kind", "name-list");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.NotProved v) {
            out.writeStringProperty("kind", "not-proved");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Note v) {
            out.writeStringProperty("kind", "note");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Peers v) {
            out.writeStringProperty("kind", "peers");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Progress v) {
            out.writeStringProperty("kind", "progress");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.ProofSteps v) {
            out.writeStringProperty("kind", "proof-steps");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Proved v) {
            out.writeStringProperty("kind", "proved");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Ran v) {
            out.writeStringProperty("kind", "ran");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Relations v) {
            out.writeStringProperty("kind", "relations");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.RoundTrip v) {
            out.writeStringProperty("kind", "round-trip");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Rows v) {
            out.writeStringProperty("kind", "rows");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Settings v) {
            out.writeStringProperty("kind", "settings");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.SkillProposal v) {
            out.writeStringProperty("kind", "skill-proposal");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.SkillRan v) {
            out.writeStringProperty("kind", "skill-ran");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.SkillSheet v) {
            out.writeStringProperty("kind", "skill-sheet");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.SkillSheets v) {
            out.writeStringProperty("kind", "skill-sheets");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Source v) {
            out.writeStringProperty("kind", "source");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.StoreReport v) {
            out.writeStringProperty("kind", "store-report");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Text v) {
            out.writeStringProperty("kind", "text");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Throughput v) {
            out.writeStringProperty("kind", "throughput");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Transactions v) {
            out.writeStringProperty("kind", "transactions");
            out.writeName("body");
            write(out, v);
            return;
        }
        if (value instanceof Response.Wanted v) {
            out.writeStringProperty("kind", "wanted");
            out.writeName("body");
            write(out, v);
            return;
        }
        throw new IllegalArgumentException("no kind for " + value.getClass());
    }

    private static void write(JsonGenerator out, Response.Answers v) {
        out.writeStartObject();
        out.writeNumberProperty("rows", v.rows());
        out.writeBooleanProperty("truncated", v.truncated());
        if (v.answer() != null) {
            out.writeBooleanProperty("answer", v.answer());
        }
        if (v.plan() != null) {
            out.writeStringProperty("plan", v.plan());
        }
        out.writeNumberProperty("snapshotTx", v.snapshotTx());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Checked v) {
        out.writeStartObject();
        out.writeArrayPropertyStart("diagnostics");
        for (Diagnostic element : v.diagnostics()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeNumberProperty("rules", v.rules());
        out.writeNumberProperty("relations", v.relations());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Chunk v) {
        out.writeStartObject();
        out.writeBinaryProperty("bytes", v.bytes());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Columns v) {
        out.writeStartObject();
        out.writeStringProperty("query", v.query());
        out.writeArrayPropertyStart("names");
        for (String element : v.names()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("types");
        for (String element : v.types()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Committed v) {
        out.writeStartObject();
        out.writeNumberProperty("tx", v.tx());
        out.writeNumberProperty("asserted", v.asserted());
        out.writeNumberProperty("retracted", v.retracted());
        out.writeNumberProperty("unchanged", v.unchanged());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Failure v) {
        out.writeStartObject();
        out.writeArrayPropertyStart("diagnostics");
        for (Diagnostic element : v.diagnostics()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Graph v) {
        out.writeStartObject();
        out.writeStringProperty("format", v.format());
        out.writeStringProperty("text", v.text());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Heartbeat v) {
        out.writeStartObject();
        out.writeStringProperty("version", v.version());
        out.writeStringProperty("build", v.build());
        out.writeNumberProperty("pid", v.pid());
        out.writeNumberProperty("uptimeMillis", v.uptimeMillis());
        out.writeStringProperty("state", v.state());
        if (v.peerId() != null) {
            out.writeStringProperty("peerId", v.peerId());
        }
        out.writeName("mesh");
        write(out, v.mesh());
        out.writeName("license");
        write(out, v.license());
        out.writeName("knowledge");
        write(out, v.knowledge());
        out.writeName("store");
        write(out, v.store());
        out.writeName("skills");
        write(out, v.skills());
        out.writeArrayPropertyStart("actors");
        for (Response.ActorState element : v.actors()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeName("memory");
        write(out, v.memory());
        out.writeName("machine");
        write(out, v.machine());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.History v) {
        out.writeStartObject();
        out.writeStringProperty("fact", v.fact());
        out.writeBooleanProperty("holds", v.holds());
        out.writeArrayPropertyStart("events");
        for (Response.Event element : v.events()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Imported v) {
        out.writeStartObject();
        out.writeNumberProperty("tx", v.tx());
        out.writeNumberProperty("asserted", v.asserted());
        out.writeNumberProperty("unchanged", v.unchanged());
        out.writeNumberProperty("skipped", v.skipped());
        out.writeArrayPropertyStart("skippedRows");
        for (Diagnostic element : v.skippedRows()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Keys v) {
        out.writeStartObject();
        if (v.path() != null) {
            out.writeStringProperty("path", v.path());
        }
        if (v.fingerprint() != null) {
            out.writeStringProperty("fingerprint", v.fingerprint());
        }
        if (v.previous() != null) {
            out.writeStringProperty("previous", v.previous());
        }
        if (v.previousUntilMillis() != null) {
            out.writeNumberProperty("previousUntilMillis", v.previousUntilMillis());
        }
        if (v.peerId() != null) {
            out.writeStringProperty("peerId", v.peerId());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.LicenseIdentity v) {
        out.writeStartObject();
        out.writeStringProperty("from", v.from());
        out.writeStringProperty("payload", v.payload());
        if (v.id() != null) {
            out.writeStringProperty("id", v.id());
        }
        out.writeArrayPropertyStart("notes");
        for (String element : v.notes()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.LicenseJudged v) {
        out.writeStartObject();
        out.writeBooleanProperty("match", v.match());
        out.writeArrayPropertyStart("reasons");
        for (String element : v.reasons()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("hints");
        for (String element : v.hints()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeNumberProperty("paidSats", v.paidSats());
        if (v.txid() != null) {
            out.writeStringProperty("txid", v.txid());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.LicenseOffer v) {
        out.writeStartObject();
        out.writeStringProperty("network", v.network());
        out.writeBooleanProperty("testNetwork", v.testNetwork());
        out.writeStringProperty("address", v.address());
        out.writeNumberProperty("sats", v.sats());
        out.writeNumberProperty("confirmations", v.confirmations());
        out.writeStringProperty("payload", v.payload());
        out.writeStringProperty("script", v.script());
        out.writeArrayPropertyStart("warnings");
        for (String element : v.warnings()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.LicenseVerdict v) {
        out.writeStartObject();
        out.writeStringProperty("verdict", v.verdict());
        out.writeStringProperty("network", v.network());
        out.writeBooleanProperty("testNetwork", v.testNetwork());
        if (v.txid() != null) {
            out.writeStringProperty("txid", v.txid());
        }
        if (v.height() != null) {
            out.writeNumberProperty("height", v.height());
        }
        if (v.block() != null) {
            out.writeStringProperty("block", v.block());
        }
        if (v.confirmations() != null) {
            out.writeNumberProperty("confirmations", v.confirmations());
        }
        if (v.needed() != null) {
            out.writeNumberProperty("needed", v.needed());
        }
        if (v.paidSats() != null) {
            out.writeNumberProperty("paidSats", v.paidSats());
        }
        if (v.dropped() != null) {
            out.writeStringProperty("dropped", v.dropped());
        }
        out.writeArrayPropertyStart("reasons");
        for (String element : v.reasons()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("hints");
        for (String element : v.hints()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("asked");
        for (String element : v.asked()) {
            out.writeString(element);
        }
        out.writeEndArray();
        if (v.cause() != null) {
            out.writeStringProperty("cause", v.cause());
        }
        if (v.detail() != null) {
            out.writeStringProperty("detail", v.detail());
        }
        out.writeArrayPropertyStart("steps");
        for (Response.LicenseStep element : v.steps()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.MeshEvent v) {
        out.writeStartObject();
        out.writeStringProperty("event", v.event());
        if (v.multiaddr() != null) {
            out.writeStringProperty("multiaddr", v.multiaddr());
        }
        if (v.peerId() != null) {
            out.writeStringProperty("peerId", v.peerId());
        }
        if (v.remote() != null) {
            out.writeStringProperty("remote", v.remote());
        }
        if (v.direction() != null) {
            out.writeStringProperty("direction", v.direction());
        }
        out.writeNumberProperty("handshakeMicros", v.handshakeMicros());
        if (v.reason() != null) {
            out.writeStringProperty("reason", v.reason());
        }
        out.writeNumberProperty("count", v.count());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.ModuleRan v) {
        out.writeStartObject();
        out.writeStringProperty("verdict", v.verdict());
        out.writeArrayPropertyStart("results");
        for (Response.ModuleValue element : v.results()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeNumberProperty("fuel", v.fuel());
        if (v.message() != null) {
            out.writeStringProperty("message", v.message());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.ModuleSheet v) {
        out.writeStartObject();
        out.writeNumberProperty("bytes", v.bytes());
        out.writeStringProperty("sha256", v.sha256());
        if (v.refused() != null) {
            out.writeStringProperty("refused", v.refused());
        }
        if (v.message() != null) {
            out.writeStringProperty("message", v.message());
        }
        out.writeNumberProperty("functions", v.functions());
        out.writeNumberProperty("memoryPages", v.memoryPages());
        out.writeArrayPropertyStart("imports");
        for (Response.ModuleFunction element : v.imports()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("exports");
        for (Response.ModuleFunction element : v.exports()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("interpreted");
        for (String element : v.interpreted()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Modules v) {
        out.writeStartObject();
        out.writeArrayPropertyStart("modules");
        for (Response.Module element : v.modules()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.NameList v) {
        out.writeStartObject();
        out.writeArrayPropertyStart("names");
        for (String element : v.names()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.NotProved v) {
        out.writeStartObject();
        out.writeStringProperty("atom", v.atom());
        out.writeArrayPropertyStart("rules");
        for (Response.FailedRule element : v.rules()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("nearest");
        for (String element : v.nearest()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeNumberProperty("snapshotTx", v.snapshotTx());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Note v) {
        out.writeStartObject();
        out.writeName("diagnostic");
        write(out, v.diagnostic());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Peers v) {
        out.writeStartObject();
        out.writeArrayPropertyStart("peers");
        for (Response.Peer element : v.peers()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Progress v) {
        out.writeStartObject();
        out.writeStringProperty("what", v.what());
        out.writeNumberProperty("done", v.done());
        out.writeNumberProperty("total", v.total());
        out.writeStringProperty("unit", v.unit());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.ProofSteps v) {
        out.writeStartObject();
        out.writeNumberProperty("proof", v.proof());
        out.writeArrayPropertyStart("steps");
        for (Response.ProofStep element : v.steps()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Proved v) {
        out.writeStartObject();
        out.writeNumberProperty("proofs", v.proofs());
        out.writeBooleanProperty("truncated", v.truncated());
        out.writeNumberProperty("snapshotTx", v.snapshotTx());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Ran v) {
        out.writeStartObject();
        if (v.profile() != null) {
            out.writeStringProperty("profile", v.profile());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Relations v) {
        out.writeStartObject();
        out.writeArrayPropertyStart("relations");
        for (Response.Relation element : v.relations()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.RoundTrip v) {
        out.writeStartObject();
        out.writeStringProperty("peerId", v.peerId());
        out.writeNumberProperty("nanos", v.nanos());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Rows v) {
        out.writeStartObject();
        out.writeName("rows");
        Values.write(out, v.rows());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Settings v) {
        out.writeStartObject();
        out.writeArrayPropertyStart("settings");
        for (Response.Setting element : v.settings()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.SkillProposal v) {
        out.writeStartObject();
        out.writeName("skill");
        write(out, v.skill());
        if (v.before() != null) {
            out.writeStringProperty("before", v.before());
        }
        out.writeArrayPropertyStart("fresh");
        for (String element : v.fresh()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("keeps");
        for (String element : v.keeps()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeBooleanProperty("mustAsk", v.mustAsk());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.SkillRan v) {
        out.writeStartObject();
        out.writeNumberProperty("run", v.run());
        out.writeStringProperty("skill", v.skill());
        out.writeStringProperty("version", v.version());
        if (v.tool() != null) {
            out.writeStringProperty("tool", v.tool());
        }
        out.writeStringProperty("verdict", v.verdict());
        out.writeNumberProperty("exit", v.exit());
        out.writeStringProperty("log", v.log());
        out.writeNumberProperty("fuel", v.fuel());
        out.writeNumberProperty("millis", v.millis());
        out.writeNumberProperty("tx", v.tx());
        out.writeStringProperty("message", v.message());
        out.writeNumberProperty("exitStatus", v.exitStatus());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.SkillSheet v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeStringProperty("version", v.version());
        out.writeStringProperty("description", v.description());
        out.writeStringProperty("publisher", v.publisher());
        out.writeStringProperty("sha256", v.sha256());
        out.writeStringProperty("manifestSha256", v.manifestSha256());
        out.writeNumberProperty("installedMillis", v.installedMillis());
        out.writeNumberProperty("running", v.running());
        out.writeArrayPropertyStart("tools");
        for (Response.SkillTool element : v.tools()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("rights");
        for (Response.SkillRight element : v.rights()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("granted");
        for (String element : v.granted()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeStringProperty("clock", v.clock());
        out.writeStringProperty("random", v.random());
        out.writeArrayPropertyStart("limits");
        for (String element : v.limits()) {
            out.writeString(element);
        }
        out.writeEndArray();
        if (v.license() != null) {
            out.writeStringProperty("license", v.license());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.SkillSheets v) {
        out.writeStartObject();
        out.writeArrayPropertyStart("skills");
        for (Response.SkillSheet element : v.skills()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("damaged");
        for (Diagnostic element : v.damaged()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Source v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeStringProperty("text", v.text());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.StoreReport v) {
        out.writeStartObject();
        out.writeStringProperty("path", v.path());
        out.writeNumberProperty("bytes", v.bytes());
        out.writeNumberProperty("logBytes", v.logBytes());
        out.writeNumberProperty("stateBytes", v.stateBytes());
        out.writeNumberProperty("formatVersion", v.formatVersion());
        out.writeBooleanProperty("encrypted", v.encrypted());
        out.writeNumberProperty("tx", v.tx());
        out.writeNumberProperty("facts", v.facts());
        out.writeNumberProperty("relations", v.relations());
        out.writeArrayPropertyStart("problems");
        for (Diagnostic element : v.problems()) {
            write(out, element);
        }
        out.writeEndArray();
        if (v.keptAside() != null) {
            out.writeStringProperty("keptAside", v.keptAside());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Text v) {
        out.writeStartObject();
        out.writeStringProperty("text", v.text());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Throughput v) {
        out.writeStartObject();
        out.writeStringProperty("peerId", v.peerId());
        out.writeNumberProperty("bytes", v.bytes());
        out.writeNumberProperty("uploadNanos", v.uploadNanos());
        out.writeNumberProperty("downloadNanos", v.downloadNanos());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Transactions v) {
        out.writeStartObject();
        out.writeArrayPropertyStart("transactions");
        for (Response.Transaction element : v.transactions()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Wanted v) {
        out.writeStartObject();
        out.writeNumberProperty("handle", v.handle());
        out.writeStringProperty("name", v.name());
        if (v.from() != null) {
            out.writeStringProperty("from", v.from());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Diagnostic v) {
        out.writeStartObject();
        out.writeStringProperty(
                "severity", v.severity() == Diagnostic.Severity.ERROR ? "error" : "warning");
        out.writeStringProperty("code", v.code());
        out.writeStringProperty("kind", v.kind().word());
        out.writeStringProperty("message", v.message());
        if (v.hint() != null) {
            out.writeStringProperty("hint", v.hint());
        }
        if (v.where() != null) {
            out.writeName("where");
            write(out, v.where());
        }
        out.writeArrayPropertyStart("notes");
        for (Diagnostic.Note element : v.notes()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Mesh v) {
        out.writeStartObject();
        out.writeBooleanProperty("enabled", v.enabled());
        out.writeArrayPropertyStart("listening");
        for (String element : v.listening()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeNumberProperty("connections", v.connections());
        out.writeNumberProperty("refused", v.refused());
        if (v.fingerprint() != null) {
            out.writeStringProperty("fingerprint", v.fingerprint());
        }
        out.writeArrayPropertyStart("waiting");
        for (String element : v.waiting()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.License v) {
        out.writeStartObject();
        out.writeStringProperty("verdict", v.verdict());
        out.writeStringProperty("network", v.network());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Knowledge v) {
        out.writeStartObject();
        out.writeNumberProperty("facts", v.facts());
        out.writeNumberProperty("relations", v.relations());
        out.writeNumberProperty("rules", v.rules());
        out.writeNumberProperty("tx", v.tx());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Store v) {
        out.writeStartObject();
        out.writeStringProperty("path", v.path());
        out.writeNumberProperty("bytes", v.bytes());
        out.writeBooleanProperty("encrypted", v.encrypted());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Skills v) {
        out.writeStartObject();
        out.writeNumberProperty("installed", v.installed());
        out.writeNumberProperty("running", v.running());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.ActorState v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeStringProperty("state", v.state());
        out.writeNumberProperty("restarts", v.restarts());
        if (v.lastFailure() != null) {
            out.writeStringProperty("lastFailure", v.lastFailure());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Memory v) {
        out.writeStartObject();
        out.writeNumberProperty("residentBytes", v.residentBytes());
        out.writeNumberProperty("heapUsedBytes", v.heapUsedBytes());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Machine v) {
        out.writeStartObject();
        out.writeStringProperty("os", v.os());
        out.writeNumberProperty("cpus", v.cpus());
        out.writeNumberProperty("memoryBytes", v.memoryBytes());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Event v) {
        out.writeStartObject();
        out.writeNumberProperty("tx", v.tx());
        out.writeNumberProperty("timeMillis", v.timeMillis());
        out.writeStringProperty("author", v.author());
        out.writeStringProperty("change", v.change());
        if (v.reason() != null) {
            out.writeStringProperty("reason", v.reason());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.LicenseStep v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeBooleanProperty("passed", v.passed());
        out.writeArrayPropertyStart("lines");
        for (String element : v.lines()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.ModuleValue v) {
        out.writeStartObject();
        out.writeStringProperty("type", v.type());
        out.writeNumberProperty("bits", v.bits());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.ModuleFunction v) {
        out.writeStartObject();
        if (v.module() != null) {
            out.writeStringProperty("module", v.module());
        }
        out.writeStringProperty("name", v.name());
        out.writeStringProperty("type", v.type());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Module v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeNumberProperty("rules", v.rules());
        out.writeNumberProperty("tx", v.tx());
        out.writeNumberProperty("timeMillis", v.timeMillis());
        out.writeArrayPropertyStart("relations");
        for (String element : v.relations()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.FailedRule v) {
        out.writeStartObject();
        out.writeStringProperty("place", v.place());
        out.writeStringProperty("rule", v.rule());
        out.writeArrayPropertyStart("holds");
        for (String element : v.holds()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("fails");
        for (String element : v.fails()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("nearest");
        for (String element : v.nearest()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Peer v) {
        out.writeStartObject();
        if (v.name() != null) {
            out.writeStringProperty("name", v.name());
        }
        out.writeStringProperty("peerId", v.peerId());
        out.writeStringProperty("state", v.state());
        out.writeArrayPropertyStart("addresses");
        for (String element : v.addresses()) {
            out.writeString(element);
        }
        out.writeEndArray();
        if (v.direction() != null) {
            out.writeStringProperty("direction", v.direction());
        }
        if (v.remote() != null) {
            out.writeStringProperty("remote", v.remote());
        }
        if (v.latencyMicros() != null) {
            out.writeNumberProperty("latencyMicros", v.latencyMicros());
        }
        if (v.bytesIn() != null) {
            out.writeNumberProperty("bytesIn", v.bytesIn());
        }
        if (v.bytesOut() != null) {
            out.writeNumberProperty("bytesOut", v.bytesOut());
        }
        if (v.key() != null) {
            out.writeStringProperty("key", v.key());
        }
        if (v.agent() != null) {
            out.writeStringProperty("agent", v.agent());
        }
        if (v.sinceMillis() != null) {
            out.writeNumberProperty("sinceMillis", v.sinceMillis());
        }
        if (v.problem() != null) {
            out.writeStringProperty("problem", v.problem());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.ProofStep v) {
        out.writeStartObject();
        out.writeNumberProperty("id", v.id());
        out.writeStringProperty("kind", v.kind());
        if (v.relation() != null) {
            out.writeStringProperty("relation", v.relation());
        }
        out.writeName("tuple");
        Values.write(out, v.tuple());
        out.writeStringProperty("text", v.text());
        if (v.rule() != null) {
            out.writeStringProperty("rule", v.rule());
        }
        out.writeNumberProperty("height", v.height());
        if (v.tx() != null) {
            out.writeNumberProperty("tx", v.tx());
        }
        if (v.timeMillis() != null) {
            out.writeNumberProperty("timeMillis", v.timeMillis());
        }
        if (v.author() != null) {
            out.writeStringProperty("author", v.author());
        }
        out.writeArrayPropertyStart("premises");
        for (long element : v.premises()) {
            out.writeNumber(element);
        }
        out.writeEndArray();
        out.writeBooleanProperty("cut", v.cut());
        out.writeArrayPropertyStart("about");
        for (String element : v.about()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Relation v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeArrayPropertyStart("columns");
        for (Response.Column element : v.columns()) {
            write(out, element);
        }
        out.writeEndArray();
        out.writeStringProperty("origin", v.origin());
        out.writeNumberProperty("facts", v.facts());
        out.writeArrayPropertyStart("modules");
        for (String element : v.modules()) {
            out.writeString(element);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Setting v) {
        out.writeStartObject();
        out.writeStringProperty("key", v.key());
        if (v.value() != null) {
            out.writeStringProperty("value", v.value());
        }
        out.writeStringProperty("from", v.from());
        out.writeStringProperty("description", v.description());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.SkillTool v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeStringProperty("description", v.description());
        out.writeStringProperty("input", v.input());
        out.writeStringProperty("output", v.output());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.SkillRight v) {
        out.writeStartObject();
        out.writeStringProperty("capability", v.capability());
        out.writeStringProperty("words", v.words());
        out.writeBooleanProperty("granted", v.granted());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Transaction v) {
        out.writeStartObject();
        out.writeNumberProperty("tx", v.tx());
        out.writeNumberProperty("timeMillis", v.timeMillis());
        out.writeStringProperty("author", v.author());
        out.writeStringProperty("what", v.what());
        if (v.reason() != null) {
            out.writeStringProperty("reason", v.reason());
        }
        out.writeNumberProperty("asserted", v.asserted());
        out.writeNumberProperty("retracted", v.retracted());
        out.writeStringProperty("hash", v.hash());
        out.writeBooleanProperty("forgotten", v.forgotten());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Where v) {
        out.writeStartObject();
        out.writeStringProperty("file", v.file());
        out.writeNumberProperty("line", v.line());
        out.writeNumberProperty("column", v.column());
        out.writeNumberProperty("endColumn", v.endColumn());
        if (v.text() != null) {
            out.writeStringProperty("text", v.text());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Diagnostic.Note v) {
        out.writeStartObject();
        out.writeStringProperty("message", v.message());
        if (v.where() != null) {
            out.writeName("where");
            write(out, v.where());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Response.Column v) {
        out.writeStartObject();
        out.writeStringProperty("name", v.name());
        out.writeStringProperty("type", v.type());
        out.writeEndObject();
    }
}
