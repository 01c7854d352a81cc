package dev.sovereign.mesh.identify;

import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.Multiaddr;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The signed record of one node as it was told last: until something in it changes, nobody waits
/// for the same signature again. Any thread; who comes at the same time signs twice.
public final class SignedRecord {

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Signed(long sequence, List<Multiaddr> addresses, byte[] envelope) {}

    private volatile @Nullable Signed last;

    /// The serialized envelope. `identity` is the same each time.
    byte[] of(Identity identity, long sequence, List<Multiaddr> addresses) {
        Signed known = last;
        if (known == null || known.sequence != sequence || !known.addresses.equals(addresses)) {
            List<Multiaddr> told = List.copyOf(addresses);
            known = new Signed(sequence, told, PeerRecord.sign(identity, sequence, told));
            last = known;
        }
        return known.envelope;
    }
}
