package dev.sovereign.finance.sync;

import java.util.concurrent.TimeUnit;

/// Whether anything was heard since somebody last looked: any number of events are one. Any thread.
final class News {

    /// Counts events; guarded by `this`.
    private long events;

    synchronized void tell() {
        events++;
        notifyAll();
    }

    synchronized long seen() {
        return events;
    }

    /// Waits for an event after `seen`.
    ///
    /// @return false when the time was over
    synchronized boolean await(long seen, long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (events == seen) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }
}
