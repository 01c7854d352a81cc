package dev.sovereign.core.store;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/// A durable store of transactions, their facts and modules.
///
/// Opening delivers everything to a [Replay]; afterwards the caller holds the state and this object
/// makes changes durable. [#append] puts a transaction in order and gives it its number; it is
/// durable, and may be acknowledged, when [#force] has returned. After a failed write or force
/// every further one is refused until the store is opened anew: what was not forced is gone.
public abstract class FactStore implements AutoCloseable {

    /// Opens or creates the store in `directory` and delivers what it holds.
    ///
    /// @throws SovereignException with a [StoreError] when it cannot be used; nothing was changed
    ///   then
    @SuppressWarnings("DoNotCallSuggester") // the body lands next
    public static FactStore open(
            Path directory, StoreOptions options, Symbols symbols, Replay sink) {
        throw new SovereignException(StoreError.UNUSABLE, "not built yet");
    }

    /// Replaces the store in `directory`, which nobody has open, by a backup. The backup is
    /// verified completely first; the old store is moved aside.
    ///
    /// @param sourceName what the user calls the backup, for messages
    /// @return where the old store went; null when there was none
    @SuppressWarnings("DoNotCallSuggester") // the body lands next
    public static @Nullable Path restore(
            Path directory,
            StoreOptions options,
            InputStream backup,
            String sourceName,
            Progress progress)
            throws IOException {
        throw new SovereignException(StoreError.UNUSABLE, "not built yet");
    }

    /// How opening went.
    public abstract Recovery recovery();

    /// Number of the newest appended transaction; 0 when there is none.
    public abstract long lastTx();

    /// Number of the newest transaction that is durable.
    public abstract long durableTx();

    /// Puts a transaction at the end of the log, not yet durable. Large asserts are packed in
    /// several records, yet it is all there after a crash, or nothing of it.
    public final Transaction append(Draft draft) {
        try (Appender appender =
                begin(draft.timeMillis(), draft.author(), draft.what(), draft.reason())) {
            for (Change change : draft.changes()) {
                appender.add(change);
            }
            return appender.commit();
        }
    }

    /// Begins a transaction whose changes come piece by piece, as those of a long import do. Holds
    /// the append lock until it is committed or closed.
    public abstract Appender begin(
            long timeMillis, String author, String what, @Nullable String reason);

    /// A transaction under way. Closing it without a commit drops it.
    public interface Appender extends AutoCloseable {

        void add(Change change);

        /// Puts it in the log. Not durable before [FactStore#force].
        Transaction commit();

        @Override
        void close();
    }

    /// Makes all that was appended before this call durable. Threads that wait at once share one
    /// force.
    public abstract void force();

    /// Transactions newest first.
    ///
    /// @param before only numbers below this; [Long#MAX_VALUE] starts at the newest
    public abstract List<Transaction> log(long before, int limit);

    /// One transaction, or null.
    public abstract @Nullable Transaction transaction(long id);

    /// The newest transaction not later than a moment; 0 when there is none.
    public abstract long txAt(long timeMillis);

    /// Which transactions asserted or retracted a fact, oldest first. Reads the log.
    ///
    /// @param tuple symbols as ids of the [Symbols] given to [#open]
    public abstract List<FactEvent> history(String relation, long[] tuple);

    /// Delivers everything from the first transaction through `throughTx`, from the log.
    ///
    /// @param symbols may be an overlay of one query: strings of facts that are long gone may be
    ///   new
    public abstract void replay(long throughTx, Symbols symbols, Replay sink);

    public abstract StoreInfo info();

    /// Reads everything and verifies it: checksums, hash chains, H2 against the log.
    ///
    /// @return what is wrong, with places; empty when all is well
    public abstract List<Diagnostic> check(Progress progress);

    /// Writes all transactions that are durable at this moment to `out`, while appends go on. An
    /// encrypted store gives an encrypted backup under the same key. Does not close `out`.
    ///
    /// @return the newest transaction in it
    public abstract long backup(OutputStream out, Progress progress) throws IOException;

    /// Packs the log and rebuilds H2; history and hashes stay. Appends wait meanwhile.
    public abstract void compact(Progress progress);

    /// Encrypts the whole store under the key file, which is made when there is none.
    public abstract void encrypt(Progress progress);

    /// Writes the whole store in the clear. The key file stays.
    public abstract void decrypt(Progress progress);

    /// Encrypts the whole store under a new key. The old key stays beside the key file, named by
    /// its fingerprint, for older backups.
    public abstract void rekey(Progress progress);

    /// Forces, ends the log in good order, brings H2 up to it, and lets go.
    @Override
    public abstract void close();
}
