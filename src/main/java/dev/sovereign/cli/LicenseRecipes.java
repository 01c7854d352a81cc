package dev.sovereign.cli;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;

import dev.sovereign.protocol.Response;

import java.math.BigDecimal;

/// What has to be paid, in the words of several wallets.
final class LicenseRecipes {

    /// Light modules around a code; readers need 4.
    private static final int QUIET = 4;

    private final Response.LicenseOffer offer;
    private final String amount;

    LicenseRecipes(Response.LicenseOffer offer) {
        this.offer = offer;
        this.amount = BigDecimal.valueOf(offer.sats(), 8).toPlainString();
    }

    /// Carries the payment alone: no wallet's URI can carry the binding.
    private String uri() {
        return "bitcoin:" + offer.address() + "?amount=" + amount;
    }

    private String core() {
        return "[{\""
                + offer.address()
                + "\":"
                + amount
                + "},{\"data\":\""
                + offer.payload()
                + "\"}]";
    }

    String json() {
        JsonLine line = new JsonLine().open('{').field("network", offer.network());
        line.field("testNetwork", offer.testNetwork()).field("address", offer.address());
        line.field("sats", offer.sats()).field("btc", amount);
        line.field("confirmations", offer.confirmations()).field("payload", offer.payload());
        line.field("script", offer.script()).field("uri", uri());
        line.field("coreOutputs", core());
        line.name("electrumPayToMany").open('[');
        line.value(offer.address() + ", " + amount);
        line.value("script(OP_RETURN " + offer.payload() + "), 0").close(']');
        return line.strings("warnings", offer.warnings()).close('}').toString();
    }

    void print(Invocation call, boolean draw) {
        Fields fields = new Fields(call);
        fields.add("network", offer.network() + (offer.testNetwork() ? " (TEST NETWORK)" : ""));
        fields.add("pay", amount + " BTC (" + offer.sats() + " sats), in one output");
        fields.add("to", offer.address());
        fields.add("payload", offer.payload());
        fields.add("OP_RETURN script", offer.script());
        fields.add("confirmations", Long.toString(offer.confirmations()));
        fields.print();
        call.line("");
        call.line("Payment and OP_RETURN have to be two outputs of one transaction. A payment");
        call.line("without it binds nothing, and a second transaction cannot add what is missing.");
        call.line("");
        call.line("Bitcoin Core");
        String flag =
                switch (offer.network()) {
                    case "mainnet" -> "";
                    case "testnet" -> " -testnet";
                    case "testnet4" -> " -testnet4";
                    case "signet" -> " -signet";
                    default -> " -regtest";
                };
        call.line("  bitcoin-cli" + flag + " send '" + core() + "'");
        call.line("");
        call.line("Electrum, in the window: Tools, Pay to many");
        call.line("  " + offer.address() + ", " + amount);
        call.line("  script(OP_RETURN " + offer.payload() + "), 0");
        call.line("");
        call.line("Other wallets: one with a field for OP_RETURN data in hex. One that takes text");
        call.line(
                "stores the hex digits, which is no license. Sparrow and BlueWallet have no such");
        call.line("field. A hardware wallet signs it: one push of 32 bytes, with 0 sats.");
        call.line("");
        call.line("  " + uri());
        call.line("  carries the payment only: complete it in a wallet that can add the OP_RETURN");
        if (draw) {
            call.line("");
            draw(call);
        }
        call.line("");
        call.line("Then: sovereign license activate TXID");
        if (offer.testNetwork()) {
            call.out.flush();
            call.say("TEST NETWORK: its blocks cost nothing, so this proves nothing");
        }
    }

    /// Two modules in a character. With colors it is black on white on any terminal; without, it
    /// takes a dark one for granted.
    private void draw(Invocation call) {
        ByteMatrix code;
        try {
            code = Encoder.encode(uri(), ErrorCorrectionLevel.M).getMatrix();
        } catch (WriterException impossible) {
            throw new IllegalStateException("a URI fits a QR code", impossible);
        }
        boolean color = call.outColor();
        int size = code.getWidth();
        for (int y = -QUIET; y < size + QUIET; y += 2) {
            StringBuilder line = new StringBuilder("  ");
            if (color) {
                line.append("\u001b[38;5;231;48;5;16m");
            }
            for (int x = -QUIET; x < size + QUIET; x++) {
                boolean upper = isLight(code, x, y);
                boolean lower = isLight(code, x, y + 1);
                line.append(upper ? lower ? '█' : '▀' : lower ? '▄' : ' ');
            }
            if (color) {
                line.append("\u001b[0m");
            }
            call.line(line.toString());
        }
    }

    private static boolean isLight(ByteMatrix code, int x, int y) {
        return x < 0
                || y < 0
                || x >= code.getWidth()
                || y >= code.getHeight()
                || code.get(x, y) == 0;
    }
}
