package dev.sovereign.mesh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.wire.MalformedException;
import dev.sovereign.mesh.wire.ProtobufWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class IdentityTest {

    /// libp2p/specs `peer-ids/peer-ids.md`, Test vectors.
    private static final String PRIVATE =
            "080112407e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d"
                    + "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";

    private static final String PUBLIC =
            "080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    void thePublicKeyFollowsFromThePrivateOne() throws MalformedException {
        Identity identity = Identity.parsePrivateKey(hex(PRIVATE));
        assertArrayEquals(hex(PUBLIC), identity.publicKey());
        assertArrayEquals(hex(PRIVATE), identity.exportPrivateKey());
        assertEquals(
                "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq",
                identity.peerId().toString());
    }

    @Test
    void theTranscriptsSeedsGiveItsPeerIds() {
        assertEquals(
                "12D3KooWQ67qKo1meS1epTQ1UiELEeodpjmrUwbGreuCs5FNio6T",
                Identity.ofSeed(
                                hex(
                                        "1983a089754c2657e74f48d4f44e93593ad812750894e1d7cc96cb2b9e8f3803"))
                        .peerId()
                        .toString());
    }

    /// RFC 8032, 7.1, TEST 3.
    @Test
    void signsAsTheRfcSays() throws MalformedException {
        Identity identity =
                Identity.ofSeed(
                        hex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"));
        byte[] signature = identity.sign(hex("af82"));
        assertArrayEquals(
                hex(
                        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                            + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
                signature);
        assertTrue(Identity.verify(identity.publicKey(), hex("af82"), signature));
        assertFalse(Identity.verify(identity.publicKey(), hex("af83"), signature));
        signature[5] ^= 1;
        assertFalse(Identity.verify(identity.publicKey(), hex("af82"), signature));
        assertFalse(Identity.verify(identity.publicKey(), hex("af82"), new byte[63]));
        assertFalse(Identity.verify(identity.publicKey(), hex("af82"), new byte[64]));
    }

    @Test
    void theOldFormWithThePublicKeyTwiceIsRead() throws MalformedException {
        byte[] data = hex(PRIVATE.substring(8) + PUBLIC.substring(8));
        byte[] old = new ProtobufWriter().varint(1, 1).bytes(2, data).toBytes();
        assertArrayEquals(hex(PUBLIC), Identity.parsePrivateKey(old).publicKey());
        data[95] ^= 1;
        byte[] unequal = new ProtobufWriter().varint(1, 1).bytes(2, data).toBytes();
        assertThrows(MalformedException.class, () -> Identity.parsePrivateKey(unequal));
    }

    @Test
    void refusesKeysThatAreNotCanonicalOrNotOurs() {
        String key = PUBLIC.substring(8);
        for (String message :
                new String[] {
                    "",
                    "0801",
                    "1220" + key,
                    "1220" + key + "0801",
                    "08011220" + key.substring(2),
                    "0801121f" + key.substring(2),
                    "08011220" + key + "00",
                    "08011220" + key + "1800",
                    "0881001220" + key,
                    "080112a000" + key,
                    "08011a20" + key,
                    "08021221037777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99"
                }) {
            assertThrows(
                    MalformedException.class, () -> Identity.parsePublicKey(hex(message)), message);
            assertThrows(
                    MalformedException.class,
                    () -> Identity.verify(hex(message), new byte[1], new byte[64]),
                    message);
        }
    }

    @Test
    void halvesThatDoNotBelongTogetherAreRefusedWithoutQuotingThem() {
        byte[] broken = hex(PRIVATE);
        broken[67] ^= 1;
        MalformedException refused =
                assertThrows(MalformedException.class, () -> Identity.parsePrivateKey(broken));
        assertFalse(String.valueOf(refused.getMessage()).contains("7e08"));
    }

    @Test
    void aKeyThatIsNoPointIsRefused() {
        // y = 2 is on no point of the curve
        byte[] message = hex("08011220" + "02" + "00".repeat(31));
        assertThrows(
                MalformedException.class,
                () -> Identity.verify(message, new byte[1], new byte[64]));
    }

    @Test
    void theFileIsOursAloneAndGivesTheSameIdentity(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("keys/identity.key");
        Identity made = IdentityFile.readOrCreate(file, new SecureRandom());
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("keys"))));
        assertEquals(made.peerId(), IdentityFile.readOrCreate(file, new SecureRandom()).peerId());
        try (var left = Files.list(folder.resolve("keys"))) {
            assertEquals(1, left.count(), "nothing but the key is left");
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertEquals(
                "mesh.key-exposed",
                assertThrows(SovereignException.class, () -> IdentityFile.read(file))
                        .first()
                        .code());
    }

    @Test
    void aFileThatIsNoIdentityIsRefusedWithoutQuotingIt(@TempDir Path folder) throws IOException {
        for (String content : new String[] {"", "sEcReT!\n", "c2VjcmV0\n", "A".repeat(300)}) {
            Path file = folder.resolve("identity.key");
            Files.deleteIfExists(file);
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, content);
            SovereignException refused =
                    assertThrows(SovereignException.class, () -> IdentityFile.read(file));
            assertFalse(refused.first().message().contains("!"), refused.first().message());
        }
    }

    @Test
    void manyWhoMakeOneAtOnceGetTheSame(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("identity.key");
        Set<PeerId> ids = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<PeerId>> tries = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                tries.add(
                        threads.submit(() ->
                                IdentityFile.readOrCreate(file, new SecureRandom()).peerId()));
            }
            for (Future<PeerId> next : tries) {
                ids.add(next.get());
            }
        }
        assertEquals(1, ids.size());
    }

    @Test
    void printsThePeerIdOnly() throws MalformedException {
        Identity identity = Identity.parsePrivateKey(hex(PRIVATE));
        assertEquals("Identity[" + identity.peerId() + "]", identity.toString());
    }
}
