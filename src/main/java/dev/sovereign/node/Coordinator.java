package dev.sovereign.node;

import dev.sovereign.core.SystemRelation;
import dev.sovereign.error.SovereignException;
import dev.sovereign.node.actor.Supervised;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.node.machine.Host;
import dev.sovereign.node.machine.MachineRelations;
import dev.sovereign.node.peers.MeshNode;
import dev.sovereign.protocol.Build;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The daemon's switchboard: every request of every caller comes through [#handle], on a thread of
/// its own, and goes to the subsystem that answers it.
public final class Coordinator implements Service {

    private final Lifecycle lifecycle;
    private final Knowledge knowledge;
    private final Licenses licenses;
    private final MeshNode mesh;
    private final SkillService skills;

    /// Begins to open the knowledge base and returns at once.
    public Coordinator(
            Home home,
            Configuration configuration,
            KnowledgeHandler.Factory factory,
            Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
        this.licenses = new Licenses(home, configuration, lifecycle.log());
        this.mesh =
                new MeshNode(
                        home, configuration, this, this::decide, this::newestTx, lifecycle.log());
        this.skills =
                new SkillService(
                        home,
                        this::knowledgeOfSkills,
                        asked -> licenses.refusal(asked.address(), asked.sats(), asked.network()),
                        lifecycle.log());
        this.knowledge =
                new Knowledge(
                        home,
                        configuration,
                        factory,
                        systemRelations(home),
                        skills.functors(),
                        lifecycle.log());
        mesh.start();
    }

    @Override
    public Response.Closing handle(Request<?> request, Exchange exchange)
            throws IOException, InterruptedException {
        return switch (request) {
            case Request.PeerList _,
                    Request.PeerAdd _,
                    Request.PeerMeet _,
                    Request.PeerDiscover _,
                    Request.PeerRemove _,
                    Request.PeerAllow _,
                    Request.PeerDeny _,
                    Request.PeerShow _,
                    Request.PeerPing _,
                    Request.PeerPerf _,
                    Request.PeerMap _,
                    Request.At _ ->
                    mesh.handle(request, exchange);
            case Request.Names names -> names(names, exchange);
            case Request.Status _ -> status();
            case Request.Stop stop -> stop(stop.drainMillis());
            case Request.Query _,
                    Request.Why _,
                    Request.WhyNot _,
                    Request.Assert _,
                    Request.Retract _,
                    Request.Import _,
                    Request.Export _,
                    Request.CheckText _,
                    Request.RulesAdd _,
                    Request.RulesRemove _,
                    Request.RulesList _,
                    Request.RulesShow _,
                    Request.RulesCheck _,
                    Request.RulesGraph _,
                    Request.RelationsOf _,
                    Request.Log _,
                    Request.HistoryOf _,
                    Request.StoreInfo _,
                    Request.StoreCheck _,
                    Request.StoreBackup _,
                    Request.StoreRestore _,
                    Request.StoreEncrypt _,
                    Request.StoreDecrypt _,
                    Request.StoreRekey _,
                    Request.StoreCompact _ ->
                    knowledge.handle(request, exchange);
            case Request.LicenseStatus _,
                    Request.LicenseImport _,
                    Request.LicenseExport _,
                    Request.LicenseActivate _ ->
                    licenses.handle(request, exchange);
            case Request.SkillPropose _,
                    Request.SkillInstall _,
                    Request.SkillList _,
                    Request.SkillShow _,
                    Request.SkillGrant _,
                    Request.SkillRevoke _,
                    Request.SkillRemove _,
                    Request.SkillRun _ ->
                    skills.handle(request, exchange);
            case Request.Run _,
                    Request.Check _,
                    Request.ModuleRun _,
                    Request.ModuleCheck _,
                    Request.MeshRun _,
                    Request.LicenseId _,
                    Request.LicenseRequest _,
                    Request.LicenseCheck _,
                    Request.LicenseVerify _,
                    Request.ConfigList _,
                    Request.ConfigGet _,
                    Request.ConfigSet _,
                    Request.ConfigUnset _,
                    Request.ConfigPath _,
                    Request.KeyNew _,
                    Request.KeyShow _,
                    Request.KeyRotate _,
                    Request.KeyId _ ->
                    throw new SovereignException(
                            NodeError.LOCAL_ONLY,
                            "the daemon does not answer "
                                    + request.getClass().getSimpleName()
                                    + ": it reads and writes no files of callers");
        };
    }

    /// What the parts of the node call things; of a kind that this node does not know there is
    /// nothing.
    private Response.Closing names(Request.Names asked, Exchange exchange)
            throws IOException, InterruptedException {
        return switch (asked.kind()) {
            case "relations", "modules" -> knowledge.handle(asked, exchange);
            case "skills" -> Response.NameList.of(skills.names(), asked);
            case "peers" -> Response.NameList.of(mesh.names(), asked);
            default -> new Response.NameList(List.of());
        };
    }

    private dev.sovereign.runtime.Knowledge knowledgeOfSkills() {
        return knowledge.opened().forSkills();
    }

    /// What the parts of the node show to rules: each hands over its own.
    private List<SystemRelation> systemRelations(Home home) {
        List<SystemRelation> all = new ArrayList<>(mesh.relations());
        all.add(licenses.relation());
        all.addAll(skills.relations());
        all.addAll(MachineRelations.all(home.state().resolve("native")));
        return all;
    }

    /// What the policy of the mesh asks: with the rights of the node itself.
    private Response.Closing decide(Request<?> query, Exchange exchange)
            throws IOException, InterruptedException {
        return knowledge.handle(query, exchange);
    }

    private long newestTx() {
        return knowledge.heartbeat().knowledge().tx();
    }

    private Response.Done stop(long drainMillis) throws InterruptedException {
        lifecycle.stop(Math.max(0, drainMillis));
        return new Response.Done();
    }

    private Response.Heartbeat status() throws InterruptedException {
        KnowledgeHandler.Beat beat = knowledge.heartbeat();
        Response.Mesh peers = mesh.heartbeat(); // first: it looks for new key files
        Supervised.State state = knowledge.state();
        List<Response.ActorState> actors = new ArrayList<>();
        actors.add(Knowledge.shown(state));
        actors.add(licenses.state());
        actors.add(Knowledge.shown(mesh.state()));
        actors.add(Knowledge.shown(skills.state()));
        return new Response.Heartbeat(
                Build.version(),
                Build.hash(),
                lifecycle.pid(),
                lifecycle.uptimeMillis(),
                word(state.phase()),
                mesh.peerId(),
                peers,
                licenses.heartbeat(),
                beat.knowledge(),
                beat.store(),
                skills.counts(),
                actors,
                new Response.Memory(Host.residentBytes(), Host.heapUsedBytes()),
                new Response.Machine(Host.os(), Host.cpus(), Host.memoryBytes()));
    }

    private String word(Supervised.Phase knowledgePhase) {
        if (lifecycle.isStopping()) {
            return "stopping";
        }
        return switch (knowledgePhase) {
            case RUNNING -> "ready";
            case STARTING -> "starting";
            case RESTARTING, FAILED, OFF -> "degraded";
        };
    }

    @Override
    public boolean isBusy() {
        return mesh.isOn();
    }

    @Override
    public void close() {
        licenses.close();
        mesh.close();
        skills.close();
        knowledge.close();
    }
}
