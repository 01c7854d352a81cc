package dev.sovereign.finance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

class CheckpointsTest {

    @Test
    void genesisBlocksHaveTheHashesThatEveryoneKnows() {
        assertEquals(
                List.of(
                        "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
                        "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943",
                        "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043",
                        "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
                        "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"),
                java.util.Arrays.stream(Network.values())
                        .map(network -> network.genesis().hash().toString())
                        .toList());
    }

    @Test
    void theListOfMainnetIsWhatItShouldBe() {
        Checkpoints checkpoints = Checkpoints.of(Network.MAINNET);
        assertEquals(437, checkpoints.all().size(), "436 and the genesis block");
        Checkpoint last = checkpoints.last();
        assertEquals(878_976, last.height());
        assertEquals(
                "00000000000000000002819359a9af460f342404bec23e7478512a619584083b",
                last.hash().toString());
        assertEquals("17028c61", HexFormat.of().toHexDigits(last.header().bits()));
        assertEquals("a6e78db05939f5b7a956f47b", last.work().toString(16));
        for (int i = 0; i < 437; i++) {
            assertEquals(i * 2016, checkpoints.all().get(i).height());
        }
    }

    /// The work of 2,015 blocks at one difficulty and one at the next, all the way.
    @Test
    void workAddsUpAndEveryHeaderHasItsOwn() {
        List<Checkpoint> all = Checkpoints.of(Network.MAINNET).all();
        for (int i = 0; i < all.size(); i++) {
            Checkpoint checkpoint = all.get(i);
            assertTrue(
                    new BigInteger(checkpoint.hash().toString(), 16)
                                    .compareTo(CompactBits.target(checkpoint.header().bits()))
                            <= 0);
            if (i > 0) {
                Checkpoint before = all.get(i - 1);
                BigInteger expected =
                        before.work()
                                .add(
                                        CompactBits.work(before.header().bits())
                                                .multiply(BigInteger.valueOf(2015)))
                                .add(CompactBits.work(checkpoint.header().bits()));
                assertEquals(expected, checkpoint.work(), "at " + checkpoint.height());
            }
        }
    }

    @Test
    void testNetworksHaveTheirs() {
        assertEquals(3_612_672, Checkpoints.of(Network.TESTNET).last().height());
        assertEquals(1_793, Checkpoints.of(Network.TESTNET).all().size());
        assertEquals(229_824, Checkpoints.of(Network.SIGNET).last().height());
        assertEquals(0, Checkpoints.of(Network.TESTNET4).last().height());
        assertEquals(0, Checkpoints.of(Network.REGTEST).last().height());
    }

    @Test
    void refusesWhatIsNoList() {
        for (String text :
                List.of(
                        "",
                        "TXT CHECKPOINTS 1",
                        "TXT CHECKPOINTS 2\n0\n0\n",
                        "TXT CHECKPOINTS 1\n1\n0\n",
                        "TXT CHECKPOINTS 1\n0\n1\n",
                        "TXT CHECKPOINTS 1\n0\n99999999999\n",
                        "TXT CHECKPOINTS 1\n0\n-1\n",
                        "TXT CHECKPOINTS 1\n0\n1\n####\n",
                        "TXT CHECKPOINTS 1\n0\n1\nAAAA\n")) {
            assertThrows(
                    MalformedException.class,
                    () ->
                            Checkpoints.parse(
                                    Network.MAINNET, text.getBytes(StandardCharsets.US_ASCII)),
                    text);
        }
    }
}
