package dev.sovereign.node;

/// The process around the node, as the [Coordinator] sees it.
public interface Lifecycle {

    /// Accepts nothing more, waits at most `drainMillis` for what is under way, cancels the rest
    /// and closes everything behind. Returns when that is done; the process ends soon after.
    /// Calling it again joins the first.
    void stop(long drainMillis) throws InterruptedException;

    boolean isStopping();

    long pid();

    long uptimeMillis();

    Log log();
}
