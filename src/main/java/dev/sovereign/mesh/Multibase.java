package dev.sovereign.mesh;

import dev.sovereign.mesh.wire.MalformedException;

import java.util.Arrays;

/// Bytes as text, in the alphabets that PeerIds are written in. Meant for texts of at most
/// [#MAX_CHARS]: base58 and base36 take time that grows with the square of the length.
///
/// @see <a href="https://github.com/multiformats/multibase">multibase</a>
final class Multibase {

    private static final String BASE58 =
            "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final String BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    /// Guess: twice the longest text of a PeerId that we take (66 characters of base36).
    static final int MAX_CHARS = 128;

    private Multibase() {}

    /// Reads a text whose first character names its alphabet: `b`, `k` or `z`.
    static byte[] decode(String text) throws MalformedException {
        if (text.isEmpty()) {
            throw new MalformedException("empty multibase text");
        }
        String digits = text.substring(1);
        return switch (text.charAt(0)) {
            case 'b' -> base32(digits);
            case 'k' -> positional(digits, BASE36);
            case 'z' -> positional(digits, BASE58);
            default ->
                    throw new MalformedException(
                            "multibase prefix \""
                                    + text.charAt(0)
                                    + "\", expected \"b\", \"k\" or \"z\"");
        };
    }

    static byte[] decodeBase58(String text) throws MalformedException {
        return positional(text, BASE58);
    }

    static String encodeBase58(byte[] bytes) {
        char[] digits = new char[bytes.length * 138 / 100 + 1]; // log 256 / log 58 = 1.366
        int used = 0;
        for (byte next : bytes) {
            int carry = Byte.toUnsignedInt(next);
            for (int i = 0; i < used || carry > 0; i++) {
                if (i == used) {
                    used++;
                }
                carry += digits[i] << 8;
                digits[i] = (char) (carry % 58);
                carry /= 58;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length && bytes[i] == 0; i++) {
            text.append(BASE58.charAt(0));
        }
        for (int i = used - 1; i >= 0; i--) {
            text.append(BASE58.charAt(digits[i]));
        }
        return text.toString();
    }

    /// One big number; each leading zero digit is one leading zero byte.
    private static byte[] positional(String text, String alphabet) throws MalformedException {
        bound(text);
        byte[] reversed = new byte[text.length()];
        int used = 0;
        for (int at = 0; at < text.length(); at++) {
            int carry = digit(text, at, alphabet);
            for (int i = 0; i < used || carry > 0; i++) {
                if (i == used) {
                    used++;
                }
                carry += Byte.toUnsignedInt(reversed[i]) * alphabet.length();
                reversed[i] = (byte) carry;
                carry >>>= 8;
            }
        }
        int zeros = 0;
        while (zeros < text.length() && text.charAt(zeros) == alphabet.charAt(0)) {
            zeros++;
        }
        byte[] bytes = new byte[zeros + used];
        for (int i = 0; i < used; i++) {
            bytes[bytes.length - 1 - i] = reversed[i];
        }
        return bytes;
    }

    /// RFC 4648, lower case, no padding; the bits left over must be zero.
    private static byte[] base32(String text) throws MalformedException {
        bound(text);
        byte[] bytes = new byte[text.length() * 5 / 8];
        int bits = 0;
        int held = 0;
        int used = 0;
        for (int at = 0; at < text.length(); at++) {
            held = held << 5 | digit(text, at, BASE32);
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes[used++] = (byte) (held >>> bits);
                held &= (1 << bits) - 1;
            }
        }
        if (bits >= 5 || held != 0) {
            throw new MalformedException("base32 text of " + text.length() + " characters is cut");
        }
        return Arrays.copyOf(bytes, used);
    }

    private static int digit(String text, int at, String alphabet) throws MalformedException {
        int digit = alphabet.indexOf(text.charAt(at));
        if (digit < 0) {
            throw new MalformedException(
                    "character " + (at + 1) + " is none of base" + alphabet.length());
        }
        return digit;
    }

    private static void bound(String text) throws MalformedException {
        if (text.length() > MAX_CHARS) {
            throw new MalformedException(
                    "text of " + text.length() + " characters, at most " + MAX_CHARS);
        }
    }
}
