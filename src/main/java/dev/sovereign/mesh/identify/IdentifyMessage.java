package dev.sovereign.mesh.identify;

import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.mesh.PeerId;
import dev.sovereign.mesh.wire.Duplex;
import dev.sovereign.mesh.wire.MalformedException;
import dev.sovereign.mesh.wire.ProtobufReader;
import dev.sovereign.mesh.wire.ProtobufWriter;
import dev.sovereign.mesh.wire.Varint;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The message of identify and identify push: fields that are there and fields that are not.
///
/// @see <a href="https://github.com/libp2p/specs/blob/master/identify/README.md">identify</a>
public final class IdentifyMessage {

    /// Names of the two protocols.
    public static final String IDENTIFY = "/ipfs/id/1.0.0";

    public static final String PUSH = "/ipfs/id/push/1.0.0";

    private static final String PROTOCOL_VERSION = "ipfs/0.1.0";

    /// Of one message; go and js take as much.
    static final int MAX_BYTES = 8 * 1_024;

    /// Of our own message: rust reads no more.
    private static final int MAX_OWN_BYTES = 4 * 1_024;

    /// Messages that may follow one another and are merged.
    private static final int MAX_MESSAGES = 10;

    private static final int MAX_PROTOCOLS = 1_024;
    private static final int MAX_PROTOCOL_BYTES = 256;

    /// Ours, as the next one.
    static final int MAX_ADDRESSES = 64;

    static final int MAX_ADDRESS_BYTES = 256;
    private static final int MAX_TEXT_BYTES = 256;

    private byte @Nullable [] publicKey;
    private final Set<Multiaddr> addresses = new LinkedHashSet<>();
    private final Set<String> protocols = new LinkedHashSet<>();
    private boolean hasAddresses;
    private @Nullable Multiaddr observed;
    private @Nullable String protocolVersion;
    private @Nullable String agent;
    private byte @Nullable [] signedRecord;

    private IdentifyMessage() {}

    /// What this node says of itself; some addresses are left out if it would become too long.
    ///
    /// @param observed as which address we see the other side
    /// @param sequence of the signed record: higher than that of any earlier one
    /// @param signed the record as signed last
    public static byte[] own(
            Identity identity,
            List<Multiaddr> addresses,
            List<String> protocols,
            Multiaddr observed,
            String agent,
            long sequence,
            SignedRecord signed) {
        List<Multiaddr> told =
                new ArrayList<>(addresses.subList(0, Math.min(addresses.size(), MAX_ADDRESSES)));
        while (true) {
            ProtobufWriter writer = new ProtobufWriter().bytes(1, identity.publicKey());
            told.forEach(address -> writer.bytes(2, address.toBytes()));
            protocols.forEach(protocol -> writer.string(3, protocol));
            byte[] message =
                    writer.bytes(4, observed.toBytes())
                            .string(5, PROTOCOL_VERSION)
                            .string(6, agent)
                            .bytes(8, signed.of(identity, sequence, told))
                            .toBytes();
            if (message.length <= MAX_OWN_BYTES || told.isEmpty()) {
                return message;
            }
            told.removeLast();
        }
    }

    /// The message with its length before it, as it travels.
    public static byte[] framed(byte[] message) {
        byte[] prefix = Varint.bytes(message.length);
        byte[] whole = java.util.Arrays.copyOf(prefix, prefix.length + message.length);
        System.arraycopy(message, 0, whole, prefix.length, message.length);
        return whole;
    }

    /// Reads messages to the end of the stream and merges them: lists append, single fields
    /// replace.
    public static IdentifyMessage read(Duplex stream, InputStream input) throws IOException {
        IdentifyMessage merged = new IdentifyMessage();
        for (int i = 0; i <= MAX_MESSAGES; i++) {
            byte[] first = new byte[1];
            if (stream.read(first, 0, 1) < 0) {
                if (i == 0) {
                    throw new MalformedException("identify without a message");
                }
                return merged;
            }
            if (i == MAX_MESSAGES) {
                break;
            }
            long length = first[0];
            if (length < 0) {
                length = (length & 0x7f) | (Varint.read(input, MAX_BYTES) << 7);
            }
            if (length > MAX_BYTES) {
                throw new MalformedException(
                        "a message of " + length + " bytes, at most " + MAX_BYTES + " may be");
            }
            byte[] message = new byte[(int) length];
            stream.readFully(message, 0, message.length);
            merged.add(message);
        }
        throw new MalformedException("more than " + MAX_MESSAGES + " messages");
    }

    static IdentifyMessage parse(byte[] message) throws MalformedException {
        IdentifyMessage parsed = new IdentifyMessage();
        parsed.add(message);
        return parsed;
    }

    private void add(byte[] message) throws MalformedException {
        ProtobufReader reader = new ProtobufReader(message);
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> publicKey = reader.bytes(MAX_BYTES);
                case 2 -> {
                    hasAddresses = true;
                    address(reader.bytes(MAX_BYTES), addresses);
                }
                case 3 -> {
                    if (protocols.size() == MAX_PROTOCOLS) {
                        throw new MalformedException("more than " + MAX_PROTOCOLS + " protocols");
                    }
                    protocols.add(reader.string(MAX_PROTOCOL_BYTES));
                }
                case 4 -> observed = known(reader.bytes(MAX_BYTES));
                case 5 -> protocolVersion = reader.string(MAX_TEXT_BYTES);
                case 6 -> agent = reader.string(MAX_TEXT_BYTES);
                case 8 -> signedRecord = reader.bytes(MAX_BYTES);
                default -> reader.skip();
            }
        }
    }

    /// Adds an address of a kind that we know; others are passed over.
    static void address(byte[] bytes, Set<Multiaddr> addresses) throws MalformedException {
        Multiaddr address = known(bytes);
        if (address != null) {
            if (addresses.size() == MAX_ADDRESSES) {
                throw new MalformedException("more than " + MAX_ADDRESSES + " addresses");
            }
            addresses.add(address);
        }
    }

    private static @Nullable Multiaddr known(byte[] bytes) {
        if (bytes.length > MAX_ADDRESS_BYTES) {
            return null;
        }
        try {
            return Multiaddr.parse(bytes);
        } catch (MalformedException otherKind) {
            return null;
        }
    }

    /// What is known of `peer` now that it has said this. A field that is missing leaves what was
    /// known.
    ///
    /// @throws MalformedException if the key is not that of `peer`, or the signed record is wrong
    public PeerInfo merge(PeerId peer, PeerInfo known) throws MalformedException {
        if (publicKey != null && !PeerId.ofPublicKey(publicKey).equals(peer)) {
            throw new MalformedException("the public key of somebody else");
        }
        long sequence = known.recordSequence();
        Set<Multiaddr> reachable = new LinkedHashSet<>();
        if (signedRecord != null) {
            PeerRecord record = PeerRecord.verify(signedRecord);
            if (!record.peer().equals(peer)) {
                throw new MalformedException("the signed record of somebody else");
            }
            if (Long.compareUnsigned(record.sequence(), sequence) > 0) {
                sequence = record.sequence();
                reachable.addAll(record.addresses());
            }
        }
        reachable.addAll(addresses);
        return new PeerInfo(
                reachable.isEmpty() && !hasAddresses ? known.addresses() : List.copyOf(reachable),
                protocols.isEmpty() ? known.protocols() : List.copyOf(protocols),
                observed == null ? known.observed() : observed,
                protocolVersion == null ? known.protocolVersion() : protocolVersion,
                agent == null ? known.agent() : agent,
                sequence);
    }
}
