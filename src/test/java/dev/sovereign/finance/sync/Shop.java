package dev.sovereign.finance.sync;

import dev.sovereign.finance.Checkpoints;
import dev.sovereign.finance.Hash;
import dev.sovereign.finance.HeaderChain;
import dev.sovereign.finance.LicenseRule;
import dev.sovereign.finance.LicenseTerms;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.Payload;
import dev.sovereign.finance.PaymentAddress;
import dev.sovereign.finance.TestChain;
import dev.sovereign.finance.electrum.ElectrumClient;
import dev.sovereign.finance.electrum.ElectrumServer;
import dev.sovereign.finance.electrum.Pins;
import dev.sovereign.finance.electrum.ScriptedElectrum;
import dev.sovereign.finance.net.Dialer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Somebody sells a license on regtest for 10,000 sats and 3 confirmations; somebody paid.
final class Shop {

    static final String ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
    static final Payload PAYLOAD = Payload.ofHex("5a".repeat(32));
    static final LicenseTerms TERMS =
            new LicenseTerms(
                    Network.REGTEST, PaymentAddress.parse(Network.REGTEST, ADDRESS), 10_000, 3);
    static final LicenseRule RULE = new LicenseRule(TERMS, PAYLOAD);
    static final byte[] CHANGE = new byte[] {0x51, 0x52};

    /// Just after the last block of a chain of the tests.
    static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2020-01-01T00:00:00Z"));

    private Shop() {}

    /// Pays and binds.
    static byte[] payment(int seed) {
        return TestChain.payment(
                seed,
                new TestChain.Output(12_000, TERMS.address().script()),
                TestChain.opReturn(PAYLOAD.bytes()),
                new TestChain.Output(88_000, CHANGE));
    }

    /// Pays and binds another machine.
    static byte[] paymentOfAnother(int seed) {
        return TestChain.payment(
                seed,
                new TestChain.Output(12_000, TERMS.address().script()),
                TestChain.opReturn(new byte[32]));
    }

    static Hash txid(byte[] raw) {
        return Hash.twice(raw);
    }

    static HeaderChain chain() {
        return HeaderChain.inMemory(Network.REGTEST, Checkpoints.of(Network.REGTEST), CLOCK);
    }

    static LicenseSync sync(Path folder, HeaderChain chain, ScriptedElectrum... servers)
            throws IOException {
        List<ElectrumServer> addresses = new ArrayList<>();
        for (ScriptedElectrum server : servers) {
            addresses.add(server.address());
        }
        ElectrumClient client =
                new ElectrumClient(
                        Network.REGTEST, new Dialer(null), new Pins(folder.resolve("pins")));
        return new LicenseSync(chain, client, addresses, new Dialer(null), List.of(), CLOCK);
    }
}
