package dev.sovereign.node.actor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// An actor and its supervisor: one virtual thread that starts a behavior, hands it one message
/// after another, and starts a fresh one when it throws. Pauses between starts double; after
/// [Policy#failures] within [Policy#windowMillis] it is given up, until [#retry].
///
/// The behavior needs no locks: it sees one thread. Any thread may [#offer], [#retry], ask for
/// [#state] and [#close].
///
/// @param <M> its messages
public final class Supervised<M> implements AutoCloseable {

    /// Handles messages; made afresh after each failure.
    public interface Behavior<M> extends AutoCloseable {

        /// Handles one message.
        ///
        /// @return false to end in good order
        /// @throws Exception ends this behavior; a fresh one follows
        boolean receive(M message) throws Exception;

        /// Frees what the behavior holds, after it ended or failed.
        @Override
        default void close() {}
    }

    /// Starts a behavior.
    public interface Start<M> {
        /// @throws Exception counts as a failure
        Behavior<M> start() throws Exception;
    }

    /// Hears of every failure, on the actor's thread.
    public interface Listener {
        /// @param givenUp no further start follows by itself
        void failed(String name, Throwable failure, boolean givenUp);
    }

    /// When to start again.
    ///
    /// @param firstPauseMillis before the first restart; doubled for each further one
    /// @param longestPauseMillis no pause is longer
    /// @param failures so many within the window, and it is given up
    /// @param windowMillis failures longer ago are forgotten
    public record Policy(
            long firstPauseMillis, long longestPauseMillis, int failures, long windowMillis) {
        /// Five starts within some seconds, guessed: what recovers by itself does so by then.
        public static final Policy USUAL = new Policy(100, 5_000, 6, 60_000);

        public Policy {
            if (firstPauseMillis < 1 || longestPauseMillis < firstPauseMillis || failures < 1) {
                throw new IllegalArgumentException("not a policy: " + failures);
            }
        }
    }

    /// What an actor is doing.
    public enum Phase {
        STARTING,
        RUNNING,
        RESTARTING,
        FAILED,
        OFF
    }

    /// @param restarts starts after the first
    /// @param lastFailure null when it never failed
    public record State(String name, Phase phase, long restarts, @Nullable Throwable lastFailure) {}

    private final String name;
    private final Policy policy;
    private final Start<M> start;
    private final Listener listener;
    private final BlockingQueue<M> mailbox;
    private final Thread thread;

    /// Guarded by `this`, like the fields below.
    private Phase phase = Phase.STARTING;

    private final Deque<Long> failureNanos = new ArrayDeque<>();
    private long starts;
    private @Nullable Throwable lastFailure;
    private boolean retry;
    private boolean closing;

    private Supervised(
            String name, int capacity, Policy policy, Start<M> start, Listener listener) {
        this.name = name;
        this.policy = policy;
        this.start = start;
        this.listener = listener;
        this.mailbox = new ArrayBlockingQueue<>(capacity);
        this.thread = Thread.ofVirtual().name("actor-" + name).unstarted(this::run);
    }

    /// Starts an actor.
    ///
    /// @param capacity messages that may wait
    public static <M> Supervised<M> start(
            String name, int capacity, Policy policy, Start<M> start, Listener listener) {
        Supervised<M> actor = prepare(name, capacity, policy, start, listener);
        actor.start();
        return actor;
    }

    /// The same, not started.
    public static <M> Supervised<M> prepare(
            String name, int capacity, Policy policy, Start<M> start, Listener listener) {
        return new Supervised<>(name, capacity, policy, start, listener);
    }

    /// Starts what was only prepared; once.
    public void start() {
        thread.start();
    }

    /// False when the mailbox is full: the sender chooses to wait, shed or fail. Never blocks.
    public boolean offer(M message) {
        return mailbox.offer(message);
    }

    public synchronized State state() {
        return new State(name, phase, Math.max(0, starts - 1), lastFailure);
    }

    /// Starts again now, if it is waiting for that or was given up.
    public synchronized void retry() {
        retry = true;
        notifyAll();
    }

    /// Ends the behavior, interrupting what it does, and waits for that. Idempotent.
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (begin() && !lived()) {
                pause();
            }
        } catch (InterruptedException closed) {
            // by close(), the only one who knows this thread
        } finally {
            become(Phase.OFF);
        }
    }

    private synchronized boolean begin() {
        if (closing) {
            return false;
        }
        starts++;
        retry = false;
        mailbox.clear();
        return true;
    }

    /// Runs one behavior to its end.
    ///
    /// @return false when it failed
    private boolean lived() throws InterruptedException {
        try (Behavior<M> behavior = start.start()) {
            become(Phase.RUNNING);
            boolean more = true;
            while (more) {
                more = behavior.receive(mailbox.take());
            }
            return true;
        } catch (InterruptedException closed) {
            throw closed;
        } catch (Exception | StackOverflowError | OutOfMemoryError | LinkageError failure) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            failed(failure);
            return false;
        }
    }

    private void failed(Throwable failure) {
        boolean givenUp;
        synchronized (this) {
            long now = System.nanoTime();
            failureNanos.addLast(now);
            long oldest = now - TimeUnit.MILLISECONDS.toNanos(policy.windowMillis());
            while (failureNanos.getFirst() - oldest < 0) {
                failureNanos.removeFirst();
            }
            lastFailure = failure;
            givenUp = failureNanos.size() >= policy.failures();
            phase = givenUp ? Phase.FAILED : Phase.RESTARTING;
        }
        listener.failed(name, failure, givenUp);
    }

    private synchronized void pause() throws InterruptedException {
        int count = failureNanos.size();
        long millis =
                Math.min(
                        policy.longestPauseMillis(),
                        policy.firstPauseMillis() << Math.min(20, count - 1));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!retry && !closing) {
            if (phase == Phase.FAILED) {
                wait();
                continue;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                break;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        phase = Phase.STARTING;
    }

    private synchronized void become(Phase next) {
        phase = next;
    }
}
