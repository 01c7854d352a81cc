package dev.sovereign.node.peers;

import dev.sovereign.mesh.Connection;
import dev.sovereign.mesh.Mesh;
import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.mesh.PeerId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// Keeps one peer connected: dials it when it is not, with pauses that double, until [#close]. One
/// virtual thread; any thread may [#wake] it or ask for the [#problem].
final class Dialer implements Runnable, AutoCloseable {

    /// specs/mesh.md, 9: 1 s doubling to 5 min, with jitter.
    static final long FIRST_PAUSE_MILLIS = 1_000;

    static final long LONGEST_PAUSE_MILLIS = 300_000;

    /// For one address. Short, because a dial that began before the network changed hangs: two of
    /// them and the notice have to fit into 10 s.
    static final Duration DIAL = Duration.ofSeconds(3);

    /// A connection that ends earlier than that did not work: the pause grows on.
    private static final long LASTED_MILLIS = 10_000;

    private final Mesh mesh;
    private final PeerId peer;
    private final Function<PeerId, List<Multiaddr>> addresses;
    private final Semaphore turns;
    private final RandomGenerator random;
    private final Thread thread;

    /// Guarded by `this`, like the fields below.
    private boolean woken;

    private boolean fresh;
    private boolean closed;
    private @Nullable String problem;

    /// @param addresses where the peer was seen; asked anew for each try
    /// @param turns bounds dials of all peers together
    Dialer(
            Mesh mesh,
            PeerId peer,
            Function<PeerId, List<Multiaddr>> addresses,
            Semaphore turns,
            RandomGenerator random) {
        this.mesh = mesh;
        this.peer = peer;
        this.addresses = addresses;
        this.turns = turns;
        this.random = random;
        this.thread = Thread.ofVirtual().name("dialer-of " + peer).unstarted(this);
    }

    void start() {
        thread.start();
    }

    /// Looks again at once.
    ///
    /// @param again forgets earlier failures: pauses begin at their shortest
    synchronized void wake(boolean again) {
        woken = true;
        fresh |= again;
        notifyAll();
    }

    /// Why the last try failed; null when it did not.
    synchronized @Nullable String problem() {
        return problem;
    }

    @Override
    public void run() {
        long pause = FIRST_PAUSE_MILLIS;
        long connectedNanos = 0;
        try {
            while (true) {
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    woken = false;
                    if (fresh) {
                        pause = FIRST_PAUSE_MILLIS;
                        fresh = false;
                    }
                }
                if (mesh.connection(peer) != null) {
                    if (connectedNanos == 0) {
                        connectedNanos = System.nanoTime();
                    }
                    await(LASTED_MILLIS);
                    continue;
                }
                if (connectedNanos != 0) {
                    long lasted = (System.nanoTime() - connectedNanos) / 1_000_000;
                    connectedNanos = 0;
                    if (lasted >= LASTED_MILLIS) {
                        pause = FIRST_PAUSE_MILLIS;
                    }
                    await(jittered(pause)); // both sides notice at once: do not dial at once
                    pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
                    continue;
                }
                if (addresses.apply(peer).isEmpty()) {
                    await(LONGEST_PAUSE_MILLIS); // it has to come to us, or to be given an address
                    continue;
                }
                if (!dialed()) {
                    await(jittered(pause));
                    pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
                }
            }
        } catch (InterruptedException ending) {
            // by close()
        }
    }

    private boolean dialed() throws InterruptedException {
        turns.acquire();
        try {
            connect(mesh, peer, addresses.apply(peer));
            say(null);
            return true;
        } catch (IOException failed) {
            say(failed.getMessage());
            return false;
        } finally {
            turns.release();
        }
    }

    private synchronized void say(@Nullable String why) {
        problem = why;
    }

    /// The peer connected by itself: nothing is wrong any more.
    void connected() {
        say(null);
        wake(false);
    }

    /// Dials one address after another until the peer has answered who it is.
    ///
    /// @throws IOException what went wrong at the last address, or all of it
    static Connection connect(Mesh mesh, PeerId peer, List<Multiaddr> addresses)
            throws IOException, InterruptedException {
        StringBuilder why = new StringBuilder();
        boolean letGo = false;
        for (Multiaddr address : addresses) {
            try {
                Connection connection = mesh.dial(address.withPeer(peer), DIAL);
                letGo = true;
                // a listener whose gate is closed to us says so by ending the connection
                connection.identified().get(DIAL.toMillis(), TimeUnit.MILLISECONDS);
                return connection;
            } catch (ExecutionException | TimeoutException ended) {
                Connection other = mesh.connection(peer);
                if (other != null && other.identified().state() == Future.State.SUCCESS) {
                    return other; // of two at once the other one stays
                }
                why.append(why.isEmpty() ? "" : "; ").append(address);
                why.append(": it ends the connection at once");
            } catch (IOException failed) {
                why.append(why.isEmpty() ? "" : "; ").append(address);
                why.append(": ").append(failed.getMessage());
            }
        }
        if (letGo) {
            throw new NotLetInException(why.toString());
        }
        throw new IOException(why.toString());
    }

    /// The peer ends the connection once it knows who we are.
    static final class NotLetInException extends IOException {

        @java.io.Serial private static final long serialVersionUID = 1L;

        NotLetInException(String message) {
            super(message);
        }
    }

    private long jittered(long millis) {
        return millis / 2 + random.nextLong(millis / 2 + 1);
    }

    private synchronized void await(long millis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!woken && !closed) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /// Does not wait for a dial that is under way; the mesh ends it.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.interrupt();
    }
}
