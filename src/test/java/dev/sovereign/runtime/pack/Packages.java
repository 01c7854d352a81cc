package dev.sovereign.runtime.pack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Packages for tests.
public final class Packages {
    private Packages() {}

    /// The smallest module there is.
    public static final byte[] EMPTY_MODULE = HexFormat.of().parseHex("0061736d01000000");

    /// @param rest further lines
    public static String manifest(String name, String version, byte[] module, String rest) {
        return "name = \"%s\"\nversion = \"%s\"\nabi = \"wasi-command\"\nwasm = \"m.wasm\"\nsha256 = \"%s\"\n%s\n"
                .formatted(name, version, SkillPackage.sha256(module), rest);
    }

    public static SkillPackage of(String manifest, byte[] module) {
        byte[] bytes = manifest.getBytes(StandardCharsets.UTF_8);
        return new SkillPackage(ManifestReader.read(bytes), bytes, module);
    }

    public static byte[] zip(Object... namesAndContents) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                out.putNextEntry(new ZipEntry((String) namesAndContents[i]));
                out.write(
                        namesAndContents[i + 1] instanceof String text
                                ? text.getBytes(StandardCharsets.UTF_8)
                                : (byte[]) namesAndContents[i + 1]);
                out.closeEntry();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    public static KeyPair key() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// The manifest with a publisher's table at its end.
    public static String signed(String manifest, KeyPair key) {
        byte[] der = key.getPublic().getEncoded();
        String publicKey =
                HexFormat.of().formatHex(Arrays.copyOfRange(der, der.length - 32, der.length));
        String unsigned = manifest + "[publisher]\nkey = \"" + publicKey + "\"\n";
        byte[] canonical =
                ManifestReader.read(
                                (unsigned + "signature = \"" + "0".repeat(128) + "\"\n")
                                        .getBytes(StandardCharsets.UTF_8))
                        .canonical();
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key.getPrivate());
            signature.update(canonical);
            return unsigned
                    + "signature = \""
                    + HexFormat.of().formatHex(signature.sign())
                    + "\"\n";
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
