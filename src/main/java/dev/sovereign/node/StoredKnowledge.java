package dev.sovereign.node;

import dev.sovereign.core.AnswerSink;
import dev.sovereign.core.Answered;
import dev.sovereign.core.Committed;
import dev.sovereign.core.Explanation;
import dev.sovereign.core.KnowledgeBase;
import dev.sovereign.core.Question;
import dev.sovereign.core.RelationInfo;
import dev.sovereign.core.RowImport;
import dev.sovereign.core.RuleModules;
import dev.sovereign.core.SystemRelation;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.eval.Limits;
import dev.sovereign.core.eval.OuterFunctors;
import dev.sovereign.core.store.FactEvent;
import dev.sovereign.core.store.Progress;
import dev.sovereign.core.store.StoreInfo;
import dev.sovereign.core.store.StoreOptions;
import dev.sovereign.core.store.Transaction;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;
import dev.sovereign.runtime.pack.Capability;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/// Answers requests from the [KnowledgeBase] of a home: translates, and nothing else. Any thread.
public final class StoredKnowledge implements KnowledgeHandler {

    /// Transactions of one `log` answer when no limit was given.
    private static final int LOG_TRANSACTIONS = 10_000;

    /// Bytes of one chunk of a backup.
    private static final int CHUNK_BYTES = 256 << 10;

    private final Home home;
    private final Configuration configuration;
    private final StoreOptions options;

    /// Restoring swaps the knowledge base under the write lock; everything else holds the read lock
    /// while it uses it.
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private KnowledgeBase knowledge;
    private final List<SystemRelation> outside;
    private final OuterFunctors functors;

    private StoredKnowledge(
            Home home,
            Configuration configuration,
            List<SystemRelation> outside,
            OuterFunctors functors) {
        this.functors = functors;
        this.home = home;
        this.configuration = configuration;
        this.outside = List.copyOf(outside);
        this.options = options(home);
        this.knowledge = open();
    }

    /// Opens the store of a home; mends what can be mended while it does not open.
    public static KnowledgeHandler.Factory factory() {
        return new KnowledgeHandler.Factory() {
            @Override
            public KnowledgeHandler open(
                    Home home,
                    Configuration configuration,
                    List<SystemRelation> outside,
                    OuterFunctors functors) {
                return new StoredKnowledge(home, configuration, outside, functors);
            }

            @Override
            public Response.Closing repair(
                    Home home,
                    Configuration configuration,
                    Throwable whyClosed,
                    Request<?> request,
                    Exchange exchange)
                    throws IOException, InterruptedException {
                Path aside = null;
                List<Diagnostic> problems =
                        whyClosed instanceof SovereignException refused
                                ? refused.diagnostics()
                                : List.of(
                                        Diagnostic.error(
                                                NodeError.STORE_CLOSED,
                                                "the store does not open: "
                                                        + whyClosed.getMessage(),
                                                null));
                if (request instanceof Request.StoreRestore restore) {
                    Path spool = spool(home, restore, exchange);
                    try (InputStream in = Files.newInputStream(spool)) {
                        aside =
                                KnowledgeBase.restore(
                                        home.store(),
                                        options(home),
                                        in,
                                        restore.name(),
                                        progress(exchange));
                        problems = List.of();
                    } finally {
                        Files.deleteIfExists(spool);
                    }
                }
                return new Response.StoreReport(
                        home.store().toString(),
                        0,
                        0,
                        0,
                        0,
                        false,
                        0,
                        0,
                        0,
                        problems,
                        aside == null ? null : aside.toString());
            }
        };
    }

    private static StoreOptions options(Home home) {
        return StoreOptions.of(home.config().resolve("store.key"));
    }

    /// Gets ready to open the store of `home`, while somebody else does what comes before that.
    /// Changes nothing.
    public static void warmUp(Home home) {
        KnowledgeBase.warmUp(options(home));
    }

    private KnowledgeBase open() {
        return KnowledgeBase.open(home.store(), options, this::settings, outside);
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        for (dev.sovereign.node.config.Key key : dev.sovereign.node.config.Key.values()) {
            String value = configuration.text(key);
            if (value != null) {
                settings.put(key.path(), value);
            }
        }
        return settings;
    }

    @Override
    public Response.Closing handle(Request<?> request, Exchange exchange)
            throws IOException, InterruptedException {
        if (request instanceof Request.StoreRestore restore) {
            return restore(restore, exchange);
        }
        lock.readLock().lock();
        try {
            return answer(request, exchange);
        } finally {
            lock.readLock().unlock();
        }
    }

    private Response.Closing answer(Request<?> request, Exchange exchange)
            throws IOException, InterruptedException {
        return switch (request) {
            case Request.Query query -> Computing.compute(() -> query(query, exchange));
            case Request.Why why -> Computing.compute(() -> why(why, exchange));
            case Request.WhyNot why -> Computing.compute(() -> whyNot(why, exchange));
            case Request.Export export -> Computing.compute(() -> export(export, exchange));
            case Request.Assert add ->
                    committed(knowledge.add(texts(add.facts()), KnowledgeBase.NODE, add.reason()));
            case Request.Retract remove ->
                    committed(
                            knowledge.remove(
                                    texts(remove.facts()),
                                    remove.allMatching(),
                                    KnowledgeBase.NODE,
                                    remove.reason()));
            case Request.Import rows -> imported(rows, exchange);
            case Request.RulesAdd add -> rulesAdd(add, exchange);
            case Request.RulesRemove remove ->
                    committed(knowledge.modules().remove(remove.name(), KnowledgeBase.NODE));
            case Request.RulesList _ -> modules();
            case Request.RulesShow show ->
                    new Response.Source(show.name(), knowledge.modules().text(show.name()));
            case Request.RulesCheck check -> rulesCheck(check);
            case Request.CheckText check -> checkText(check);
            case Request.RulesGraph graph ->
                    new Response.Graph(
                            graph.format(),
                            knowledge.modules().graph(graph.name(), graph.format()));
            case Request.RelationsOf of -> relations(of.name());
            case Request.Names asked -> names(asked);
            case Request.Log log -> log(log);
            case Request.HistoryOf of -> history(of.fact());
            case Request.StoreInfo _ -> report(List.of(), null);
            case Request.StoreCheck _ -> report(knowledge.check(progress(exchange)), null);
            case Request.StoreBackup _ -> backup(exchange);
            case Request.StoreEncrypt _ -> {
                knowledge.encrypt(progress(exchange));
                yield report(List.of(), null);
            }
            case Request.StoreDecrypt _ -> {
                knowledge.decrypt(progress(exchange));
                yield report(List.of(), null);
            }
            case Request.StoreRekey _ -> {
                knowledge.rekey(progress(exchange));
                yield report(List.of(), null);
            }
            case Request.StoreCompact _ -> {
                knowledge.compact(progress(exchange));
                yield report(List.of(), null);
            }
            case Request.StoreRestore _,
                    Request.KeyNew _,
                    Request.KeyShow _,
                    Request.KeyRotate _,
                    Request.KeyId _,
                    Request.PeerList _,
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
                    Request.At _,
                    Request.Status _,
                    Request.Stop _,
                    Request.SkillPropose _,
                    Request.SkillInstall _,
                    Request.SkillList _,
                    Request.SkillShow _,
                    Request.SkillGrant _,
                    Request.SkillRevoke _,
                    Request.SkillRemove _,
                    Request.SkillRun _,
                    Request.Run _,
                    Request.Check _,
                    Request.ModuleRun _,
                    Request.ModuleCheck _,
                    Request.MeshRun _,
                    Request.LicenseId _,
                    Request.LicenseRequest _,
                    Request.LicenseCheck _,
                    Request.LicenseVerify _,
                    Request.LicenseImport _,
                    Request.LicenseExport _,
                    Request.LicenseActivate _,
                    Request.LicenseStatus _,
                    Request.ConfigList _,
                    Request.ConfigGet _,
                    Request.ConfigSet _,
                    Request.ConfigUnset _,
                    Request.ConfigPath _ ->
                    throw new IllegalArgumentException(
                            "not for the knowledge base: " + request.getClass().getSimpleName());
        };
    }

    // ---- skills ----

    @Override
    public dev.sovereign.runtime.Knowledge forSkills() {
        return new dev.sovereign.runtime.Knowledge() {
            @Override
            public byte[] query(
                    String text,
                    Collection<Capability.Read> granted,
                    int maxBytes,
                    long deadlineNanos)
                    throws Refused, IOException, InterruptedException {
                lock.readLock().lock();
                try {
                    return SkillKnowledge.query(
                            knowledge, text, granted, maxBytes, deadlineNanos, functors);
                } finally {
                    lock.readLock().unlock();
                }
            }

            @Override
            public int check(String facts, Set<String> granted) throws Refused {
                return SkillKnowledge.check(facts, granted);
            }

            @Override
            public Written commit(
                    List<String> asserts,
                    List<String> retracts,
                    Set<String> granted,
                    String author,
                    String reason)
                    throws Refused, IOException, InterruptedException {
                lock.readLock().lock();
                try {
                    return SkillKnowledge.commit(
                            knowledge, asserts, retracts, granted, author, reason);
                } finally {
                    lock.readLock().unlock();
                }
            }
        };
    }

    // ---- questions ----

    private Response.Answers query(Request.Query query, Exchange exchange)
            throws IOException, InterruptedException {
        Question question =
                new Question(
                        new KnowledgeBase.Text("query", query.text()),
                        texts(query.programs()),
                        query.asOf(),
                        query.rowLimit() == null ? Long.MAX_VALUE : query.rowLimit(),
                        query.explainPlan());
        return ask(question, query.limits(), exchange);
    }

    private Response.Proved why(Request.Why why, Exchange exchange)
            throws IOException, InterruptedException {
        Question question =
                new Question(
                        new KnowledgeBase.Text("query", why.text()),
                        texts(why.programs()),
                        why.asOf(),
                        why.rowLimit() == null ? Long.MAX_VALUE : why.rowLimit(),
                        false);
        Long depth = why.depth();
        try (Control control = control(why.limits(), exchange)) {
            Explanation.Proved proved =
                    knowledge.why(
                            question,
                            depth == null
                                    ? Integer.MAX_VALUE
                                    : Math.clamp(depth, 0, Integer.MAX_VALUE),
                            why.all(),
                            exchange::want,
                            new ProofSender(exchange)::send,
                            control);
            return new Response.Proved(proved.proofs(), proved.truncated(), proved.tx());
        }
    }

    private Response.NotProved whyNot(Request.WhyNot why, Exchange exchange)
            throws IOException, InterruptedException {
        Question question =
                new Question(
                        new KnowledgeBase.Text("query", why.text()),
                        texts(why.programs()),
                        why.asOf(),
                        Long.MAX_VALUE,
                        false);
        try (Control control = control(why.limits(), exchange)) {
            Explanation.WhyNot answer = knowledge.whyNot(question, exchange::want, control);
            return new Response.NotProved(
                    answer.atom(),
                    answer.rules().stream()
                            .map(rule ->
                                    new Response.FailedRule(
                                            rule.place(),
                                            rule.rule(),
                                            rule.holds(),
                                            rule.fails(),
                                            rule.nearest()))
                            .toList(),
                    answer.nearest(),
                    answer.tx());
        }
    }

    private Control control(Request.Limits asked, Exchange exchange) {
        Control control = new Control(limits(asked).and(limits(configuration.limits())));
        control.lend(functors);
        exchange.onCancel(control::cancel);
        return control;
    }

    private Response.Answers export(Request.Export export, Exchange exchange)
            throws IOException, InterruptedException {
        String text = export.relationOrQuery();
        String query = knowledge.isRelationName(text) ? knowledge.everyTuple(text) : text;
        return ask(
                new Question(
                        new KnowledgeBase.Text("query", query),
                        List.of(),
                        export.asOf(),
                        Long.MAX_VALUE,
                        false),
                Request.Limits.NONE,
                exchange);
    }

    private Response.Answers ask(Question question, Request.Limits asked, Exchange exchange)
            throws IOException, InterruptedException {
        try (Control control = control(asked, exchange)) {
            Answered answered =
                    knowledge.ask(question, exchange::want, new Sink(exchange), control);
            return new Response.Answers(
                    answered.rows(),
                    answered.truncated(),
                    answered.answer(),
                    answered.plan(),
                    answered.tx());
        }
    }

    private static Limits limits(Request.Limits limits) {
        return new Limits(
                orUnlimited(limits.timeMillis()),
                orUnlimited(limits.tuples()),
                orUnlimited(limits.memoryBytes()),
                orUnlimited(limits.fuel()));
    }

    private static long orUnlimited(@Nullable Long limit) {
        return limit == null ? Long.MAX_VALUE : limit;
    }

    private record Sink(Exchange exchange) implements AnswerSink {
        @Override
        public void columns(String query, List<String> names, List<String> types)
                throws InterruptedException {
            exchange.send(new Response.Columns(query, names, types));
        }

        @Override
        public void rows(List<List<@Nullable Object>> rows) throws InterruptedException {
            List<List<@Nullable Object>> sent = new ArrayList<>(rows.size());
            rows.forEach(row -> sent.add(values(row)));
            exchange.send(new Response.Rows(sent));
        }

        private static List<@Nullable Object> values(List<?> row) {
            List<@Nullable Object> values = new ArrayList<>(row.size());
            for (Object value : row) {
                values.add(
                        switch (value) {
                            case AnswerSink.Branch(String name, List<?> arguments) ->
                                    new Response.Adt(name, values(arguments));
                            case List<?> record -> values(record);
                            case null -> null;
                            default -> value;
                        });
            }
            return values;
        }

        @Override
        public void note(Diagnostic note) throws InterruptedException {
            exchange.send(new Response.Note(note));
        }
    }

    // ---- changes ----

    private static List<KnowledgeBase.Text> texts(List<Request.Program> programs) {
        List<KnowledgeBase.Text> texts = new ArrayList<>(programs.size());
        for (Request.Program program : programs) {
            texts.add(
                    new KnowledgeBase.Text(
                            program.name(), program.text(), program.includeFolders()));
        }
        return texts;
    }

    private static Response.Committed committed(Committed committed) {
        return new Response.Committed(
                committed.tx(), committed.asserted(), committed.retracted(), committed.unchanged());
    }

    private Response.Imported imported(Request.Import rows, Exchange exchange)
            throws IOException, InterruptedException {
        RowImport.Plan plan =
                new RowImport.Plan(
                        rows.files(),
                        rows.into(),
                        rows.format(),
                        rows.header(),
                        rows.columns(),
                        rows.dryRun(),
                        rows.skipBadRows());
        RowImport.Result result =
                knowledge.importRows(
                        plan,
                        exchange::want,
                        exchange::cancelled,
                        progress(exchange),
                        KnowledgeBase.NODE);
        Committed committed = result.committed();
        return new Response.Imported(
                committed.tx(),
                committed.asserted(),
                committed.unchanged(),
                result.skipped(),
                result.faults());
    }

    // ---- modules ----

    private Response.Committed rulesAdd(Request.RulesAdd add, Exchange exchange)
            throws IOException, InterruptedException {
        List<Diagnostic> warnings = new ArrayList<>();
        Committed committed =
                knowledge
                        .modules()
                        .add(
                                add.name(),
                                new KnowledgeBase.Text(add.program().name(), add.program().text()),
                                KnowledgeBase.NODE,
                                warnings::add);
        for (Diagnostic warning : warnings) {
            exchange.send(new Response.Note(warning));
        }
        return committed(committed);
    }

    private Response.Modules modules() {
        List<Response.Module> modules = new ArrayList<>();
        for (RuleModules.ModuleInfo module : knowledge.modules().list()) {
            modules.add(
                    new Response.Module(
                            module.name(),
                            module.rules(),
                            module.tx(),
                            module.timeMillis(),
                            module.relations()));
        }
        return new Response.Modules(modules);
    }

    private Response.Checked rulesCheck(Request.RulesCheck check) {
        List<Diagnostic> diagnostics = knowledge.modules().check(check.name());
        KnowledgeBase.Counts counts = knowledge.counts();
        return new Response.Checked(diagnostics, counts.rules(), counts.relations());
    }

    private Response.Checked checkText(Request.CheckText check) {
        List<Diagnostic> diagnostics = knowledge.modules().checkTexts(texts(check.programs()));
        KnowledgeBase.Counts counts = knowledge.counts();
        return new Response.Checked(diagnostics, counts.rules(), counts.relations());
    }

    // ---- what is known ----

    private Response.Relations relations(@Nullable String name) {
        List<Response.Relation> relations = new ArrayList<>();
        for (RelationInfo info : knowledge.relations(name)) {
            List<Response.Column> columns = new ArrayList<>();
            info.columns()
                    .forEach(column ->
                            columns.add(new Response.Column(column.name(), column.type())));
            relations.add(
                    new Response.Relation(
                            info.name(),
                            columns,
                            info.origin().word(),
                            info.facts(),
                            info.modules()));
        }
        return new Response.Relations(relations);
    }

    private Response.NameList names(Request.Names asked) {
        Stream<String> all =
                asked.kind().equals("modules")
                        ? knowledge.modules().list().stream().map(RuleModules.ModuleInfo::name)
                        : knowledge.relations(null).stream().map(RelationInfo::name);
        return Response.NameList.of(all, asked);
    }

    private Response.Transactions log(Request.Log log) {
        long before = log.before() == null ? Long.MAX_VALUE : log.before();
        int limit =
                log.limit() == null
                        ? LOG_TRANSACTIONS
                        : Math.clamp(log.limit(), 0, LOG_TRANSACTIONS);
        List<Response.Transaction> transactions = new ArrayList<>();
        for (Transaction transaction : knowledge.log(before, limit)) {
            transactions.add(
                    new Response.Transaction(
                            transaction.id(),
                            transaction.timeMillis(),
                            transaction.author(),
                            transaction.what(),
                            transaction.reason(),
                            transaction.asserted(),
                            transaction.retracted(),
                            transaction.hash(),
                            transaction.forgotten()));
        }
        return new Response.Transactions(transactions);
    }

    private Response.History history(String fact) {
        KnowledgeBase.FactHistory history = knowledge.history(new KnowledgeBase.Text("fact", fact));
        List<Response.Event> events = new ArrayList<>();
        for (FactEvent event : history.events()) {
            Transaction transaction = event.transaction();
            events.add(
                    new Response.Event(
                            transaction.id(),
                            transaction.timeMillis(),
                            transaction.author(),
                            event.asserted() ? "asserted" : "retracted",
                            transaction.reason()));
        }
        return new Response.History(history.fact(), history.holds(), events);
    }

    // ---- the store ----

    private Response.StoreReport report(List<Diagnostic> problems, @Nullable Path keptAside) {
        StoreInfo info = knowledge.storeInfo();
        KnowledgeBase.Counts counts = knowledge.counts();
        return new Response.StoreReport(
                info.directory().toString(),
                info.bytes(),
                info.logBytes(),
                info.stateBytes(),
                info.formatVersion(),
                info.encrypted(),
                info.lastTx(),
                counts.facts(),
                counts.relations(),
                problems,
                keptAside == null ? null : keptAside.toString());
    }

    private Response.StoreReport backup(Exchange exchange) throws IOException {
        try (OutputStream out =
                new java.io.BufferedOutputStream(new Chunks(exchange), CHUNK_BYTES)) {
            knowledge.backup(out, progress(exchange));
        }
        return report(List.of(), null);
    }

    /// Sends what is written to it.
    private static final class Chunks extends OutputStream {
        private final Exchange exchange;

        Chunks(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            for (int at = from; at < from + length; at += CHUNK_BYTES) {
                int end = Math.min(from + length, at + CHUNK_BYTES);
                try {
                    exchange.send(new Response.Chunk(java.util.Arrays.copyOfRange(bytes, at, end)));
                } catch (InterruptedException cancelled) {
                    Thread.currentThread().interrupt();
                    throw new java.io.InterruptedIOException("the backup was cancelled");
                }
            }
        }
    }

    /// The file is taken in whole and verified before the store is closed; a failure leaves the old
    /// one in use.
    private Response.StoreReport restore(Request.StoreRestore request, Exchange exchange)
            throws IOException, InterruptedException {
        Path spool = spool(home, request, exchange);
        try {
            lock.writeLock().lock();
            try {
                knowledge.close();
                try (InputStream in = Files.newInputStream(spool)) {
                    Path aside =
                            KnowledgeBase.restore(
                                    home.store(), options, in, request.name(), progress(exchange));
                    knowledge = open();
                    return report(List.of(), aside);
                } catch (IOException | RuntimeException refused) {
                    knowledge = open();
                    throw refused;
                }
            } finally {
                lock.writeLock().unlock();
            }
        } finally {
            Files.deleteIfExists(spool);
        }
    }

    /// The caller's file in a file of our own, readable by us alone.
    private static Path spool(Home home, Request.StoreRestore request, Exchange exchange)
            throws IOException, InterruptedException {
        Path spool = Files.createTempFile(home.data(), "restore-", ".tmp");
        try (InputStream in = exchange.want(request.name(), null)) {
            Files.copy(in, spool, StandardCopyOption.REPLACE_EXISTING);
            return spool;
        } catch (IOException | RuntimeException | InterruptedException failure) {
            Files.deleteIfExists(spool);
            throw failure;
        }
    }

    /// Tells the caller how far it is, now and then; ends the work when it was cancelled.
    private static Progress progress(Exchange exchange) {
        return new Progress() {
            private static final long EVERY_NANOS = 100_000_000;

            private long toldNanos = System.nanoTime();

            @Override
            public void at(String what, long doneBytes, long totalBytes) {
                long now = System.nanoTime();
                if (now - toldNanos < EVERY_NANOS && !exchange.cancelled()) {
                    return;
                }
                toldNanos = now;
                try {
                    exchange.send(new Response.Progress(what, doneBytes, totalBytes, "bytes"));
                } catch (InterruptedException cancelled) {
                    throw new java.util.concurrent.CancellationException(what + " was cancelled");
                }
            }
        };
    }

    @Override
    public Beat heartbeat() {
        KnowledgeBase now = knowledge;
        KnowledgeBase.Counts counts = now.counts();
        StoreInfo info = now.storeInfo();
        return new Beat(
                new Response.Knowledge(
                        counts.facts(), counts.relations(), counts.rules(), counts.tx()),
                new Response.Store(info.directory().toString(), info.bytes(), info.encrypted()));
    }

    @Override
    public @Nullable Throwable broken() {
        return knowledge.broken();
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            knowledge.close();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
