package dev.sovereign.protocol;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What a caller may ask. A request names the type of its closing answer; what streams before that
/// (rows, progress, wanted files) is said at each kind. Everything here is data from outside until
/// the node has parsed it.
///
/// Files that a request names are read and written by the caller, never by the daemon: the daemon
/// sends [Response.Wanted], the caller answers with chunks (docs/protocol.md, "Files").
public sealed interface Request<R extends Response.Closing> {

    /// A Datalog text under the name that the user knows it by; the name is what errors show.
    record Program(String name, String text) {}

    /// Bounds of one evaluation; null takes the daemon's own, and the lower of both holds.
    ///
    /// @param timeMillis wall-clock milliseconds, more than 0
    /// @param tuples derived tuples, more than 0
    /// @param memoryBytes bytes held by derived relations, more than 0
    /// @param fuel counted joins, more than 0; deterministic
    record Limits(
            @Nullable Long timeMillis,
            @Nullable Long tuples,
            @Nullable Long memoryBytes,
            @Nullable Long fuel) {
        public static final Limits NONE = new Limits(null, null, null, null);
    }

    /// Asks. Streams [Response.Columns], then [Response.Rows]; for a text with several queries once
    /// for each, in their order.
    ///
    /// @param text one or more queries; errors call it `query`
    /// @param programs rules for this question only; their `.input` and `.include` are wanted from
    ///   the caller
    /// @param asOf a transaction number or an RFC 3339 time; null is now
    /// @param rowLimit at most this many rows of each query; null is all
    record Query(
            String text,
            List<Program> programs,
            @Nullable String asOf,
            @Nullable Long rowLimit,
            boolean explainPlan,
            Limits limits)
            implements Request<Response.Answers> {}

    /// Proves what a question answers. Streams [Response.ProofSteps], at least once for each proof.
    ///
    /// @param text one atom, or one query of which each row is proved
    /// @param programs rules for this question only, as in [Query]
    /// @param depth steps from the conclusion that are shown; null is all
    /// @param all every derivation of the conclusion instead of the lowest
    /// @param rowLimit at most this many rows are proved; null is all
    record Why(
            String text,
            List<Program> programs,
            @Nullable String asOf,
            @Nullable Long depth,
            boolean all,
            @Nullable Long rowLimit,
            Limits limits)
            implements Request<Response.Proved> {}

    /// Says for each rule that could derive an atom which premise fails first.
    ///
    /// @param text one atom without variables
    record WhyNot(String text, List<Program> programs, @Nullable String asOf, Limits limits)
            implements Request<Response.NotProved> {}

    /// Adds facts in one transaction. Each text is named `assert`, or the file that the user gave
    /// with `-f`.
    record Assert(List<Program> facts, @Nullable String reason)
            implements Request<Response.Committed> {}

    /// Removes facts in one transaction.
    ///
    /// @param allMatching allows atoms with variables
    record Retract(List<Program> facts, boolean allMatching, @Nullable String reason)
            implements Request<Response.Committed> {}

    /// Adds the rows of files to one relation, in one transaction. Wants each file in turn.
    ///
    /// @param files names to want, in order
    /// @param format `csv`, `tsv`, `jsonl`, `facts`; null decides by each file's ending
    /// @param header the first row names the columns
    /// @param columns names of columns to take, in the relation's order; empty is all
    record Import(
            List<String> files,
            String into,
            @Nullable String format,
            boolean header,
            List<String> columns,
            boolean dryRun,
            boolean skipBadRows)
            implements Request<Response.Imported> {}

    /// Streams a relation or the answer of a query as [Query] does.
    record Export(String relationOrQuery, @Nullable String asOf)
            implements Request<Response.Answers> {}

    /// Stores a module of rules; refused, and nothing changed, when it does not check.
    record RulesAdd(String name, Program program) implements Request<Response.Committed> {}

    record RulesRemove(String name) implements Request<Response.Committed> {}

    record RulesList() implements Request<Response.Modules> {}

    record RulesShow(String name) implements Request<Response.Source> {}

    /// Checks stored modules again.
    ///
    /// @param name one module; null is all
    record RulesCheck(@Nullable String name) implements Request<Response.Checked> {}

    /// Draws which relation depends on which.
    ///
    /// @param name one module; null is all
    /// @param format `tree`, `dot` or `mermaid`
    record RulesGraph(@Nullable String name, String format) implements Request<Response.Graph> {}

    /// @param name one relation; null is all
    record RelationsOf(@Nullable String name) implements Request<Response.Relations> {}

    /// Newest first.
    ///
    /// @param limit at most this many; null is all
    /// @param before only transactions with a smaller number; null starts at the newest
    record Log(@Nullable Long limit, @Nullable Long before)
            implements Request<Response.Transactions> {}

    /// When a fact was asserted and retracted.
    record HistoryOf(String fact) implements Request<Response.History> {}

    record StoreInfo() implements Request<Response.StoreReport> {}

    /// Reads everything and verifies it. Streams [Response.Progress].
    record StoreCheck() implements Request<Response.StoreReport> {}

    /// Streams the backup as [Response.Chunk]s; writes go on meanwhile.
    record StoreBackup() implements Request<Response.StoreReport> {}

    /// Wants the file `name` and takes its place as the store, keeping the old one aside.
    record StoreRestore(String name) implements Request<Response.StoreReport> {}

    record StoreEncrypt() implements Request<Response.StoreReport> {}

    record StoreDecrypt() implements Request<Response.StoreReport> {}

    record StoreRekey() implements Request<Response.StoreReport> {}

    record StoreCompact() implements Request<Response.StoreReport> {}

    record Status() implements Request<Response.Heartbeat> {}

    /// Drains what is under way for at most `drainMillis`, answers, then ends the daemon.
    record Stop(long drainMillis) implements Request<Response.Done> {}

    /// Runs a whole program with neither daemon nor store, as `souffle` does. Answered in the
    /// caller's own process only, which therefore reads and writes the files itself. Streams
    /// [Response.Text] (standard output) and [Response.Note].
    ///
    /// @param program path of the program, or `-`
    /// @param factDirectory `-F`
    /// @param outputDirectory `-D`; `-` is standard output
    /// @param jobs threads, 1 or more; 0 is one less than the cores
    /// @param engine `auto`, `interpreter`
    record Run(
            String program,
            String factDirectory,
            String outputDirectory,
            int jobs,
            boolean explainPlan,
            boolean profile,
            @Nullable String profileFile,
            @Nullable String engine,
            Limits limits)
            implements Request<Response.Done> {}

    /// Checks programs in the caller's own process.
    ///
    /// @param programs paths, or `-`
    record Check(List<String> programs) implements Request<Response.Checked> {}

    /// Checks texts against what the daemon knows, as a query with these programs would, and runs
    /// nothing: the REPL asks it whether a rule may join the session. Faults of the texts are in
    /// the answer; a [Response.Failure] means that nothing could be checked.
    ///
    /// @param programs rules, facts and directives, checked together
    record CheckText(List<Program> programs) implements Request<Response.Checked> {}

    /// Calls one export of a bare WebAssembly module, which gets nothing to import, in the caller's
    /// own process.
    ///
    /// @param file a path
    /// @param arguments decimal or hexadecimal numbers, `nan`, `inf`
    /// @param fuel units; null for the default
    /// @param timeoutMillis null for none
    record ModuleRun(
            String file,
            String export,
            List<String> arguments,
            @Nullable Long fuel,
            @Nullable Long timeoutMillis)
            implements Request<Response.ModuleRan> {}

    /// Reads and validates a WebAssembly module in the caller's own process.
    record ModuleCheck(String file) implements Request<Response.ModuleSheet> {}

    /// Says what installing a package would do. Wants the zip `path`, or of a folder
    /// `path/skill.toml` and the module that it names.
    ///
    /// @param path as the user wrote it
    /// @param force whether an older version, other bytes or another publisher may replace what is
    ///   installed
    record SkillPropose(String path, boolean folder, boolean force)
            implements Request<Response.SkillProposal> {}

    /// Installs a package; wants its files as [SkillPropose] does.
    ///
    /// @param shown [Response.SkillSheet#manifestSha256] of the proposal that was agreed to
    /// @param agreed whether somebody was asked; without, only what asks for nothing new is
    ///   installed
    /// @param granted capabilities, such as `write=alert`; `all` is everything
    record SkillInstall(
            String path,
            boolean folder,
            boolean force,
            String shown,
            boolean agreed,
            List<String> granted)
            implements Request<Response.SkillSheet> {}

    record SkillList() implements Request<Response.SkillSheets> {}

    record SkillShow(String name) implements Request<Response.SkillSheet> {}

    /// @param capabilities empty is everything that it asks for
    record SkillGrant(String name, List<String> capabilities)
            implements Request<Response.SkillSheet> {}

    /// @param capabilities empty is everything that it holds
    record SkillRevoke(String name, List<String> capabilities)
            implements Request<Response.SkillSheet> {}

    record SkillRemove(String name) implements Request<Response.Done> {}

    /// Runs an installed skill. Streams its standard output as [Response.Chunk]s.
    ///
    /// @param tool its first argument; null runs it without
    /// @param arguments after the tool
    /// @param input what standard input holds
    /// @param limits time and fuel lower the skill's own
    record SkillRun(
            String name, @Nullable String tool, List<String> arguments, String input, Limits limits)
            implements Request<Response.SkillRan> {}

    /// Configuration; answered in the caller's own process.
    record ConfigList() implements Request<Response.Settings> {}

    record ConfigGet(String key) implements Request<Response.Settings> {}

    record ConfigSet(String key, String value) implements Request<Response.Settings> {}

    record ConfigUnset(String key) implements Request<Response.Settings> {}

    /// The path of the configuration file, made when it is missing.
    record ConfigPath() implements Request<Response.Source> {}
}
