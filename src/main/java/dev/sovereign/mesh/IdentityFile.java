package dev.sovereign.mesh;

import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/// The file that keeps an [Identity]: its PrivateKey message as one line of padded base64, the form
/// in which kubo's configuration holds it.
public final class IdentityFile {

    /// 68 bytes are 92 characters, 100 bytes 136; some room for white space.
    private static final int MAX_BYTES = 256;

    private static final String WHAT = "identity";

    private IdentityFile() {}

    /// Null when there is no such file.
    ///
    /// @throws SovereignException when others can read it, or it is not an Ed25519 key
    public static @Nullable Identity read(Path path) {
        byte[] content = SecretFile.read(path, WHAT, MAX_BYTES);
        if (content == null) {
            return null;
        }
        byte[] message = new byte[0];
        try {
            String text = new String(content, StandardCharsets.ISO_8859_1).strip();
            message = Base64.getDecoder().decode(text);
            return Identity.parsePrivateKey(message);
        } catch (MalformedException malformed) {
            throw wrong(path, String.valueOf(malformed.getMessage()));
        } catch (IllegalArgumentException noBase64) {
            throw wrong(
                    path, "it is not one line of base64"); // whose own message quotes a character
        } finally {
            Arrays.fill(content, (byte) 0);
            Arrays.fill(message, (byte) 0);
        }
    }

    /// @throws SovereignException [MeshError#KEY_EXISTS] when there is one, [MeshError#KEY_FILE]
    public static void write(Path path, Identity identity) {
        String text = Base64.getEncoder().encodeToString(identity.exportPrivateKey()) + "\n";
        SecretFile.write(path, WHAT, text.getBytes(StandardCharsets.US_ASCII), false);
    }

    /// The identity of that file; a new one when there is none. Of several processes that do this
    /// at once, all get the same.
    public static Identity readOrCreate(Path path, SecureRandom random) {
        Identity there = read(path);
        if (there != null) {
            return there;
        }
        Identity fresh = Identity.generate(random);
        try {
            write(path, fresh);
            return fresh;
        } catch (SovereignException failure) {
            Identity first =
                    failure.first().code().equals(MeshError.KEY_EXISTS.code()) ? read(path) : null;
            if (first == null) {
                throw failure;
            }
            return first;
        }
    }

    private static SovereignException wrong(Path path, String why) {
        return new SovereignException(
                MeshError.IDENTITY,
                WHAT + " \"" + path + "\" cannot be used: " + why,
                "put the right file back; without it the node is somebody else to its peers");
    }
}
