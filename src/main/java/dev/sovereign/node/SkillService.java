package dev.sovereign.node;

import dev.sovereign.core.SystemRelation;
import dev.sovereign.core.eval.OuterFunctors;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.node.actor.Supervised;
import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;
import dev.sovereign.runtime.Installed;
import dev.sovereign.runtime.Knowledge;
import dev.sovereign.runtime.LicenseGate;
import dev.sovereign.runtime.Maximum;
import dev.sovereign.runtime.Order;
import dev.sovereign.runtime.Proposal;
import dev.sovereign.runtime.RunReport;
import dev.sovereign.runtime.Skills;
import dev.sovereign.runtime.pack.Canonical;
import dev.sovereign.runtime.pack.Capability;
import dev.sovereign.runtime.pack.Manifest;
import dev.sovereign.runtime.pack.PackageReader;
import dev.sovereign.runtime.pack.SkillPackage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The skills as a supervised part of the node: opens them, opens them again when the part breaks,
/// and translates requests. Requests run on their own threads.
final class SkillService implements AutoCloseable {

    private static final int MAILBOX = 16;

    private final Home home;
    private final Supplier<Knowledge> knowledge;
    private final LicenseGate licenses;
    private final Log log;
    private final Supervised<Throwable> actor;

    /// Guarded by `this`: completed while skills are open, failed while the last start failed.
    private CompletableFuture<Skills> current = new CompletableFuture<>();

    /// Begins to open what is installed and returns at once.
    ///
    /// @param knowledge what skills reach of the store; throws while it is not open
    SkillService(Home home, Supplier<Knowledge> knowledge, LicenseGate licenses, Log log) {
        this.home = home;
        this.knowledge = knowledge;
        this.licenses = licenses;
        this.log = log;
        this.actor =
                Supervised.start(
                        "skills", MAILBOX, Supervised.Policy.USUAL, this::start, this::failed);
    }

    private Supervised.Behavior<Throwable> start() {
        Skills opened =
                new Skills(
                        home.data().resolve("skills"),
                        home.data().resolve("skill-code"),
                        new Skills.Surroundings(
                                new Reached(knowledge),
                                licenses,
                                System.getenv(),
                                Maximum.STANDARD,
                                Runtime.getRuntime().availableProcessors(),
                                InstantSource.system(),
                                failure -> log.error("code of a skill is not kept", failure)));
        synchronized (this) {
            if (current.isDone()) {
                current = new CompletableFuture<>();
            }
            current.complete(opened);
        }
        return new Supervised.Behavior<>() {
            @Override
            public boolean receive(Throwable broken) throws Exception {
                throw new IOException("skills broke: " + broken, broken);
            }

            @Override
            public void close() {
                opened.close();
            }
        };
    }

    private synchronized void failed(String name, Throwable failure, boolean givenUp) {
        log.error(name + (givenUp ? " failed, given up" : " failed, starting again"), failure);
        if (current.isDone()) {
            current = new CompletableFuture<>();
        }
        if (givenUp || failure instanceof SovereignException) {
            current.completeExceptionally(failure);
        }
    }

    Supervised.State state() {
        return actor.state();
    }

    /// Zeros while they are not open.
    Response.Skills counts() {
        Skills open = openNow();
        return open == null
                ? new Response.Skills(0, 0)
                : new Response.Skills(open.installed(), open.running());
    }

    /// Whether a run is under way: the daemon does not end for idleness then.
    boolean isBusy() {
        Skills open = openNow();
        return open != null && open.running() > 0;
    }

    private synchronized @Nullable Skills openNow() {
        return current.isDone() && !current.isCompletedExceptionally()
                ? current.getNow(null)
                : null;
    }

    private Skills open() throws InterruptedException {
        CompletableFuture<Skills> waited;
        synchronized (this) {
            if (current.isCompletedExceptionally()) {
                current = new CompletableFuture<>();
                actor.retry();
            }
            waited = current;
        }
        try {
            return waited.get();
        } catch (ExecutionException closed) {
            Throwable why = closed.getCause();
            if (why instanceof SovereignException refused) {
                throw refused;
            }
            throw new SovereignException(
                    NodeError.IO, "skills cannot be used: " + why, null, closed);
        }
    }

    @Override
    public void close() {
        actor.close();
    }

    /// Functors of rules: the tools of skills that ask for nothing.
    OuterFunctors functors() {
        return new SkillFunctors(this::open);
    }

    // ---- requests ----

    Response.Closing handle(Request<?> request, Exchange exchange)
            throws IOException, InterruptedException {
        Skills skills = open();
        return switch (request) {
            case Request.SkillPropose propose ->
                    shown(
                            skills.propose(
                                    read(propose.path(), propose.folder(), exchange),
                                    propose.force()));
            case Request.SkillInstall install -> install(skills, install, exchange);
            case Request.SkillList _ -> list(skills);
            case Request.SkillShow show -> shown(skills.show(show.name()));
            case Request.SkillGrant grant ->
                    shown(skills.grant(grant.name(), capabilities(grant.capabilities())));
            case Request.SkillRevoke revoke ->
                    shown(skills.revoke(revoke.name(), capabilities(revoke.capabilities())));
            case Request.SkillRemove remove -> {
                skills.remove(remove.name());
                yield new Response.Done();
            }
            case Request.SkillRun run -> run(skills, run, exchange);
            default ->
                    throw new IllegalArgumentException(
                            "not for skills: " + request.getClass().getSimpleName());
        };
    }

    private static SkillPackage read(String path, boolean folder, Exchange exchange)
            throws IOException, InterruptedException {
        if (folder) {
            return PackageReader.folder(name -> exchange.want(path + "/" + name, null));
        }
        try (InputStream in = exchange.want(path, null)) {
            return PackageReader.zip(in);
        }
    }

    private static Response.SkillSheet install(
            Skills skills, Request.SkillInstall install, Exchange exchange)
            throws IOException, InterruptedException {
        SkillPackage added = read(install.path(), install.folder(), exchange);
        List<Capability> granted = null;
        if (install.agreed()) {
            granted =
                    install.granted().contains("all")
                            ? added.manifest().capabilities()
                            : capabilities(install.granted());
        }
        return shown(skills.install(added, install.force(), install.shown(), granted));
    }

    private static List<Capability> capabilities(List<String> texts) {
        return texts.stream().map(Capability::parse).toList();
    }

    Stream<String> names() throws InterruptedException {
        return open().list().stream().map(installed -> shown(installed).name());
    }

    private static Response.SkillSheets list(Skills skills) {
        List<Response.SkillSheet> sheets = new ArrayList<>();
        for (Installed installed : skills.list()) {
            sheets.add(shown(installed));
        }
        List<Diagnostic> damaged = new ArrayList<>(skills.damaged().values());
        return new Response.SkillSheets(sheets, damaged);
    }

    private Response.SkillRan run(Skills skills, Request.SkillRun run, Exchange exchange)
            throws InterruptedException {
        Order order =
                new Order(
                        run.name(),
                        run.tool(),
                        run.arguments(),
                        run.input().getBytes(StandardCharsets.UTF_8),
                        run.limits().fuel(),
                        run.limits().timeMillis());
        RunReport report;
        try {
            report = skills.run(order, ticket -> exchange.onCancel(ticket::cancel));
        } catch (OutOfMemoryError | StackOverflowError | LinkageError broken) {
            actor.offer(broken);
            throw broken;
        }
        byte[] output = report.output();
        for (int from = 0; from < output.length; from += Bounds.FILE_CHUNK_BYTES) {
            int to = Math.min(output.length, from + Bounds.FILE_CHUNK_BYTES);
            exchange.send(new Response.Chunk(Arrays.copyOfRange(output, from, to)));
        }
        return new Response.SkillRan(
                report.id(),
                report.skill(),
                report.version(),
                report.tool().isEmpty() ? null : report.tool(),
                report.verdict().word(),
                report.exit(),
                new String(report.log(), StandardCharsets.UTF_8),
                report.fuel(),
                report.millis(),
                report.tx(),
                report.message(),
                report.verdict().exitStatus());
    }

    // ---- words ----

    private static Response.SkillProposal shown(Proposal proposal) {
        Manifest before = proposal.before();
        return new Response.SkillProposal(
                sheet(proposal.manifest(), proposal.manifestSha256(), proposal.keeps(), 0, 0),
                before == null ? null : before.version().toString(),
                texts(proposal.fresh()),
                texts(proposal.keeps()),
                proposal.mustAsk());
    }

    private static Response.SkillSheet shown(Installed installed) {
        return sheet(
                installed.manifest(),
                installed.manifestSha256(),
                installed.granted(),
                installed.atMillis(),
                installed.running());
    }

    private static List<String> texts(List<Capability> capabilities) {
        return capabilities.stream().map(Capability::text).toList();
    }

    private static Response.SkillSheet sheet(
            Manifest manifest,
            String manifestSha256,
            List<Capability> granted,
            long atMillis,
            int running) {
        List<Response.SkillTool> tools = new ArrayList<>();
        for (Manifest.Tool tool : manifest.tools()) {
            tools.add(
                    new Response.SkillTool(
                            tool.name(),
                            tool.description(),
                            Canonical.json(tool.input()),
                            Canonical.json(tool.output())));
        }
        List<Response.SkillRight> rights = new ArrayList<>();
        for (Capability asked : manifest.capabilities()) {
            rights.add(
                    new Response.SkillRight(
                            asked.text(),
                            asked.words(),
                            granted.stream().anyMatch(held -> held.covers(asked))));
        }
        Manifest.License license = manifest.license();
        return new Response.SkillSheet(
                manifest.name(),
                manifest.version().toString(),
                manifest.description(),
                manifest.publisherKey(),
                manifest.sha256(),
                manifestSha256,
                atMillis,
                running,
                tools,
                rights,
                texts(granted),
                manifest.clock() == null ? "real" : "fixed:" + manifest.clock(),
                manifest.seed() == null ? "real" : "seed:" + manifest.seed(),
                limits(manifest.limits()),
                license == null
                        ? null
                        : license.sats()
                                + " sats to "
                                + license.address()
                                + " on "
                                + license.network());
    }

    private static List<String> limits(Manifest.Limits asked) {
        Maximum maximum = Maximum.STANDARD.lowered(asked);
        return List.of(
                "fuel " + maximum.fuel(),
                "memory " + maximum.memoryMib() + " MiB",
                "table " + maximum.table(),
                "depth " + maximum.depth(),
                "timeout " + maximum.timeoutMillis() + " ms",
                "output " + maximum.outputKib() + " KiB");
    }

    // ---- facts ----

    /// `sys_skill` and `sys_run`.
    List<SystemRelation> relations() {
        return List.of(
                new SystemRelation(
                        "sys_skill",
                        List.of(
                                SystemRelation.symbol("name"),
                                SystemRelation.symbol("version"),
                                SystemRelation.symbol("publisher"),
                                SystemRelation.symbol("sha256"),
                                SystemRelation.number("installed")),
                        this::skillRows),
                new SystemRelation(
                        "sys_skill_grant",
                        List.of(SystemRelation.symbol("name"), SystemRelation.symbol("capability")),
                        this::grantRows),
                new SystemRelation(
                        "sys_run",
                        List.of(
                                SystemRelation.number("run"),
                                SystemRelation.symbol("skill"),
                                SystemRelation.symbol("version"),
                                SystemRelation.symbol("tool"),
                                SystemRelation.symbol("verdict"),
                                SystemRelation.number("fuel"),
                                SystemRelation.number("millis"),
                                SystemRelation.number("tx"),
                                SystemRelation.symbol("sha256"),
                                SystemRelation.number("time")),
                        this::runRows));
    }

    private void skillRows(Consumer<Object[]> row) {
        Skills open = openNow();
        if (open != null) {
            for (Installed each : open.list()) {
                Manifest manifest = each.manifest();
                row.accept(
                        new Object[] {
                            manifest.name(),
                            manifest.version().toString(),
                            manifest.publisherKey(),
                            manifest.sha256(),
                            each.atMillis()
                        });
            }
        }
    }

    private void grantRows(Consumer<Object[]> row) {
        Skills open = openNow();
        if (open != null) {
            for (Installed each : open.list()) {
                for (Capability held : each.granted()) {
                    row.accept(new Object[] {each.manifest().name(), held.text()});
                }
            }
        }
    }

    private void runRows(Consumer<Object[]> row) {
        Skills open = openNow();
        if (open != null) {
            for (RunReport run : open.reports()) {
                row.accept(
                        new Object[] {
                            run.id(),
                            run.skill(),
                            run.version(),
                            run.tool(),
                            run.verdict().word(),
                            run.fuel(),
                            run.millis(),
                            run.tx(),
                            run.sha256(),
                            run.atMillis()
                        });
            }
        }
    }

    /// The store that is open when it is asked.
    private record Reached(Supplier<Knowledge> present) implements Knowledge {
        @Override
        public byte[] query(
                String text,
                java.util.Collection<Capability.Read> granted,
                int maxBytes,
                long deadlineNanos)
                throws Refused, IOException, InterruptedException {
            return present.get().query(text, granted, maxBytes, deadlineNanos);
        }

        @Override
        public int check(String facts, java.util.Set<String> granted) throws Refused {
            return present.get().check(facts, granted);
        }

        @Override
        public Written commit(
                List<String> asserts,
                List<String> retracts,
                java.util.Set<String> granted,
                String author,
                String reason)
                throws Refused, IOException, InterruptedException {
            return present.get().commit(asserts, retracts, granted, author, reason);
        }
    }
}
