package dev.sovereign.node;

import dev.sovereign.error.SovereignException;
import dev.sovereign.finance.Checkpoints;
import dev.sovereign.finance.FinanceLimits;
import dev.sovereign.finance.HeaderChain;
import dev.sovereign.finance.HeaderStore;
import dev.sovereign.finance.LicenseError;
import dev.sovereign.finance.LicenseRule;
import dev.sovereign.finance.LicenseTerms;
import dev.sovereign.finance.LicenseVerifier;
import dev.sovereign.finance.MachineIds;
import dev.sovereign.finance.MalformedException;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.Payload;
import dev.sovereign.finance.ProofFile;
import dev.sovereign.finance.ProofJson;
import dev.sovereign.finance.Step;
import dev.sovereign.finance.Verdict;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// What needs neither daemon nor network: which payload binds this machine, what has to be paid,
/// whether one transaction would do, whether a proof file holds. Opens no socket; the machine id
/// does not leave the process.
final class LocalLicense {

    /// Text of a transaction in hex, with a newline at its end.
    private static final int MAX_TRANSACTION_TEXT = 2 * FinanceLimits.MAX_TRANSACTION_BYTES + 2;

    private final Home home;
    private final LicenseSettings settings;

    LocalLicense(Home home) {
        this.home = home;
        this.settings = new LicenseSettings(Configuration.load(home.configFile()));
    }

    Response.LicenseIdentity identity(Request.LicenseId request) {
        MachineIds found = settings.machine();
        return new Response.LicenseIdentity(
                found.from(),
                found.id().payload().hex(),
                request.reveal() ? found.id().reveal() : null,
                found.notes());
    }

    Response.LicenseOffer offer(Request.LicenseRequest request) {
        LicenseTerms terms = settings.terms(request.terms());
        Payload payload = settings.rule(request.terms()).payload();
        List<String> warnings = new ArrayList<>();
        if (terms.isDust()) {
            warnings.add(
                    "nodes do not relay a payment below "
                            + terms.address().type().dustSats()
                            + " sats to this kind of address");
        }
        return new Response.LicenseOffer(
                terms.network().word(),
                terms.network().isTest(),
                terms.address().toString(),
                terms.requiredSats(),
                terms.minConfirmations(),
                payload.hex(),
                HexFormat.of().formatHex(payload.script()),
                warnings);
    }

    Response.LicenseJudged check(Request.LicenseCheck request, Exchange exchange)
            throws IOException, InterruptedException {
        LicenseRule rule = settings.rule(request.terms());
        return LicenseAnswers.judged(rule.judge(transaction(request.tx(), exchange)));
    }

    /// Hex on the command line, or a file of hex or raw bytes.
    private static byte[] transaction(String given, Exchange exchange)
            throws IOException, InterruptedException {
        if (given.length() >= 2 && given.length() % 2 == 0 && isHex(given)) {
            return HexFormat.of().parseHex(given);
        }
        byte[] bytes;
        try (InputStream in = exchange.want(given, null)) {
            bytes = in.readNBytes(MAX_TRANSACTION_TEXT + 1);
        }
        if (bytes.length > MAX_TRANSACTION_TEXT) {
            throw new SovereignException(
                    LicenseError.PROOF,
                    "\"" + given + "\" is larger than any transaction may be",
                    "the limit is " + FinanceLimits.MAX_TRANSACTION_BYTES + " bytes");
        }
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).strip();
        return !text.isEmpty() && text.length() % 2 == 0 && isHex(text)
                ? HexFormat.of().parseHex(text)
                : bytes;
    }

    private static boolean isHex(String text) {
        return text.chars().allMatch(HexFormat::isHexDigit);
    }

    Response.LicenseVerdict verify(Request.LicenseVerify request, Exchange exchange)
            throws IOException, InterruptedException {
        LicenseRule rule = settings.rule(request.terms());
        Network network = rule.terms().network();
        ProofFile proof;
        try {
            proof = read(request.file(), exchange);
        } catch (MalformedException wrong) {
            return LicenseAnswers.verdict(
                    new Verdict.Unverifiable(
                            Verdict.Cause.MALFORMED, String.valueOf(wrong.getMessage())),
                    network,
                    List.of());
        }
        Checkpoints checkpoints = Checkpoints.of(network);
        boolean standsAlone = checkpoints.at(proof.anchor().height()) != null;
        HeaderChain chain =
                standsAlone
                        ? HeaderChain.inMemory(network, checkpoints, Clock.systemUTC())
                        : HeaderStore.read(
                                LicenseSettings.folder(home),
                                network,
                                checkpoints,
                                Clock.systemUTC());
        Steps steps = new Steps(request.explain());
        Verdict verdict = new LicenseVerifier(rule, chain).verify(proof, steps.trail());
        return LicenseAnswers.verdict(verdict, network, steps.taken());
    }

    /// @throws MalformedException if it is no proof
    static ProofFile read(String file, Exchange exchange) throws IOException, InterruptedException {
        try (InputStream in = exchange.want(file, null)) {
            return ProofJson.read(in.readNBytes(FinanceLimits.MAX_PROOF_BYTES + 1));
        }
    }

    /// Collects the checks of one proof, when somebody wants them.
    static final class Steps {
        private final List<Response.LicenseStep> taken = new ArrayList<>();
        private final boolean wanted;

        Steps(boolean wanted) {
            this.wanted = wanted;
        }

        Step.Trail trail() {
            return wanted
                    ? (name, passed, lines) ->
                            taken.add(new Response.LicenseStep(name, passed, lines.get()))
                    : Step.Trail.NONE;
        }

        List<Response.LicenseStep> taken() {
            return List.copyOf(taken);
        }
    }
}
