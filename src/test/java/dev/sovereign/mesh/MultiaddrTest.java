package dev.sovereign.mesh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.Multiaddr.Endpoint;
import dev.sovereign.mesh.Multiaddr.Kind;
import dev.sovereign.mesh.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

class MultiaddrTest {

    private static final String PEER = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";
    private static final String PEER_HEX =
            "0024080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";

    private static Multiaddr parse(String text) {
        return Multiaddr.of(text);
    }

    /// The first is go-multiaddr's own (`TestStringToBytes`); the others follow its table of codes.
    @Test
    void textAndBytesAreTheSameAddress() throws MalformedException {
        String[][] pairs = {
            {"/ip4/127.0.0.1/tcp/4321", "047f0000010610e1"},
            {"/ip4/192.0.2.7/tcp/0", "04c0000207060000"},
            {"/ip6/::1/tcp/65535", "29000000000000000000000000000000010" + "6ffff"},
            {"/ip6/2001:db8::1:0:0:1/tcp/80", "2920010db8000000000001000000000001060050"},
            {
                "/ip6zone/eth0/ip6/fe80::1/tcp/1",
                "2a0465746830" + "29fe800000000000000000000000000001060001"
            },
            {"/dns/a.example/tcp/443", "3509612e6578616d706c650601bb"},
            {"/dns4/a.example/tcp/443", "3609612e6578616d706c650601bb"},
            {"/dns6/a.example/tcp/443", "3709612e6578616d706c650601bb"},
            {"/dnsaddr/_dnsaddr.a.example", "3812" + "5f646e73616464722e612e6578616d706c65"},
            {"/unix/tmp/a.sock", "9003" + "0b" + "2f746d702f612e736f636b"},
            {"/p2p/" + PEER, "a503" + "26" + PEER_HEX},
            {"/ip4/127.0.0.1/tcp/4321/p2p/" + PEER, "047f0000010610e1a50326" + PEER_HEX},
            {"/p2p/" + PEER + "/p2p-circuit", "a50326" + PEER_HEX + "a202"},
        };
        for (String[] pair : pairs) {
            byte[] bytes = HexFormat.of().parseHex(pair[1]);
            assertArrayEquals(bytes, parse(pair[0]).toBytes(), pair[0]);
            assertEquals(pair[0], Multiaddr.parse(bytes).toString());
            assertEquals(parse(pair[0]), Multiaddr.parse(bytes));
        }
    }

    @Test
    void otherSpellingsBecomeOurs() {
        assertEquals("/p2p/" + PEER, parse("/ipfs/" + PEER).toString());
        assertEquals(
                "/p2p/" + PEER,
                parse("/p2p/bafzaajaiaejcahwr5d5ofrfbis4l5d6uwr57hu5tjodrypfm6yaq6dsc2r2pzyt6")
                        .toString());
        assertEquals("/ip6/2001:db8::1", parse("/ip6/2001:0DB8:0:0:0:0:0:1").toString());
        assertEquals("/ip6/1:0:0:2::", parse("/ip6/1:0:0:2:0:0:0:0").toString());
        assertEquals("/ip6/::", parse("/ip6/0:0:0:0:0:0:0:0").toString());
        assertEquals("/ip6/::ffff:102:304", parse("/ip6/::ffff:1.2.3.4").toString());
    }

    @Test
    void refusesTextsThatAreNone() {
        for (String text :
                List.of(
                        "",
                        "/",
                        "//",
                        "ip4/127.0.0.1",
                        "/ip4",
                        "/ip4/",
                        "/ip4/::1",
                        "/ip4/1.2.3",
                        "/ip4/1.2.3.4.5",
                        "/ip4/256.1.1.1",
                        "/ip4/01.1.1.1",
                        "/ip4/1.2.3.4/",
                        "/ip4/ 1.2.3.4",
                        "/ip4/1.2.3.4//tcp/1",
                        "/ip6",
                        "/ip6/1.2.3.4",
                        "/ip6/:::",
                        "/ip6/fe80::1%eth0",
                        "/ip6/[::1]",
                        "/ip6zone",
                        "/ip6zone/",
                        "/ip6zone//ip6/fe80::1",
                        "/tcp",
                        "/tcp/",
                        "/tcp/65536",
                        "/tcp/-1",
                        "/tcp/+1",
                        "/tcp/01",
                        "/tcp/99999999999",
                        "/dns",
                        "/dns/",
                        "/dns/a..b",
                        "/dns/-a",
                        "/dns/a b",
                        "/dns/a\u0000b",
                        "/dns/" + "a".repeat(64),
                        "/dns/" + "a.".repeat(127) + "ab",
                        "/p2p",
                        "/p2p/",
                        "/p2p/12D3Koo",
                        "/p2p-circuit/x",
                        "/unix",
                        "/unix/\u0007",
                        "/udp/1",
                        "/ip4/1.2.3.4/udp/1/quic-v1",
                        "/tcp/1".repeat(11),
                        "/" + "a".repeat(5000))) {
            assertThrows(MalformedException.class, () -> Multiaddr.parse(text), text);
            assertEquals(
                    "mesh.multiaddr",
                    assertThrows(SovereignException.class, () -> Multiaddr.of(text))
                            .first()
                            .code());
        }
    }

    @Test
    void refusesBytesThatAreNone() {
        for (String hex :
                List.of(
                        "",
                        "04",
                        "047f0000",
                        "06",
                        "0600",
                        "8400",
                        "84007f000001",
                        "3500",
                        "35ff",
                        "35ffffffffffffffff7f",
                        "3501",
                        "350120",
                        "a50300",
                        "a5032600",
                        "910204d2",
                        "ffffffffffffffffff01",
                        "2a012f",
                        "90030161")) {
            assertThrows(
                    MalformedException.class,
                    () -> Multiaddr.parse(HexFormat.of().parseHex(hex)),
                    hex);
        }
    }

    @Test
    void namesWhereToDial() {
        assertEquals(
                new Endpoint(Kind.IP4, "192.0.2.7", 4747),
                parse("/ip4/192.0.2.7/tcp/4747/p2p/" + PEER).endpoint());
        assertEquals(
                new Endpoint(Kind.IP6, "fe80::1%eth0", 1),
                parse("/ip6zone/eth0/ip6/fe80::1/tcp/1").endpoint());
        assertEquals(
                new Endpoint(Kind.DNS6, "a.example", 0), parse("/dns6/a.example/tcp/0").endpoint());
        for (String text :
                List.of(
                        "/tcp/1",
                        "/ip4/1.2.3.4",
                        "/tcp/1/ip4/1.2.3.4",
                        "/p2p/" + PEER,
                        "/dnsaddr/a.example/tcp/1",
                        "/ip6zone/x/ip4/1.2.3.4/tcp/1",
                        "/ip4/1.2.3.4/tcp/1/tcp/2",
                        "/unix/a",
                        "/ip4/1.2.3.4/tcp/1/p2p/" + PEER + "/p2p-circuit/p2p/" + PEER)) {
            assertNull(parse(text).endpoint(), text);
        }
    }

    @Test
    void thePeerAtTheEndIsPutOnAndTakenOff() {
        Multiaddr place = parse("/ip4/192.0.2.7/tcp/4747");
        PeerId peer = PeerId.of(PEER);
        Multiaddr whole = place.withPeer(peer);
        assertEquals("/ip4/192.0.2.7/tcp/4747/p2p/" + PEER, whole.toString());
        assertEquals(parse(whole.toString()), whole);
        assertEquals(peer, whole.peer());
        assertEquals(whole, whole.withPeer(peer));
        assertEquals(place, whole.withoutPeer());
        assertNull(place.peer());
        assertEquals(place, place.withoutPeer());
    }

    @Test
    void addressesOfOneMachineOrWireAreTold() {
        for (String text :
                List.of(
                        "/ip4/127.0.0.1/tcp/1",
                        "/ip4/127.9.9.9/tcp/1",
                        "/ip6/::1/tcp/1",
                        "/ip6/fe80::1/tcp/1",
                        "/ip4/169.254.1.1/tcp/1",
                        "/ip4/0.0.0.0/tcp/1",
                        "/ip6/::/tcp/1",
                        "/ip4/224.0.0.1/tcp/1",
                        "/dns/localhost/tcp/1",
                        "/dns4/a.LOCALHOST/tcp/1",
                        "/unix/a",
                        "/ip6/::ffff:127.0.0.1/tcp/1",
                        "/ip6zone/eth0/ip6/2001:db8::1/tcp/1")) {
            assertTrue(parse(text).isLocalOnly(), text);
        }
        for (String text :
                List.of(
                        "/ip4/192.168.1.2/tcp/1",
                        "/ip6/2001:db8::1/tcp/1",
                        "/dns/a.example/tcp/1")) {
            assertFalse(parse(text).isLocalOnly(), text);
        }
    }

    @Test
    void aSocketsAddressIsOne() throws Exception {
        assertEquals(
                "/ip4/10.1.2.3/tcp/4747",
                Multiaddr.tcp(InetAddress.ofLiteral("10.1.2.3"), 4747).toString());
        assertEquals("/ip6/::1/tcp/1", Multiaddr.tcp(InetAddress.ofLiteral("::1"), 1).toString());
    }

    @Test
    void hostileBytesAreReadOrRefusedAndReadBytesAreCanonical() {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        Random random = new Random(seed);
        int count = Integer.getInteger("sovereign.fuzz.count", 50_000);
        byte[][] corpus = {
            parse("/ip4/127.0.0.1/tcp/4321/p2p/" + PEER).toBytes(),
            parse("/ip6zone/eth0/ip6/fe80::1/tcp/1").toBytes(),
            parse("/dns/a.example/tcp/443").toBytes(),
            parse("/p2p/" + PEER + "/p2p-circuit/unix/tmp/a").toBytes()
        };
        int read = 0;
        for (int i = 0; i < count; i++) {
            byte[] bytes = corpus[random.nextInt(corpus.length)].clone();
            for (int edits = random.nextInt(1, 4); edits > 0; edits--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            if (random.nextInt(4) == 0) {
                bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 8));
            }
            String hex = HexFormat.of().formatHex(bytes);
            try {
                Multiaddr address = Multiaddr.parse(bytes);
                read++;
                assertArrayEquals(bytes, address.toBytes(), hex);
                assertEquals(address, Multiaddr.parse(address.toString()), hex + " " + address);
                address.endpoint();
                address.isLocalOnly();
            } catch (MalformedException refused) {
                // as it should
            } catch (RuntimeException defect) {
                throw new AssertionError("seed " + seed + ", " + hex, defect);
            }
        }
        assertTrue(read > count / 100, "hardly any address survived its mutation: " + read);
    }
}
