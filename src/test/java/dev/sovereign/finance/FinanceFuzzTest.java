package dev.sovereign.finance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bitcoinj.core.Transaction;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Mutations of every kind of bytes that come from outside: nothing but the exceptions that are
/// announced, nothing slow, and never a better verdict than the original has. Prints its seed;
/// `-Dsovereign.fuzz.count=N` for the long run, `-Dsovereign.fuzz.seed=N` to repeat.
class FinanceFuzzTest {

    private static final int COUNT = Integer.getInteger("sovereign.fuzz.count", 4_000);
    private static final long SEED =
            Long.getLong("sovereign.fuzz.seed", new SplittableRandom().nextLong());

    /// No input may take longer. Measured in this thread's own time, so that a busy machine does
    /// not count.
    private static final long MAX_NANOS = 100_000_000;

    /// Inputs whose time is the compiler's and does not count.
    private static final int WARM_UP = Math.min(COUNT / 4, 50_000);

    private static final Map<String, Object> VECTORS = Vectors.load();

    private final SplittableRandom random = new SplittableRandom(SEED);
    private long slowest;

    private interface Parse {
        void parse(byte[] input) throws IOException;
    }

    private void fuzz(String what, List<byte[]> seeds, Parse parse) throws IOException {
        System.err.println(what + ": " + COUNT + " mutations, seed " + SEED);
        var threads = java.lang.management.ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < COUNT; i++) {
            byte[] seed = seeds.get(random.nextInt(seeds.size()));
            byte[] input = mutate(seed);
            long start = threads.getCurrentThreadCpuTime();
            try {
                parse.parse(input);
            } catch (MalformedException announced) {
                assertTrue(String.valueOf(announced.getMessage()).length() < 400);
            }
            long took = threads.getCurrentThreadCpuTime() - start;
            if (i > WARM_UP) {
                slowest = Math.max(slowest, took);
            }
        }
        long took = (threads.getCurrentThreadCpuTime() - began) / 1_000_000;
        System.err.printf(
                "%s: %,d in %,d ms, slowest %,d us of processor time%n",
                what, COUNT, took, slowest / 1000);
        assertTrue(slowest < MAX_NANOS, what + " took " + slowest + " ns, seed " + SEED);
    }

    private byte[] mutate(byte[] seed) {
        byte[] bytes = seed.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            switch (random.nextInt(8)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(16));
                case 2 -> bytes = splice(bytes, at, random.nextInt(16));
                case 3 -> bytes = repeat(bytes, at);
                case 4 -> set(bytes, at, interesting());
                case 5 -> set(bytes, at, (byte) random.nextInt());
                default -> {
                    if (bytes.length > 0) {
                        bytes[at] ^= (byte) (1 << random.nextInt(8));
                    }
                }
            }
        }
        return bytes;
    }

    private static void set(byte[] bytes, int at, byte value) {
        if (bytes.length > 0) {
            bytes[at] = value;
        }
    }

    private byte interesting() {
        byte[] all = {
            0,
            1,
            (byte) 0xfc,
            (byte) 0xfd,
            (byte) 0xfe,
            (byte) 0xff,
            0x6a,
            0x20,
            0x4c,
            0x4e,
            '"',
            '{',
            '[',
            '-'
        };
        return all[random.nextInt(all.length)];
    }

    private static byte[] splice(byte[] bytes, int at, int length) {
        int end = Math.min(bytes.length, at + length);
        byte[] result = new byte[bytes.length - (end - at)];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(bytes, end, result, at, bytes.length - end);
        return result;
    }

    private byte[] repeat(byte[] bytes, int at) {
        int length = Math.min(bytes.length - at, random.nextInt(40));
        byte[] result = Arrays.copyOf(bytes, bytes.length + length);
        System.arraycopy(bytes, at, result, at + length, bytes.length - at);
        System.arraycopy(bytes, at, result, at, length);
        return result;
    }

    private static LicenseRule rule(Map<String, Object> vector) {
        Network network =
                java.util.Objects.requireNonNull(Network.ofWord(Vectors.text(vector, "network")));
        return new LicenseRule(
                new LicenseTerms(
                        network,
                        PaymentAddress.parse(network, Vectors.text(vector, "developer_address")),
                        Vectors.number(vector, "required_sats"),
                        1),
                MachineId.of(Vectors.text(vector, "machine_id"), "the vector"));
    }

    @Test
    void transactions() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (Map<String, Object> vector : Vectors.maps(VECTORS, "transactions")) {
            seeds.add(Vectors.hex(vector, "raw"));
        }
        LicenseRule rule = rule(Vectors.maps(VECTORS, "transactions").getFirst());
        fuzz(
                "transactions",
                seeds,
                input -> {
                    Judgement judgement = rule.judge(input);
                    if (judgement.transaction() == null) {
                        assertEquals(java.util.Set.of(Reason.MALFORMED), judgement.reasons());
                    } else if (!judgement.transaction().valuesAreInRange()) {
                        // bitcoinj cannot hold such amounts
                        assertTrue(judgement.reasons().contains(Reason.VALUE_RANGE));
                    } else {
                        // what we accept, bitcoinj reads in full and hashes to the same
                        ByteBuffer buffer = ByteBuffer.wrap(input);
                        Transaction theirs = Transaction.read(buffer);
                        assertEquals(0, buffer.remaining(), "seed " + SEED);
                        assertEquals(
                                theirs.getTxId().toString(),
                                judgement.transaction().txid().toString());
                        assertEquals(
                                theirs.getOutputs().size(),
                                judgement.transaction().outputs().size());
                    }
                });
    }

    /// A change of any bit of a near miss never turns it into a license, unless it mends the miss:
    /// then the oracle, which looks for the two outputs by itself, says so too.
    @Test
    void noMutationIsJudgedBetterThanItsBytes() throws IOException {
        List<Map<String, Object>> vectors = Vectors.maps(VECTORS, "transactions");
        List<byte[]> seeds = vectors.stream().map(vector -> Vectors.hex(vector, "raw")).toList();
        List<LicenseRule> rules = vectors.stream().map(FinanceFuzzTest::rule).toList();
        int matches = 0;
        for (int i = 0; i < COUNT; i++) {
            int which = random.nextInt(seeds.size());
            byte[] input = mutate(seeds.get(which));
            LicenseRule rule = rules.get(which);
            Judgement judgement = rule.judge(input);
            if (!judgement.isMatch()) {
                continue;
            }
            matches++;
            String about = vectors.get(which).get("name") + ", seed " + SEED;
            Transaction theirs = Transaction.read(ByteBuffer.wrap(input));
            byte[] script = rule.terms().address().script();
            assertTrue(
                    theirs.getOutputs().stream()
                            .anyMatch(output ->
                                    Arrays.equals(output.getScriptBytes(), script)
                                            && output.getValue().value
                                                    >= rule.terms().requiredSats()),
                    about);
            assertTrue(
                    theirs.getOutputs().stream()
                            .anyMatch(output -> pushesPayload(output.getScriptBytes(), rule)),
                    about);
        }
        System.err.println("judged a license: " + matches + " of " + COUNT + ", seed " + SEED);
        assertTrue(matches > 0, "no mutation left a license, seed " + SEED);
    }

    private static boolean pushesPayload(byte[] script, LicenseRule rule) {
        String hex = java.util.HexFormat.of().formatHex(script);
        String payload = rule.payload().hex();
        return List.of("6a20", "6a4c20", "6a4d2000", "6a4e20000000").stream()
                .anyMatch(front -> hex.equals(front + payload));
    }

    private static final Map<String, Object> GOOD = Vectors.maps(VECTORS, "chains").getFirst();
    private static final byte[] GOOD_HEADERS = Vectors.hex(GOOD, "headers");
    private static final Instant NOW = Instant.ofEpochSecond(Vectors.number(GOOD, "now"));
    private static final Checkpoint START =
            new Checkpoint(
                    Vectors.integer(GOOD, "start_height"),
                    Header.at(GOOD_HEADERS, 0),
                    BigInteger.ZERO);

    private static HeaderChain chain() {
        return HeaderChain.inMemory(Network.REGTEST, Checkpoints.startingAt(START), () -> NOW);
    }

    private HeaderChain used = chain();

    /// A chain that holds nothing but its start: a new one only where the last input changed it.
    private HeaderChain unusedChain() {
        if (used.tip().height() != used.base()) {
            used = chain();
        }
        return used;
    }

    @Test
    void headers() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (Map<String, Object> vector : Vectors.maps(VECTORS, "chains")) {
            seeds.add(Vectors.hex(vector, "headers"));
        }
        byte[] good = seeds.getFirst();
        fuzz(
                "headers",
                seeds,
                input -> {
                    HeaderChain chain = unusedChain();
                    Acceptance outcome = chain.accept(input);
                    if (outcome instanceof Acceptance.Extended) {
                        // every header that was taken follows the one before and has work
                        for (int height = chain.base() + 1;
                                height <= chain.tip().height();
                                height++) {
                            Header header = java.util.Objects.requireNonNull(chain.at(height));
                            assertEquals(chain.hash(height - 1), header.prev());
                            assertTrue(
                                    new BigInteger(header.hash().toString(), 16)
                                                    .compareTo(CompactBits.target(header.bits()))
                                            <= 0);
                        }
                    } else {
                        assertEquals(chain.base(), chain.tip().height());
                    }
                });
        assertInstanceOf(Acceptance.Extended.class, chain().accept(good));
    }

    @Test
    void merkleProofs() throws IOException {
        HeaderChain chain = chain();
        chain.accept(GOOD_HEADERS);
        List<byte[]> seeds = new ArrayList<>();
        for (Map<String, Object> vector : Vectors.maps(VECTORS, "proofs")) {
            if (vector.containsKey("chain") || "bad-item".equals(vector.get("name"))) {
                continue;
            }
            ByteBuffer bytes = ByteBuffer.allocate(40 + 32 * 50);
            bytes.putInt(Vectors.integer(vector, "height")).putInt(Vectors.integer(vector, "pos"));
            bytes.put(RawTransaction.parse(Vectors.hex(vector, "raw")).txid().wire());
            Vectors.list(vector, "branch")
                    .forEach(item -> bytes.put(Hash.ofShown((String) item).wire()));
            seeds.add(Arrays.copyOf(bytes.array(), bytes.position()));
        }
        List<byte[]> proven = new ArrayList<>();
        for (byte[] seed : seeds) {
            if (holds(seed, chain)) {
                proven.add(seed);
            }
        }
        assertEquals(4, proven.size(), "of the vectors");
        fuzz(
                "merkle proofs",
                seeds,
                input -> {
                    if (input.length >= 40 && holds(input, chain)) {
                        // only what says the same as one of the originals holds
                        assertTrue(
                                proven.stream().anyMatch(seed -> saysTheSame(seed, input)),
                                "seed " + SEED);
                    }
                });
    }

    private static boolean saysTheSame(byte[] seed, byte[] input) {
        int length = 40 + (input.length - 40) / 32 * 32;
        return seed.length == length && Arrays.equals(seed, 0, length, input, 0, length);
    }

    private static boolean holds(byte[] bytes, HeaderChain chain) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int height = in.getInt();
        int position = in.getInt();
        Hash txid = Hash.at(bytes, 8);
        List<Hash> branch = new ArrayList<>();
        for (int at = 40; at + 32 <= bytes.length; at += 32) {
            branch.add(Hash.at(bytes, at));
        }
        Header header = chain.at(height);
        return header != null
                && new MerkleProof(height, position, branch)
                        .fault(txid, header.merkleRoot())
                        .isEmpty();
    }

    @Test
    void proofFiles() throws IOException {
        ProofFile proof = ProofFileTest.proof("middle");
        byte[] json = ProofJson.write(proof);
        LicenseRule rule = ProofFileTest.rule(6);
        HeaderChain chain = chain();
        Verdict original = new LicenseVerifier(rule, chain).verify(proof);
        assertInstanceOf(Verdict.Valid.class, original);
        fuzz(
                "proof files",
                List.of(json),
                input -> {
                    Verdict verdict =
                            new LicenseVerifier(rule, unusedChain()).verify(ProofJson.read(input));
                    if (verdict
                            instanceof
                            Verdict.Valid(Hash txid, int height, Hash block, int deep, _)) {
                        // a mutation may cut headers off the end, never add depth
                        Verdict.Valid best = (Verdict.Valid) original;
                        assertEquals(best.txid(), txid);
                        assertEquals(best.height(), height);
                        assertEquals(best.block(), block);
                        assertTrue(deep <= best.confirmations(), "seed " + SEED);
                    }
                });
    }

    @Test
    void checkpointLists() throws IOException {
        List<Checkpoint> real = Checkpoints.of(Network.SIGNET).all();
        StringBuilder text = new StringBuilder("TXT CHECKPOINTS 1\n0\n20\n");
        for (Checkpoint checkpoint : real.subList(1, 21)) {
            byte[] work = checkpoint.work().toByteArray();
            ByteBuffer entry = ByteBuffer.allocate(96);
            entry.position(12 - work.length);
            entry.put(work).putInt(checkpoint.height()).put(checkpoint.header().bytes());
            text.append(Base64.getEncoder().withoutPadding().encodeToString(entry.array()))
                    .append('\n');
        }
        byte[] seed = text.toString().getBytes(StandardCharsets.US_ASCII);
        assertEquals(21, Checkpoints.parse(Network.SIGNET, seed).all().size());
        fuzz(
                "checkpoints",
                List.of(seed),
                input -> {
                    List<Checkpoint> all = Checkpoints.parse(Network.SIGNET, input).all();
                    for (int i = 1; i < all.size(); i++) {
                        assertTrue(all.get(i).height() > all.get(i - 1).height());
                        assertNotEquals(all.get(i).hash(), all.get(i - 1).hash());
                    }
                });
    }
}
