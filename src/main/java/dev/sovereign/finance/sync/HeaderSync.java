package dev.sovereign.finance.sync;

import dev.sovereign.finance.Acceptance;
import dev.sovereign.finance.FinanceLimits;
import dev.sovereign.finance.Hash;
import dev.sovereign.finance.Header;
import dev.sovereign.finance.HeaderChain;
import dev.sovereign.finance.HeaderFault;
import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;

/// Walks along the headers of one source until the chain knows all of them: back to a block that
/// both have, then forward. What has more work becomes the chain, whoever shows it.
///
/// A source that stops answering ends the walk; what was accepted before stays.
final class HeaderSync {

    /// Blocks to go back when a source's headers do not follow ours: these first, then ten times as
    /// many. Forks are short.
    private static final int FIRST_STEP_BACK = 10;

    /// The parent's hash in a header.
    private static final int PREV = 4;

    /// How a source's chain ended up against ours.
    sealed interface Outcome {
        /// All of it is part of our chain.
        record Same() implements Outcome {}

        /// It leaves ours behind `fork`, with less work, or no more.
        record OtherBranch(int fork, int headers) implements Outcome {}
    }

    private final HeaderChain chain;
    private final HeaderSource source;
    private final Progress progress;

    HeaderSync(HeaderChain chain, HeaderSource source, Progress progress) {
        this.chain = chain;
        this.source = source;
        this.progress = progress;
    }

    /// @throws ServerException when the source shows what is not true, or stops answering
    /// @throws IOException when headers cannot be kept
    Outcome run() throws IOException, InterruptedException {
        if (isKnown(source.tipHash())) {
            return new Outcome.Same();
        }
        byte[] first = connecting();
        return first.length == 0 ? new Outcome.Same() : follow(first);
    }

    /// Headers that follow a block of our chain; none when the source has nothing beyond it.
    private byte[] connecting() throws ServerException, InterruptedException {
        int fork = Math.max(chain.base(), Math.min(chain.tip().height(), source.tipHeight()));
        int back = FIRST_STEP_BACK;
        while (true) {
            Hash parent = chain.hash(fork);
            if (parent != null) {
                byte[] run = source.headers(fork + 1, parent);
                if (run.length > 0 ? isKnown(Hash.at(run, PREV)) : source.tipHash() == null) {
                    return run;
                }
                if (run.length == 0 && fork < source.tipHeight()) {
                    throw shortOfItsTip(fork);
                }
            }
            if (fork == chain.base()) {
                throw ServerException.fault(
                        "its chain does not hold block " + fork + ", which this program knows");
            }
            fork = Math.max(chain.base(), fork - back);
            back = Math.multiplyExact(back, 10);
        }
    }

    private Outcome follow(byte[] first) throws IOException, InterruptedException {
        int next = chain.heightOf(Hash.at(first, PREV)) + 1;
        byte[] run = first;
        // a branch with less work so far is collected, and weighed as a whole at its end
        byte[] collected = new byte[0];
        while (true) {
            next += run.length / Header.BYTES;
            Hash last = lastOf(run);
            if (collected.length > 0) {
                collected = joined(collected, run);
            } else if (!taken(run)) {
                collected = run;
            }
            progress.headers(Math.max(chain.tip().height(), next - 1), source.tipHeight());
            if (next > source.tipHeight() || collected.length == MOST_BYTES) {
                break;
            }
            run = source.headers(next, last);
            if (run.length == 0) {
                break;
            }
            if (!Hash.at(run, PREV).equals(last)) {
                throw ServerException.fault("its headers do not follow one another");
            }
        }
        if (source.tipHash() != null
                && next <= source.tipHeight()
                && collected.length < MOST_BYTES) {
            throw shortOfItsTip(next - 1);
        }
        return collected.length == 0 || taken(collected)
                ? new Outcome.Same()
                : otherBranch(collected);
    }

    /// The headers of `run` that our chain does not have.
    private Outcome otherBranch(byte[] run) {
        int at = 0;
        int fork = chain.heightOf(Hash.at(run, PREV));
        while (at < run.length && isKnown(Header.at(run, at).hash())) {
            fork = chain.heightOf(Header.at(run, at).hash());
            at += Header.BYTES;
        }
        return new Outcome.OtherBranch(fork, (run.length - at) / Header.BYTES);
    }

    private static final int MOST_BYTES = FinanceLimits.MAX_RUN_HEADERS * Header.BYTES;

    private static byte[] joined(byte[] collected, byte[] run) {
        int room = Math.min(run.length, MOST_BYTES - collected.length);
        byte[] whole = Arrays.copyOf(collected, collected.length + room);
        System.arraycopy(run, 0, whole, collected.length, room);
        return whole;
    }

    /// Whether these headers are all part of our chain now.
    private boolean taken(byte[] run) throws IOException {
        return switch (chain.accept(run)) {
            case Acceptance.Extended _, Acceptance.Reorganized _ -> true;
            case Acceptance.Unchanged _ -> isKnown(lastOf(run));
            // our chain has left their parent meanwhile
            case Acceptance.Orphan _ -> false;
            case Acceptance.Rejected rejected -> throw refused(rejected);
        };
    }

    private static Hash lastOf(byte[] run) {
        return Header.at(run, run.length - Header.BYTES).hash();
    }

    private boolean isKnown(@Nullable Hash hash) {
        return hash != null && chain.heightOf(hash) >= 0;
    }

    private ServerException shortOfItsTip(int height) {
        return ServerException.fault(
                "it says that its last block is "
                        + source.tipHeight()
                        + " and shows headers up to "
                        + height);
    }

    private static ServerException refused(Acceptance.Rejected rejected) {
        // of a time that is too early no clock is to blame
        if (rejected.fault() == HeaderFault.TIME && rejected.detail().contains("clock")) {
            return new ServerException(
                    ServerError.CLOCK,
                    "it shows a block whose time cannot be: " + rejected.detail(),
                    "is the clock of this machine right?",
                    null);
        }
        return ServerException.fault("its headers are wrong: " + rejected.detail());
    }
}
