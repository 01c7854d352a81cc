package dev.sovereign.mesh;

import java.util.Arrays;
import java.util.Random;

/// Bytes that are nearly right: what fuzzers of this package and those below it feed to parsers.
public final class Mutation {
    private Mutation() {}

    /// A copy of `model` with up to four edits: bytes changed, cut off, repeated or put in.
    public static byte[] of(byte[] model, Random random) {
        byte[] bytes = model.clone();
        for (int edits = random.nextInt(5); edits > 0 && bytes.length > 0; edits--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0x80);
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                case 4 -> bytes = splice(bytes, at, random.nextInt(bytes.length - at + 1));
                default -> {
                    byte[] more = new byte[random.nextInt(9)];
                    random.nextBytes(more);
                    bytes = insert(bytes, at, more);
                }
            }
        }
        return bytes;
    }

    /// What stands at `at` a second time.
    private static byte[] splice(byte[] bytes, int at, int length) {
        return insert(bytes, at, Arrays.copyOfRange(bytes, at, at + length));
    }

    private static byte[] insert(byte[] bytes, int at, byte[] more) {
        byte[] longer = new byte[bytes.length + more.length];
        System.arraycopy(bytes, 0, longer, 0, at);
        System.arraycopy(more, 0, longer, at, more.length);
        System.arraycopy(bytes, at, longer, at + more.length, bytes.length - at);
        return longer;
    }
}
