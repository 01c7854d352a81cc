package dev.sovereign.finance;

import dev.sovereign.error.SovereignException;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/// The 32 bytes that bind a license to a machine: SHA-256 of `LICENSE` and the machine id. Public:
/// it stands in the transaction, and the id cannot be found from it.
public final class Payload {

    /// Bytes of a payload.
    public static final int BYTES = 32;

    static final String PREFIX = "LICENSE";

    private final byte[] bytes;

    private Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Reads 64 hex digits.
    ///
    /// @throws SovereignException `license.payload`
    public static Payload ofHex(String hex) {
        if (hex.length() == 2 * BYTES) {
            try {
                return new Payload(HexFormat.of().parseHex(hex));
            } catch (IllegalArgumentException noHex) {
                // refused below
            }
        }
        throw new SovereignException(
                LicenseError.PAYLOAD,
                "a payload has 64 hex digits, not " + hex.length() + " characters of this",
                "`sovereign license id` prints the payload of this machine");
    }

    /// The payload of a text, whatever it is.
    static Payload ofText(String prefix, String id) {
        MessageDigest sha = Sha256.digest();
        sha.update(prefix.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        sha.update(id.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return new Payload(sha.digest());
    }

    static Payload ofBytes(byte[] bytes) {
        return new Payload(bytes.clone());
    }

    /// A copy.
    public byte[] bytes() {
        return bytes.clone();
    }

    /// The whole OP_RETURN script of the output that binds.
    public byte[] script() {
        byte[] script = new byte[2 + BYTES];
        script[0] = 0x6a;
        script[1] = BYTES;
        System.arraycopy(bytes, 0, script, 2, BYTES);
        return script;
    }

    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload payload && Arrays.equals(bytes, payload.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
