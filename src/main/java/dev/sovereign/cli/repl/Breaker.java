package dev.sovereign.cli.repl;

/// Turns Ctrl-C into an interrupt of the thread that is at work, and into nothing when none is.
///
/// Signals come on a thread of the JVM; this object's lock keeps one from reaching a thread that
/// has just finished.
final class Breaker {

    private Thread worker = Thread.currentThread();
    private boolean busy;

    /// From now on until [#end] Ctrl-C interrupts the calling thread.
    synchronized void begin() {
        worker = Thread.currentThread();
        busy = true;
    }

    /// The work is done; an interrupt that came too late is taken back.
    synchronized void end() {
        busy = false;
        boolean late = Thread.interrupted();
        assert late || !Thread.currentThread().isInterrupted();
    }

    /// @return whether there was work to stop
    synchronized boolean signal() {
        if (busy) {
            worker.interrupt();
        }
        return busy;
    }

    /// Whether the process is about to end, as after SIGTERM: its shutdown hooks run.
    static boolean isEnding() {
        Thread probe = new Thread();
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException ending) {
            return true;
        }
    }
}
