package dev.sovereign.mesh.identify;

import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.mesh.PeerId;
import dev.sovereign.mesh.wire.MalformedException;
import dev.sovereign.mesh.wire.ProtobufReader;
import dev.sovereign.mesh.wire.ProtobufWriter;
import dev.sovereign.mesh.wire.Varint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Addresses that a peer has signed, in an envelope.
///
/// @param sequence unsigned; a record replaces those with a lower one
/// @see <a href="https://github.com/libp2p/specs/blob/master/RFC/0003-routing-records.md">RFC
///   3</a>, whose constants differ from those in use
record PeerRecord(PeerId peer, long sequence, List<Multiaddr> addresses) {

    private static final byte[] PAYLOAD_TYPE = {0x03, 0x01};
    private static final byte[] DOMAIN = "libp2p-peer-record".getBytes(StandardCharsets.US_ASCII);

    PeerRecord {
        addresses = List.copyOf(addresses);
    }

    /// The serialized envelope.
    static byte[] sign(Identity identity, long sequence, List<Multiaddr> addresses) {
        ProtobufWriter record =
                new ProtobufWriter().bytes(1, identity.peerId().toBytes()).varint(2, sequence);
        for (Multiaddr address : addresses) {
            record.message(3, new ProtobufWriter().bytes(1, address.toBytes()));
        }
        byte[] payload = record.toBytes();
        return new ProtobufWriter()
                .bytes(1, identity.publicKey())
                .bytes(2, PAYLOAD_TYPE)
                .bytes(3, payload)
                .bytes(5, identity.sign(signed(payload)))
                .toBytes();
    }

    private static byte[] signed(byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : List.of(DOMAIN, PAYLOAD_TYPE, payload)) {
            out.writeBytes(Varint.bytes(part.length));
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /// Checks the signature first, then reads what was signed.
    static PeerRecord verify(byte[] envelope) throws MalformedException {
        int most = IdentifyMessage.MAX_BYTES;
        byte[] key = {};
        byte[] type = {};
        byte[] payload = {};
        byte[] signature = {};
        ProtobufReader reader = new ProtobufReader(envelope);
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> key = reader.bytes(most);
                case 2 -> type = reader.bytes(most);
                case 3 -> payload = reader.bytes(most);
                case 5 -> signature = reader.bytes(most);
                default -> reader.skip();
            }
        }
        if (!Arrays.equals(type, PAYLOAD_TYPE)) {
            throw new MalformedException("an envelope that holds no peer record");
        }
        if (!Identity.verify(key, signed(payload), signature)) {
            throw new MalformedException("a peer record with a wrong signature");
        }
        return parse(payload, PeerId.ofPublicKey(key));
    }

    private static PeerRecord parse(byte[] payload, PeerId signer) throws MalformedException {
        byte[] peer = {};
        long sequence = 0;
        Set<Multiaddr> addresses = new LinkedHashSet<>();
        ProtobufReader reader = new ProtobufReader(payload);
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> peer = reader.bytes(PeerId.MAX_BYTES);
                case 2 -> sequence = reader.varint();
                case 3 -> {
                    ProtobufReader info =
                            new ProtobufReader(reader.message(IdentifyMessage.MAX_BYTES));
                    while (info.next()) {
                        if (info.field() == 1) {
                            IdentifyMessage.address(
                                    info.bytes(IdentifyMessage.MAX_BYTES), addresses);
                        } else {
                            info.skip();
                        }
                    }
                }
                default -> reader.skip();
            }
        }
        if (!Arrays.equals(peer, signer.toBytes())) {
            throw new MalformedException("a peer record that somebody else has signed");
        }
        return new PeerRecord(signer, sequence, List.copyOf(addresses));
    }
}
