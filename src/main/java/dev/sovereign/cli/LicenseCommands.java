package dev.sovereign.cli;

import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// `license …`: licenses proven by Bitcoin. Commands that end with a verdict end with its exit
/// status.
final class LicenseCommands {
    private LicenseCommands() {}

    private static final Iterable<String> NETWORKS =
            Complete.words("mainnet", "testnet", "testnet4", "signet", "regtest");

    static final class Id extends Command {
        @Override
        void describe(Shape shape) {
            shape.flag("print the machine id itself, which is confidential", "--reveal");
            shape.text(
                    "Shows the payload that binds a license to this machine, and where the machine"
                            + " id that it is made of was found. The payload is public; the id is"
                            + " not, and nothing here sends it anywhere.");
            shape.example("sovereign license id", "The payload, and where the id is from.");
            shape.example("sovereign license id --json", "For a script of the seller.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Talk talk = new Talk(call);
            Response.LicenseIdentity found =
                    talk.askHere(new Request.LicenseId(call.flag("--reveal")));
            if (call.globals.json()) {
                JsonLine line = new JsonLine().open('{').field("payload", found.payload());
                line.field("from", found.from());
                if (found.id() != null) {
                    line.field("id", found.id());
                }
                call.line(line.strings("notes", found.notes()).close('}').toString());
                return 0;
            }
            Fields fields = new Fields(call);
            fields.add("payload", found.payload());
            fields.add("id from", found.from());
            if (found.id() != null) {
                fields.add("id", found.id());
            }
            fields.print();
            call.out.flush();
            found.notes().forEach(call::say);
            return 0;
        }
    }

    static final class Offer extends Command {
        @Override
        void describe(Shape shape) {
            terms(shape);
            shape.option(
                    "WHEN",
                    Complete.words("always", "auto", "never"),
                    "draw a QR code of the payment: always, auto (on a terminal) or never",
                    "--qr");
            shape.text(
                    "Prints what has to be paid for a license of this machine, and how to do it"
                            + " with several wallets. Asks nobody: address and price are those of"
                            + " the configuration.");
            shape.example("sovereign license request", "What to pay, and recipes for wallets.");
            shape.example("sovereign license request --json | jq -r .payload", "One field of it.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            String qr = call.choice("--qr", "auto", List.of("always", "auto", "never"));
            Talk talk = new Talk(call);
            Response.LicenseOffer offer = talk.askHere(new Request.LicenseRequest(given(call)));
            LicenseRecipes recipes = new LicenseRecipes(offer);
            if (call.globals.json()) {
                call.line(recipes.json());
            } else {
                boolean draw =
                        qr.equals("always") || (qr.equals("auto") && call.streams.outIsTerminal);
                recipes.print(call, draw);
                call.out.flush();
                offer.warnings().forEach(call::say);
            }
            return 0;
        }
    }

    static final class Check extends Command {
        @Override
        void describe(Shape shape) {
            shape.option(
                    "FILE|HEX",
                    Complete.FILE,
                    "the raw transaction: hex, or a file of hex or bytes; - is standard input",
                    "--tx");
            terms(shape);
            machine(shape);
            shape.text(
                    "Judges one raw transaction by the rule alone: does an output pay the price to"
                            + " the address, and does an OP_RETURN output push exactly the payload?"
                            + " Asks no daemon and no network; whether it is mined is not looked"
                            + " at. Exit status 0 match, 11 none.");
            shape.example(
                    "sovereign license check --tx t.hex --address bc1q… --sats 9000 --payload"
                            + " 9f…",
                    "In a script of the seller.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            String tx = call.value("--tx");
            if (tx == null) {
                throw Usage.wrong(
                        "--tx is missing", "give the raw transaction as hex, or a file with it");
            }
            Talk talk = new Talk(call);
            Response.LicenseJudged judged = talk.askHere(new Request.LicenseCheck(tx, given(call)));
            if (call.globals.json()) {
                JsonLine line = new JsonLine().open('{').field("match", judged.match());
                line.strings("reasons", judged.reasons()).strings("hints", judged.hints());
                line.field("paidSats", judged.paidSats()).field("txid", judged.txid());
                call.line(line.close('}').toString());
            } else {
                call.line(judged.match() ? "match" : "no-match");
                judged.reasons().forEach(call::line);
                call.out.flush();
                for (String hint : judged.hints()) {
                    call.say("hint: " + hint);
                }
            }
            return judged.match() ? 0 : 11;
        }
    }

    static final class Verify extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("FILE", Complete.FILE, "a proof file; - is standard input");
            terms(shape);
            machine(shape);
            shape.text(
                    "Verifies a proof file with nothing but this program: the rule, the"
                            + " transaction in its block, the block's headers and their work."
                            + " Opens no socket. "
                            + STATUSES);
            shape.example("sovereign license verify license.json", "Against the configuration.");
            shape.example(
                    "sovereign license verify his.json --address bc1q… --sats 9000 --payload"
                            + " 9f…",
                    "Somebody else's, by the seller.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Talk talk = new Talk(call);
            return LicenseVerdicts.print(
                    call,
                    talk.askHere(new Request.LicenseVerify(call.need(0), false, given(call))));
        }
    }

    static final class Explain extends Command {
        @Override
        void describe(Shape shape) {
            shape.optionalWord(
                    "FILE", Complete.FILE, "a proof file; otherwise the license of this node");
            terms(shape);
            machine(shape);
            shape.text(
                    "Shows each check of a proof with the bytes that it compares, in the order in"
                            + " which they are made. "
                            + STATUSES);
            shape.example("sovereign license explain", "The license of this node.");
            shape.example("sovereign license explain license.json", "A proof file.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Talk talk = new Talk(call);
            String file = call.word(0);
            return LicenseVerdicts.print(
                    call,
                    file == null
                            ? talk.ask(new Request.LicenseStatus(true))
                            : talk.askHere(new Request.LicenseVerify(file, true, given(call))));
        }
    }

    static final class Import extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("FILE", Complete.FILE, "a proof file; - is standard input");
            shape.text(
                    "Verifies a proof file and stores it as the license of this node, with the"
                            + " headers that it shows. One that does not hold changes nothing. "
                            + STATUSES);
            shape.example("sovereign license import license.json", "On a machine without network.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Talk talk = new Talk(call);
            return LicenseVerdicts.print(call, talk.ask(new Request.LicenseImport(call.need(0))));
        }
    }

    static final class Export extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("FILE", Complete.FILE, "the proof file; - is standard output");
            shape.text(
                    "Writes the license of this node as a proof that needs nobody: whoever has this"
                            + " program can verify it without a network. It holds no machine id.");
            shape.example("sovereign license export license.json", "To keep, or to move.");
        }

        @Override
        int run(Invocation call) throws InterruptedException, java.io.IOException {
            String file = call.need(0);
            try (AtomicFile target = AtomicFile.create(call.streams, file, true)) {
                Response.LicenseVerdict verdict =
                        target.receiver(call).ask(new Request.LicenseExport());
                target.commit();
                if (file.equals("-")) {
                    return 0;
                }
                return LicenseVerdicts.print(call, verdict);
            }
        }
    }

    static final class Status extends Command {
        @Override
        void describe(Shape shape) {
            shape.text(
                    "Judges the license of this node anew and says what it is. Asks no network. "
                            + STATUSES);
            shape.example("sovereign license status && start-the-product", "As a gate.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Talk talk = new Talk(call);
            return LicenseVerdicts.print(call, talk.ask(new Request.LicenseStatus(false)));
        }
    }

    private static final String STATUSES =
            "Exit status: 0 valid, 10 pending, 11 no match, 12 not found, 13 unverifiable.";

    private static void terms(Shape shape) {
        shape.option("ADDRESS", Complete.NOTHING, "in place of license.address", "--address");
        shape.option("N", Complete.NOTHING, "in place of license.sats", "--sats");
        shape.option("NET", NETWORKS, "in place of license.network", "--network");
        shape.option("N", Complete.NOTHING, "in place of license.confirmations", "--confirmations");
    }

    private static void machine(Shape shape) {
        shape.option("ID", Complete.NOTHING, "another machine's id", "--machine-id");
        shape.option("HEX", Complete.NOTHING, "another machine's payload", "--payload");
    }

    private static Request.LicenseTerms given(Invocation call) {
        String id = call.value("--machine-id");
        String payload = call.value("--payload");
        if (id != null && payload != null) {
            throw Usage.wrong(
                    "--machine-id and --payload name the same thing twice", "give one of them");
        }
        return new Request.LicenseTerms(
                call.value("--network"),
                call.value("--address"),
                number(call, "--sats"),
                number(call, "--confirmations"),
                id,
                payload);
    }

    private static @Nullable Long number(Invocation call, String option) {
        return Amounts.count(option, call.value(option));
    }
}
