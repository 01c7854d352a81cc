package dev.sovereign.node;

import dev.sovereign.error.SovereignException;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.node.config.ConfigurationFile;
import dev.sovereign.node.peers.Keys;
import dev.sovereign.node.peers.MeshNode;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.io.IOException;

/// Answers, in the caller's own process, the requests that need neither daemon nor store: `run`,
/// `check`, `skill run FILE.wasm`, `skill check`, `mesh run`, `config`, and those of `license` that
/// look at nothing but what they are given.
public final class LocalHandler implements RequestHandler {

    private final Home home;

    public LocalHandler(Home home) {
        this.home = home;
    }

    @Override
    public Response.Closing handle(Request<?> request, Exchange exchange)
            throws IOException, InterruptedException {
        ConfigurationFile configuration = new ConfigurationFile(home.configFile());
        return switch (request) {
            case Request.ConfigList _ -> configuration.list();
            case Request.ConfigGet get -> configuration.get(get.key());
            case Request.ConfigSet set -> configuration.set(set.key(), set.value());
            case Request.ConfigUnset unset -> configuration.unset(unset.key());
            case Request.ConfigPath _ -> configuration.path();
            case Request.KeyNew create -> keys().create(create.out());
            case Request.KeyShow _ -> keys().show();
            case Request.KeyRotate rotate -> keys().rotate(rotate.from());
            case Request.KeyId _ -> keys().id();
            case Request.Check check ->
                    ProgramCheck.check(check.programs(), check.includeFolders());
            case Request.ModuleRun run -> ModuleCalls.run(run);
            case Request.ModuleCheck check -> ModuleCalls.check(check.file());
            case Request.LicenseId id -> new LocalLicense(home).identity(id);
            case Request.LicenseRequest offer -> new LocalLicense(home).offer(offer);
            case Request.LicenseCheck judged -> new LocalLicense(home).check(judged, exchange);
            case Request.LicenseVerify proof -> new LocalLicense(home).verify(proof, exchange);
            case Request.Run run -> ProgramRun.run(run, exchange, home);
            case Request.MeshRun run -> new MeshRun(run, exchange).run();
            default ->
                    throw new SovereignException(
                            NodeError.NEEDS_DAEMON,
                            "only the daemon answers " + request.getClass().getSimpleName());
        };
    }

    private Keys keys() {
        return MeshNode.keys(home, Configuration.load(home.configFile()));
    }
}
