package dev.sovereign.mesh.pnet;

import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

import java.security.SecureRandom;
import java.util.Arrays;

/// Our key stream beside BouncyCastle's, in turn, in one process: `XSalsa20Bench [ROUNDS]` prints
/// the median of each in MB/s and their ratio. The goal is 5.
final class XSalsa20Bench {

    private static final int BYTES = 32 << 20;
    private static final int CHUNK = 65_519;
    private static final int WARM = 6;

    private XSalsa20Bench() {}

    public static void main(String[] words) {
        int rounds = words.length > 0 ? Integer.parseInt(words[0]) : 15;
        byte[] key = new byte[32];
        byte[] nonce = new byte[24];
        SecureRandom random = new SecureRandom();
        random.nextBytes(key);
        random.nextBytes(nonce);
        byte[] chunk = new byte[CHUNK];
        XSalsa20 ours = new XSalsa20(key, nonce);
        XSalsa20Engine theirs = new XSalsa20Engine();
        theirs.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
        double[] our = new double[rounds];
        double[] their = new double[rounds];
        for (int i = -WARM; i < rounds; i++) {
            long start = System.nanoTime();
            for (int done = 0; done < BYTES; done += CHUNK) {
                ours.apply(chunk, 0, CHUNK);
            }
            long middle = System.nanoTime();
            for (int done = 0; done < BYTES; done += CHUNK) {
                theirs.processBytes(chunk, 0, CHUNK, chunk, 0);
            }
            long end = System.nanoTime();
            if (i >= 0) {
                our[i] = BYTES * 1e3 / (middle - start);
                their[i] = BYTES * 1e3 / (end - middle);
            }
        }
        Arrays.sort(our);
        Arrays.sort(their);
        System.out.printf(
                "ours %.0f MB/s, BouncyCastle %.0f MB/s, ratio %.2f%n",
                our[rounds / 2], their[rounds / 2], our[rounds / 2] / their[rounds / 2]);
    }
}
