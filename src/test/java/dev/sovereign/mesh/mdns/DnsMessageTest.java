package dev.sovereign.mesh.mdns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.mesh.Mutation;
import dev.sovereign.mesh.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// Packets of the LAN, which anybody on it can send. Longer with `-Dsovereign.fuzz.count=N`.
class DnsMessageTest {

    private static final int COUNT = Integer.getInteger("sovereign.fuzz.count", 100_000);

    private static final String SERVICE = "_p2p-45fc986bbc9388a11d939df26f730f0c._udp.local";

    private static DnsMessage parse(String hex) throws MalformedException {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return DnsMessage.parse(bytes, bytes.length);
    }

    @Test
    void whatIsWrittenIsRead() throws MalformedException {
        DnsMessage message =
                new DnsMessage(
                        0x1234,
                        true,
                        List.of(new DnsMessage.Question(SERVICE, DnsMessage.PTR, true)),
                        List.of(
                                new DnsMessage.Pointer(SERVICE, 120, "abc." + SERVICE),
                                new DnsMessage.Text("abc." + SERVICE, 120, List.of("", "a=b"))));
        byte[] bytes = message.toBytes();
        assertEquals(message, DnsMessage.parse(bytes, bytes.length));
    }

    /// The answer of RFC 6763, 13.1 (`_services._dns-sd._udp` style), written by hand with the
    /// compression that other implementations use: the pointer's target is `x` and then the name of
    /// the question.
    @Test
    void namesThatGoOnFurtherAheadAreRead() throws MalformedException {
        String packet =
                "0000 8400 0000 0001 0000 0001"
                        + "04 5f703270 04 5f756470 05 6c6f63616c 00"
                        + "000c 0001 00000078 0004 01 78 c00c"
                        + "c027 0010 8001 0000000a 0004 03 613d62";
        DnsMessage message = parse(packet);
        assertEquals(
                List.of(
                        new DnsMessage.Pointer("_p2p._udp.local", 120, "x._p2p._udp.local"),
                        new DnsMessage.Text("x._p2p._udp.local", 10, List.of("a=b"))),
                message.resources());
    }

    @Test
    void recordsOfOtherTypesArePassedOver() throws MalformedException {
        DnsMessage message =
                parse("0000 8400 0000 0001 0000 0000 01 41 00 0001 0001 0000000a 0004 c0000207");
        assertEquals(List.of(), message.resources());
    }

    @Test
    void namesThatDoNotEndAreRefused() {
        String header = "0000 0000 0001 0000 0000 0000 ";
        for (String hex :
                List.of(
                        header + "c00c 000c 0001",
                        header + "01 61 c00c 000c 0001",
                        header + "c00e c00c 000c 0001",
                        header + "c000 000c 0001",
                        header + "3f 61 00 000c 0001",
                        header + "40 61 00 000c 0001",
                        header + ("3f" + "61".repeat(63)).repeat(4) + "00 000c 0001",
                        header + "01",
                        header,
                        "0000 0000 0041 0000 0000 0000",
                        "0000 0000 0000 ffff 0000 0000",
                        "0000 8403 0000 0000 0000 0000",
                        "0000 8400 0000 0001 0000 0000 00 0010 0001 00000001 0002 02 61",
                        "0000 8400 0000 0001 0000 0000 00 000c 0001 00000001 0004 01 61 00 00")) {
            assertThrows(MalformedException.class, () -> parse(hex), hex);
        }
    }

    @Test
    void hostilePacketsAreReadOrRefused() {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] model =
                new DnsMessage(
                                7,
                                true,
                                List.of(
                                        new DnsMessage.Question(SERVICE, DnsMessage.PTR, false),
                                        new DnsMessage.Question("_a._tcp.local", 33, true)),
                                List.of(
                                        new DnsMessage.Pointer(SERVICE, 120, "abc." + SERVICE),
                                        new DnsMessage.Text(
                                                "abc." + SERVICE,
                                                120,
                                                List.of("dnsaddr=/ip4/192.0.2.7/tcp/1", "x"))))
                        .toBytes();
        byte[] compressed =
                HexFormat.of()
                        .parseHex(
                                "000084000000000100000001045f703270045f756470056c6f63616c00000c0001"
                                        + "0000007800040178c00cc027001080010000000a000403613d62");
        int read = 0;
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = Mutation.of(random.nextBoolean() ? model : compressed, random);
            String what = "seed " + seed + ", " + HexFormat.of().formatHex(bytes);
            try {
                DnsMessage message = DnsMessage.parse(bytes, bytes.length);
                read++;
                for (DnsMessage.Resource resource : message.resources()) {
                    assertTrue(resource.name().length() < 256, what);
                    assertTrue(resource.name().matches("[a-z0-9_?.-]*"), what);
                }
            } catch (MalformedException refused) {
                // as it should
            } catch (RuntimeException defect) {
                throw new AssertionError(what, defect);
            }
        }
        assertTrue(read > COUNT / 20, "hardly any packet survived its mutation: " + read);
    }
}
