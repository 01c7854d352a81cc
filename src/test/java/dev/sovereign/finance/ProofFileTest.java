package dev.sovereign.finance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Proof files, their verdicts, and the file that is kept.
class ProofFileTest {

    private static final Map<String, Object> VECTORS = Vectors.load();
    private static final Map<String, Object> GOOD = Vectors.maps(VECTORS, "chains").getFirst();
    private static final byte[] HEADERS = Vectors.hex(GOOD, "headers");
    private static final int START = Vectors.integer(GOOD, "start_height");

    @TempDir Path folder;

    private static Checkpoints checkpoints() {
        return Checkpoints.startingAt(
                new Checkpoint(START, Header.at(HEADERS, 0), BigInteger.ZERO));
    }

    private static HeaderChain empty() {
        Instant now = Instant.ofEpochSecond(Vectors.number(GOOD, "now"));
        return HeaderChain.inMemory(Network.REGTEST, checkpoints(), () -> now);
    }

    static LicenseRule rule(int confirmations) {
        return rule(confirmations, "4b1d0f8c1b6f4e0d9a7c3e2f5a6b7c8d");
    }

    private static LicenseRule rule(int confirmations, String machineId) {
        return new LicenseRule(
                new LicenseTerms(
                        Network.REGTEST,
                        PaymentAddress.parse(
                                Network.REGTEST, "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"),
                        50_000,
                        confirmations),
                MachineId.of(machineId, "the test"));
    }

    /// The vector of this name as a file with all headers.
    static ProofFile proof(String name) {
        Map<String, Object> vector =
                Vectors.maps(VECTORS, "proofs").stream()
                        .filter(proof -> name.equals(proof.get("name")))
                        .findFirst()
                        .orElseThrow();
        List<Hash> branch =
                Vectors.list(vector, "branch").stream()
                        .map(hex -> Hash.ofShown((String) hex))
                        .toList();
        return new ProofFile(
                Network.REGTEST,
                Vectors.hex(vector, "raw"),
                new MerkleProof(
                        Vectors.integer(vector, "height"), Vectors.integer(vector, "pos"), branch),
                null,
                START,
                HEADERS,
                new ProofFile.Anchor(START, Header.at(HEADERS, 0).hash()));
    }

    private static Verdict verify(ProofFile proof) throws IOException {
        return new LicenseVerifier(rule(6), empty()).verify(proof);
    }

    @Test
    void aProofNeedsNothingButTheCheckpoint() throws IOException {
        Verdict.Valid valid = assertInstanceOf(Verdict.Valid.class, verify(proof("middle")));
        assertEquals(20, valid.confirmations());
        assertEquals(461, valid.height());
        assertEquals(50_000, valid.paidSats());
    }

    @Test
    void writingAndReadingIsTheSameBytes() throws IOException {
        byte[] json = ProofJson.write(proof("segwit"));
        ProofFile read = ProofJson.read(json);
        assertArrayEquals(json, ProofJson.write(read));
        assertTrue(
                new String(json, StandardCharsets.US_ASCII)
                        .startsWith(
                                "{\"format\":\"sovereign-license-proof\",\"version\":1,"
                                        + "\"network\":\"regtest\",\"tx\":\""));
        assertEquals(7, assertInstanceOf(Verdict.Valid.class, verify(read)).confirmations());
    }

    /// Two machines with one proof: the id of the other is not there, its payload is.
    @Test
    void anotherMachineIsRefusedAndToldWhichPayloadItWas() throws IOException {
        String other = "00000000000000000000000000000001";
        LicenseRule theirs = rule(6, other);
        Verdict.NoMatch no =
                assertInstanceOf(
                        Verdict.NoMatch.class,
                        new LicenseVerifier(theirs, empty()).verify(proof("middle")));
        assertEquals(java.util.Set.of(Reason.BINDING_MISMATCH), no.reasons());
        String hints = no.hints().toString();
        assertTrue(hints.contains(rule(6).payload().hex()), hints);
        assertTrue(hints.contains(theirs.payload().hex()), hints);
        assertFalse(hints.contains(other), hints);
        assertFalse(hints.contains("4b1d0f8c1b6f4e0d9a7c3e2f5a6b7c8d"), hints);
    }

    @Test
    void fewerHeadersThanConfirmationsArePending() throws IOException {
        ProofFile all = proof("middle");
        byte[] four = Arrays.copyOf(HEADERS, (461 - START + 4) * Header.BYTES);
        ProofFile cut =
                new ProofFile(
                        all.network(), all.raw(), all.proof(), null, START, four, all.anchor());
        Verdict.Pending pending = assertInstanceOf(Verdict.Pending.class, verify(cut));
        assertEquals(4, pending.have());
        assertEquals(6, pending.need());
        assertFalse(pending.isInMempool());
    }

    @Test
    void anAnchorThatNobodyKnowsIsUnverifiable() throws IOException {
        ProofFile all = proof("middle");
        byte[] later = Arrays.copyOfRange(HEADERS, Header.BYTES, HEADERS.length);
        ProofFile proof =
                new ProofFile(
                        all.network(),
                        all.raw(),
                        all.proof(),
                        null,
                        START + 1,
                        later,
                        new ProofFile.Anchor(START + 1, Header.at(later, 0).hash()));
        // its parent is the checkpoint, so it can be judged all the same
        assertInstanceOf(Verdict.Valid.class, verify(proof));
        byte[] evenLater = Arrays.copyOfRange(HEADERS, 2 * Header.BYTES, HEADERS.length);
        ProofFile hanging =
                new ProofFile(
                        all.network(),
                        all.raw(),
                        all.proof(),
                        null,
                        START + 2,
                        evenLater,
                        new ProofFile.Anchor(START + 2, Header.at(evenLater, 0).hash()));
        Verdict.Unverifiable no = assertInstanceOf(Verdict.Unverifiable.class, verify(hanging));
        assertEquals(Verdict.Cause.ANCHOR, no.cause());
    }

    @Test
    void aProofOfAnotherNetworkIsUnverifiable() throws IOException {
        LicenseRule main =
                new LicenseRule(
                        new LicenseTerms(
                                Network.MAINNET,
                                PaymentAddress.parse(
                                        Network.MAINNET,
                                        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
                                50_000,
                                6),
                        Payload.ofHex("00".repeat(32)));
        HeaderChain chain =
                HeaderChain.inMemory(
                        Network.MAINNET,
                        Checkpoints.of(Network.MAINNET),
                        () -> Instant.ofEpochSecond(1_800_000_000));
        Verdict.Unverifiable no =
                assertInstanceOf(
                        Verdict.Unverifiable.class,
                        new LicenseVerifier(main, chain).verify(proof("middle")));
        assertEquals(Verdict.Cause.NETWORK, no.cause());
    }

    /// Headers that follow an early checkpoint cost nothing; they have to lead into the next one.
    @Test
    void headersAfterAnEarlyCheckpointProveNothing() throws IOException {
        ProofFile all = proof("middle");
        byte[] cut = Arrays.copyOf(HEADERS, 20 * Header.BYTES);
        java.util.TreeMap<Integer, Checkpoint> two = new java.util.TreeMap<>();
        two.put(START, new Checkpoint(START, Header.at(HEADERS, 0), BigInteger.ZERO));
        int last = START + 21;
        two.put(last, new Checkpoint(last, Header.at(HEADERS, 21 * Header.BYTES), BigInteger.TEN));
        Checkpoints checkpoints = Checkpoints.ofAll(two);
        Instant now = Instant.ofEpochSecond(Vectors.number(GOOD, "now"));
        ProofFile early =
                new ProofFile(
                        all.network(), all.raw(), all.proof(), null, START, cut, all.anchor());
        HeaderChain chain = HeaderChain.inMemory(Network.REGTEST, checkpoints, () -> now);
        Verdict.Unverifiable no =
                assertInstanceOf(
                        Verdict.Unverifiable.class,
                        new LicenseVerifier(rule(6), chain).verify(early));
        assertEquals(Verdict.Cause.ANCHOR, no.cause());

        byte[] whole = Arrays.copyOf(HEADERS, 21 * Header.BYTES);
        ProofFile reaching =
                new ProofFile(
                        all.network(),
                        all.raw(),
                        all.proof(),
                        null,
                        START,
                        whole,
                        new ProofFile.Anchor(last, Header.at(HEADERS, 21 * Header.BYTES).hash()));
        Verdict.Valid valid =
                assertInstanceOf(
                        Verdict.Valid.class, new LicenseVerifier(rule(6), chain).verify(reaching));
        assertEquals(last - 461 + 1, valid.confirmations());
    }

    @Test
    void theFirstTransactionTellsHowDeepTheTreeIs() throws IOException {
        ProofFile all = proof("middle");
        ProofFile.Coinbase shallow =
                new ProofFile.Coinbase(
                        all.raw(), new MerkleProof(461, 0, all.proof().branch().subList(0, 2)));
        ProofFile proof =
                new ProofFile(
                        all.network(),
                        all.raw(),
                        all.proof(),
                        shallow,
                        START,
                        HEADERS,
                        all.anchor());
        Verdict.Unverifiable no = assertInstanceOf(Verdict.Unverifiable.class, verify(proof));
        assertEquals(Verdict.Cause.MERKLE, no.cause());
        ProofFile read = ProofJson.read(ProofJson.write(proof));
        assertEquals(2, Objects.requireNonNull(read.coinbase()).proof().branch().size());
    }

    /// More work on another branch: what was valid is pending, and the block that held it is named.
    @Test
    void aReorganizationTurnsValidIntoPending() throws IOException {
        ProofFile tip = proof("tip");
        HeaderChain chain = empty();
        chain.accept(HEADERS);
        LicenseVerifier verifier = new LicenseVerifier(rule(1), chain);
        ProofFile brief = Objects.requireNonNull(verifier.brief(tip.raw(), tip.proof(), null));
        assertInstanceOf(Verdict.Valid.class, verifier.verify(brief));
        Map<String, Object> fork =
                Vectors.maps(VECTORS, "forks").stream()
                        .filter(vector -> "more-work".equals(vector.get("name")))
                        .findFirst()
                        .orElseThrow();
        Hash dropped = chain.hash(480);

        assertInstanceOf(Acceptance.Reorganized.class, chain.accept(Vectors.hex(fork, "headers")));

        Verdict.Pending pending = assertInstanceOf(Verdict.Pending.class, verifier.verify(brief));
        assertEquals(0, pending.have());
        assertNull(pending.block());
        assertEquals(dropped, pending.dropped());

        // a chain that never saw the old branch cannot weigh it; a kept proof says what it was
        HeaderChain fresh = empty();
        fresh.accept(Arrays.copyOf(HEADERS, (478 - START) * Header.BYTES));
        fresh.accept(Vectors.hex(fork, "headers"));
        LicenseVerifier again = new LicenseVerifier(rule(1), fresh);
        assertInstanceOf(Verdict.Unverifiable.class, again.verify(brief));
        assertEquals(pending, again.verifyKept(brief, Step.Trail.NONE));
    }

    @Test
    void aBriefProofBecomesPortableAgain() throws IOException {
        ProofFile all = proof("middle");
        HeaderChain chain = empty();
        LicenseVerifier verifier = new LicenseVerifier(rule(6), chain);
        verifier.verify(all);
        ProofFile brief = Objects.requireNonNull(verifier.brief(all.raw(), all.proof(), null));
        assertEquals(1, brief.count());
        ProofFile portable = Objects.requireNonNull(verifier.portable(brief));
        assertInstanceOf(Verdict.Valid.class, verify(portable));
    }

    @Test
    void whatIsNoProofSaysWhere() {
        for (String text :
                List.of(
                        "",
                        "[]",
                        "{",
                        "{}",
                        "{\"format\":\"x\"}",
                        "{\"format\":\"sovereign-license-proof\",\"version\":2}",
                        "{\"surprise\":1}",
                        "{\"version\":1,\"version\":1}",
                        "{\"version\":1.5}",
                        "{\"block\":{\"height\":-1}}",
                        "{\"block\":{\"branch\":[[]]}}",
                        "{\"headers\":{\"data\":\"***\"}}",
                        "{\"tx\":\"0\"}")) {
            MalformedException wrong =
                    assertThrows(
                            MalformedException.class,
                            () -> ProofJson.read(text.getBytes(StandardCharsets.UTF_8)),
                            text);
            assertNotNull(wrong.getMessage());
        }
    }

    @Test
    void theCacheIsReadableByUsAloneAndIsReplacedWhole() throws IOException {
        ProofCache cache = new ProofCache(folder.resolve("license"), Network.REGTEST);
        assertNull(cache.load());
        cache.save(proof("middle"));
        cache.save(proof("segwit"));
        ProofFile loaded = Objects.requireNonNull(cache.load());
        assertArrayEquals(ProofJson.write(proof("segwit")), ProofJson.write(loaded));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(cache.file())));
        Files.writeString(cache.file(), "half");
        assertThrows(MalformedException.class, cache::load);
    }
}
