package dev.sovereign.core.store;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-256-GCM for the records of one epoch: what one opening of the store wrote to one file.
///
/// A nonce is never used twice with one key: the key is derived from 32 random bytes that are made
/// afresh for every file and for every opening that appends to a file, and under it the nonce is
/// the record's number in the file, which only grows while the store is open; after a failed write
/// nothing more is written until the store is opened anew. So neither a cut tail, nor a restored or
/// copied store, can bring back a pair. The argument in full: docs/store.md, "Encryption".
///
/// Not thread-safe.
final class RecordCipher {

    static final int TAG_BYTES = 16;

    private final SecretKeySpec key;
    private final Cipher cipher;
    private final byte[] nonce = new byte[12];

    /// @param logKey of the generation
    /// @param epochSalt random, of this epoch
    RecordCipher(byte[] logKey, byte[] epochSalt) {
        key =
                new SecretKeySpec(
                        StoreKey.derive(logKey, epochSalt, "sovereign store epoch", StoreKey.BYTES),
                        "AES");
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no AES-GCM", missing);
        }
    }

    /// Loads and sets up all that a record takes, with a key of zeros and nothing in it.
    static void warmUp() {
        byte[] zeros = new byte[StoreKey.BYTES];
        RecordCipher cipher = new RecordCipher(zeros, zeros);
        ByteOutput sealed = new ByteOutput(2 * StoreKey.BYTES);
        cipher.seal(zeros, 0, zeros.length, 0, zeros, sealed);
        try {
            cipher.open(sealed.array(), 0, sealed.size(), 0, zeros, new byte[zeros.length]);
        } catch (MalformedException bug) {
            throw new IllegalStateException(bug);
        }
    }

    /// Encrypts `length` bytes and appends ciphertext and tag to `out`.
    ///
    /// @param bound header bytes that decryption must see unchanged
    void seal(byte[] plain, int offset, int length, long number, byte[] bound, ByteOutput out) {
        int at = out.skip(length + TAG_BYTES);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, parameters(number));
            cipher.updateAAD(bound);
            cipher.doFinal(plain, offset, length, out.array(), at);
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException("cannot encrypt a record", bug);
        }
    }

    /// Decrypts into `plain`, which has room.
    ///
    /// @return bytes of plain text
    int open(byte[] sealed, int offset, int length, long number, byte[] bound, byte[] plain)
            throws MalformedException {
        if (length < TAG_BYTES) {
            throw new MalformedException("an encrypted record of " + length + " bytes");
        }
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, parameters(number));
            cipher.updateAAD(bound);
            return cipher.doFinal(sealed, offset, length, plain, 0);
        } catch (AEADBadTagException tampered) {
            throw new MalformedException(
                    "an encrypted record does not fit its key: it was changed, or is another"
                            + " store's");
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException("cannot decrypt a record", bug);
        }
    }

    private GCMParameterSpec parameters(long number) {
        ByteBuffer.wrap(nonce).putLong(4, number);
        return new GCMParameterSpec(8 * TAG_BYTES, nonce);
    }
}
