package dev.sovereign.mesh.pnet;

import dev.sovereign.mesh.SwarmKey;
import dev.sovereign.mesh.wire.Duplex;
import dev.sovereign.mesh.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// A connection on which everything but the nonces is enciphered with the swarm key. No length, no
/// padding, no authentication: a wrong key shows as noise, which [#accept] tells from a member by
/// the first bytes that every member sends.
public final class PnetConnection implements Duplex {

    /// Bytes that either side sends in clear, before all others.
    public static final int NONCE_BYTES = XSalsa20.NONCE_BYTES;

    private final Duplex raw;
    private final SwarmKey key;
    private final int keyIndex;
    private final XSalsa20 outbound;
    private @Nullable XSalsa20 inbound;

    private PnetConnection(
            Duplex raw, SwarmKey key, int keyIndex, XSalsa20 outbound, @Nullable XSalsa20 inbound) {
        this.raw = raw;
        this.key = key;
        this.keyIndex = keyIndex;
        this.outbound = outbound;
        this.inbound = inbound;
    }

    /// The dialer's side. Sends the nonce at once and does not wait for the other's: two who both
    /// wait never meet.
    ///
    /// @param nonce 24 random bytes, never used before
    public static PnetConnection dial(Duplex raw, SwarmKey key, byte[] nonce) throws IOException {
        XSalsa20 outbound = cipher(key, nonce);
        raw.write(nonce.clone(), 0, nonce.length);
        return new PnetConnection(raw, key, 0, outbound, null);
    }

    /// The listener's side. Sends the nonce, then nothing, until what arrives decrypts to
    /// `greeting` under one of the keys; that one is used from there on. Whoever does not know a
    /// key has seen 24 random bytes and, at the first byte that no key explains, the end.
    ///
    /// @param keys newest first; more than one while keys are rotated
    /// @param greeting what each member begins with; it is consumed
    /// @throws MalformedException if no key yields the greeting
    public static PnetConnection accept(
            Duplex raw, List<SwarmKey> keys, byte[] nonce, byte[] greeting) throws IOException {
        raw.write(nonce.clone(), 0, nonce.length);
        byte[] theirs = new byte[NONCE_BYTES];
        raw.readFully(theirs, 0, NONCE_BYTES);
        XSalsa20[] candidates = new XSalsa20[keys.size()];
        for (int i = 0; i < candidates.length; i++) {
            candidates[i] = cipher(keys.get(i), theirs);
        }
        byte[] read = new byte[greeting.length];
        byte[] clear = new byte[greeting.length];
        int have = 0;
        while (have < greeting.length) {
            int count = raw.read(read, have, greeting.length - have);
            if (count < 0) {
                throw new EOFException("ended within the first " + greeting.length + " bytes");
            }
            boolean possible = false;
            for (int i = 0; i < candidates.length; i++) {
                if (candidates[i] != null) {
                    System.arraycopy(read, have, clear, have, count);
                    candidates[i].apply(clear, have, count);
                    if (Arrays.equals(clear, have, have + count, greeting, have, have + count)) {
                        possible = true;
                    } else {
                        candidates[i] = null;
                    }
                }
            }
            if (!possible) {
                throw new MalformedException("not a member: no key yields the first message");
            }
            have += count;
        }
        int chosen = 0;
        while (candidates[chosen] == null) {
            chosen++;
        }
        SwarmKey key = keys.get(chosen);
        return new PnetConnection(raw, key, chosen, cipher(key, nonce), candidates[chosen]);
    }

    private static XSalsa20 cipher(SwarmKey key, byte[] nonce) {
        byte[] secret = key.exportBytes();
        XSalsa20 cipher = new XSalsa20(secret, nonce);
        Arrays.fill(secret, (byte) 0);
        return cipher;
    }

    /// The key of this connection.
    public SwarmKey key() {
        return key;
    }

    /// Its place in the list given to [#accept]; 0 for a dialer.
    public int keyIndex() {
        return keyIndex;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        XSalsa20 cipher = inbound;
        if (cipher == null) {
            byte[] theirs = new byte[NONCE_BYTES];
            raw.readFully(theirs, 0, NONCE_BYTES);
            cipher = cipher(key, theirs);
            inbound = cipher;
        }
        int count = raw.read(into, offset, length);
        if (count > 0) {
            cipher.apply(into, offset, count);
        }
        return count;
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        outbound.apply(from, offset, length);
        raw.write(from, offset, length);
    }

    @Override
    public void close() {
        raw.close();
    }
}
