package dev.sovereign.protocol;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Generated from the records by ProtocolTool (src/test); do not edit.
final class RequestReader {
    private RequestReader() {}

    /// Null when the kind is not known.
    static @Nullable Request<?> read(String kind, Fields in) throws ProtocolException {
        return switch (kind) {
            case "assert" -> readAssert(in);
            case "at" -> readAt(in);
            case "check" -> readCheck(in);
            case "check-text" -> readCheckText(in);
            case "config-get" -> readConfigGet(in);
            case "config-list" -> new Request.ConfigList();
            case "config-path" -> new Request.ConfigPath();
            case "config-set" -> readConfigSet(in);
            case "config-unset" -> readConfigUnset(in);
            case "export" -> readExport(in);
            case "history-of" -> readHistoryOf(in);
            case "import" -> readImport(in);
            case "key-id" -> new Request.KeyId();
            case "key-new" -> readKeyNew(in);
            case "key-rotate" -> readKeyRotate(in);
            case "key-show" -> new Request.KeyShow();
            case "license-activate" -> readLicenseActivate(in);
            case "license-check" -> readLicenseCheck(in);
            case "license-export" -> new Request.LicenseExport();
            case "license-id" -> readLicenseId(in);
            case "license-import" -> readLicenseImport(in);
            case "license-request" -> readLicenseRequest(in);
            case "license-status" -> readLicenseStatus(in);
            case "license-verify" -> readLicenseVerify(in);
            case "log" -> readLog(in);
            case "mesh-run" -> readMeshRun(in);
            case "module-check" -> readModuleCheck(in);
            case "module-run" -> readModuleRun(in);
            case "names" -> readNames(in);
            case "peer-add" -> readPeerAdd(in);
            case "peer-allow" -> readPeerAllow(in);
            case "peer-deny" -> readPeerDeny(in);
            case "peer-discover" -> readPeerDiscover(in);
            case "peer-list" -> new Request.PeerList();
            case "peer-map" -> readPeerMap(in);
            case "peer-meet" -> readPeerMeet(in);
            case "peer-perf" -> readPeerPerf(in);
            case "peer-ping" -> readPeerPing(in);
            case "peer-remove" -> readPeerRemove(in);
            case "peer-show" -> readPeerShow(in);
            case "query" -> readQuery(in);
            case "relations-of" -> readRelationsOf(in);
            case "retract" -> readRetract(in);
            case "rules-add" -> readRulesAdd(in);
            case "rules-check" -> readRulesCheck(in);
            case "rules-graph" -> readRulesGraph(in);
            case "rules-list" -> new Request.RulesList();
            case "rules-remove" -> readRulesRemove(in);
            case "rules-show" -> readRulesShow(in);
            case "run" -> readRun(in);
            case "skill-grant" -> readSkillGrant(in);
            case "skill-install" -> readSkillInstall(in);
            case "skill-list" -> new Request.SkillList();
            case "skill-propose" -> readSkillPropose(in);
            case "skill-remove" -> readSkillRemove(in);
            case "skill-revoke" -> readSkillRevoke(in);
            case "skill-run" -> readSkillRun(in);
            case "skill-show" -> readSkillShow(in);
            case "status" -> new Request.Status();
            case "stop" -> readStop(in);
            case "store-backup" -> new Request.StoreBackup();
            case "store-check" -> new Request.StoreCheck();
            case "store-compact" -> new Request.StoreCompact();
            case "store-decrypt" -> new Request.StoreDecrypt();
            case "store-encrypt" -> new Request.StoreEncrypt();
            case "store-info" -> new Request.StoreInfo();
            case "store-rekey" -> new Request.StoreRekey();
            case "store-restore" -> readStoreRestore(in);
            case "why" -> readWhy(in);
            case "why-not" -> readWhyNot(in);
            default -> null;
        };
    }

    private static Request.Assert readAssert(Fields in) throws ProtocolException {
        return new Request.Assert(listProgram(in.objects("facts")), in.textOrNull("reason"));
    }

    private static Request.At readAt(Fields in) throws ProtocolException {
        return new Request.At(in.text("peer"), nested(in.object("request")));
    }

    private static Request.Check readCheck(Fields in) throws ProtocolException {
        return new Request.Check(in.texts("programs"), in.texts("includeFolders"));
    }

    private static Request.CheckText readCheckText(Fields in) throws ProtocolException {
        return new Request.CheckText(listProgram(in.objects("programs")));
    }

    private static Request.ConfigGet readConfigGet(Fields in) throws ProtocolException {
        return new Request.ConfigGet(in.text("key"));
    }

    private static Request.ConfigSet readConfigSet(Fields in) throws ProtocolException {
        return new Request.ConfigSet(in.text("key"), in.text("value"));
    }

    private static Request.ConfigUnset readConfigUnset(Fields in) throws ProtocolException {
        return new Request.ConfigUnset(in.text("key"));
    }

    private static Request.Export readExport(Fields in) throws ProtocolException {
        return new Request.Export(in.text("relationOrQuery"), in.textOrNull("asOf"));
    }

    private static Request.HistoryOf readHistoryOf(Fields in) throws ProtocolException {
        return new Request.HistoryOf(in.text("fact"));
    }

    private static Request.Import readImport(Fields in) throws ProtocolException {
        return new Request.Import(
                in.texts("files"),
                in.text("into"),
                in.textOrNull("format"),
                in.flag("header"),
                in.texts("columns"),
                in.flag("dryRun"),
                in.flag("skipBadRows"));
    }

    private static Request.KeyNew readKeyNew(Fields in) throws ProtocolException {
        return new Request.KeyNew(in.textOrNull("out"));
    }

    private static Request.KeyRotate readKeyRotate(Fields in) throws ProtocolException {
        return new Request.KeyRotate(in.textOrNull("from"));
    }

    private static Request.LicenseActivate readLicenseActivate(Fields in) throws ProtocolException {
        return new Request.LicenseActivate(
                in.textOrNull("txid"), in.numberOrNull("height"), in.flag("follow"));
    }

    private static Request.LicenseCheck readLicenseCheck(Fields in) throws ProtocolException {
        return new Request.LicenseCheck(in.text("tx"), readLicenseTerms(in.object("terms")));
    }

    private static Request.LicenseId readLicenseId(Fields in) throws ProtocolException {
        return new Request.LicenseId(in.flag("reveal"));
    }

    private static Request.LicenseImport readLicenseImport(Fields in) throws ProtocolException {
        return new Request.LicenseImport(in.text("file"));
    }

    private static Request.LicenseRequest readLicenseRequest(Fields in) throws ProtocolException {
        return new Request.LicenseRequest(readLicenseTerms(in.object("terms")));
    }

    private static Request.LicenseStatus readLicenseStatus(Fields in) throws ProtocolException {
        return new Request.LicenseStatus(in.flag("explain"));
    }

    private static Request.LicenseVerify readLicenseVerify(Fields in) throws ProtocolException {
        return new Request.LicenseVerify(
                in.text("file"), in.flag("explain"), readLicenseTerms(in.object("terms")));
    }

    private static Request.Log readLog(Fields in) throws ProtocolException {
        return new Request.Log(in.numberOrNull("limit"), in.numberOrNull("before"));
    }

    private static Request.MeshRun readMeshRun(Fields in) throws ProtocolException {
        return new Request.MeshRun(
                in.texts("listen"),
                in.text("key"),
                in.textOrNull("identity"),
                in.texts("connect"),
                in.texts("allow"),
                in.integer("maxConnections"),
                in.flag("testProtocols"));
    }

    private static Request.ModuleCheck readModuleCheck(Fields in) throws ProtocolException {
        return new Request.ModuleCheck(in.text("file"));
    }

    private static Request.ModuleRun readModuleRun(Fields in) throws ProtocolException {
        return new Request.ModuleRun(
                in.text("file"),
                in.text("export"),
                in.texts("arguments"),
                in.numberOrNull("fuel"),
                in.numberOrNull("timeoutMillis"));
    }

    private static Request.Names readNames(Fields in) throws ProtocolException {
        return new Request.Names(in.text("kind"), in.textOrNull("prefix"));
    }

    private static Request.PeerAdd readPeerAdd(Fields in) throws ProtocolException {
        return new Request.PeerAdd(in.text("name"), in.text("multiaddr"));
    }

    private static Request.PeerAllow readPeerAllow(Fields in) throws ProtocolException {
        return new Request.PeerAllow(in.text("peer"), in.textOrNull("name"));
    }

    private static Request.PeerDeny readPeerDeny(Fields in) throws ProtocolException {
        return new Request.PeerDeny(in.text("peer"));
    }

    private static Request.PeerDiscover readPeerDiscover(Fields in) throws ProtocolException {
        return new Request.PeerDiscover(in.numberOrNull("waitMillis"));
    }

    private static Request.PeerMap readPeerMap(Fields in) throws ProtocolException {
        return new Request.PeerMap(in.text("format"));
    }

    private static Request.PeerMeet readPeerMeet(Fields in) throws ProtocolException {
        return new Request.PeerMeet(in.text("multiaddr"));
    }

    private static Request.PeerPerf readPeerPerf(Fields in) throws ProtocolException {
        return new Request.PeerPerf(in.text("peer"), in.number("bytes"));
    }

    private static Request.PeerPing readPeerPing(Fields in) throws ProtocolException {
        return new Request.PeerPing(in.text("peer"));
    }

    private static Request.PeerRemove readPeerRemove(Fields in) throws ProtocolException {
        return new Request.PeerRemove(in.text("peer"));
    }

    private static Request.PeerShow readPeerShow(Fields in) throws ProtocolException {
        return new Request.PeerShow(in.text("peer"));
    }

    private static Request.Query readQuery(Fields in) throws ProtocolException {
        return new Request.Query(
                in.text("text"),
                listProgram(in.objects("programs")),
                in.textOrNull("asOf"),
                in.numberOrNull("rowLimit"),
                in.flag("explainPlan"),
                readLimits(in.object("limits")));
    }

    private static Request.RelationsOf readRelationsOf(Fields in) throws ProtocolException {
        return new Request.RelationsOf(in.textOrNull("name"));
    }

    private static Request.Retract readRetract(Fields in) throws ProtocolException {
        return new Request.Retract(
                listProgram(in.objects("facts")), in.flag("allMatching"), in.textOrNull("reason"));
    }

    private static Request.RulesAdd readRulesAdd(Fields in) throws ProtocolException {
        return new Request.RulesAdd(in.text("name"), readProgram(in.object("program")));
    }

    private static Request.RulesCheck readRulesCheck(Fields in) throws ProtocolException {
        return new Request.RulesCheck(in.textOrNull("name"));
    }

    private static Request.RulesGraph readRulesGraph(Fields in) throws ProtocolException {
        return new Request.RulesGraph(in.textOrNull("name"), in.text("format"));
    }

    private static Request.RulesRemove readRulesRemove(Fields in) throws ProtocolException {
        return new Request.RulesRemove(in.text("name"));
    }

    private static Request.RulesShow readRulesShow(Fields in) throws ProtocolException {
        return new Request.RulesShow(in.text("name"));
    }

    private static Request.Run readRun(Fields in) throws ProtocolException {
        return new Request.Run(
                in.text("program"),
                in.text("factDirectory"),
                in.text("outputDirectory"),
                in.texts("includeFolders"),
                in.integer("jobs"),
                in.flag("explainPlan"),
                in.flag("profile"),
                in.textOrNull("profileFile"),
                in.textOrNull("engine"),
                readLimits(in.object("limits")));
    }

    private static Request.SkillGrant readSkillGrant(Fields in) throws ProtocolException {
        return new Request.SkillGrant(in.text("name"), in.texts("capabilities"));
    }

    private static Request.SkillInstall readSkillInstall(Fields in) throws ProtocolException {
        return new Request.SkillInstall(
                in.text("path"),
                in.flag("folder"),
                in.flag("force"),
                in.text("shown"),
                in.flag("agreed"),
                in.texts("granted"));
    }

    private static Request.SkillPropose readSkillPropose(Fields in) throws ProtocolException {
        return new Request.SkillPropose(in.text("path"), in.flag("folder"), in.flag("force"));
    }

    private static Request.SkillRemove readSkillRemove(Fields in) throws ProtocolException {
        return new Request.SkillRemove(in.text("name"));
    }

    private static Request.SkillRevoke readSkillRevoke(Fields in) throws ProtocolException {
        return new Request.SkillRevoke(in.text("name"), in.texts("capabilities"));
    }

    private static Request.SkillRun readSkillRun(Fields in) throws ProtocolException {
        return new Request.SkillRun(
                in.text("name"),
                in.textOrNull("tool"),
                in.texts("arguments"),
                in.text("input"),
                readLimits(in.object("limits")));
    }

    private static Request.SkillShow readSkillShow(Fields in) throws ProtocolException {
        return new Request.SkillShow(in.text("name"));
    }

    private static Request.Stop readStop(Fields in) throws ProtocolException {
        return new Request.Stop(in.number("drainMillis"));
    }

    private static Request.StoreRestore readStoreRestore(Fields in) throws ProtocolException {
        return new Request.StoreRestore(in.text("name"));
    }

    private static Request.Why readWhy(Fields in) throws ProtocolException {
        return new Request.Why(
                in.text("text"),
                listProgram(in.objects("programs")),
                in.textOrNull("asOf"),
                in.numberOrNull("depth"),
                in.flag("all"),
                in.numberOrNull("rowLimit"),
                readLimits(in.object("limits")));
    }

    private static Request.WhyNot readWhyNot(Fields in) throws ProtocolException {
        return new Request.WhyNot(
                in.text("text"),
                listProgram(in.objects("programs")),
                in.textOrNull("asOf"),
                readLimits(in.object("limits")));
    }

    private static Request.Program readProgram(Fields in) throws ProtocolException {
        return new Request.Program(in.text("name"), in.text("text"), in.texts("includeFolders"));
    }

    private static Request.LicenseTerms readLicenseTerms(Fields in) throws ProtocolException {
        return new Request.LicenseTerms(
                in.textOrNull("network"),
                in.textOrNull("address"),
                in.numberOrNull("sats"),
                in.numberOrNull("confirmations"),
                in.textOrNull("machineId"),
                in.textOrNull("payload"));
    }

    private static Request.Limits readLimits(Fields in) throws ProtocolException {
        return new Request.Limits(
                in.numberOrNull("timeMillis"),
                in.numberOrNull("tuples"),
                in.numberOrNull("memoryBytes"),
                in.numberOrNull("fuel"));
    }

    private static List<Request.Program> listProgram(List<Fields> in) throws ProtocolException {
        List<Request.Program> list = new ArrayList<>(in.size());
        for (Fields fields : in) {
            list.add(readProgram(fields));
        }
        return list;
    }

    private static Request<?> nested(Fields in) throws ProtocolException {
        String kind = in.text("kind");
        Request<?> request = read(kind, in.object("body"));
        if (request == null) {
            throw new ProtocolException(
                    ProtocolError.UNKNOWN_REQUEST, "there is no request of this kind");
        }
        return request;
    }
}
