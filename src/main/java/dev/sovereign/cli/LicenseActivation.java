package dev.sovereign.cli;

import dev.sovereign.protocol.Request;

import org.jspecify.annotations.Nullable;

/// `license activate`: looks for the payment of a license at servers and peers, and follows it.
final class LicenseActivation extends Command {

    @Override
    void describe(Shape shape) {
        shape.optionalWord(
                "TXID",
                Complete.NOTHING,
                "the transaction that paid; without it the history of the address is searched");
        shape.option(
                "H",
                Complete.NOTHING,
                "the height of its block, where servers keep no history, or only peers are asked",
                "--height");
        shape.flag("look once, and leave the rest to the daemon", "--no-wait");
        shape.text(
                "Asks the servers of license.electrum and the peers of license.peers, and nobody"
                        + " else, for a payment; verifies what they show; stores the proof; and"
                        + " follows it until it is confirmed. None of them is believed: the headers"
                        + " with the most work decide. With --no-wait, or after Ctrl-C, the daemon"
                        + " goes on watching. Exit status: 0 valid, 10 pending, 11 no match, 12 not"
                        + " found, 13 unverifiable.");
        shape.example("sovereign license activate 4a5e1e…", "Until it is confirmed.");
        shape.example(
                "sovereign license activate 4a5e1e… --height 900001 --no-wait",
                "One look, with the block named.");
    }

    @Override
    int run(Invocation call) throws InterruptedException {
        Talk talk = new Talk(call);
        @Nullable Long height = Amounts.count("--height", call.value("--height"));
        return LicenseVerdicts.print(
                call,
                talk.ask(
                        new Request.LicenseActivate(
                                call.word(0), height, !call.flag("--no-wait"))));
    }
}
