package dev.sovereign.finance.net;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Closes something when a step takes too long, which ends whatever blocks on it. One virtual
/// thread for each alarm; closing the alarm calls it off.
public final class Alarm implements AutoCloseable {

    private final CountDownLatch off = new CountDownLatch(1);
    private volatile boolean rang;

    private Alarm() {}

    /// Sets an alarm.
    ///
    /// @param closed what is closed when the time is over; closing must be idempotent
    public static Alarm set(Duration time, Closeable closed) {
        Alarm alarm = new Alarm();
        Thread.ofVirtual().name("alarm").start(() -> alarm.await(time, closed));
        return alarm;
    }

    private void await(Duration time, Closeable closed) {
        try {
            if (off.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            rang = true;
            closed.close();
        } catch (InterruptedException | IOException ended) {
            // nobody else knows this thread; and what does not close was closed already
            rang = true;
        }
    }

    /// Whether the time was over before the alarm was called off.
    public boolean hasRung() {
        return rang;
    }

    @Override
    public void close() {
        off.countDown();
    }
}
