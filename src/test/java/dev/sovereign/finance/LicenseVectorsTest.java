package dev.sovereign.finance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.error.SovereignException;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Every vector of license-vectors.json.
class LicenseVectorsTest {

    private static final Map<String, Object> VECTORS = Vectors.load();

    @TestFactory
    Stream<DynamicTest> payloads() {
        return each(
                "payloads",
                vector -> {
                    String id = Vectors.text(vector, "machine_id");
                    assertEquals(
                            Vectors.text(vector, "payload"),
                            Payload.ofText(Payload.PREFIX, id).hex());
                    assertTrue(Vectors.text(vector, "utf8").length() >= id.length());
                    String note = (String) vector.getOrDefault("note", "");
                    if (note.contains("must be refused") || id.length() < 8) {
                        SovereignException refused =
                                assertThrows(
                                        SovereignException.class,
                                        () -> MachineId.of(id, "the test"));
                        assertEquals("license.machine-id", refused.first().code());
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> addresses() {
        return each(
                "addresses",
                vector -> {
                    Network network = network(vector);
                    String text = Vectors.text(vector, "address");
                    if (vector.containsKey("error")) {
                        SovereignException refused =
                                assertThrows(
                                        SovereignException.class,
                                        () -> PaymentAddress.parse(network, text));
                        assertEquals("license.address", refused.first().code());
                    } else {
                        PaymentAddress address = PaymentAddress.parse(network, text);
                        assertArrayEquals(Vectors.hex(vector, "script"), address.script());
                        byte[] hash = Sha256.digest().digest(address.script());
                        assertEquals(
                                Vectors.text(vector, "electrum_scripthash"),
                                Hash.at(hash, 0).toString());
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> transactions() {
        return each(
                "transactions",
                vector -> {
                    Network network = network(vector);
                    PaymentAddress address =
                            PaymentAddress.parse(
                                    network, Vectors.text(vector, "developer_address"));
                    assertArrayEquals(Vectors.hex(vector, "developer_script"), address.script());
                    LicenseTerms terms =
                            new LicenseTerms(
                                    network, address, Vectors.number(vector, "required_sats"), 1);
                    MachineId id = MachineId.of(Vectors.text(vector, "machine_id"), "the vector");

                    Judgement judgement =
                            new LicenseRule(terms, id).judge(Vectors.hex(vector, "raw"));

                    Set<String> reasons = new TreeSet<>();
                    judgement.reasons().forEach(reason -> reasons.add(reason.name()));
                    assertEquals(new TreeSet<>(Vectors.list(vector, "reasons")), reasons);
                    assertEquals(Vectors.text(vector, "rule").equals("MATCH"), judgement.isMatch());
                    if (!reasons.contains("MALFORMED")) {
                        assertEquals(
                                Vectors.text(vector, "txid"), String.valueOf(judgement.txid()));
                    }
                    if (judgement.isMatch()) {
                        assertTrue(judgement.hints().isEmpty());
                        assertTrue(judgement.paidSats() >= terms.requiredSats());
                    }
                });
    }

    /// Near misses, and what they are recognized as.
    private static final Map<String, Hint.Kind> NEAR =
            Map.of(
                    "split-sum", Hint.Kind.SPLIT_PAYMENT,
                    "one-sat-short", Hint.Kind.SATS_MISSING,
                    "no-payment", Hint.Kind.TWO_TRANSACTIONS,
                    "no-binding", Hint.Kind.TWO_TRANSACTIONS,
                    "other-machine", Hint.Kind.OTHER_MACHINE,
                    "reversed", Hint.Kind.REVERSED,
                    "hex-text", Hint.Kind.HEX_TEXT,
                    "double-sha", Hint.Kind.HASHED_TWICE,
                    "upper-case-id", Hint.Kind.OTHER_CASE,
                    "newline-id", Hint.Kind.NEWLINE);

    @Test
    void nearMissesAreNamed() {
        int seen = 0;
        for (Map<String, Object> vector : Vectors.maps(VECTORS, "transactions")) {
            Hint.Kind expected = NEAR.get(Vectors.text(vector, "name"));
            if (expected == null) {
                continue;
            }
            seen++;
            Network network = network(vector);
            LicenseTerms terms =
                    new LicenseTerms(
                            network,
                            PaymentAddress.parse(
                                    network, Vectors.text(vector, "developer_address")),
                            Vectors.number(vector, "required_sats"),
                            1);
            MachineId id = MachineId.of(Vectors.text(vector, "machine_id"), "the vector");
            List<Hint> hints = new LicenseRule(terms, id).judge(Vectors.hex(vector, "raw")).hints();
            assertTrue(
                    hints.stream().anyMatch(hint -> hint.kind() == expected),
                    vector.get("name") + ": " + hints);
            assertTrue(
                    hints.stream()
                            .noneMatch(hint ->
                                    hint.text().contains(Vectors.text(vector, "machine_id"))));
        }
        assertEquals(NEAR.size(), seen);
    }

    /// A chain from the checkpoint of the vectors, with all other headers offered to it.
    private static HeaderChain chain(Map<String, Object> vector) {
        int start = Vectors.integer(vector, "start_height");
        byte[] good = Vectors.hex(Vectors.maps(VECTORS, "chains").getFirst(), "headers");
        Header first = Header.at(good, 0);
        assertEquals(Vectors.text(vector, "checkpoint_hash"), first.hash().toString());
        Instant now = Instant.ofEpochSecond(Vectors.number(vector, "now"));
        return HeaderChain.inMemory(
                Network.REGTEST,
                Checkpoints.startingAt(new Checkpoint(start, first, BigInteger.ZERO)),
                () -> now);
    }

    private static Map<String, Object> named(String name) {
        return Vectors.maps(VECTORS, "chains").stream()
                .filter(chain -> name.equals(chain.get("name")))
                .findFirst()
                .orElseThrow();
    }

    @TestFactory
    Stream<DynamicTest> chains() {
        return each(
                "chains",
                vector -> {
                    HeaderChain chain = chain(vector);
                    Map<String, Object> expect =
                            Vectors.map(Objects.requireNonNull(vector.get("expect")));

                    Acceptance outcome = chain.accept(Vectors.hex(vector, "headers"));

                    String error = (String) expect.get("error");
                    if (error == null) {
                        assertInstanceOf(Acceptance.Extended.class, outcome);
                        assertEquals(Vectors.integer(expect, "tip_height"), chain.tip().height());
                        if (expect.containsKey("tip_hash")) {
                            assertEquals(
                                    Vectors.text(expect, "tip_hash"),
                                    chain.tip().hash().toString());
                        }
                    } else if (error.equals("CHECKPOINT")) {
                        // a chain from elsewhere hangs in the air
                        assertInstanceOf(Acceptance.Orphan.class, outcome);
                        assertEquals(chain.base(), chain.tip().height());
                    } else {
                        Acceptance.Rejected rejected =
                                assertInstanceOf(Acceptance.Rejected.class, outcome);
                        assertEquals(error, rejected.fault().name());
                        if (expect.containsKey("height")) {
                            assertEquals(Vectors.integer(expect, "height"), rejected.height());
                        }
                        assertEquals(chain.base(), chain.tip().height());
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> proofs() {
        return each(
                "proofs",
                vector -> {
                    Map<String, Object> on = named((String) vector.getOrDefault("chain", "good"));
                    HeaderChain chain = chain(on);
                    chain.accept(Vectors.hex(on, "headers"));
                    Map<String, Object> defaults =
                            Vectors.map(Objects.requireNonNull(VECTORS.get("chain_defaults")));
                    LicenseTerms terms =
                            new LicenseTerms(
                                    Network.REGTEST,
                                    PaymentAddress.parse(
                                            Network.REGTEST,
                                            "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"),
                                    Vectors.number(defaults, "required_sats"),
                                    6);
                    LicenseRule rule =
                            new LicenseRule(
                                    terms,
                                    MachineId.of(
                                            Vectors.text(defaults, "machine_id"), "the vector"));
                    Map<String, Object> expect =
                            Vectors.map(Objects.requireNonNull(vector.get("expect")));
                    String error = (String) expect.get("error");
                    List<Hash> branch = new ArrayList<>();
                    for (Object item : Vectors.list(vector, "branch")) {
                        String hex = (String) item;
                        if (hex.length() != 64) {
                            assertThrows(IllegalArgumentException.class, () -> Hash.ofShown(hex));
                            assertEquals("MERKLE", error);
                            return;
                        }
                        branch.add(Hash.ofShown(hex));
                    }
                    MerkleProof proof =
                            new MerkleProof(
                                    Vectors.integer(vector, "height"),
                                    Vectors.integer(vector, "pos"),
                                    branch);

                    Verdict verdict =
                            new LicenseVerifier(rule, chain)
                                    .verify(Vectors.hex(vector, "raw"), proof, null);

                    if (error != null) {
                        Verdict.Unverifiable no =
                                assertInstanceOf(Verdict.Unverifiable.class, verdict);
                        assertEquals(error, no.cause().name());
                        return;
                    }
                    int confirmations = Vectors.integer(expect, "confirmations");
                    if (confirmations >= 6) {
                        assertEquals(
                                confirmations,
                                assertInstanceOf(Verdict.Valid.class, verdict).confirmations());
                    } else {
                        Verdict.Pending pending = assertInstanceOf(Verdict.Pending.class, verdict);
                        assertEquals(confirmations, pending.have());
                        assertEquals(6, pending.need());
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> forks() {
        return each(
                "forks",
                vector -> {
                    Map<String, Object> base = named(Vectors.text(vector, "base"));
                    HeaderChain chain = chain(base);
                    chain.accept(Vectors.hex(base, "headers"));
                    Tip before = chain.tip();
                    List<Acceptance> seen = new ArrayList<>();
                    chain.watch(seen::add);

                    Acceptance outcome = chain.accept(Vectors.hex(vector, "headers"));

                    Map<String, Object> expect =
                            Vectors.map(Objects.requireNonNull(vector.get("expect")));
                    assertEquals(Vectors.text(expect, "tip_hash"), chain.tip().hash().toString());
                    if (Boolean.TRUE.equals(expect.get("reorg"))) {
                        Acceptance.Reorganized change =
                                assertInstanceOf(Acceptance.Reorganized.class, outcome);
                        assertEquals(List.of(change), seen);
                        assertEquals(before, change.before());
                        assertEquals(Vectors.integer(vector, "fork_start") - 1, change.fork());
                        assertEquals(
                                Vectors.list(expect, "dropped").size(), change.dropped().size());
                        assertEquals(before.hash(), change.dropped().getLast());
                    } else {
                        assertInstanceOf(Acceptance.Unchanged.class, outcome);
                        assertEquals(before, chain.tip());
                        assertTrue(seen.isEmpty());
                    }
                });
    }

    @Test
    void aBranchThatWasKeptGrowsUntilItWins() throws IOException {
        Map<String, Object> base = named("good");
        HeaderChain chain = chain(base);
        chain.accept(Vectors.hex(base, "headers"));
        Tip before = chain.tip();
        Map<String, Object> winning =
                Vectors.maps(VECTORS, "forks").stream()
                        .filter(fork -> "more-work".equals(fork.get("name")))
                        .findFirst()
                        .orElseThrow();
        byte[] run = Vectors.hex(winning, "headers");
        int count = run.length / Header.BYTES;
        for (int i = 0; i < count; i++) {
            Acceptance outcome =
                    chain.accept(Arrays.copyOfRange(run, i * Header.BYTES, (i + 1) * Header.BYTES));
            if (i < 3) {
                assertEquals(new Acceptance.Unchanged(before), outcome);
            } else if (i == 3) {
                assertInstanceOf(Acceptance.Reorganized.class, outcome);
            } else {
                assertInstanceOf(Acceptance.Extended.class, outcome);
            }
        }
        // and the other way: the old blocks are a branch now
        assertInstanceOf(Acceptance.Unchanged.class, chain.accept(Vectors.hex(base, "headers")));
        assertEquals(477 + count, chain.tip().height());
    }

    @TestFactory
    Stream<DynamicTest> retargets() {
        return each(
                "retargets",
                vector -> {
                    int bits =
                            Difficulty.retarget(
                                    network(vector),
                                    Integer.parseUnsignedInt(
                                            Vectors.text(vector, "first_bits"), 16),
                                    Integer.parseUnsignedInt(Vectors.text(vector, "last_bits"), 16),
                                    Vectors.number(vector, "last_time")
                                            - Vectors.number(vector, "first_time"));
                    assertEquals(
                            Vectors.text(vector, "expect_bits"), HexFormat.of().toHexDigits(bits));
                });
    }

    private static Network network(Map<String, Object> vector) {
        return Objects.requireNonNull(Network.ofWord(Vectors.text(vector, "network")));
    }

    private interface Check {
        void check(Map<String, Object> vector) throws Exception;
    }

    private static Stream<DynamicTest> each(String kind, Check check) {
        List<Map<String, Object>> vectors = Vectors.maps(VECTORS, kind);
        assertTrue(vectors.size() >= 3, kind);
        return java.util.stream.IntStream.range(0, vectors.size())
                .mapToObj(i -> {
                    Map<String, Object> vector = vectors.get(i);
                    String name =
                            kind + " " + i + " " + vector.getOrDefault("name", vector.get("note"));
                    return DynamicTest.dynamicTest(name, () -> check.check(vector));
                });
    }
}
