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
    ///
    /// @param includeFolders where to look, in this order, for what it includes and what does not
    ///   lie beside the file that includes it
    record Program(String name, String text, List<String> includeFolders) {
        public Program {
            includeFolders = List.copyOf(includeFolders);
        }

        /// Without folders to include from.
        public Program(String name, String text) {
            this(name, text, List.of());
        }
    }

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

    /// Names to complete a word with: nothing but names, for somebody who has pressed Tab and
    /// waits.
    ///
    /// @param kind `relations`, `modules`, `skills` or `peers`; of others there are none
    /// @param prefix only names that begin so; null is all
    record Names(String kind, @Nullable String prefix) implements Request<Response.NameList> {}

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
    /// @param includeFolders `-I`, as for [Program]
    /// @param jobs threads, 1 or more; 0 is one less than the cores
    /// @param engine `auto`, `interpreter`
    record Run(
            String program,
            String factDirectory,
            String outputDirectory,
            List<String> includeFolders,
            int jobs,
            boolean explainPlan,
            boolean profile,
            @Nullable String profileFile,
            @Nullable String engine,
            Limits limits)
            implements Request<Response.Ran> {}

    /// Checks programs in the caller's own process.
    ///
    /// @param programs paths, or `-`
    /// @param includeFolders as for [Program]
    record Check(List<String> programs, List<String> includeFolders)
            implements Request<Response.Checked> {}

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

    /// Runs this node on the private network, in the caller's own process and until it is
    /// interrupted: no daemon, no store. Streams [Response.MeshEvent] and [Response.Note].
    ///
    /// @param listen multiaddrs
    /// @param key file of the swarm key
    /// @param identity file of the identity, made when it is missing; null is a new one for this
    ///   run
    /// @param connect multiaddrs of peers, dialed until they answer and again when they are lost
    /// @param allow PeerIds that may stay; none lets every holder of the key stay
    /// @param maxConnections 0 is the standard limit
    /// @param testProtocols serves echo, digest, sink and perf
    record MeshRun(
            List<String> listen,
            String key,
            @Nullable String identity,
            List<String> connect,
            List<String> allow,
            int maxConnections,
            boolean testProtocols)
            implements Request<Response.Done> {}

    /// Terms of a license in place of configured ones; null takes what is configured.
    ///
    /// @param machineId confidential: only for requests that the caller's own process answers
    record LicenseTerms(
            @Nullable String network,
            @Nullable String address,
            @Nullable Long sats,
            @Nullable Long confirmations,
            @Nullable String machineId,
            @Nullable String payload) {
        public static final LicenseTerms CONFIGURED =
                new LicenseTerms(null, null, null, null, null, null);
    }

    /// What binds a license to this machine; answered in the caller's own process.
    ///
    /// @param reveal the id itself too
    record LicenseId(boolean reveal) implements Request<Response.LicenseIdentity> {}

    /// What has to be paid; answered in the caller's own process.
    record LicenseRequest(LicenseTerms terms) implements Request<Response.LicenseOffer> {}

    /// Judges one raw transaction by the rule alone, in the caller's own process.
    ///
    /// @param tx hex, or a file to want
    record LicenseCheck(String tx, LicenseTerms terms) implements Request<Response.LicenseJudged> {}

    /// Verifies a proof file, in the caller's own process and without a socket. Wants the file.
    ///
    /// @param explain each check with what it compares
    record LicenseVerify(String file, boolean explain, LicenseTerms terms)
            implements Request<Response.LicenseVerdict> {}

    /// Verifies a proof file and stores it as the license of the node. Wants the file.
    record LicenseImport(String file) implements Request<Response.LicenseVerdict> {}

    /// Streams the license of the node as a proof file, in [Response.Chunk]s.
    record LicenseExport() implements Request<Response.LicenseVerdict> {}

    /// Judges the license of the node anew.
    ///
    /// @param explain each check with what it compares
    record LicenseStatus(boolean explain) implements Request<Response.LicenseVerdict> {}

    /// Looks for the payment of this node's license at the servers and peers of the configuration,
    /// and stores its proof. Streams [Response.Progress] (`headers`, `confirmations`) and
    /// [Response.Note] for sources that fail, disagree or lie.
    ///
    /// @param txid 64 hex digits; null searches the history of the developer's address
    /// @param height of its block, when the servers do not say it; null asks them
    /// @param follow goes on until the license is valid, or refused
    record LicenseActivate(@Nullable String txid, @Nullable Long height, boolean follow)
            implements Request<Response.LicenseVerdict> {}

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

    /// Makes a swarm key; answered in the caller's own process, like all that reads and writes
    /// keys.
    ///
    /// @param out where to; null is the node's own place
    record KeyNew(@Nullable String out) implements Request<Response.Keys> {}

    /// What keys there are, without the keys.
    record KeyShow() implements Request<Response.Keys> {}

    /// Puts another swarm key in the place of the present one, which listeners go on accepting for
    /// a time.
    ///
    /// @param from a file that holds the new key; null makes one
    record KeyRotate(@Nullable String from) implements Request<Response.Keys> {}

    /// The node's PeerId; makes its identity when it has none.
    record KeyId() implements Request<Response.Keys> {}

    record PeerList() implements Request<Response.Peers> {}

    /// Adds a peer that may stay, and connects to it.
    ///
    /// @param multiaddr without `/p2p` it is dialed once, to learn who answers
    record PeerAdd(String name, String multiaddr) implements Request<Response.Peers> {}

    /// Dials an address once, to learn who answers there; keeps nothing.
    record PeerMeet(String multiaddr) implements Request<Response.Peers> {}

    /// Asks the LAN who is of this network: multicast DNS.
    ///
    /// @param waitMillis for answers; null is the node's own measure
    record PeerDiscover(@Nullable Long waitMillis) implements Request<Response.Peers> {}

    /// Forgets a peer and ends its connections.
    ///
    /// @param peer a name or a PeerId, as in all that follow
    record PeerRemove(String peer) implements Request<Response.Peers> {}

    /// @param name to call it by; null keeps what it has
    record PeerAllow(String peer, @Nullable String name) implements Request<Response.Peers> {}

    /// Refuses a peer from now on and ends its connections.
    record PeerDeny(String peer) implements Request<Response.Peers> {}

    record PeerShow(String peer) implements Request<Response.Peers> {}

    /// Measures one round trip, connecting first when there is no connection.
    record PeerPing(String peer) implements Request<Response.RoundTrip> {}

    /// Measures throughput; the peer has to serve `/perf/1.0.0`.
    ///
    /// @param bytes each way
    record PeerPerf(String peer, long bytes) implements Request<Response.Throughput> {}

    /// Draws who is connected with whom, as far as this node can see.
    ///
    /// @param format `tree`, `dot` or `mermaid`
    record PeerMap(String format) implements Request<Response.Graph> {}

    /// Asks a peer. Whatever it streams and answers comes back as its own; it decides by its policy
    /// whether to answer at all.
    ///
    /// @param request anything but another [At]
    record At(String peer, Request<?> request) implements Request<Response.Closing> {
        public At {
            if (request instanceof At) {
                throw new IllegalArgumentException("a peer cannot be asked to ask a peer");
            }
        }
    }
}
