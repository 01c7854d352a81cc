package dev.sovereign.finance;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.security.DigestException;
import java.security.MessageDigest;

/// Checks headers that lie one after the other in bytes, each against the one before, in the order
/// link, bits, work, time (license.md, section 4). For one run on one thread. Takes 0.3
/// microseconds a header, most of it for SHA-256, and allocates nothing for each.
final class HeaderCheck {

    /// How far ahead of our clock a header may be, in seconds.
    static final long MAX_AHEAD_SECONDS = 7200;

    /// @param fault null when all is well
    /// @param height of the first faulty header
    /// @param detail what is wrong with it, in words
    /// @param tip hash of the last header
    /// @param work of the headers that were checked
    record Result(
            @Nullable HeaderFault fault, int height, String detail, Hash tip, BigInteger work) {}

    private final Network network;
    private final @Nullable Checkpoints checkpoints;
    private final HeaderView before;
    private final int parent;
    private final byte[] run;
    private final int count;

    private final MessageDigest sha = Sha256.digest();
    private final byte[] digest = new byte[Hash.BYTES];
    private final MedianTime median = new MedianTime();
    private BigInteger work = BigInteger.ZERO;

    /// @param checkpoints that the run has to pass through; null when none are known
    /// @param before what lies below the run: `parent` and what difficulty looks back on
    /// @param parent height of the header that the run follows
    /// @param run headers, one after the other; all of them
    HeaderCheck(
            Network network,
            @Nullable Checkpoints checkpoints,
            HeaderView before,
            int parent,
            byte[] run) {
        this.network = network;
        this.checkpoints = checkpoints;
        this.before = before;
        this.parent = parent;
        this.run = run;
        this.count = run.length / Header.BYTES;
    }

    /// The view of everything below and in the run.
    private final class Both implements HeaderView {
        @Override
        public int bits(int height) {
            return height <= parent
                    ? before.bits(height)
                    : Header.intAt(run, offset(height) + Header.BITS);
        }

        @Override
        public long time(int height) {
            return height <= parent
                    ? before.time(height)
                    : Integer.toUnsignedLong(Header.intAt(run, offset(height) + Header.TIME));
        }

        @Override
        public int base() {
            return before.base();
        }
    }

    private int offset(int height) {
        return (height - parent - 1) * Header.BYTES;
    }

    /// Checks from header `from` of the run on; those before it have been checked.
    ///
    /// @param parentHash hash of the header before `from`
    /// @param now seconds since 1970; [Long#MAX_VALUE] leaves out the comparison with our clock
    Result check(int from, Hash parentHash, long now) {
        HeaderView view = new Both();
        int height = parent + 1 + from;
        for (int h = Math.max(view.base(), height - MedianTime.WINDOW); h < height; h++) {
            median.add(view.time(h));
        }
        boolean fromGenesis = view.base() == 0;
        boolean followsParent = network.retargets() && !network.hasTwentyMinuteRule();
        long latest = now > Long.MAX_VALUE - MAX_AHEAD_SECONDS ? now : now + MAX_AHEAD_SECONDS;
        parentHash.write(digest, 0);
        int parentBits = view.bits(height - 1);
        int targetBits = 0;
        int sameBits = 0;
        Hash target = Hash.ZERO;
        for (int i = from; i < count; i++, height++) {
            int at = i * Header.BYTES;
            if (!java.util.Arrays.equals(
                    run, at + Header.PREV, at + Header.PREV + Hash.BYTES, digest, 0, Hash.BYTES)) {
                return fault(HeaderFault.LINK, height, "it does not follow the header before it");
            }
            int bits = Header.intAt(run, at + Header.BITS);
            long time = Integer.toUnsignedLong(Header.intAt(run, at + Header.TIME));
            int expected =
                    followsParent && height % Network.RETARGET_BLOCKS != 0
                            ? parentBits
                            : Difficulty.next(network, view, height, time);
            if (bits != expected) {
                return fault(
                        HeaderFault.BITS,
                        height,
                        "its bits are %08x, the rule gives %08x".formatted(bits, expected));
            }
            if (bits != targetBits) {
                count(targetBits, sameBits);
                targetBits = bits;
                sameBits = 0;
                target = targetWords(bits);
            }
            sameBits++;
            hash(at);
            Hash hash = Hash.at(digest, 0);
            if (!isAtMost(hash, target)) {
                return fault(HeaderFault.POW, height, "its hash " + hash + " is above its target");
            }
            Checkpoint checkpoint =
                    height % Network.RETARGET_BLOCKS == 0 && checkpoints != null
                            ? checkpoints.at(height)
                            : null;
            if (checkpoint != null && !checkpoint.hash().equals(hash)) {
                return fault(
                        HeaderFault.CHECKPOINT,
                        height,
                        "it is " + hash + ", the checkpoint there " + checkpoint.hash());
            }
            boolean enough = median.count() == MedianTime.WINDOW || fromGenesis;
            if (enough && time <= median.median()) {
                return fault(
                        HeaderFault.TIME,
                        height,
                        "its time is not after the median of the 11 headers before it");
            }
            if (time > latest) {
                return fault(
                        HeaderFault.TIME,
                        height,
                        "its time is "
                                + (time - now)
                                + " s ahead of this machine's clock; is the clock right?");
            }
            if (network.hasTimewarpRule()
                    && Difficulty.warps(network, height, time, view.time(height - 1))) {
                return fault(
                        HeaderFault.TIME,
                        height,
                        "it begins a period more than 600 s before its parent");
            }
            median.add(time);
            parentBits = bits;
        }
        count(targetBits, sameBits);
        return new Result(null, height - 1, "", Hash.at(digest, 0), work);
    }

    private Result fault(HeaderFault fault, int height, String detail) {
        return new Result(fault, height, detail, Hash.ZERO, BigInteger.ZERO);
    }

    private void count(int bits, int times) {
        if (times > 0) {
            work = work.add(CompactBits.work(bits).multiply(BigInteger.valueOf(times)));
        }
    }

    private void hash(int at) {
        try {
            sha.update(run, at, Header.BYTES);
            sha.digest(digest, 0, Hash.BYTES);
            sha.update(digest, 0, Hash.BYTES);
            sha.digest(digest, 0, Hash.BYTES);
        } catch (DigestException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Hash targetWords(int bits) {
        BigInteger target = CompactBits.target(bits);
        return new Hash(
                target.longValue(),
                target.shiftRight(64).longValue(),
                target.shiftRight(128).longValue(),
                target.shiftRight(192).longValue());
    }

    /// Both as numbers, the highest word first.
    static boolean isAtMost(Hash hash, Hash target) {
        if (hash.w3() != target.w3()) {
            return Long.compareUnsigned(hash.w3(), target.w3()) < 0;
        }
        if (hash.w2() != target.w2()) {
            return Long.compareUnsigned(hash.w2(), target.w2()) < 0;
        }
        if (hash.w1() != target.w1()) {
            return Long.compareUnsigned(hash.w1(), target.w1()) < 0;
        }
        return Long.compareUnsigned(hash.w0(), target.w0()) <= 0;
    }

    /// The work of headers that have been checked, from `from` to before `to`.
    static BigInteger work(byte[] run, int from, int to) {
        BigInteger sum = BigInteger.ZERO;
        int i = from;
        while (i < to) {
            int bits = Header.intAt(run, i * Header.BYTES + Header.BITS);
            int same = i + 1;
            while (same < to && Header.intAt(run, same * Header.BYTES + Header.BITS) == bits) {
                same++;
            }
            sum = sum.add(CompactBits.work(bits).multiply(BigInteger.valueOf(same - i)));
            i = same;
        }
        return sum;
    }
}
