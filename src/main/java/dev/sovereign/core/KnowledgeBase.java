package dev.sovereign.core;

import dev.sovereign.core.analyze.Analysis;
import dev.sovereign.core.analyze.AnalysisCode;
import dev.sovereign.core.analyze.Analyzer;
import dev.sovereign.core.analyze.Catalog;
import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.eval.Limits;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.ParseResult;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.core.parse.SourceResolver;
import dev.sovereign.core.store.FactEvent;
import dev.sovereign.core.store.FactStore;
import dev.sovereign.core.store.Progress;
import dev.sovereign.core.store.StoreInfo;
import dev.sovereign.core.store.StoreOptions;
import dev.sovereign.core.store.Transaction;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// What the node knows and can conclude: the front door of `core`.
///
/// Any thread may ask; every question sees one moment. Changes go through one [Writer] and are on
/// the device when they return.
public final class KnowledgeBase implements AutoCloseable {

    /// Author of what the owner of this node does.
    public static final String NODE = "node";

    private static final int TRANSACTIONS_AT_ONCE = 1_000;

    private static final Pattern RELATION_NAME =
            Pattern.compile("(@[A-Za-z_]\\w*\\.)?[A-Za-z_][\\w.]*");

    /// A text under the name that errors show.
    ///
    /// @param includeFolders where to look for what is included, besides beside the text
    public record Text(String name, String text, List<String> includeFolders) {
        public Text {
            includeFolders = List.copyOf(includeFolders);
        }

        /// Of a text that includes only what lies beside it, if anything.
        public Text(String name, String text) {
            this(name, text, List.of());
        }
    }

    /// What `status` and `store info` count.
    public record Counts(long facts, long relations, long rules, long tx) {}

    /// @param events as the log has them, oldest first
    public record FactHistory(String fact, boolean holds, List<FactEvent> events) {}

    private final FactStore store;
    private final FactState state;
    private final SymbolTable symbols;
    private final FactWriter facts;
    private final Writer writer;
    private final SystemRelations system;
    private final RuleModules modules;
    private final InstantSource clock;

    private KnowledgeBase(
            FactStore store,
            FactState state,
            SymbolTable symbols,
            InstantSource clock,
            Supplier<Map<String, String>> settings,
            List<SystemRelation> outside) {
        this.store = store;
        this.state = state;
        this.symbols = symbols;
        this.clock = clock;
        this.facts = new FactWriter(state, store, new StoreSymbols(symbols), clock);
        this.system = new SystemRelations(this, settings, outside);
        this.writer = new Writer(new Commit());
        this.modules = new RuleModules(this, state, facts, writer);
    }

    /// Opens or creates the store in `directory` and starts the writer.
    ///
    /// @param settings configuration, for `sys_config`
    /// @param outside relations of the system that others fill
    /// @throws SovereignException when the store cannot be used; nothing was changed then
    public static KnowledgeBase open(
            Path directory,
            StoreOptions options,
            Supplier<Map<String, String>> settings,
            List<SystemRelation> outside) {
        SymbolTable symbols = new SymbolTable();
        FactState state = new FactState();
        FactStore store = FactStore.open(directory, options, new StoreSymbols(symbols), state);
        if (store.recovery().fromState()) {
            state.floor(store.lastTx());
        }
        state.publish(store.lastTx());
        KnowledgeBase opened =
                new KnowledgeBase(store, state, symbols, options.clock(), settings, outside);
        opened.writer.start();
        return opened;
    }

    /// Makes [#open] quicker when it runs on another thread meanwhile. Changes nothing.
    public static void warmUp(StoreOptions options) {
        FactStore.warmUp(options);
    }

    private final class Commit implements Writer.Commit {
        @Override
        public void commit() {
            if (store.durableTx() < store.lastTx()) {
                store.force();
            }
            if (state.mark() > 0) {
                state.publish(store.lastTx());
            }
        }

        @Override
        public void undo() {
            state.undoTo(0);
        }
    }

    /// Why nothing can be written any more; null while all is well. Only opening it anew helps.
    public @Nullable Throwable broken() {
        return writer.broken();
    }

    /// What recovery had to say, such as a tail that was cut.
    public List<Diagnostic> notes() {
        return store.recovery().notes();
    }

    // ---- changes ----

    /// Adds facts in one transaction.
    ///
    /// @param texts facts; arguments may be computed, as in `p(1 + 2)`
    public Committed add(List<Text> texts, String author, @Nullable String reason)
            throws IOException, InterruptedException {
        List<FactWriter.Batch> batches = batches(texts);
        return writer.submit(
                () -> facts.add(batches, new FactWriter.Label(author, "assert", reason)));
    }

    private List<FactWriter.Batch> batches(List<Text> texts) {
        List<Program> programs = parsedFacts(texts);
        List<FactWriter.Batch> plain = PlainFacts.of(programs, published());
        if (plain != null) {
            return plain;
        }
        CheckedProgram program = analyzedFacts(programs);
        refusePatterns(program);
        return batches(program);
    }

    private static void refusePatterns(CheckedProgram program) {
        if (!program.patterns().isEmpty()) {
            throw new SovereignException(
                    List.of(
                            Diagnostic.error(
                                    AnalysisCode.NOT_A_FACT,
                                    "a fact has no variables",
                                    "write constants only; symbols stand in quotes",
                                    program.patterns().getFirst().span().where())));
        }
    }

    private List<FactWriter.Batch> batches(CheckedProgram program) {
        List<FactWriter.Batch> batches = new ArrayList<>();
        for (CheckedProgram.Facts block : program.facts()) {
            CheckedProgram.Relation relation = program.relations().get(block.relation());
            requireWritable(relation.name());
            batches.add(
                    new FactWriter.Batch(
                            relation.name(),
                            relation.columns(),
                            block.columns().toArray(long[][]::new),
                            block.count(),
                            block.symbols()));
        }
        try (Control control = Control.unlimited()) {
            batches.addAll(ComputedFacts.of(program, symbols, control));
        }
        return batches;
    }

    /// Takes back single facts, then adds others, in one transaction, for somebody who may only
    /// take back what is their own.
    ///
    /// @param adds facts; arguments may be computed
    /// @param removes facts; those whose author is not `mine` stay
    /// @param what names the work in the log, such as `run`
    public Committed change(
            List<Text> adds,
            List<Text> removes,
            String author,
            Predicate<String> mine,
            String what,
            @Nullable String reason)
            throws IOException, InterruptedException {
        List<FactWriter.Batch> batches = batches(adds);
        CheckedProgram removed = checkedFacts(removes);
        refusePatterns(removed);
        for (CheckedProgram.Facts block : removed.facts()) {
            requireWritable(removed.relations().get(block.relation()).name());
        }
        return writer.submit(() ->
                facts.change(
                        batches,
                        removed,
                        tx -> mine.test(transaction(tx).author()),
                        new FactWriter.Label(author, what, reason)));
    }

    /// Removes facts in one transaction.
    ///
    /// @param allMatching allows atoms with variables, which stand for all facts that match
    public Committed remove(
            List<Text> texts, boolean allMatching, String author, @Nullable String reason)
            throws IOException, InterruptedException {
        CheckedProgram program = checkedFacts(texts);
        if (!allMatching && !program.patterns().isEmpty()) {
            throw new SovereignException(
                    List.of(
                            Diagnostic.error(
                                    KnowledgeError.PATTERN,
                                    "this is a pattern: it stands for every fact that matches",
                                    "say --all-matching to retract them all",
                                    program.patterns().getFirst().span().where())));
        }
        for (CheckedProgram.Facts block : program.facts()) {
            requireWritable(program.relations().get(block.relation()).name());
        }
        for (CheckedProgram.Pattern pattern : program.patterns()) {
            requireWritable(program.relations().get(pattern.relation()).name());
        }
        return writer.submit(
                () -> facts.remove(program, new FactWriter.Label(author, "retract", reason)));
    }

    /// Adds rows that were read and typed elsewhere, in one transaction.
    Committed add(FactWriter.Batch batch, String what, String author)
            throws IOException, InterruptedException {
        requireWritable(batch.relation());
        return writer.submit(
                () -> facts.add(List.of(batch), new FactWriter.Label(author, what, null)));
    }

    /// What [#add] would do at this moment; changes nothing.
    Committed wouldAdd(FactWriter.Batch batch) throws IOException, InterruptedException {
        return writer.submit(() -> {
            int mark = state.mark();
            try {
                return facts.count(batch);
            } finally {
                state.undoTo(mark);
            }
        });
    }

    /// A relation that has facts, or columns by a declaration in a module; null when nothing is
    /// known of it.
    Catalog.@Nullable Known knownRelation(String name) {
        Snapshot now = published();
        Catalog.Known known = catalog(now).find(name);
        return known != null ? known : modules.declared(name, now);
    }

    void requireRelationName(String name) {
        if (!RELATION_NAME.matcher(name).matches() || name.startsWith("@")) {
            throw new SovereignException(
                    KnowledgeError.NO_RELATION,
                    "\"" + name + "\" is no name for a relation",
                    "a name begins with a letter and goes on with letters, digits and _");
        }
    }

    private CheckedProgram checkedFacts(List<Text> texts) {
        return analyzedFacts(parsedFacts(texts));
    }

    private static List<Program> parsedFacts(List<Text> texts) {
        List<Diagnostic> diagnostics = new ArrayList<>();
        List<Program> programs = new ArrayList<>();
        for (Text text : texts) {
            ParseResult parsed =
                    Parser.parse(text.name(), text.text(), Mode.FACTS, SourceResolver.NONE);
            diagnostics.addAll(parsed.diagnostics());
            programs.add(parsed.program());
        }
        refuseErrors(diagnostics);
        return programs;
    }

    private CheckedProgram analyzedFacts(List<Program> programs) {
        Analysis analysis =
                Analyzer.analyze(programs, modules.factCatalog(published()), Mode.FACTS);
        refuseErrors(analysis.diagnostics());
        return checked(analysis);
    }

    static void refuseErrors(List<Diagnostic> diagnostics) {
        for (Diagnostic diagnostic : diagnostics) {
            if (diagnostic.severity() == Diagnostic.Severity.ERROR) {
                throw new SovereignException(diagnostics);
            }
        }
    }

    static CheckedProgram checked(Analysis analysis) {
        CheckedProgram program = analysis.program();
        if (program == null) {
            throw new IllegalStateException("an analysis without errors has no program");
        }
        return program;
    }

    void requireWritable(String relation) {
        if (relation.startsWith(SystemRelations.PREFIX)) {
            throw new SovereignException(
                    KnowledgeError.SYSTEM_RELATION,
                    "relation " + relation + " is the system's: its facts come from the node alone",
                    "names that begin with sys_ are reserved; use another name");
        }
    }

    // ---- parts ----

    /// The stored modules of rules.
    public RuleModules modules() {
        return modules;
    }

    // ---- what is known ----

    Snapshot published() {
        return state.published();
    }

    SymbolTable symbols() {
        return symbols;
    }

    SystemRelations system() {
        return system;
    }

    KnowledgeCatalog catalog(Snapshot snapshot) {
        return new KnowledgeCatalog(snapshot, system);
    }

    /// Cheap; any thread.
    public Counts counts() {
        Snapshot now = published();
        long facts = 0;
        for (StoredRelation relation : now.relations().values()) {
            facts += relation.publishedLive();
        }
        long rules = 0;
        for (StoredModule module : now.modules().values()) {
            rules += module.ruleCount();
        }
        return new Counts(facts, now.relations().size(), rules, now.tx());
    }

    /// Sorted by name, the system's last.
    ///
    /// @param name one relation; null is all
    /// @throws SovereignException when there is no such relation
    public List<RelationInfo> relations(@Nullable String name) {
        List<RelationInfo> all = relations(published());
        if (name == null) {
            return all;
        }
        for (RelationInfo info : all) {
            if (info.name().equals(name)) {
                return List.of(info);
            }
        }
        throw new SovereignException(
                KnowledgeError.NO_RELATION,
                "there is no relation " + name,
                "sovereign relations lists them");
    }

    List<RelationInfo> relations(Snapshot snapshot) {
        CheckedProgram modules = null;
        if (!snapshot.modules().isEmpty()) {
            try {
                modules = this.modules.checked(snapshot);
            } catch (SovereignException _) {
                modules = null; // `rules check` says why; stored facts can be listed nevertheless
            }
        }
        return RelationList.of(snapshot, modules, system);
    }

    /// Whether a text is the name of a relation rather than a query.
    public boolean isRelationName(String text) {
        return RELATION_NAME.matcher(text).matches();
    }

    /// The query for every tuple of a relation.
    ///
    /// @throws SovereignException when there is no such relation
    public String everyTuple(String name) {
        List<Column> columns = null;
        for (RelationInfo info : relations(published())) {
            if (info.name().equals(name)
                    || info.modules().stream()
                            .anyMatch(m -> name.equals("@" + m + "." + info.name()))) {
                columns = info.columns();
            }
        }
        if (columns == null) {
            throw new SovereignException(
                    KnowledgeError.NO_RELATION,
                    "there is no relation " + name,
                    "sovereign relations lists them");
        }
        StringBuilder query = new StringBuilder(name).append('(');
        for (int i = 0; i < columns.size(); i++) {
            query.append(i == 0 ? "" : ", ").append(columns.get(i).name());
        }
        return query.append(")?").toString();
    }

    /// Asks; see [Question]. Everything that is delivered belongs to one moment.
    public Answered ask(Question question, FileSource files, AnswerSink sink, Control control)
            throws IOException, InterruptedException {
        return new QuestionRun(this, question, files, control).run(sink);
    }

    /// Proves what a question answers, row by row; see [Question], whose row limit holds for
    /// proofs.
    ///
    /// @param depth steps from the conclusion that are shown
    /// @param all every derivation of the conclusion instead of the lowest
    public Explanation.Proved why(
            Question question,
            int depth,
            boolean all,
            FileSource files,
            Explanation.Sink sink,
            Control control)
            throws IOException, InterruptedException {
        return new WhyRun(this, question, files, control).why(depth, all, sink);
    }

    /// Says which premise fails, for each rule that could derive an atom.
    ///
    /// @throws SovereignException `core.true` when it holds, `core.not-an-atom`
    public Explanation.WhyNot whyNot(Question question, FileSource files, Control control)
            throws IOException, InterruptedException {
        return new WhyRun(this, question, files, control).whyNot();
    }

    /// Adds the rows of files to a relation, in one transaction.
    ///
    /// @param cancelled asked now and then; true ends it with nothing added
    public RowImport.Result importRows(
            RowImport.Plan plan,
            FileSource files,
            BooleanSupplier cancelled,
            Progress progress,
            String author)
            throws IOException, InterruptedException {
        try (Control control = new Control(Limits.NONE)) {
            return new RowImport(this, plan, files, cancelled, progress, control).run(author);
        }
    }

    /// Transactions newest first.
    ///
    /// @param before only smaller numbers; [Long#MAX_VALUE] begins at the newest
    public List<Transaction> log(long before, int limit) {
        return store.log(before, limit);
    }

    /// @throws SovereignException when `fact` is not one fact without variables
    public FactHistory history(Text fact) {
        CheckedProgram program = checkedFacts(List.of(fact));
        int count = program.patterns().size();
        for (CheckedProgram.Facts block : program.facts()) {
            count += block.count();
        }
        if (count != 1 || !program.patterns().isEmpty()) {
            throw new SovereignException(
                    AnalysisCode.NOT_A_FACT,
                    "history wants one fact without variables",
                    "such as edge(1, 2)");
        }
        CheckedProgram.Facts block = program.facts().getFirst();
        CheckedProgram.Relation relation = program.relations().get(block.relation());
        long[][] tuple = new long[relation.arity()][1];
        long[] flat = new long[relation.arity()];
        for (int column = 0; column < flat.length; column++) {
            long value = block.columns().get(column)[0];
            Column declared = relation.columns().get(column);
            if (declared.kind() == dev.sovereign.core.analyze.Kind.SYMBOL) {
                long id = symbols.find(block.symbols().get((int) value));
                if (id < 0) {
                    return new FactHistory(fact.text(), false, List.of());
                }
                value = id;
            }
            flat[column] = value;
            tuple[column][0] = value;
        }
        List<FactEvent> events = store.history(relation.name(), flat);
        boolean holds = !events.isEmpty() && events.getLast().asserted();
        return new FactHistory(fact.text(), holds, events);
    }

    /// The newest transaction number at a moment written as a transaction or an RFC 3339 time.
    long momentTx(String when) {
        return Moments.tx(when, store, published().tx());
    }

    /// The facts of transaction `tx` under today's rules: from memory where it reaches, else from
    /// the log.
    ///
    /// @param overlay gets strings that only old facts hold; the caller's own fork
    Snapshot asOf(long tx, SymbolTable overlay) {
        Snapshot now = published();
        if (tx >= now.floorTx()) {
            return now.asOf(Math.min(tx, now.tx()));
        }
        FactState past = new FactState();
        store.replay(tx, new StoreSymbols(overlay), past);
        past.publish(tx);
        Snapshot then = past.published();
        return new Snapshot(tx, tx, then.relations(), now.modules());
    }

    void transactionRows(Snapshot snapshot, Consumer<Object[]> row) {
        long before = snapshot.tx() + 1;
        while (before > 1) {
            List<Transaction> some = store.log(before, TRANSACTIONS_AT_ONCE);
            if (some.isEmpty()) {
                return;
            }
            for (Transaction transaction : some) {
                row.accept(
                        new Object[] {
                            transaction.id(),
                            transaction.timeMillis(),
                            transaction.author(),
                            transaction.what()
                        });
            }
            before = some.getLast().id();
        }
    }

    void factRows(Snapshot snapshot, Consumer<Object[]> row) {
        Map<Long, Transaction> known = new HashMap<>();
        for (StoredRelation relation : snapshot.relations().values()) {
            Extent view = relation.view(snapshot.tx());
            for (int at = 0; at < view.limit(); at++) {
                if (view.visible(at)) {
                    long tx = relation.addedTx(at);
                    Transaction transaction = known.computeIfAbsent(tx, this::transaction);
                    row.accept(
                            new Object[] {
                                relation.name(), tx, transaction.author(), transaction.timeMillis()
                            });
                }
            }
        }
    }

    /// A transaction that is known to have happened.
    Transaction transaction(long tx) {
        Transaction found = store.transaction(tx);
        if (found == null) {
            throw new IllegalStateException("the log does not know transaction " + tx);
        }
        return found;
    }

    // ---- the store itself ----

    public StoreInfo storeInfo() {
        return store.info();
    }

    /// Reads and verifies everything; writes wait meanwhile.
    public List<Diagnostic> check(Progress progress) {
        return store.check(progress);
    }

    /// Writes everything durable at this moment, while changes go on.
    public long backup(OutputStream out, Progress progress) throws IOException {
        return store.backup(out, progress);
    }

    public void compact(Progress progress) throws IOException, InterruptedException {
        exclusively(() -> store.compact(progress));
    }

    public void encrypt(Progress progress) throws IOException, InterruptedException {
        exclusively(() -> store.encrypt(progress));
    }

    public void decrypt(Progress progress) throws IOException, InterruptedException {
        exclusively(() -> store.decrypt(progress));
    }

    public void rekey(Progress progress) throws IOException, InterruptedException {
        exclusively(() -> store.rekey(progress));
    }

    private void exclusively(Runnable work) throws IOException, InterruptedException {
        writer.submit(() -> {
            work.run();
            return Boolean.TRUE;
        });
    }

    /// Replaces the store of a directory that nobody has open.
    ///
    /// @return where the old one went; null when there was none
    public static @Nullable Path restore(
            Path directory,
            StoreOptions options,
            InputStream backup,
            String name,
            Progress progress)
            throws IOException {
        return FactStore.restore(directory, options, backup, name, progress);
    }

    InstantSource clock() {
        return clock;
    }

    /// Finishes the changes that wait, then closes the files.
    @Override
    public void close() {
        try {
            writer.close();
        } finally {
            store.close();
        }
    }
}
