import dev.sovereign.finance.Checkpoints;
import dev.sovereign.finance.HeaderChain;
import dev.sovereign.finance.LicenseRule;
import dev.sovereign.finance.LicenseTerms;
import dev.sovereign.finance.LicenseVerifier;
import dev.sovereign.finance.MachineIds;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.PaymentAddress;
import dev.sovereign.finance.ProofJson;
import dev.sovereign.finance.Verdict;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/// A product that starts only with a license: give it the proof file that your customer has.
/// No server, no network, no account; the terms are compiled in.
final class LicenseGate {

    // what you sell: change these three
    private static final Network NETWORK = Network.REGTEST;
    private static final String ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
    private static final long PRICE_SATS = 50_000;

    public static void main(String[] args) throws Exception {
        LicenseTerms terms =
                new LicenseTerms(
                        NETWORK,
                        PaymentAddress.parse(NETWORK, ADDRESS),
                        PRICE_SATS,
                        NETWORK.defaultConfirmations());
        MachineIds machine = MachineIds.find(args.length > 1 ? args[1] : null);
        LicenseRule rule = new LicenseRule(terms, machine);
        if (args.length == 0) {
            System.out.println("pay " + PRICE_SATS + " sats to " + ADDRESS);
            System.out.println("with the OP_RETURN output " + rule.payload());
            System.exit(12);
        }
        HeaderChain chain =
                HeaderChain.inMemory(NETWORK, Checkpoints.of(NETWORK), Clock.systemUTC());
        Verdict verdict =
                new LicenseVerifier(rule, chain)
                        .verify(ProofJson.read(Files.readAllBytes(Path.of(args[0]))));
        switch (verdict) {
            case Verdict.Valid valid ->
                    System.out.println("licensed by " + valid.txid() + ": welcome");
            case Verdict.Pending pending ->
                    System.out.println(
                            "paid; " + pending.have() + " of " + pending.need() + " confirmations");
            case Verdict.NoMatch no -> {
                System.out.println("no license: " + no.reasons());
                no.hints().forEach(hint -> System.out.println("  " + hint.text()));
            }
            case Verdict.NotFound _ -> System.out.println("no license found");
            case Verdict.Unverifiable unclear ->
                    System.out.println("no proof: " + unclear.detail());
        }
        System.exit(verdict.exitStatus());
    }
}
