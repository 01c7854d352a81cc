package dev.sovereign.node.peers;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Notices that connections may be dead without a word: the machine slept (its clock jumped against
/// the time that ran) or its addresses changed. For one thread, which asks every [#PERIOD].
final class Surroundings {

    /// Often enough to notice within 10 s with room for probing and dialing; costs some syscalls.
    static final Duration PERIOD = Duration.ofSeconds(2);

    /// A clock that is set by NTP moves less than that; a sleep shorter than that breaks nothing.
    private static final long JUMP_MILLIS = 5_000;

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Supplier<String> interfaces;
    private long lastMillis;
    private long lastNanos;
    private String lastInterfaces;

    /// @param nanoTime time that ran; stands still while the machine sleeps
    /// @param interfaces what is compared to notice another network
    Surroundings(InstantSource clock, LongSupplier nanoTime, Supplier<String> interfaces) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.interfaces = interfaces;
        this.lastMillis = clock.millis();
        this.lastNanos = nanoTime.getAsLong();
        this.lastInterfaces = interfaces.get();
    }

    static Surroundings ofMachine() {
        return new Surroundings(InstantSource.system(), System::nanoTime, Surroundings::interfaces);
    }

    /// Why connections should be looked at now; empty when nothing happened since the last call.
    String change() {
        long millis = clock.millis();
        long nanos = nanoTime.getAsLong();
        String now = interfaces.get();
        long ran = Duration.ofNanos(nanos - lastNanos).toMillis();
        long jump = millis - lastMillis - ran;
        boolean moved = !now.equals(lastInterfaces);
        lastMillis = millis;
        lastNanos = nanos;
        lastInterfaces = now;
        if (Math.abs(jump) > JUMP_MILLIS) {
            return "the clock jumped by " + jump + " ms";
        }
        // the thread itself was held up: a machine that was stopped as a whole, such as a guest
        if (ran > PERIOD.toMillis() + JUMP_MILLIS) {
            return "this process stood still for " + ran + " ms";
        }
        return moved ? "the addresses of this machine changed" : "";
    }

    /// Interfaces that are up with their addresses, sorted.
    private static String interfaces() {
        TreeSet<String> all = new TreeSet<>();
        try {
            for (NetworkInterface each :
                    Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp() && !each.isLoopback()) {
                    for (InetAddress address : Collections.list(each.getInetAddresses())) {
                        all.add(each.getName() + " " + address.getHostAddress());
                    }
                }
            }
        } catch (SocketException none) {
            return "none: " + none.getMessage();
        }
        return String.join("\n", all);
    }
}
