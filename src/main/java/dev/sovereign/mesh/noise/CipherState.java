package dev.sovereign.mesh.noise;

import dev.sovereign.mesh.wire.MalformedException;

import java.security.GeneralSecurityException;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// One key of ChaCha20-Poly1305 and the counter that is its nonce: four zero bytes, then 64 bits,
/// little-endian (Noise, 12.3). Sealing and opening share the counter: in a handshake both sides
/// use the same key in turn. One owner.
final class CipherState {

    static final int KEY_BYTES = 32;
    static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;

    private final SecretKeySpec key;
    private final Cipher cipher;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private long counter;

    CipherState(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + key.length);
        }
        try {
            this.cipher = Cipher.getInstance("ChaCha20-Poly1305");
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no ChaCha20-Poly1305", missing);
        }
        this.key = new SecretKeySpec(key, "ChaCha20");
    }

    /// Seals `length` bytes under the next nonce; writes [#TAG_BYTES] more than it reads. `from`
    /// and `into` may be the same array if the places are the same too.
    void seal(byte[] ad, byte[] from, int offset, int length, byte[] into, int at) {
        try {
            begin(Cipher.ENCRYPT_MODE, ad);
            cipher.doFinal(from, offset, length, into, at);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot seal " + length + " bytes", impossible);
        }
    }

    /// Opens `length` bytes, tag included, under the next nonce. Nothing is written to `into`
    /// before the tag has been found right.
    ///
    /// @throws MalformedException if it is not; the state must not be used again
    void open(byte[] ad, byte[] from, int offset, int length, byte[] into, int at)
            throws MalformedException {
        try {
            begin(Cipher.DECRYPT_MODE, ad);
            cipher.doFinal(from, offset, length, into, at);
        } catch (AEADBadTagException forged) {
            throw new MalformedException("a sealed message that does not verify", forged);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot open " + length + " bytes", impossible);
        }
    }

    private void begin(int mode, byte[] ad) throws GeneralSecurityException {
        if (counter == -1L) {
            throw new IllegalStateException("the nonces of this key are used up");
        }
        long rest = counter++;
        for (int i = NONCE_BYTES - Long.BYTES; i < NONCE_BYTES; i++) {
            nonce[i] = (byte) rest;
            rest >>>= 8;
        }
        cipher.init(mode, key, new IvParameterSpec(nonce));
        if (ad.length > 0) {
            cipher.updateAAD(ad);
        }
    }

    /// Nothing of the key.
    @Override
    public String toString() {
        return "CipherState[counter " + counter + "]";
    }
}
