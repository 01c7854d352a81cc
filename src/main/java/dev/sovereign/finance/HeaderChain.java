package dev.sovereign.finance;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The headers with the most work, from a checkpoint on, each fully checked. Any thread may ask and
/// [#accept]; one lock, held while headers are checked. Holds 80 bytes and 8 of index a header, and
/// side branches up to [FinanceLimits#MAX_BRANCH_HEADERS] headers.
public final class HeaderChain {

    /// Told of each change, on the thread that made it, after it was made.
    public interface Watcher {
        void changed(Acceptance change);
    }

    /// Where headers are kept before they count.
    interface Sink {
        /// Writes headers from `height` on; what was there and above is no longer valid.
        void write(int height, byte[] headers, int offset, int length) throws IOException;
    }

    /// A branch with no more work than the chain.
    ///
    /// @param fork height of the header of the chain that it follows
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Branch(int fork, byte[] headers, Hash tip) {}

    private final Network network;
    private final Checkpoints checkpoints;
    private final InstantSource clock;
    private final Sink sink;
    private final HeaderList headers;
    private final ArrayDeque<Branch> branches = new ArrayDeque<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private BigInteger work;

    /// @param start the first header; on networks that retarget at a multiple of 2016
    HeaderChain(
            Network network,
            Checkpoints checkpoints,
            Checkpoint start,
            InstantSource clock,
            Sink sink) {
        if (network.retargets() && start.height() % Network.RETARGET_BLOCKS != 0) {
            throw new IllegalArgumentException("a chain cannot start at " + start.height());
        }
        this.network = network;
        this.checkpoints = checkpoints;
        this.clock = clock;
        this.sink = sink;
        this.headers = new HeaderList(start);
        this.work = start.work();
    }

    /// A chain in memory, from the last checkpoint on.
    public static HeaderChain inMemory(
            Network network, Checkpoints checkpoints, InstantSource clock) {
        return new HeaderChain(network, checkpoints, checkpoints.last(), clock, (_, _, _, _) -> {});
    }

    public Network network() {
        return network;
    }

    public Checkpoints checkpoints() {
        return checkpoints;
    }

    /// Height of the lowest header that is held.
    public int base() {
        return headers.base();
    }

    public synchronized Tip tip() {
        int height = headers.tip();
        return new Tip(height, headers.hash(height), work, headers.time(height));
    }

    /// The header at a height; null above the tip and below [#base].
    public synchronized @Nullable Header at(int height) {
        return headers.holds(height) ? headers.header(height) : null;
    }

    /// The hash of the block at a height; null above the tip and below [#base].
    public synchronized @Nullable Hash hash(int height) {
        return headers.holds(height) ? headers.hash(height) : null;
    }

    /// The height of a block of the chain; -1 when it is none.
    public synchronized int heightOf(Hash hash) {
        return headers.heightOf(hash);
    }

    /// Headers from `height` on, as bytes; fewer than `count` at the tip.
    public synchronized byte[] bytes(int height, int count) {
        if (!headers.holds(height)) {
            throw new IllegalArgumentException("no header at " + height);
        }
        return headers.copy(height, Math.min(count, headers.tip() - height + 1));
    }

    /// Adds a watcher; it stays.
    public void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    /// Takes headers that follow one another, from anywhere, and does with them what their work
    /// demands. They may begin with headers that are known. All of them count, or none.
    ///
    /// @param run bytes of at most [FinanceLimits#MAX_RUN_HEADERS] headers
    /// @throws IOException if they could not be kept; then nothing has changed
    public Acceptance accept(byte[] run) throws IOException {
        return accept(run, clock.instant().getEpochSecond());
    }

    /// @param now [Long#MAX_VALUE] leaves out the comparison with our clock
    Acceptance accept(byte[] run, long now) throws IOException {
        Acceptance outcome;
        synchronized (this) {
            outcome = decide(run, now);
        }
        switch (outcome) {
            case Acceptance.Extended _, Acceptance.Reorganized _ -> {
                for (Watcher watcher : watchers) {
                    watcher.changed(outcome);
                }
            }
            case Acceptance.Unchanged _, Acceptance.Orphan _, Acceptance.Rejected _ -> {}
        }
        return outcome;
    }

    private Acceptance decide(byte[] run, long now) throws IOException {
        int count = run.length / Header.BYTES;
        if (count == 0 || run.length % Header.BYTES != 0 || count > FinanceLimits.MAX_RUN_HEADERS) {
            return new Acceptance.Rejected(
                    HeaderFault.LENGTH, -1, run.length + " bytes are no run of headers");
        }
        int known = 0;
        Hash parent = Hash.at(run, Header.PREV);
        while (known < count) {
            Hash hash = Header.at(run, known * Header.BYTES).hash();
            int height = headers.heightOf(hash);
            if (height < 0) {
                break;
            }
            known++;
            if (known < count && !hash.isAt(run, known * Header.BYTES + Header.PREV)) {
                return new Acceptance.Rejected(
                        HeaderFault.LINK,
                        height + 1,
                        "header " + (height + 1) + " does not follow the header before it");
            }
            parent = hash;
        }
        if (known == count) {
            return new Acceptance.Unchanged(tip());
        }
        byte[] rest = known == 0 ? run : Arrays.copyOfRange(run, known * Header.BYTES, run.length);
        int fork = headers.heightOf(parent);
        if (fork >= 0) {
            return check(fork, rest, 0, parent, now);
        }
        for (Branch branch : branches) {
            int position = position(branch, parent);
            if (position >= 0) {
                int shared = (position + 1) * Header.BYTES;
                if ((shared + rest.length) / Header.BYTES > FinanceLimits.MAX_RUN_HEADERS) {
                    return new Acceptance.Rejected(
                            HeaderFault.LENGTH, -1, "a branch of too many headers");
                }
                byte[] whole = Arrays.copyOf(branch.headers(), shared + rest.length);
                System.arraycopy(rest, 0, whole, shared, rest.length);
                return check(branch.fork(), whole, position + 1, parent, now);
            }
        }
        return new Acceptance.Orphan(parent);
    }

    /// Where in a branch the header with this hash is; -1 when it is not there.
    private static int position(Branch branch, Hash hash) {
        int count = branch.headers().length / Header.BYTES;
        if (branch.tip().equals(hash)) {
            return count - 1;
        }
        for (int i = 1; i < count; i++) {
            if (hash.isAt(branch.headers(), i * Header.BYTES + Header.PREV)) {
                return i - 1;
            }
        }
        return -1;
    }

    /// @param from headers of `run` before this one have been checked
    private Acceptance check(int fork, byte[] run, int from, Hash parent, long now)
            throws IOException {
        int last = checkpoints.last().height();
        if (fork < last && last <= headers.tip()) {
            return new Acceptance.Rejected(
                    HeaderFault.CHECKPOINT,
                    fork + 1,
                    "it forks off below the last checkpoint at " + last);
        }
        if (fork + (long) run.length / Header.BYTES - headers.base() > FinanceLimits.MAX_HEADERS) {
            return new Acceptance.Rejected(HeaderFault.LENGTH, fork + 1, "too many headers");
        }
        HeaderCheck check = new HeaderCheck(network, checkpoints, headers, fork, run);
        HeaderCheck.Result result = check.check(from, parent, now);
        if (result.fault() != null) {
            return new Acceptance.Rejected(
                    result.fault(),
                    result.height(),
                    "header " + result.height() + ": " + result.detail());
        }
        BigInteger added = result.work().add(HeaderCheck.work(run, 0, from));
        Tip before = tip();
        if (fork == before.height()) {
            sink.write(fork + 1, run, 0, run.length);
            headers.append(run, result.tip());
            work = work.add(added);
            return new Acceptance.Extended(fork + 1, tip());
        }
        byte[] ours = headers.copy(fork + 1, before.height() - fork);
        BigInteger lost = HeaderCheck.work(ours, 0, before.height() - fork);
        if (added.compareTo(lost) <= 0) {
            keep(new Branch(fork, run, result.tip()));
            return new Acceptance.Unchanged(before);
        }
        List<Hash> dropped = new ArrayList<>();
        for (int height = fork + 1; height <= before.height(); height++) {
            dropped.add(headers.hash(height));
        }
        sink.write(fork + 1, run, 0, run.length);
        headers.truncate(fork);
        headers.append(run, result.tip());
        work = work.subtract(lost).add(added);
        // what followed a dropped block has lost its place; its headers can be fetched again
        branches.removeIf(branch -> branch.fork() > fork || branch.tip().equals(result.tip()));
        keep(new Branch(fork, ours, before.hash()));
        return new Acceptance.Reorganized(fork, dropped, before, tip());
    }

    private void keep(Branch branch) {
        branches.removeIf(old -> isPrefix(old, branch));
        branches.addLast(branch);
        int total = 0;
        for (Branch kept : branches) {
            total += kept.headers().length / Header.BYTES;
        }
        Iterator<Branch> oldest = branches.iterator();
        int count = branches.size();
        while (oldest.hasNext()
                && (total > FinanceLimits.MAX_BRANCH_HEADERS
                        || count > FinanceLimits.MAX_BRANCHES)) {
            total -= oldest.next().headers().length / Header.BYTES;
            count--;
            oldest.remove();
        }
    }

    private static boolean isPrefix(Branch old, Branch longer) {
        int length = old.headers().length;
        return old.fork() == longer.fork()
                && length <= longer.headers().length
                && Arrays.equals(old.headers(), 0, length, longer.headers(), 0, length);
    }
}
