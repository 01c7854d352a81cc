package dev.sovereign.node.peers;

import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.mesh.PeerId;
import dev.sovereign.mesh.mdns.Mdns;
import dev.sovereign.node.Log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Who says on the LAN to be of our network, and where; forgotten when it has not been said again.
/// Listens and answers only while `mesh.mdns` is set. Any thread.
final class Neighbors implements AutoCloseable {

    /// Peers that are remembered; the oldest goes. Anybody on the LAN can fill it.
    private static final int MAX_PEERS = 256;

    /// An answer holds for 120 s.
    private static final Duration ASK_AGAIN = Duration.ofSeconds(60);

    private record Heard(List<Multiaddr> addresses, long untilNanos) {}

    private final Consumer<PeerId> appeared;
    private final Mdns mdns;
    private long askedNanos;

    /// Guarded by itself.
    private final Map<PeerId, Heard> heard = new LinkedHashMap<>();

    /// @param own where others may reach us
    /// @param appeared told of a peer that was not heard before, or from elsewhere
    private Neighbors(
            PeerId self,
            Supplier<Set<String>> networks,
            Supplier<List<Multiaddr>> own,
            Consumer<PeerId> appeared)
            throws IOException {
        this.appeared = appeared;
        this.mdns = Mdns.start(self, networks, own, this::hear, new SecureRandom());
        this.askedNanos = System.nanoTime();
        mdns.ask();
    }

    /// Null when this machine has no multicast: the mesh works without.
    static @Nullable Neighbors open(
            PeerId self,
            Supplier<Set<String>> networks,
            Supplier<List<Multiaddr>> own,
            Consumer<PeerId> appeared,
            Log log) {
        try {
            return new Neighbors(self, networks, own, appeared);
        } catch (IOException none) {
            log.warn("no peers are looked for on the LAN: " + none.getMessage());
            return null;
        }
    }

    private void hear(Mdns.Found found) {
        Heard before;
        synchronized (heard) {
            before = heard.remove(found.peer());
            if (found.holds().isZero()) {
                return; // it says good-bye
            }
            if (heard.size() == MAX_PEERS) {
                heard.remove(heard.keySet().iterator().next());
            }
            heard.put(
                    found.peer(),
                    new Heard(found.addresses(), System.nanoTime() + found.holds().toNanos()));
        }
        if (before == null || !before.addresses().equals(found.addresses())) {
            appeared.accept(found.peer());
        }
    }

    /// Where a peer says to be at present.
    List<Multiaddr> addresses(PeerId peer) {
        synchronized (heard) {
            Heard at = heard.get(peer);
            return at == null || at.untilNanos() - System.nanoTime() < 0
                    ? List.of()
                    : at.addresses();
        }
    }

    /// Every [Surroundings#PERIOD], on one thread.
    ///
    /// @param moved interfaces have changed
    void tick(boolean moved) {
        long now = System.nanoTime();
        if (moved) {
            askedNanos = now;
            mdns.moved();
        } else if (now - askedNanos > ASK_AGAIN.toNanos()) {
            askedNanos = now;
            mdns.ask();
        }
    }

    @Override
    public void close() {
        mdns.close();
    }
}
