package dev.sovereign.cli.connect;

import org.jspecify.annotations.Nullable;

/// Interrupts the thread that made it when a deadline passes, and ends a process it may be waiting
/// for, since reading from one cannot be interrupted. All methods but [#run] are for that thread.
final class Watchdog implements Runnable {

    private final Thread guarded = Thread.currentThread();

    /// Guarded by `this`: nanoseconds of [System#nanoTime], valid while `armed`.
    private long deadline;

    private boolean armed;
    private boolean expired;
    private boolean started;
    private @Nullable Process process;

    /// Sets the deadline, `millis` from now, in place of the one before.
    synchronized void arm(long millis) {
        deadline = System.nanoTime() + millis * 1_000_000;
        armed = true;
        expired = false;
        if (started) {
            notifyAll();
        } else {
            started = true;
            Thread thread = new Thread(this, "watchdog");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /// Takes the deadline back.
    ///
    /// @return whether it had passed; the interrupt that came with it is then cleared
    synchronized boolean disarm() {
        armed = false;
        process = null;
        if (expired) {
            expired = false;
            Thread.interrupted();
            return true;
        }
        return false;
    }

    /// Also ends `waitedFor` when the deadline passes; null forgets it.
    synchronized void process(@Nullable Process waitedFor) {
        process = waitedFor;
    }

    @Override
    public synchronized void run() {
        try {
            while (true) {
                if (!armed) {
                    wait();
                    continue;
                }
                long left = deadline - System.nanoTime();
                if (left > 0) {
                    wait(left / 1_000_000 + 1);
                    continue;
                }
                armed = false;
                expired = true;
                if (process != null) {
                    process.destroyForcibly();
                }
                guarded.interrupt();
            }
        } catch (InterruptedException ended) {
            // nobody interrupts this thread; the process is ending
        }
    }
}
