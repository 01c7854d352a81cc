package dev.sovereign.mesh.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sovereign.mesh.JsonTree;
import dev.sovereign.mesh.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// The vectors of two other implementations (resources/vectors/mesh/noise-xx.json names them)
/// through our symmetric state, key agreement and ciphers, as both sides at once.
class NoiseVectorsTest {

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    @Test
    void thePublishedHandshakesComeOutByteForByte() throws Exception {
        List<JsonTree> vectors =
                JsonTree.resource("/vectors/mesh/noise-xx.json").get("vectors").list();
        assertEquals(2, vectors.size());
        for (JsonTree vector : vectors) {
            String name = vector.get("protocol_name").text();
            SymmetricState initiator = new SymmetricState(name, vector.get("init_prologue").hex());
            SymmetricState responder = new SymmetricState(name, vector.get("resp_prologue").hex());
            X25519Key ie = X25519Key.ofPrivate(vector.get("init_ephemeral").hex());
            X25519Key is = X25519Key.ofPrivate(vector.get("init_static").hex());
            X25519Key re = X25519Key.ofPrivate(vector.get("resp_ephemeral").hex());
            X25519Key rs = X25519Key.ofPrivate(vector.get("resp_static").hex());
            List<JsonTree> messages = vector.get("messages").list();

            initiator.mixHash(ie.publicKey());
            byte[] first =
                    join(
                            ie.publicKey(),
                            initiator.encryptAndHash(messages.get(0).get("payload").hex()));
            assertArrayEquals(messages.get(0).get("ciphertext").hex(), first);
            responder.mixHash(ie.publicKey());
            responder.decryptAndHash(Arrays.copyOfRange(first, 32, first.length));

            responder.mixHash(re.publicKey());
            responder.mixKey(re.agree(ie.publicKey()));
            byte[] sealedStatic = responder.encryptAndHash(rs.publicKey());
            responder.mixKey(rs.agree(ie.publicKey()));
            byte[] payload = messages.get(1).get("payload").hex();
            byte[] second = join(re.publicKey(), sealedStatic, responder.encryptAndHash(payload));
            assertArrayEquals(messages.get(1).get("ciphertext").hex(), second);
            initiator.mixHash(re.publicKey());
            initiator.mixKey(ie.agree(re.publicKey()));
            assertArrayEquals(rs.publicKey(), initiator.decryptAndHash(sealedStatic));
            initiator.mixKey(ie.agree(rs.publicKey()));
            assertArrayEquals(
                    payload,
                    initiator.decryptAndHash(Arrays.copyOfRange(second, 80, second.length)));

            sealedStatic = initiator.encryptAndHash(is.publicKey());
            initiator.mixKey(is.agree(re.publicKey()));
            payload = messages.get(2).get("payload").hex();
            byte[] third = join(sealedStatic, initiator.encryptAndHash(payload));
            assertArrayEquals(messages.get(2).get("ciphertext").hex(), third);
            assertArrayEquals(is.publicKey(), responder.decryptAndHash(sealedStatic));
            responder.mixKey(re.agree(is.publicKey()));
            assertArrayEquals(
                    payload, responder.decryptAndHash(Arrays.copyOfRange(third, 48, third.length)));

            byte[][] keys = initiator.split();
            CipherState[] directions = {new CipherState(keys[1]), new CipherState(keys[0])};
            for (int i = 3; i < messages.size(); i++) {
                byte[] clear = messages.get(i).get("payload").hex();
                byte[] sealed = new byte[clear.length + CipherState.TAG_BYTES];
                directions[i % 2 == 1 ? 0 : 1].seal(new byte[0], clear, 0, clear.length, sealed, 0);
                assertArrayEquals(messages.get(i).get("ciphertext").hex(), sealed);
            }
        }
    }

    /// RFC 7748, 5.2, the first vector.
    @Test
    void keyAgreementIsThatOfTheRfc() throws Exception {
        HexFormat hex = HexFormat.of();
        byte[] shared =
                X25519Key.ofPrivate(
                                hex.parseHex(
                                        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"))
                        .agree(
                                hex.parseHex(
                                        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"));
        assertEquals(
                "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
                hex.formatHex(shared));
    }

    @Test
    void aPointOfSmallOrderIsRefused() {
        X25519Key key = X25519Key.generate(new java.security.SecureRandom());
        assertThrows(MalformedException.class, () -> key.agree(new byte[32]));
        byte[] one = new byte[32];
        one[0] = 1;
        assertThrows(MalformedException.class, () -> key.agree(one));
    }
}
