package dev.sovereign.protocol;

import dev.sovereign.error.Diagnostic;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Stream;

/// What the node says. A request is answered by any number of streamed responses ([Columns],
/// [Rows], [Chunk], [Wanted], [Text], [Note], [Progress]) and then exactly one closing response:
/// the type the request names, or a [Failure].
public sealed interface Response {

    /// A closing response.
    sealed interface Closing extends Response {}

    /// Says how the rows that follow are to be read; begins the answer of one query.
    ///
    /// @param query the query's own text
    /// @param names variables in order of first use; empty for a yes-or-no question
    /// @param types `number`, `unsigned`, `float`, `symbol`, or a declared type's name; as many as
    ///   names
    record Columns(String query, List<String> names, List<String> types) implements Response {}

    /// Some rows, sorted, following on those before.
    ///
    /// @param rows each as wide as the columns; a value is a Long, a Double, a String, null
    ///   (`nil`), a List (record) or an [Adt]. Unsigned numbers above 2^63-1 are
    ///   [java.math.BigInteger]
    record Rows(List<List<@Nullable Object>> rows) implements Response {}

    /// A value of an algebraic data type.
    record Adt(String name, List<@Nullable Object> arguments) {}

    /// Some steps of a proof, following on those before; a proof's premises come before what they
    /// prove, and its last step is the conclusion.
    ///
    /// @param proof numbered from 0; when it grows, the proof before is complete
    record ProofSteps(long proof, List<ProofStep> steps) implements Response {}

    /// @param id position among the steps of its proof
    /// @param kind `fact`, `rule`, `negation`, `aggregate`, `constraint` or `system`
    /// @param relation of a tuple; null for a check, and for a query of several premises
    /// @param tuple as in [Rows]; empty for a check
    /// @param text as a person reads it: `path(1, 3)`, `no deny("bob", _)`, `3 > 2`
    /// @param rule `file:line` of the rule, or of the check; null for a fact
    /// @param height 0 for a fact and a check, else one more than the highest premise
    /// @param tx that asserted a stored fact, with its time and author; else null
    /// @param premises ids, in the order of the rule's body
    /// @param cut premises are left out: they lie deeper than was asked for, or are not shown to
    ///   this peer
    /// @param about relations that a negation or an aggregate looks at
    record ProofStep(
            long id,
            String kind,
            @Nullable String relation,
            List<@Nullable Object> tuple,
            String text,
            @Nullable String rule,
            long height,
            @Nullable Long tx,
            @Nullable Long timeMillis,
            @Nullable String author,
            List<Long> premises,
            boolean cut,
            List<String> about) {}

    /// Bytes of a file that the caller asked for, in order.
    @SuppressWarnings("ArrayRecordComponent") // never compared; handed over, not shared
    record Chunk(byte[] bytes) implements Response {}

    /// The daemon needs a file that the request named; the caller sends its bytes, or says that it
    /// cannot.
    ///
    /// @param handle chosen by the daemon, unique within the request
    /// @param name the path as written by the user
    /// @param from the program whose folder the name is relative to; null for the caller's working
    ///   directory
    record Wanted(int handle, String name, @Nullable String from) implements Response {}

    /// Text for standard output, as it is.
    record Text(String text) implements Response {}

    /// A word about the answer, for standard error.
    record Note(Diagnostic diagnostic) implements Response {}

    /// How far a long request has come.
    ///
    /// @param done so far
    /// @param total 0 when it is not known
    /// @param unit such as `bytes` or `transactions`
    record Progress(String what, long done, long total, String unit) implements Response {}

    /// Something happened on the private network; fields that do not belong to it are null or 0.
    ///
    /// @param event `listening`, `connected`, `disconnected` or `refused`
    /// @param multiaddr where the node listens
    /// @param peerId of the other side
    /// @param remote address of the other side
    /// @param direction `inbound` or `outbound`
    /// @param handshakeMicros from accepting or connecting to the secured connection
    /// @param reason why a connection is over
    /// @param count how many were refused since the last such event
    record MeshEvent(
            String event,
            @Nullable String multiaddr,
            @Nullable String peerId,
            @Nullable String remote,
            @Nullable String direction,
            long handshakeMicros,
            @Nullable String reason,
            long count)
            implements Response {}

    /// Closes [Request.Query] and [Request.Export].
    ///
    /// @param rows of all queries together
    /// @param truncated the row limit cut the answer
    /// @param answer of the last yes-or-no question; null when it had variables
    /// @param plan the relational IR as text when it was asked for; else null
    record Answers(
            long rows,
            boolean truncated,
            @Nullable Boolean answer,
            @Nullable String plan,
            long snapshotTx)
            implements Closing {}

    /// Closes [Request.Why].
    ///
    /// @param truncated the row limit left rows without a proof
    record Proved(long proofs, boolean truncated, long snapshotTx) implements Closing {}

    /// Closes [Request.WhyNot].
    ///
    /// @param atom as a person reads it
    /// @param nearest tuples of the same relation that differ from it least
    record NotProved(String atom, List<FailedRule> rules, List<String> nearest, long snapshotTx)
            implements Closing {}

    /// @param place `file:line`
    /// @param rule as written
    /// @param holds premises before the one that fails, for one choice of values
    /// @param fails the first premise that fails, for a few choices; empty when the head itself
    ///   does not match
    /// @param nearest tuples that would nearly do
    record FailedRule(
            String place,
            String rule,
            List<String> holds,
            List<String> fails,
            List<String> nearest) {}

    /// Closes what writes.
    ///
    /// @param tx 0 when nothing changed and so nothing was written
    record Committed(long tx, long asserted, long retracted, long unchanged) implements Closing {}

    /// Closes [Request.Import].
    record Imported(
            long tx, long asserted, long unchanged, long skipped, List<Diagnostic> skippedRows)
            implements Closing {}

    /// At most [Bounds#NAMES]; closes [Request.Names].
    record NameList(List<String> names) implements Closing {

        /// Those of `all` that are asked for.
        public static NameList of(Stream<String> all, Request.Names asked) {
            String prefix = asked.prefix() == null ? "" : asked.prefix();
            return new NameList(
                    all.filter(name -> name.startsWith(prefix)).limit(Bounds.NAMES).toList());
        }
    }

    record Modules(List<Module> modules) implements Closing {}

    /// @param tx the transaction that last changed it
    record Module(String name, long rules, long tx, long timeMillis, List<String> relations) {}

    record Source(String name, String text) implements Closing {}

    /// Every fault of what was checked, sorted by place; closes [Request.Check],
    /// [Request.CheckText] and [Request.RulesCheck].
    record Checked(List<Diagnostic> diagnostics, long rules, long relations) implements Closing {}

    record Graph(String format, String text) implements Closing {}

    record Relations(List<Relation> relations) implements Closing {}

    /// @param origin `facts`, `rules`, `facts+rules` or `system`
    /// @param facts stored facts; derived ones are not counted
    record Relation(
            String name, List<Column> columns, String origin, long facts, List<String> modules) {}

    record Column(String name, String type) {}

    record Transactions(List<Transaction> transactions) implements Closing {}

    /// @param timeMillis since the epoch, UTC
    /// @param author who: `node` or a peer's or skill's name
    /// @param what such as `assert`, `retract`, `import`, `rules add policy`
    /// @param forgotten its payload has been erased
    record Transaction(
            long tx,
            long timeMillis,
            String author,
            String what,
            @Nullable String reason,
            long asserted,
            long retracted,
            String hash,
            boolean forgotten) {}

    record History(String fact, boolean holds, List<Event> events) implements Closing {}

    /// @param change `asserted` or `retracted`
    record Event(long tx, long timeMillis, String author, String change, @Nullable String reason) {}

    /// @param facts live now
    /// @param problems what [Request.StoreCheck] found; empty is clean
    /// @param keptAside where the old store went; null when nothing was replaced
    record StoreReport(
            String path,
            long bytes,
            long logBytes,
            long stateBytes,
            int formatVersion,
            boolean encrypted,
            long tx,
            long facts,
            long relations,
            List<Diagnostic> problems,
            @Nullable String keptAside)
            implements Closing {}

    /// `status`: the fields of specs/cli.md, as they are.
    record Heartbeat(
            String version,
            String build,
            long pid,
            long uptimeMillis,
            String state,
            @Nullable String peerId,
            Mesh mesh,
            License license,
            Knowledge knowledge,
            Store store,
            Skills skills,
            List<ActorState> actors,
            Memory memory,
            Machine machine)
            implements Closing {}

    /// @param refused connections since the start
    /// @param waiting PeerIds that have the key and ask to be let in
    record Mesh(
            boolean enabled,
            List<String> listening,
            long connections,
            long refused,
            @Nullable String fingerprint,
            List<String> waiting) {}

    record License(String verdict, String network) {}

    record Knowledge(long facts, long relations, long rules, long tx) {}

    record Store(String path, long bytes, boolean encrypted) {}

    record Skills(long installed, long running) {}

    /// @param state `running`, `restarting`, `failed` or `off`
    record ActorState(String name, String state, long restarts, @Nullable String lastFailure) {}

    record Memory(long residentBytes, long heapUsedBytes) {}

    record Machine(String os, int cpus, long memoryBytes) {}

    /// How a call of a module's export ended.
    ///
    /// @param verdict `ok`, `out-of-fuel`, `trap`, `call-stack`, `timeout`, `memory` or `rejected`
    /// @param fuel what was charged
    /// @param message null when there is nothing to say
    record ModuleRan(String verdict, List<ModuleValue> results, long fuel, @Nullable String message)
            implements Closing {}

    /// @param type `i32`, `i64`, `f32`, `f64`, `funcref` or `externref`
    /// @param bits of an f32 its 32, of an f64 its 64; of a reference -1 when it is null
    record ModuleValue(String type, long bits) {}

    /// What a module is; of one that is refused only the bytes and why.
    ///
    /// @param refused `malformed`, `invalid`, `unsupported` or `limit`; null for a valid module
    /// @param interpreted functions too large for the compiler, as numbers, which run slowly
    record ModuleSheet(
            long bytes,
            String sha256,
            @Nullable String refused,
            @Nullable String message,
            long functions,
            long memoryPages,
            List<ModuleFunction> imports,
            List<ModuleFunction> exports,
            List<String> interpreted)
            implements Closing {}

    /// @param module null for an export
    record ModuleFunction(@Nullable String module, String name, String type) {}

    /// @param id confidential; null unless it was asked for
    record LicenseIdentity(String from, String payload, @Nullable String id, List<String> notes)
            implements Closing {}

    /// @param script the whole OP_RETURN script, in hex
    record LicenseOffer(
            String network,
            boolean testNetwork,
            String address,
            long sats,
            long confirmations,
            String payload,
            String script,
            List<String> warnings)
            implements Closing {}

    /// @param reasons names such as `PAYMENT_MISSING`; empty for a match
    /// @param hints what it nearly is, in words
    /// @param paidSats the largest output to the address
    record LicenseJudged(
            boolean match,
            List<String> reasons,
            List<String> hints,
            long paidSats,
            @Nullable String txid)
            implements Closing {}

    /// @param verdict `valid`, `pending`, `no-match`, `not-found`, `unverifiable`, or `none` where
    ///   no license is stored
    /// @param testNetwork blocks there cost nothing, so it proves nothing
    /// @param needed confirmations, while they are not there
    /// @param dropped the block that held it before a reorganization
    /// @param asked servers and peers that did not show one
    /// @param cause why it cannot be judged, such as `ANCHOR`
    record LicenseVerdict(
            String verdict,
            String network,
            boolean testNetwork,
            @Nullable String txid,
            @Nullable Long height,
            @Nullable String block,
            @Nullable Long confirmations,
            @Nullable Long needed,
            @Nullable Long paidSats,
            @Nullable String dropped,
            List<String> reasons,
            List<String> hints,
            List<String> asked,
            @Nullable String cause,
            @Nullable String detail,
            List<LicenseStep> steps)
            implements Closing {}

    /// One check of a proof.
    record LicenseStep(String name, boolean passed, List<String> lines) {}

    record Settings(List<Setting> settings) implements Closing {}

    /// @param value null when it is not set and has no default
    /// @param from `default`, `file` or `environment`
    record Setting(String key, @Nullable String value, String from, String description) {}

    /// Keys by their fingerprints; never a key.
    ///
    /// @param path of the swarm key; null when there is none
    /// @param fingerprint of the swarm key; null when there is none
    /// @param previous fingerprint of the key before it, while it is still accepted
    /// @param previousUntilMillis since the epoch: when that ends
    /// @param peerId of this node; null when it has no identity yet
    record Keys(
            @Nullable String path,
            @Nullable String fingerprint,
            @Nullable String previous,
            @Nullable Long previousUntilMillis,
            @Nullable String peerId)
            implements Closing {}

    record Peers(List<Peer> peers) implements Closing {}

    /// @param name null for one that nobody has named
    /// @param state `connected`, `allowed` (and not connected), `denied`, `waiting` (asked to be
    ///   let in) or `unknown`
    /// @param direction `inbound` or `outbound`; null when not connected, like all that follow but
    ///   the last
    /// @param latencyMicros of the last round trip
    /// @param key `current` or `previous`: which swarm key the connection uses
    /// @param problem why it is not connected, as far as we know
    record Peer(
            @Nullable String name,
            String peerId,
            String state,
            List<String> addresses,
            @Nullable String direction,
            @Nullable String remote,
            @Nullable Long latencyMicros,
            @Nullable Long bytesIn,
            @Nullable Long bytesOut,
            @Nullable String key,
            @Nullable String agent,
            @Nullable Long sinceMillis,
            @Nullable String problem) {}

    record RoundTrip(String peerId, long nanos) implements Closing {}

    record Throughput(String peerId, long bytes, long uploadNanos, long downloadNanos)
            implements Closing {}

    /// An installed skill, or one that might be.
    ///
    /// @param publisher key in hex; empty when nobody signed it
    /// @param sha256 of the module
    /// @param manifestSha256 of `skill.toml`
    /// @param installedMillis since the epoch; 0 when it is not installed
    /// @param rights what it asks for
    /// @param granted what it holds, such as `write=alert`
    /// @param clock `real` or `fixed:SECONDS`
    /// @param random `real` or `seed:NUMBER`
    /// @param limits as in `fuel 1000000000`, after the node's own
    /// @param license what it asks for, in words; null when it runs without
    record SkillSheet(
            String name,
            String version,
            String description,
            String publisher,
            String sha256,
            String manifestSha256,
            long installedMillis,
            long running,
            List<SkillTool> tools,
            List<SkillRight> rights,
            List<String> granted,
            String clock,
            String random,
            List<String> limits,
            @Nullable String license)
            implements Closing {}

    /// @param input JSON Schema as JSON; `{}` when there is none
    record SkillTool(String name, String description, String input, String output) {}

    /// @param capability such as `write=alert`
    /// @param words what it allows
    record SkillRight(String capability, String words, boolean granted) {}

    /// @param damaged why the others cannot be used
    record SkillSheets(List<SkillSheet> skills, List<Diagnostic> damaged) implements Closing {}

    /// @param before the installed version; null when there is none
    /// @param fresh capabilities that no version before asked for
    /// @param keeps those that it would hold without asking
    /// @param mustAsk whether somebody has to agree
    record SkillProposal(
            SkillSheet skill,
            @Nullable String before,
            List<String> fresh,
            List<String> keeps,
            boolean mustAsk)
            implements Closing {}

    /// @param verdict `ok`, `failed`, `trap`, `out-of-fuel`, `call-stack`, `timeout`, `memory`,
    ///   `cancelled`, `rejected` or `refused`
    /// @param exit what the program ended with; -1 when it did not end by itself
    /// @param log what it wrote to standard error and its log lines
    /// @param tx the transaction of its facts; 0 when it wrote none
    /// @param message why it did not end well
    /// @param exitStatus of a command that ran it
    record SkillRan(
            long run,
            String skill,
            String version,
            @Nullable String tool,
            String verdict,
            int exit,
            String log,
            long fuel,
            long millis,
            long tx,
            String message,
            int exitStatus)
            implements Closing {}

    record Done() implements Closing {}

    /// Closes [Request.Run].
    ///
    /// @param profile a table of what each rule cost, when it was asked for
    record Ran(@Nullable String profile) implements Closing {}

    /// Closes any request that was refused or broke.
    ///
    /// @param diagnostics never empty; the first error decides the exit status
    record Failure(List<Diagnostic> diagnostics) implements Closing {
        public Failure {
            diagnostics = List.copyOf(diagnostics);
        }
    }
}
