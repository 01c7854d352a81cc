package dev.sovereign.finance.sync;

import dev.sovereign.finance.Checkpoints;
import dev.sovereign.finance.HeaderStore;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.electrum.ElectrumClient;
import dev.sovereign.finance.electrum.ElectrumServer;
import dev.sovereign.finance.electrum.Pins;
import dev.sovereign.finance.net.Dialer;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// Brings a header store up to what one server has: a program for tests that measure it or kill it.
/// Arguments: folder of the store, port of the server. Prints height and milliseconds.
final class HeaderDownload {
    private HeaderDownload() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        long began = System.nanoTime();
        ElectrumClient client =
                new ElectrumClient(
                        Network.REGTEST, new Dialer(null), new Pins(folder.resolve("pins")));
        try (HeaderStore store =
                        HeaderStore.open(
                                folder,
                                Network.REGTEST,
                                Checkpoints.of(Network.REGTEST),
                                InstantSource.system());
                LicenseSync sync =
                        new LicenseSync(
                                store.chain(),
                                client,
                                List.of(ElectrumServer.parse("tcp://127.0.0.1:" + arguments[1])),
                                new Dialer(null),
                                List.of(),
                                InstantSource.system())) {
            Lookup look = sync.headers(Progress.NONE);
            SourceReport report = look.sources().getFirst();
            if (report.standing() != SourceReport.Standing.AGREES) {
                throw new IllegalStateException(report.toString());
            }
            System.out.println(
                    store.chain().tip().height() + " " + (System.nanoTime() - began) / 1_000_000);
        }
    }
}
