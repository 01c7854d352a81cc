package dev.sovereign.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;

/// PeerIds, addresses and keys as texts of strangers. Longer with `-Dsovereign.fuzz.count=N`.
class MeshTextFuzzTest {

    private static final int COUNT = Integer.getInteger("sovereign.fuzz.count", 30_000);

    private static final String PEER = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";

    private interface Reader {
        void read(String text) throws MalformedException;
    }

    private static void fuzz(Reader reader, String... models) {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < COUNT; i++) {
            byte[] model = models[i % models.length].getBytes(StandardCharsets.UTF_8);
            String text = new String(Mutation.of(model, random), StandardCharsets.UTF_8);
            try {
                reader.read(text);
            } catch (MalformedException | SovereignException refused) {
                // as it should
            } catch (RuntimeException defect) {
                throw new AssertionError("seed " + seed + ", \"" + text + "\"", defect);
            }
        }
    }

    @Test
    void textsOfPeerIdsAreReadOrRefused() {
        fuzz(
                text -> {
                    PeerId peer = PeerId.parse(text);
                    assertEquals(peer, PeerId.parse(peer.toString()));
                    assertEquals(peer, PeerId.ofMultihash(peer.toBytes()));
                },
                PEER,
                "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N",
                "bafzaajaiaejcahwr5d5ofrfbis4l5d6uwr57hu5tjodrypfm6yaq6dsc2r2pzyt6",
                "k51qzi5uqu5dgy8qsq67hbz73jqkw87l3fgf4a91qb0d9b5173tir7n4vxk1oe");
    }

    @Test
    void textsOfAddressesAreReadOrRefused() {
        fuzz(
                text -> {
                    Multiaddr address = Multiaddr.parse(text);
                    assertEquals(address, Multiaddr.parse(address.toString()));
                    assertEquals(address, Multiaddr.parse(address.toBytes()));
                },
                "/ip4/192.0.2.7/tcp/4747/p2p/" + PEER,
                "/ip6zone/eth0/ip6/fe80::1/tcp/1",
                "/dns4/a.example/tcp/443/p2p-circuit",
                "/unix/tmp/a");
    }

    @Test
    void keyFilesAreReadOrRefusedAndNeverShown() {
        byte[] key = SwarmKey.generate(new SecureRandom()).exportBytes();
        String digits = HexFormat.of().formatHex(key);
        String secret = digits.substring(0, 16);
        fuzz(
                changed -> {
                    try {
                        SwarmKey.parse(changed.getBytes(StandardCharsets.UTF_8), "a file");
                    } catch (SovereignException refused) {
                        if (String.valueOf(refused.getMessage()).contains(secret)) {
                            throw new AssertionError("the refusal shows the key");
                        }
                        throw refused;
                    }
                },
                "/key/swarm/psk/1.0.0/\n/base16/\n" + digits + "\n",
                "/key/swarm/psk/1.0.0/\n/base64/\n" + Base64.getEncoder().encodeToString(key));
    }
}
