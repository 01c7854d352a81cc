package dev.sovereign.finance;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The checkpoints of a network, the genesis block always among them. The list is bitcoinj's, read
/// as text: bitcoinj's own reader costs half a second at start and fails for regtest. Forks below
/// the last one do not exist.
public final class Checkpoints {

    private static final String TITLE = "TXT CHECKPOINTS 1";

    /// 100 years of them.
    private static final int MAX_ENTRIES = 3_000;

    private static final int HEADER_AND_HEIGHT = Header.BYTES + Integer.BYTES;

    private final NavigableMap<Integer, Checkpoint> byHeight;

    private Checkpoints(NavigableMap<Integer, Checkpoint> byHeight) {
        this.byHeight = byHeight;
    }

    /// Those that this program ships with. Reads them anew each time (1 ms warm).
    public static Checkpoints of(Network network) {
        String resource = network.checkpointResource();
        if (resource == null) {
            return genesisOnly(network);
        }
        try (InputStream in = Checkpoints.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("this build lacks " + resource);
            }
            return parse(network, in.readAllBytes());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// Nothing but the genesis block: for test networks, and for tests.
    public static Checkpoints genesisOnly(Network network) {
        Header genesis = network.genesis();
        BigInteger work = CompactBits.work(genesis.bits());
        return new Checkpoints(new TreeMap<>(Map.of(0, new Checkpoint(0, genesis, work))));
    }

    /// One block to build on; what lies below does not exist. For tests and for examples.
    public static Checkpoints startingAt(Checkpoint only) {
        return new Checkpoints(new TreeMap<>(Map.of(only.height(), only)));
    }

    static Checkpoints ofAll(NavigableMap<Integer, Checkpoint> byHeight) {
        return new Checkpoints(byHeight);
    }

    /// Reads a list as bitcoinj's `BuildCheckpoints` writes it: title, number of signatures, number
    /// of entries, then one a line, base64 without padding of work (12 or 32 bytes), height,
    /// header.
    ///
    /// @throws MalformedException naming the line
    public static Checkpoints parse(Network network, byte[] text) throws MalformedException {
        List<String> lines = new String(text, StandardCharsets.US_ASCII).lines().toList();
        if (lines.size() < 3 || !lines.getFirst().equals(TITLE)) {
            throw new MalformedException("checkpoints do not begin with \"" + TITLE + "\"");
        }
        if (number(lines, 1) != 0) {
            throw new MalformedException("line 2: signed checkpoints are not supported");
        }
        int entries = number(lines, 2);
        if (lines.size() != 3 + entries) {
            throw new MalformedException(
                    "line 3 announces "
                            + entries
                            + " checkpoints, there are "
                            + (lines.size() - 3));
        }
        Checkpoints checkpoints = genesisOnly(network);
        Checkpoint before = checkpoints.last();
        for (int i = 3; i < lines.size(); i++) {
            Checkpoint next = entry(lines.get(i), i + 1);
            if (next.height() <= before.height() || next.work().compareTo(before.work()) <= 0) {
                throw new MalformedException("line " + (i + 1) + ": height or work does not rise");
            }
            if (next.height() % Network.RETARGET_BLOCKS != 0) {
                throw new MalformedException(
                        "line "
                                + (i + 1)
                                + ": height "
                                + next.height()
                                + " is no multiple of 2016");
            }
            checkpoints.byHeight.put(next.height(), next);
            before = next;
        }
        return checkpoints;
    }

    private static int number(List<String> lines, int index) throws MalformedException {
        String line = lines.get(index);
        if (line.isEmpty()
                || line.length() > 9
                || !line.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedException("line " + (index + 1) + " is no number");
        }
        int number = Integer.parseInt(line);
        if (number > MAX_ENTRIES) {
            throw new MalformedException("line " + (index + 1) + ": more than " + MAX_ENTRIES);
        }
        return number;
    }

    private static Checkpoint entry(String line, int number) throws MalformedException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(line);
        } catch (IllegalArgumentException wrong) {
            throw new MalformedException("line " + number + " is not base64");
        }
        int workBytes = bytes.length - HEADER_AND_HEIGHT;
        if (workBytes != 12 && workBytes != 32) {
            throw new MalformedException("line " + number + " has " + bytes.length + " bytes");
        }
        BigInteger work = new BigInteger(1, Arrays.copyOf(bytes, workBytes));
        int height = ByteBuffer.wrap(bytes).getInt(workBytes);
        Header header = Header.at(bytes, workBytes + Integer.BYTES);
        if (!CompactBits.isTarget(header.bits())) {
            throw new MalformedException("line " + number + ": the header has no valid target");
        }
        return new Checkpoint(height, header, work);
    }

    /// The highest.
    public Checkpoint last() {
        return byHeight.lastEntry().getValue();
    }

    /// The one at exactly this height; null when there is none.
    public @Nullable Checkpoint at(int height) {
        return byHeight.get(height);
    }

    /// The lowest that is above `height`; null when `height` is not below the last.
    public @Nullable Checkpoint above(int height) {
        Map.Entry<Integer, Checkpoint> entry = byHeight.higherEntry(height);
        return entry == null ? null : entry.getValue();
    }

    /// The highest that is not above `height`; null when `height` is below the first.
    public @Nullable Checkpoint atOrBelow(int height) {
        Map.Entry<Integer, Checkpoint> entry = byHeight.floorEntry(height);
        return entry == null ? null : entry.getValue();
    }

    /// The one with this hash; null when there is none.
    public @Nullable Checkpoint withHash(Hash hash) {
        for (Checkpoint checkpoint : byHeight.values()) {
            if (checkpoint.hash().equals(hash)) {
                return checkpoint;
            }
        }
        return null;
    }

    /// All, rising.
    public List<Checkpoint> all() {
        return new ArrayList<>(byHeight.values());
    }
}
