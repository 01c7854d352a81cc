package dev.sovereign.runtime;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.runtime.pack.Capability;
import dev.sovereign.runtime.pack.Manifest;
import dev.sovereign.runtime.pack.PackError;
import dev.sovereign.runtime.pack.SkillPackage;
import dev.sovereign.runtime.wasm.CodeCache;
import dev.sovereign.runtime.wasm.ModuleRejected;
import dev.sovereign.runtime.wasm.WasmModule;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// What is installed on this node, what each skill may do, and its runs. Any thread; changes are
/// made one at a time.
public final class Skills implements AutoCloseable {

    /// Installed at a time: their manifests are in memory.
    public static final int MAX_INSTALLED = 256;

    /// Ended runs that `sys_run` shows.
    public static final int MAX_REPORTS = 1_000;

    /// What the node hands over.
    ///
    /// @param environment variables of the daemon, of which skills see what was granted
    /// @param parallel runs that compute at a time
    /// @param trouble hears of what harms no run, such as code that cannot be kept on disk
    public record Surroundings(
            Knowledge knowledge,
            LicenseGate licenses,
            Map<String, String> environment,
            Maximum maximum,
            int parallel,
            InstantSource clock,
            Consumer<Throwable> trouble) {}

    /// What stands in the folder of a name: a skill, or why it cannot be used.
    private static final class Entry {
        final SkillFolder.Kept record;
        final Manifest manifest;
        final Grants grants;
        final @Nullable List<SkillFolder.Stamp> stamps;

        Entry(
                SkillFolder.Kept record,
                Manifest manifest,
                Grants grants,
                @Nullable List<SkillFolder.Stamp> stamps) {
            this.record = record;
            this.manifest = manifest;
            this.grants = grants;
            this.stamps = stamps;
        }
    }

    private final SkillFolder folder;
    private final Surroundings surroundings;
    private final Slots slots;
    private final Modules modules;
    private final Memo memo = new Memo(Memo.MAX_BYTES);

    /// Guarded by `this`, like the fields below.
    private final Map<String, Entry> entries = new TreeMap<>();

    private final Map<String, SovereignException> damaged = new TreeMap<>();
    private final Deque<RunReport> reports = new ArrayDeque<>();
    private long lastRun;
    private boolean closed;

    private final Map<Long, SkillRun> running = new ConcurrentHashMap<>();

    /// Reads what is installed. A skill that is not what was installed is listed and does not run.
    ///
    /// @param root the folder of the skills; made when the first is installed
    /// @param code the folder of their code, which can be made anew; made when it is needed
    public Skills(Path root, Path code, Surroundings surroundings) {
        this.folder = new SkillFolder(root);
        this.modules = new Modules(new CodeCache(code), surroundings.trouble());
        this.surroundings = surroundings;
        this.slots = new Slots(surroundings.parallel());
        for (String name : folder.names()) {
            try {
                SkillFolder.Kept record = folder.record(name);
                List<SkillFolder.Stamp> stamps = folder.stamps(name, record);
                SkillPackage loaded = folder.load(name, record);
                entries.put(
                        name,
                        new Entry(record, loaded.manifest(), new Grants(record.granted()), stamps));
            } catch (SovereignException unusable) {
                damaged.put(name, unusable);
            }
        }
    }

    // ---- what is there ----

    public synchronized List<Installed> list() {
        return entries.values().stream().map(this::shown).toList();
    }

    /// Names of skills that cannot be used, with the reason.
    public synchronized Map<String, Diagnostic> damaged() {
        Map<String, Diagnostic> all = new TreeMap<>();
        damaged.forEach((name, why) -> all.put(name, why.first()));
        return all;
    }

    /// @throws SovereignException `skill.unknown`, or why it cannot be used
    public synchronized Installed show(String name) {
        return shown(entry(name));
    }

    private Installed shown(Entry entry) {
        String name = entry.manifest.name();
        int now = (int) running.values().stream().filter(run -> run.skill().equals(name)).count();
        return new Installed(
                entry.manifest,
                entry.record.manifest(),
                entry.grants.held(),
                entry.record.atMillis(),
                now);
    }

    public synchronized int installed() {
        return entries.size() + damaged.size();
    }

    public int running() {
        return running.size();
    }

    /// Ended runs, newest first; see [#MAX_REPORTS].
    public synchronized List<RunReport> reports() {
        return List.copyOf(reports);
    }

    private synchronized Entry entry(String name) {
        Entry found = entries.get(name);
        if (found != null) {
            return found;
        }
        SovereignException why = damaged.get(name);
        if (why != null) {
            throw why;
        }
        throw new SovereignException(
                SkillError.NO_SKILL,
                "no skill named \"" + name + "\" is installed",
                entries.isEmpty()
                        ? "sovereign skill install PATH installs one"
                        : "sovereign skill list shows them");
    }

    // ---- installing ----

    /// Says what installing would do, and refuses what cannot be installed. Changes nothing.
    ///
    /// @param force whether an older version, other bytes under the same version, or another
    ///   publisher may take the place of what is installed; it then asks for everything anew
    public synchronized Proposal propose(SkillPackage added, boolean force) {
        Manifest manifest = added.manifest();
        try {
            modules.check(added.module(), manifest.sha256());
        } catch (ModuleRejected rejected) {
            throw new SovereignException(
                    PackError.PACKAGE,
                    "\"" + manifest.wasm() + "\" cannot run here: " + rejected.getMessage(),
                    "sovereign skill check FILE says more");
        }
        Entry before = entries.get(manifest.name());
        if (before == null) {
            if (installed() >= MAX_INSTALLED && !damaged.containsKey(manifest.name())) {
                throw new SovereignException(
                        SkillError.TOO_MANY,
                        MAX_INSTALLED + " skills are installed, more are not taken",
                        "sovereign skill remove NAME");
            }
            return new Proposal(
                    manifest,
                    added.manifestSha256(),
                    null,
                    manifest.capabilities(),
                    List.of(),
                    !manifest.capabilities().isEmpty());
        }
        boolean same = before.record.manifest().equals(added.manifestSha256());
        boolean trusted = same || mayFollow(before.manifest, manifest, force);
        List<Capability> known = trusted ? before.manifest.capabilities() : List.of();
        List<Capability> fresh = manifest.beyond(java.util.Set.copyOf(known));
        List<Capability> keeps =
                trusted
                        ? before.grants.held().stream()
                                .filter(held ->
                                        manifest.capabilities().stream()
                                                .anyMatch(c -> c.covers(held)))
                                .toList()
                        : List.of();
        return new Proposal(
                manifest, added.manifestSha256(), before.manifest, fresh, keeps, !fresh.isEmpty());
    }

    /// Whether a version may take over what another one holds; refuses one that may not be
    /// installed over it at all.
    private static boolean mayFollow(Manifest before, Manifest next, boolean force) {
        boolean samePublisher = before.publisherKey().equals(next.publisherKey());
        int order = next.version().compareTo(before.version());
        if (force) {
            return samePublisher && order > 0;
        }
        if (!samePublisher) {
            throw new SovereignException(
                    SkillError.PUBLISHER,
                    "skill \""
                            + next.name()
                            + "\" "
                            + next.version()
                            + " comes from "
                            + publisher(next)
                            + ", the installed "
                            + before.version()
                            + " from "
                            + publisher(before),
                    "if you trust both, --force replaces it and asks again");
        }
        if (order <= 0) {
            throw new SovereignException(
                    SkillError.VERSION,
                    order < 0
                            ? "skill \""
                                    + next.name()
                                    + "\" "
                                    + next.version()
                                    + " is older than the installed "
                                    + before.version()
                            : "skill \""
                                    + next.name()
                                    + "\" "
                                    + next.version()
                                    + " is installed with other bytes",
                    "--force replaces it and asks again");
        }
        return true;
    }

    private static String publisher(Manifest manifest) {
        return manifest.publisher() == null
                ? "nobody who signed it"
                : "the publisher " + manifest.publisherKey();
    }

    /// Installs what was proposed.
    ///
    /// @param shown the [Proposal#manifestSha256] that was agreed to
    /// @param granted what was agreed to; null when nobody was asked, which is enough when nothing
    ///   has to be
    public synchronized Installed install(
            SkillPackage added, boolean force, String shown, @Nullable List<Capability> granted) {
        Proposal proposal = propose(added, force);
        Manifest manifest = added.manifest();
        if (!proposal.manifestSha256().equals(shown)) {
            throw new SovereignException(
                    SkillError.NOT_GRANTED,
                    "the package of \"" + manifest.name() + "\" changed after it was shown",
                    "install it again and look at what it asks for now");
        }
        if (granted == null && proposal.mustAsk()) {
            throw notGranted(manifest, proposal.fresh());
        }
        List<Capability> held = granted == null ? proposal.keeps() : granted;
        requireAsked(manifest, held);
        SkillFolder.Kept record =
                new SkillFolder.Kept(
                        added.manifestSha256(),
                        manifest.sha256(),
                        surroundings.clock().millis(),
                        held);
        folder.install(added, record);
        Entry old = entries.get(manifest.name());
        if (old != null) {
            old.grants.become(List.of()); // runs of the version before end with their next call
        }
        Entry entry =
                new Entry(
                        record, manifest, new Grants(held), folder.stamps(manifest.name(), record));
        entries.put(manifest.name(), entry);
        damaged.remove(manifest.name());
        if (old != null) {
            forget(old);
        }
        prepare(added);
        return shown(entry);
    }

    private void prepare(SkillPackage added) {
        String sha256 = added.manifest().sha256();
        try {
            modules.prepare(modules.check(added.module(), sha256), sha256);
        } catch (ModuleRejected impossible) {
            throw new IllegalStateException("it was checked when it was proposed", impossible);
        }
    }

    /// Drops the code of a module that no skill uses any more.
    private void forget(Entry gone) {
        String sha256 = gone.manifest.sha256();
        if (entries.values().stream().noneMatch(each -> each.manifest.sha256().equals(sha256))) {
            modules.forget(sha256);
        }
    }

    /// Waits until the code of everything that was installed is on disk.
    public void awaitPrepared() throws InterruptedException {
        modules.awaitPrepared();
    }

    private static SovereignException notGranted(Manifest manifest, List<Capability> fresh) {
        return new SovereignException(
                SkillError.NOT_GRANTED,
                "skill \""
                        + manifest.name()
                        + "\" asks for "
                        + String.join(", ", fresh.stream().map(Capability::text).toList()),
                "say --grant for what it may have, --grant all or --grant none");
    }

    private static void requireAsked(Manifest manifest, List<Capability> granted) {
        for (Capability each : granted) {
            if (manifest.capabilities().stream().noneMatch(asked -> asked.covers(each))) {
                throw new SovereignException(
                        PackError.CAPABILITY,
                        "skill \"" + manifest.name() + "\" does not ask for " + each.text(),
                        "sovereign skill show " + manifest.name() + " lists what it asks for");
            }
        }
    }

    /// Adds to what a skill holds; only what its manifest asks for.
    ///
    /// @param added empty stands for everything that it asks for
    public synchronized Installed grant(String name, List<Capability> added) {
        Entry entry = entry(name);
        List<Capability> wanted = added.isEmpty() ? entry.manifest.capabilities() : added;
        requireAsked(entry.manifest, wanted);
        List<Capability> held = new ArrayList<>(entry.grants.held());
        for (Capability each : wanted) {
            if (held.stream().noneMatch(other -> other.covers(each))) {
                held.removeIf(each::covers);
                held.add(each);
            }
        }
        return become(entry, held);
    }

    /// Takes from what a skill holds, also from its runs under way.
    ///
    /// @param taken empty stands for everything
    public synchronized Installed revoke(String name, List<Capability> taken) {
        Entry entry = entry(name);
        List<Capability> held = new ArrayList<>(entry.grants.held());
        if (taken.isEmpty()) {
            held.clear();
        }
        for (Capability each : taken) {
            if (!held.removeIf(other -> each.covers(other) || other.covers(each))) {
                throw new SovereignException(
                        PackError.CAPABILITY,
                        "skill \"" + name + "\" does not hold " + each.text(),
                        "sovereign skill show " + name + " lists what it holds");
            }
        }
        return become(entry, held);
    }

    private Installed become(Entry entry, List<Capability> held) {
        String name = entry.manifest.name();
        SkillFolder.Kept record =
                new SkillFolder.Kept(
                        entry.record.manifest(),
                        entry.record.module(),
                        entry.record.atMillis(),
                        held);
        entry.grants.become(held); // before the disk: taking back must not wait for it
        folder.writeRecord(name, record);
        Entry next = new Entry(record, entry.manifest, entry.grants, entry.stamps);
        entries.put(name, next);
        return shown(next);
    }

    /// Removes a skill and what it was granted. What it has written stays.
    public void remove(String name) {
        synchronized (this) {
            if (!damaged.containsKey(name)) {
                entry(name).grants.become(List.of());
            }
            folder.remove(name);
            Entry gone = entries.remove(name);
            damaged.remove(name);
            if (gone != null) {
                forget(gone);
            }
        }
        for (SkillRun run : running.values()) {
            if (run.skill().equals(name)) {
                run.cancel();
            }
        }
    }

    // ---- running ----

    /// A run that may be cancelled before it has begun.
    public interface Ticket {
        /// Any thread.
        void cancel();
    }

    /// Receives the means to cancel before the run begins.
    public interface Started {
        void started(Ticket ticket);
    }

    /// Runs a skill and waits for its end, however it ends.
    ///
    /// @throws SovereignException when it does not begin: unknown, damaged, not licensed, no slot
    public RunReport run(Order order, Started started) throws InterruptedException {
        Entry entry = verified(order.skill());
        Manifest manifest = entry.manifest;
        String tool = order.tool();
        if (tool != null && !manifest.tools().isEmpty() && manifest.tool(tool) == null) {
            throw new SovereignException(
                    SkillError.NO_TOOL,
                    "skill \"" + manifest.name() + "\" has no tool \"" + tool + "\"",
                    "it has "
                            + String.join(
                                    ", ",
                                    manifest.tools().stream().map(Manifest.Tool::name).toList()));
        }
        requireLicense(manifest);
        WasmModule module = module(entry);
        SkillRun run = new SkillRun(nextRun(), manifest, module, entry.grants, surroundings, order);
        running.put(run.id(), run);
        try {
            started.started(run::cancel);
            slots.take(manifest.name(), run.deadlineNanos());
            RunReport report;
            try {
                report = run.run();
            } finally {
                slots.give();
            }
            remember(report);
            return report;
        } finally {
            running.remove(run.id());
        }
    }

    private void requireLicense(Manifest manifest) {
        Manifest.License license = manifest.license();
        String refusal = license == null ? null : surroundings.licenses().refusal(license);
        if (refusal != null) {
            throw new SovereignException(
                    SkillError.LICENSE,
                    "skill \"" + manifest.name() + "\" does not run: " + refusal,
                    "sovereign license status says what this machine holds");
        }
    }

    /// The tool of this name of a skill that asks for nothing.
    ///
    /// @throws SovereignException when there is none, there are several, or it cannot run
    public PureTool pure(String tool) {
        Manifest found = onlyPure(tool);
        Entry entry = verified(found.name());
        Manifest manifest = entry.manifest;
        requireLicense(manifest);
        WasmModule module = module(entry);
        return new PureTool(
                manifest,
                entry.record.manifest() + " " + tool,
                memo,
                (input, started) -> {
                    Order order = new Order(manifest.name(), tool, List.of(), input, null, null);
                    SkillRun run =
                            new SkillRun(
                                    nextRun(),
                                    manifest,
                                    module,
                                    new Grants(List.of()),
                                    surroundings,
                                    order);
                    running.put(run.id(), run);
                    try {
                        started.started(run::cancel);
                        return run.run();
                    } finally {
                        running.remove(run.id());
                    }
                });
    }

    private synchronized Manifest onlyPure(String tool) {
        List<Manifest> all =
                entries.values().stream()
                        .map(entry -> entry.manifest)
                        .filter(manifest -> manifest.tool(tool) != null)
                        .toList();
        List<Manifest> pure = all.stream().filter(Manifest::isPure).toList();
        if (pure.size() == 1) {
            return pure.getFirst();
        }
        if (pure.size() > 1) {
            throw new SovereignException(
                    SkillError.TOOL_AMBIGUOUS,
                    "several skills have a tool \"" + tool + "\": " + names(pure),
                    "remove all of them but one");
        }
        throw new SovereignException(
                SkillError.NO_TOOL,
                all.isEmpty()
                        ? "no installed skill has a tool \"" + tool + "\""
                        : "skill \""
                                + all.getFirst().name()
                                + "\" has a tool \""
                                + tool
                                + "\", but asks for "
                                + all.getFirst().capabilities().getFirst().text(),
                "install a skill that asks for nothing and has a tool of that name");
    }

    private static String names(List<Manifest> manifests) {
        return String.join(", ", manifests.stream().map(Manifest::name).toList());
    }

    private synchronized long nextRun() {
        if (closed) {
            throw new SovereignException(SkillError.BUSY, "the daemon is ending", null);
        }
        return ++lastRun;
    }

    private synchronized void remember(RunReport report) {
        reports.addFirst(report.withoutTexts());
        if (reports.size() > MAX_REPORTS) {
            reports.removeLast();
        }
    }

    /// The entry of a name, after its files were looked at: they are read again when they may have
    /// changed.
    private synchronized Entry verified(String name) {
        Entry entry = entry(name);
        List<SkillFolder.Stamp> now = folder.stamps(name, entry.record);
        if (now == null || !now.equals(entry.stamps)) {
            folder.load(name, entry.record);
            Entry again = new Entry(entry.record, entry.manifest, entry.grants, now);
            entries.put(name, again);
            return again;
        }
        return entry;
    }

    private WasmModule module(Entry entry) {
        String name = entry.manifest.name();
        WasmModule warm = modules.find(entry.manifest.sha256());
        try {
            return warm != null
                    ? warm
                    : modules.get(
                            folder.load(name, entry.record).module(), entry.manifest.sha256());
        } catch (ModuleRejected rejected) {
            throw new SovereignException(
                    PackError.PACKAGE,
                    "the module of \"" + name + "\" cannot run here: " + rejected.getMessage(),
                    null);
        }
    }

    /// Ends all runs.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        modules.close();
        running.values().forEach(SkillRun::cancel);
    }
}
