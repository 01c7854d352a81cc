package dev.sovereign.runtime;

import dev.sovereign.error.SovereignException;
import dev.sovereign.runtime.pack.Capability;
import dev.sovereign.runtime.pack.Manifest;
import dev.sovereign.runtime.wasi.Settings;
import dev.sovereign.runtime.wasi.WasiHost;
import dev.sovereign.runtime.wasm.HostFunction;
import dev.sovereign.runtime.wasm.HostFunctions;
import dev.sovereign.runtime.wasm.Limits;
import dev.sovereign.runtime.wasm.Outcome;
import dev.sovereign.runtime.wasm.Run;
import dev.sovereign.runtime.wasm.WasmModule;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One run of an installed skill, from its settings to its transaction.
final class SkillRun {

    /// Bytes of standard input: as much as a frame carries.
    static final int INPUT_BYTES = 7 << 20;

    private final long id;
    private final Manifest manifest;
    private final Grants grants;
    private final Skills.Surroundings surroundings;
    private final Order order;
    private final Limits limits;
    private final WasiHost wasi;
    private final KnowledgeHost knowledge;
    private final Run run;
    private final long atMillis;
    private final long startNanos = System.nanoTime();

    SkillRun(
            long id,
            Manifest manifest,
            WasmModule module,
            Grants grants,
            Skills.Surroundings surroundings,
            Order order) {
        this.id = id;
        this.manifest = manifest;
        this.grants = grants;
        this.surroundings = surroundings;
        this.order = order;
        this.atMillis = surroundings.clock().millis();
        Maximum maximum =
                surroundings
                        .maximum()
                        .lowered(manifest.limits(), order.fuel(), order.timeoutMillis());
        this.limits = maximum.limits();
        if (order.input().length > INPUT_BYTES) {
            throw new SovereignException(
                    SkillError.INPUT,
                    "the input has "
                            + order.input().length
                            + " bytes, at most "
                            + INPUT_BYTES
                            + " are taken",
                    "grant the skill a folder and put the data there");
        }
        try {
            this.wasi =
                    new WasiHost(
                            new Settings(
                                    arguments(),
                                    environment(),
                                    order.input(),
                                    grants.files(),
                                    clock(),
                                    seed(),
                                    maximum.outputKib() << 10),
                            grants,
                            surroundings.clock());
        } catch (IllegalArgumentException tooMuch) {
            throw new SovereignException(
                    SkillError.INPUT, String.valueOf(tooMuch.getMessage()), null, tooMuch);
        }
        this.knowledge = new KnowledgeHost(surroundings.knowledge(), grants);
        HostFunctions hosts =
                wanted -> {
                    HostFunction found = wasi.find(wanted);
                    return found != null ? found : knowledge.find(wanted);
                };
        this.run = new Run(module, hosts, limits);
    }

    private List<String> arguments() {
        List<String> all = new ArrayList<>();
        all.add(manifest.name());
        if (order.tool() != null) {
            all.add(order.tool());
        }
        all.addAll(order.arguments());
        return all;
    }

    private Map<String, String> environment() {
        Map<String, String> granted = new HashMap<>();
        surroundings
                .environment()
                .forEach((name, value) -> {
                    if (Capability.ENV_NAME.matcher(name).matches()
                            && grants.holds(new Capability.Env(name))) {
                        granted.put(name, value);
                    }
                });
        return granted;
    }

    /// Who asked for real clocks and was not granted them has those of one who did not ask.
    private @org.jspecify.annotations.Nullable Long clock() {
        return manifest.clock() != null || grants.holds(new Capability.RealClock())
                ? manifest.clock()
                : Long.valueOf(Manifest.STANDARD_CLOCK);
    }

    private @org.jspecify.annotations.Nullable Long seed() {
        return manifest.seed() != null || grants.holds(new Capability.RealRandom())
                ? manifest.seed()
                : Long.valueOf(Manifest.STANDARD_SEED);
    }

    long id() {
        return id;
    }

    String skill() {
        return manifest.name();
    }

    /// By when it must have begun: whoever waits longer has waited for nothing.
    long deadlineNanos() {
        return startNanos + limits.timeout().toNanos();
    }

    /// Any thread.
    void cancel() {
        run.cancel();
    }

    RunReport run() throws InterruptedException {
        Outcome outcome;
        try {
            outcome = run.invoke("_start");
        } finally {
            wasi.close();
        }
        return switch (outcome) {
            case Outcome.Ok(_, _, long fuel) -> ended(0, fuel);
            case Outcome.Exit(int status, long fuel) -> ended(status, fuel);
            case Outcome.OutOfFuel(long fuel) ->
                    report(
                            Verdict.OUT_OF_FUEL,
                            fuel,
                            "used up its " + limits.fuel() + " units of fuel");
            case Outcome.Trap(String message, long fuel) -> report(Verdict.TRAP, fuel, message);
            case Outcome.CallStack(long fuel) ->
                    report(
                            Verdict.CALL_STACK,
                            fuel,
                            "more than " + limits.depth() + " calls were open");
            case Outcome.Timeout(long fuel) ->
                    report(
                            Verdict.TIMEOUT,
                            fuel,
                            "took longer than " + limits.timeout().toMillis() + " ms");
            case Outcome.Cancelled(long fuel) -> report(Verdict.CANCELLED, fuel, "was cancelled");
            case Outcome.OutOfMemory(long fuel) ->
                    report(Verdict.MEMORY, fuel, "the daemon has no memory left for it");
            case Outcome.Rejected(String message, long fuel) ->
                    report(Verdict.REJECTED, fuel, message);
            case Outcome.HostFailure(Throwable cause, long fuel) -> {
                if (cause instanceof SovereignException refused) {
                    yield report(Verdict.REFUSED, fuel, refused.first().message());
                }
                throw new IllegalStateException(
                        "a host function failed for " + manifest.name(), cause);
            }
        };
    }

    private RunReport ended(int status, long fuel) throws InterruptedException {
        if (status != 0) {
            return report(Verdict.FAILED, status, fuel, 0, "ended with " + status);
        }
        if (!knowledge.hasWritten()) {
            return report(Verdict.OK, 0, fuel, 0, "");
        }
        String reason =
                "run %d%s, %d units of fuel, sha256 %s"
                        .formatted(
                                id,
                                order.tool() == null ? "" : " of " + order.tool(),
                                fuel,
                                manifest.sha256());
        try {
            Knowledge.Written written = knowledge.commit(Installed.author(manifest), reason);
            return report(Verdict.OK, 0, fuel, written.tx(), "");
        } catch (Knowledge.Refused refused) {
            return report(Verdict.REFUSED, fuel, String.valueOf(refused.getMessage()));
        } catch (SovereignException refused) {
            return report(Verdict.REFUSED, fuel, refused.first().message());
        } catch (IOException broke) {
            throw new java.io.UncheckedIOException(broke);
        }
    }

    private RunReport report(Verdict verdict, long fuel, String message) {
        return report(verdict, -1, fuel, 0, message);
    }

    private RunReport report(Verdict verdict, int exit, long fuel, long tx, String message) {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        log.writeBytes(wasi.log());
        log.writeBytes(knowledge.log());
        return new RunReport(
                id,
                manifest.name(),
                manifest.version().toString(),
                order.tool() == null ? "" : order.tool(),
                manifest.sha256(),
                verdict,
                exit,
                wasi.output(),
                log.toByteArray(),
                fuel,
                (System.nanoTime() - startNanos) / 1_000_000,
                tx,
                message,
                atMillis);
    }
}
