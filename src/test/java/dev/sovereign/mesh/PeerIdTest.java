package dev.sovereign.mesh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/// Keys and texts of libp2p/specs `peer-ids/peer-ids.md`; the CID forms of the first key were
/// computed apart from this program, with Python's `base64` and big integers.
class PeerIdTest {

    private static final byte[] ED25519 =
            HexFormat.of()
                    .parseHex(
                            "080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e");
    private static final byte[] SECP256K1 =
            HexFormat.of()
                    .parseHex(
                            "08021221037777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99");
    private static final String BASE58 = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";
    private static final String BASE32 =
            "bafzaajaiaejcahwr5d5ofrfbis4l5d6uwr57hu5tjodrypfm6yaq6dsc2r2pzyt6";
    private static final String BASE36 =
            "k51qzi5uqu5dgy8qsq67hbz73jqkw87l3fgf4a91qb0d9b5173tir7n4vxk1oe";
    private static final String CID58 = "z5AanNVJCxnGuh8TJu4nye3dE3NbxAd8FB9cr46uVagyFPuibMxok2R";

    @Test
    void anEd25519KeyIsItsOwnHash() throws MalformedException {
        PeerId id = PeerId.ofPublicKey(ED25519);
        assertEquals(BASE58, id.toString());
        assertArrayEquals(java.util.Arrays.copyOfRange(ED25519, 4, 36), id.ed25519PublicKey());
    }

    @Test
    void everyTextOfAPeerIsTheSamePeer() throws MalformedException {
        for (String text : List.of(BASE58, BASE32, BASE36, CID58)) {
            assertEquals(PeerId.ofPublicKey(ED25519), PeerId.parse(text), text);
            assertEquals(BASE58, PeerId.of(text).toString());
        }
    }

    @Test
    void readsTheExamplesOfTheSpecification() throws MalformedException {
        String sha256 = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";
        PeerId hashed = PeerId.parse(sha256);
        assertEquals(sha256, hashed.toString());
        assertNull(hashed.ed25519PublicKey());
        assertEquals(
                sha256,
                PeerId.parse("bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe")
                        .toString());
        String ed25519 = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
        assertEquals(ed25519, PeerId.parse(ed25519).toString());
    }

    @Test
    void readsBothTextsOfTheTranscript() throws MalformedException {
        assertEquals(
                PeerId.parse("12D3KooWQ67qKo1meS1epTQ1UiELEeodpjmrUwbGreuCs5FNio6T"),
                PeerId.parse("bafzaajaiaejcbvamwokdue5tpuwz5rts7m46qgclpldftugqwkwkz6qmw5q7pnbm"));
        assertEquals(
                PeerId.parse("12D3KooWKNiwiW17osRdBjmbkuDpjpD5BhTTJaPRBhQHiSTecJKB"),
                PeerId.parse("bafzaajaiaejcbdqdijht22tamah6nm63ntdhparf7igjn7lgtb5xpyjofpucbtkk"));
    }

    @Test
    void aLongKeyIsHashed() throws Exception {
        byte[] rsa =
                HexFormat.of()
                        .parseHex(
                                Files.readString(
                                                Path.of(
                                                        "src/test/resources/vectors/mesh/rsa-public-key.hex"))
                                        .strip());
        assertEquals(
                "QmaeANgBs1DTSxWSrPPtobgQuxW8XTfsS4ydbK4rCHzqxG",
                PeerId.ofPublicKey(rsa).toString());
    }

    @Test
    void otherKeyTypesAreRefusedByName() {
        MalformedException secp256k1 =
                assertThrows(MalformedException.class, () -> PeerId.ofPublicKey(SECP256K1));
        assertTrue(String.valueOf(secp256k1.getMessage()).contains("secp256k1"));
        MalformedException text =
                assertThrows(
                        MalformedException.class,
                        () ->
                                PeerId.parse(
                                        "16Uiu2HAmLhLvBoYaoZfaMUKuibM6ac163GwKY74c5kiSLg5KvLpY"));
        assertTrue(String.valueOf(text.getMessage()).contains("secp256k1"));
    }

    @Test
    void refusesWhatIsNoPeerId() {
        for (String text :
                List.of(
                        "",
                        "1",
                        "Qm",
                        "b",
                        "k",
                        "z",
                        BASE58 + "1",
                        BASE58.substring(1),
                        BASE58.substring(0, 51),
                        BASE58.replace('B', '0'),
                        BASE58.replace('B', 'l'),
                        " " + BASE58,
                        BASE58 + "\n",
                        BASE32.toUpperCase(java.util.Locale.ROOT),
                        BASE32 + "=",
                        BASE32.substring(0, 64),
                        // the same CID with codec dag-pb, and as version 0
                        "bafybeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe",
                        "1".repeat(38),
                        "1".repeat(10_000),
                        "peer")) {
            assertThrows(MalformedException.class, () -> PeerId.parse(text), text);
            assertEquals(
                    "mesh.peer-id",
                    assertThrows(SovereignException.class, () -> PeerId.of(text)).first().code());
        }
    }

    @Test
    void bytesDecideTheOrder() throws MalformedException {
        byte[] high = PeerId.of(BASE58).toBytes();
        high[6] = (byte) 0xff;
        PeerId other = PeerId.ofMultihash(high);
        assertTrue(other.compareTo(PeerId.of(BASE58)) > 0, "bytes are unsigned");
        assertNotEquals(other, PeerId.of(BASE58));
    }
}
