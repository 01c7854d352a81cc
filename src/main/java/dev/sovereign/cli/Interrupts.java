package dev.sovereign.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns Ctrl-C (and `kill`) into an interrupt of the thread that runs the command, so that it
/// cancels its request and leaves everything as it was; then the process ends by the signal, which
/// is exit status 130. A shutdown hook does it: the JDK has no public signal API.
final class Interrupts extends Thread {

    /// Longer than any cancellation should take; after it the process ends all the same.
    private static final long GRACE_MILLIS = 3_000;

    private final Thread worker;
    private final CountDownLatch finished = new CountDownLatch(1);

    private Interrupts(Thread worker) {
        super("interrupts");
        this.worker = worker;
    }

    /// From now on signals interrupt the current thread.
    static Interrupts install() {
        Interrupts interrupts = new Interrupts(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(interrupts);
        return interrupts;
    }

    /// The command has ended; nothing waits for it any more.
    void finished() {
        finished.countDown();
    }

    @Override
    public void run() {
        if (finished.getCount() == 0 || Stdin.isWaiting()) {
            return; // a read of standard input cannot be interrupted, and nothing has begun
        }
        worker.interrupt();
        try {
            finished.await(GRACE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException impatient) {
            // the process ends anyway
        }
    }
}
