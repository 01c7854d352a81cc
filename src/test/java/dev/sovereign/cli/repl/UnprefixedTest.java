package dev.sovereign.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

final class UnprefixedTest {

    private static String through(int piece, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Unprefixed out = new Unprefixed(bytes)) {
            byte[] all = text.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < all.length; i += piece) {
                out.write(all, i, Math.min(piece, all.length - i));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void leavesOutTheNameAtTheBeginningOfLinesOnly() throws IOException {
        String text =
                "sovereign: error: a\n"
                        + "  sovereign: b\n"
                        + "sover\n"
                        + "sovereign:\u001b[1mx\n\n"
                        + "sovereign: hint: c\n"
                        + "\r"
                        + "working\u001b[K\r"
                        + "\u001b[Ksovereign: stopped\n"
                        + "sove";
        String expected =
                "error: a\n  sovereign: b\nsover\nsovereign:\u001b[1mx\n\nhint: c\n"
                        + "\rworking\u001b[K\r\u001b[Kstopped\nsove";
        for (int piece = 1; piece <= text.length(); piece++) {
            assertEquals(expected, through(piece, text), "pieces of " + piece);
        }
    }
}
