package dev.sovereign.runtime.pack;

import dev.sovereign.error.SovereignException;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/// A package whose hash and signature hold. The module has not been looked at.
///
/// @param manifest of `manifestBytes`
/// @param manifestBytes `skill.toml` as it came
/// @param module the bytes that [Manifest#sha256] names
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record SkillPackage(Manifest manifest, byte[] manifestBytes, byte[] module) {

    /// DER of an Ed25519 public key up to its 32 bytes (RFC 8410, section 4).
    private static final byte[] DER = HexFormat.of().parseHex("302a300506032b6570032100");

    /// @throws SovereignException `skill.hash` or `skill.signature`
    public SkillPackage {
        String found = sha256(module);
        if (!found.equals(manifest.sha256())) {
            throw new SovereignException(
                    PackError.HASH,
                    "\""
                            + manifest.wasm()
                            + "\" has SHA-256 "
                            + found
                            + ", skill.toml says "
                            + manifest.sha256(),
                    "get the package again from its publisher; do not run this one");
        }
        Manifest.Publisher publisher = manifest.publisher();
        if (publisher != null && !isSigned(publisher, manifest.canonical())) {
            throw new SovereignException(
                    PackError.SIGNATURE,
                    "the signature of \""
                            + manifest.name()
                            + "\" does not belong to its manifest and the key "
                            + publisher.key(),
                    "get the package again from its publisher; do not run this one");
        }
    }

    /// Identifies exactly what was shown to whoever grants.
    public String manifestSha256() {
        return sha256(manifestBytes);
    }

    static boolean isSigned(Manifest.Publisher publisher, byte[] canonical) {
        try {
            byte[] der = new byte[DER.length + 32];
            System.arraycopy(DER, 0, der, 0, DER.length);
            System.arraycopy(HexFormat.of().parseHex(publisher.key()), 0, der, DER.length, 32);
            PublicKey key =
                    KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(canonical);
            return signature.verify(HexFormat.of().parseHex(publisher.signature()));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK has no Ed25519", missing);
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            return false; // no point of the curve, or no signature at all
        }
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK has no SHA-256", missing);
        }
    }
}
