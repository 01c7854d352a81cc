package dev.sovereign.protocol;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.ErrorKind;
import dev.sovereign.error.Where;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Generated from the records by ProtocolTool (src/test); do not edit.
final class ResponseReader {
    private ResponseReader() {}

    /// Null when the kind is not known.
    static @Nullable Response read(String kind, Fields in) throws ProtocolException {
        return switch (kind) {
            case "answers" -> readAnswers(in);
            case "checked" -> readChecked(in);
            case "chunk" -> readChunk(in);
            case "columns" -> readColumns(in);
            case "committed" -> readCommitted(in);
            case "done" -> new Response.Done();
            case "failure" -> readFailure(in);
            case "graph" -> readGraph(in);
            case "heartbeat" -> readHeartbeat(in);
            case "history" -> readHistory(in);
            case "imported" -> readImported(in);
            case "keys" -> readKeys(in);
            case "license-identity" -> readLicenseIdentity(in);
            case "license-judged" -> readLicenseJudged(in);
            case "license-offer" -> readLicenseOffer(in);
            case "license-verdict" -> readLicenseVerdict(in);
            case "mesh-event" -> readMeshEvent(in);
            case "module-ran" -> readModuleRan(in);
            case "module-sheet" -> readModuleSheet(in);
            case "modules" -> readModules(in);
            case "name-list" -> readNameList(in);
            case "not-proved" -> readNotProved(in);
            case "note" -> readNote(in);
            case "peers" -> readPeers(in);
            case "progress" -> readProgress(in);
            case "proof-steps" -> readProofSteps(in);
            case "proved" -> readProved(in);
            case "ran" -> readRan(in);
            case "relations" -> readRelations(in);
            case "round-trip" -> readRoundTrip(in);
            case "rows" -> readRows(in);
            case "settings" -> readSettings(in);
            case "skill-proposal" -> readSkillProposal(in);
            case "skill-ran" -> readSkillRan(in);
            case "skill-sheet" -> readSkillSheet(in);
            case "skill-sheets" -> readSkillSheets(in);
            case "source" -> readSource(in);
            case "store-report" -> readStoreReport(in);
            case "text" -> readText(in);
            case "throughput" -> readThroughput(in);
            case "transactions" -> readTransactions(in);
            case "wanted" -> readWanted(in);
            default -> null;
        };
    }

    private static Response.Answers readAnswers(Fields in) throws ProtocolException {
        return new Response.Answers(
                in.number("rows"),
                in.flag("truncated"),
                in.flagOrNull("answer"),
                in.textOrNull("plan"),
                in.number("snapshotTx"));
    }

    private static Response.Checked readChecked(Fields in) throws ProtocolException {
        return new Response.Checked(
                listDiagnostic(in.objects("diagnostics")),
                in.number("rules"),
                in.number("relations"));
    }

    private static Response.Chunk readChunk(Fields in) throws ProtocolException {
        return new Response.Chunk(in.bytes("bytes"));
    }

    private static Response.Columns readColumns(Fields in) throws ProtocolException {
        return new Response.Columns(in.text("query"), in.texts("names"), in.texts("types"));
    }

    private static Response.Committed readCommitted(Fields in) throws ProtocolException {
        return new Response.Committed(
                in.number("tx"),
                in.number("asserted"),
                in.number("retracted"),
                in.number("unchanged"));
    }

    private static Response.Failure readFailure(Fields in) throws ProtocolException {
        return new Response.Failure(listDiagnostic(in.objects("diagnostics")));
    }

    private static Response.Graph readGraph(Fields in) throws ProtocolException {
        return new Response.Graph(in.text("format"), in.text("text"));
    }

    private static Response.Heartbeat readHeartbeat(Fields in) throws ProtocolException {
        return new Response.Heartbeat(
                in.text("version"),
                in.text("build"),
                in.number("pid"),
                in.number("uptimeMillis"),
                in.text("state"),
                in.textOrNull("peerId"),
                readMesh(in.object("mesh")),
                readLicense(in.object("license")),
                readKnowledge(in.object("knowledge")),
                readStore(in.object("store")),
                readSkills(in.object("skills")),
                listActorState(in.objects("actors")),
                readMemory(in.object("memory")),
                readMachine(in.object("machine")));
    }

    private static Response.History readHistory(Fields in) throws ProtocolException {
        return new Response.History(
                in.text("fact"), in.flag("holds"), listEvent(in.objects("events")));
    }

    private static Response.Imported readImported(Fields in) throws ProtocolException {
        return new Response.Imported(
                in.number("tx"),
                in.number("asserted"),
                in.number("unchanged"),
                in.number("skipped"),
                listDiagnostic(in.objects("skippedRows")));
    }

    private static Response.Keys readKeys(Fields in) throws ProtocolException {
        return new Response.Keys(
                in.textOrNull("path"),
                in.textOrNull("fingerprint"),
                in.textOrNull("previous"),
                in.numberOrNull("previousUntilMillis"),
                in.textOrNull("peerId"));
    }

    private static Response.LicenseIdentity readLicenseIdentity(Fields in)
            throws ProtocolException {
        return new Response.LicenseIdentity(
                in.text("from"), in.text("payload"), in.textOrNull("id"), in.texts("notes"));
    }

    private static Response.LicenseJudged readLicenseJudged(Fields in) throws ProtocolException {
        return new Response.LicenseJudged(
                in.flag("match"),
                in.texts("reasons"),
                in.texts("hints"),
                in.number("paidSats"),
                in.textOrNull("txid"));
    }

    private static Response.LicenseOffer readLicenseOffer(Fields in) throws ProtocolException {
        return new Response.LicenseOffer(
                in.text("network"),
                in.flag("testNetwork"),
                in.text("address"),
                in.number("sats"),
                in.number("confirmations"),
                in.text("payload"),
                in.text("script"),
                in.texts("warnings"));
    }

    private static Response.LicenseVerdict readLicenseVerdict(Fields in) throws ProtocolException {
        return new Response.LicenseVerdict(
                in.text("verdict"),
                in.text("network"),
                in.flag("testNetwork"),
                in.textOrNull("txid"),
                in.numberOrNull("height"),
                in.textOrNull("block"),
                in.numberOrNull("confirmations"),
                in.numberOrNull("needed"),
                in.numberOrNull("paidSats"),
                in.textOrNull("dropped"),
                in.texts("reasons"),
                in.texts("hints"),
                in.texts("asked"),
                in.textOrNull("cause"),
                in.textOrNull("detail"),
                listLicenseStep(in.objects("steps")));
    }

    private static Response.MeshEvent readMeshEvent(Fields in) throws ProtocolException {
        return new Response.MeshEvent(
                in.text("event"),
                in.textOrNull("multiaddr"),
                in.textOrNull("peerId"),
                in.textOrNull("remote"),
                in.textOrNull("direction"),
                in.number("handshakeMicros"),
                in.textOrNull("reason"),
                in.number("count"));
    }

    private static Response.ModuleRan readModuleRan(Fields in) throws ProtocolException {
        return new Response.ModuleRan(
                in.text("verdict"),
                listModuleValue(in.objects("results")),
                in.number("fuel"),
                in.textOrNull("message"));
    }

    private static Response.ModuleSheet readModuleSheet(Fields in) throws ProtocolException {
        return new Response.ModuleSheet(
                in.number("bytes"),
                in.text("sha256"),
                in.textOrNull("refused"),
                in.textOrNull("message"),
                in.number("functions"),
                in.number("memoryPages"),
                listModuleFunction(in.objects("imports")),
                listModuleFunction(in.objects("exports")),
                in.texts("interpreted"));
    }

    private static Response.Modules readModules(Fields in) throws ProtocolException {
        return new Response.Modules(listModule(in.objects("modules")));
    }

    private static Response.NameList readNameList(Fields in) throws ProtocolException {
        return new Response.NameList(in.texts("names"));
    }

    private static Response.NotProved readNotProved(Fields in) throws ProtocolException {
        return new Response.NotProved(
                in.text("atom"),
                listFailedRule(in.objects("rules")),
                in.texts("nearest"),
                in.number("snapshotTx"));
    }

    private static Response.Note readNote(Fields in) throws ProtocolException {
        return new Response.Note(readDiagnostic(in.object("diagnostic")));
    }

    private static Response.Peers readPeers(Fields in) throws ProtocolException {
        return new Response.Peers(listPeer(in.objects("peers")));
    }

    private static Response.Progress readProgress(Fields in) throws ProtocolException {
        return new Response.Progress(
                in.text("what"), in.number("done"), in.number("total"), in.text("unit"));
    }

    private static Response.ProofSteps readProofSteps(Fields in) throws ProtocolException {
        return new Response.ProofSteps(in.number("proof"), listProofStep(in.objects("steps")));
    }

    private static Response.Proved readProved(Fields in) throws ProtocolException {
        return new Response.Proved(
                in.number("proofs"), in.flag("truncated"), in.number("snapshotTx"));
    }

    private static Response.Ran readRan(Fields in) throws ProtocolException {
        return new Response.Ran(in.textOrNull("profile"));
    }

    private static Response.Relations readRelations(Fields in) throws ProtocolException {
        return new Response.Relations(listRelation(in.objects("relations")));
    }

    private static Response.RoundTrip readRoundTrip(Fields in) throws ProtocolException {
        return new Response.RoundTrip(in.text("peerId"), in.number("nanos"));
    }

    private static Response.Rows readRows(Fields in) throws ProtocolException {
        return new Response.Rows(in.rows("rows"));
    }

    private static Response.Settings readSettings(Fields in) throws ProtocolException {
        return new Response.Settings(listSetting(in.objects("settings")));
    }

    private static Response.SkillProposal readSkillProposal(Fields in) throws ProtocolException {
        return new Response.SkillProposal(
                readSkillSheet(in.object("skill")),
                in.textOrNull("before"),
                in.texts("fresh"),
                in.texts("keeps"),
                in.flag("mustAsk"));
    }

    private static Response.SkillRan readSkillRan(Fields in) throws ProtocolException {
        return new Response.SkillRan(
                in.number("run"),
                in.text("skill"),
                in.text("version"),
                in.textOrNull("tool"),
                in.text("verdict"),
                in.integer("exit"),
                in.text("log"),
                in.number("fuel"),
                in.number("millis"),
                in.number("tx"),
                in.text("message"),
                in.integer("exitStatus"));
    }

    private static Response.SkillSheet readSkillSheet(Fields in) throws ProtocolException {
        return new Response.SkillSheet(
                in.text("name"),
                in.text("version"),
                in.text("description"),
                in.text("publisher"),
                in.text("sha256"),
                in.text("manifestSha256"),
                in.number("installedMillis"),
                in.number("running"),
                listSkillTool(in.objects("tools")),
                listSkillRight(in.objects("rights")),
                in.texts("granted"),
                in.text("clock"),
                in.text("random"),
                in.texts("limits"),
                in.textOrNull("license"));
    }

    private static Response.SkillSheets readSkillSheets(Fields in) throws ProtocolException {
        return new Response.SkillSheets(
                listSkillSheet(in.objects("skills")), listDiagnostic(in.objects("damaged")));
    }

    private static Response.Source readSource(Fields in) throws ProtocolException {
        return new Response.Source(in.text("name"), in.text("text"));
    }

    private static Response.StoreReport readStoreReport(Fields in) throws ProtocolException {
        return new Response.StoreReport(
                in.text("path"),
                in.number("bytes"),
                in.number("logBytes"),
                in.number("stateBytes"),
                in.integer("formatVersion"),
                in.flag("encrypted"),
                in.number("tx"),
                in.number("facts"),
                in.number("relations"),
                listDiagnostic(in.objects("problems")),
                in.textOrNull("keptAside"));
    }

    private static Response.Text readText(Fields in) throws ProtocolException {
        return new Response.Text(in.text("text"));
    }

    private static Response.Throughput readThroughput(Fields in) throws ProtocolException {
        return new Response.Throughput(
                in.text("peerId"),
                in.number("bytes"),
                in.number("uploadNanos"),
                in.number("downloadNanos"));
    }

    private static Response.Transactions readTransactions(Fields in) throws ProtocolException {
        return new Response.Transactions(listTransaction(in.objects("transactions")));
    }

    private static Response.Wanted readWanted(Fields in) throws ProtocolException {
        return new Response.Wanted(in.integer("handle"), in.text("name"), in.textOrNull("from"));
    }

    private static Diagnostic readDiagnostic(Fields in) throws ProtocolException {
        return new Diagnostic(
                severity(in.text("severity")),
                in.text("code"),
                ErrorKind.ofWord(in.text("kind")),
                in.text("message"),
                in.textOrNull("hint"),
                in.isNull("where") ? null : readWhere(in.object("where")),
                listDiagnosticNote(in.objects("notes")));
    }

    private static Response.Mesh readMesh(Fields in) throws ProtocolException {
        return new Response.Mesh(
                in.flag("enabled"),
                in.texts("listening"),
                in.number("connections"),
                in.number("refused"),
                in.textOrNull("fingerprint"),
                in.texts("waiting"));
    }

    private static Response.License readLicense(Fields in) throws ProtocolException {
        return new Response.License(in.text("verdict"), in.text("network"));
    }

    private static Response.Knowledge readKnowledge(Fields in) throws ProtocolException {
        return new Response.Knowledge(
                in.number("facts"), in.number("relations"), in.number("rules"), in.number("tx"));
    }

    private static Response.Store readStore(Fields in) throws ProtocolException {
        return new Response.Store(in.text("path"), in.number("bytes"), in.flag("encrypted"));
    }

    private static Response.Skills readSkills(Fields in) throws ProtocolException {
        return new Response.Skills(in.number("installed"), in.number("running"));
    }

    private static Response.ActorState readActorState(Fields in) throws ProtocolException {
        return new Response.ActorState(
                in.text("name"),
                in.text("state"),
                in.number("restarts"),
                in.textOrNull("lastFailure"));
    }

    private static Response.Memory readMemory(Fields in) throws ProtocolException {
        return new Response.Memory(in.number("residentBytes"), in.number("heapUsedBytes"));
    }

    private static Response.Machine readMachine(Fields in) throws ProtocolException {
        return new Response.Machine(in.text("os"), in.integer("cpus"), in.number("memoryBytes"));
    }

    private static Response.Event readEvent(Fields in) throws ProtocolException {
        return new Response.Event(
                in.number("tx"),
                in.number("timeMillis"),
                in.text("author"),
                in.text("change"),
                in.textOrNull("reason"));
    }

    private static Response.LicenseStep readLicenseStep(Fields in) throws ProtocolException {
        return new Response.LicenseStep(in.text("name"), in.flag("passed"), in.texts("lines"));
    }

    private static Response.ModuleValue readModuleValue(Fields in) throws ProtocolException {
        return new Response.ModuleValue(in.text("type"), in.number("bits"));
    }

    private static Response.ModuleFunction readModuleFunction(Fields in) throws ProtocolException {
        return new Response.ModuleFunction(
                in.textOrNull("module"), in.text("name"), in.text("type"));
    }

    private static Response.Module readModule(Fields in) throws ProtocolException {
        return new Response.Module(
                in.text("name"),
                in.number("rules"),
                in.number("tx"),
                in.number("timeMillis"),
                in.texts("relations"));
    }

    private static Response.FailedRule readFailedRule(Fields in) throws ProtocolException {
        return new Response.FailedRule(
                in.text("place"),
                in.text("rule"),
                in.texts("holds"),
                in.texts("fails"),
                in.texts("nearest"));
    }

    private static Response.Peer readPeer(Fields in) throws ProtocolException {
        return new Response.Peer(
                in.textOrNull("name"),
                in.text("peerId"),
                in.text("state"),
                in.texts("addresses"),
                in.textOrNull("direction"),
                in.textOrNull("remote"),
                in.numberOrNull("latencyMicros"),
                in.numberOrNull("bytesIn"),
                in.numberOrNull("bytesOut"),
                in.textOrNull("key"),
                in.textOrNull("agent"),
                in.numberOrNull("sinceMillis"),
                in.textOrNull("problem"));
    }

    private static Response.ProofStep readProofStep(Fields in) throws ProtocolException {
        return new Response.ProofStep(
                in.number("id"),
                in.text("kind"),
                in.textOrNull("relation"),
                in.values("tuple"),
                in.text("text"),
                in.textOrNull("rule"),
                in.number("height"),
                in.numberOrNull("tx"),
                in.numberOrNull("timeMillis"),
                in.textOrNull("author"),
                in.numbers("premises"),
                in.flag("cut"),
                in.texts("about"));
    }

    private static Response.Relation readRelation(Fields in) throws ProtocolException {
        return new Response.Relation(
                in.text("name"),
                listColumn(in.objects("columns")),
                in.text("origin"),
                in.number("facts"),
                in.texts("modules"));
    }

    private static Response.Setting readSetting(Fields in) throws ProtocolException {
        return new Response.Setting(
                in.text("key"), in.textOrNull("value"), in.text("from"), in.text("description"));
    }

    private static Response.SkillTool readSkillTool(Fields in) throws ProtocolException {
        return new Response.SkillTool(
                in.text("name"), in.text("description"), in.text("input"), in.text("output"));
    }

    private static Response.SkillRight readSkillRight(Fields in) throws ProtocolException {
        return new Response.SkillRight(in.text("capability"), in.text("words"), in.flag("granted"));
    }

    private static Response.Transaction readTransaction(Fields in) throws ProtocolException {
        return new Response.Transaction(
                in.number("tx"),
                in.number("timeMillis"),
                in.text("author"),
                in.text("what"),
                in.textOrNull("reason"),
                in.number("asserted"),
                in.number("retracted"),
                in.text("hash"),
                in.flag("forgotten"));
    }

    private static Where readWhere(Fields in) throws ProtocolException {
        return new Where(
                in.text("file"),
                in.integer("line"),
                in.integer("column"),
                in.integer("endColumn"),
                in.textOrNull("text"));
    }

    private static Diagnostic.Note readDiagnosticNote(Fields in) throws ProtocolException {
        return new Diagnostic.Note(
                in.text("message"), in.isNull("where") ? null : readWhere(in.object("where")));
    }

    private static Response.Column readColumn(Fields in) throws ProtocolException {
        return new Response.Column(in.text("name"), in.text("type"));
    }

    private static List<Diagnostic> listDiagnostic(List<Fields> in) throws ProtocolException {
        List<Diagnostic> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readDiagnostic(fields));
        }
        return list;
    }

    private static List<Response.ActorState> listActorState(List<Fields> in)
            throws ProtocolException {
        List<Response.ActorState> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readActorState(fields));
        }
        return list;
    }

    private static List<Response.Event> listEvent(List<Fields> in) throws ProtocolException {
        List<Response.Event> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readEvent(fields));
        }
        return list;
    }

    private static List<Response.LicenseStep> listLicenseStep(List<Fields> in)
            throws ProtocolException {
        List<Response.LicenseStep> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readLicenseStep(fields));
        }
        return list;
    }

    private static List<Response.ModuleValue> listModuleValue(List<Fields> in)
            throws ProtocolException {
        List<Response.ModuleValue> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readModuleValue(fields));
        }
        return list;
    }

    private static List<Response.ModuleFunction> listModuleFunction(List<Fields> in)
            throws ProtocolException {
        List<Response.ModuleFunction> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readModuleFunction(fields));
        }
        return list;
    }

    private static List<Response.Module> listModule(List<Fields> in) throws ProtocolException {
        List<Response.Module> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readModule(fields));
        }
        return list;
    }

    private static List<Response.FailedRule> listFailedRule(List<Fields> in)
            throws ProtocolException {
        List<Response.FailedRule> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readFailedRule(fields));
        }
        return list;
    }

    private static List<Response.Peer> listPeer(List<Fields> in) throws ProtocolException {
        List<Response.Peer> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readPeer(fields));
        }
        return list;
    }

    private static List<Response.ProofStep> listProofStep(List<Fields> in)
            throws ProtocolException {
        List<Response.ProofStep> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readProofStep(fields));
        }
        return list;
    }

    private static List<Response.Relation> listRelation(List<Fields> in) throws ProtocolException {
        List<Response.Relation> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readRelation(fields));
        }
        return list;
    }

    private static List<Response.Setting> listSetting(List<Fields> in) throws ProtocolException {
        List<Response.Setting> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readSetting(fields));
        }
        return list;
    }

    private static List<Response.SkillTool> listSkillTool(List<Fields> in)
            throws ProtocolException {
        List<Response.SkillTool> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readSkillTool(fields));
        }
        return list;
    }

    private static List<Response.SkillRight> listSkillRight(List<Fields> in)
            throws ProtocolException {
        List<Response.SkillRight> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readSkillRight(fields));
        }
        return list;
    }

    private static List<Response.SkillSheet> listSkillSheet(List<Fields> in)
            throws ProtocolException {
        List<Response.SkillSheet> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readSkillSheet(fields));
        }
        return list;
    }

    private static List<Response.Transaction> listTransaction(List<Fields> in)
            throws ProtocolException {
        List<Response.Transaction> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readTransaction(fields));
        }
        return list;
    }

    private static List<Diagnostic.Note> listDiagnosticNote(List<Fields> in)
            throws ProtocolException {
        List<Diagnostic.Note> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readDiagnosticNote(fields));
        }
        return list;
    }

    private static List<Response.Column> listColumn(List<Fields> in) throws ProtocolException {
        List<Response.Column> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readColumn(fields));
        }
        return list;
    }

    private static Diagnostic.Severity severity(String word) {
        return word.equals("warning") ? Diagnostic.Severity.WARNING : Diagnostic.Severity.ERROR;
    }
}
