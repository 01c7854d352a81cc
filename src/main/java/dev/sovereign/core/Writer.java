package dev.sovereign.core;

import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// The one thread that changes the knowledge base. Any thread may [#submit]; jobs run in the order
/// they came, and all that are waiting share one force of the log (group commit): the cost of a
/// durable transaction under load is a fraction of a force.
///
/// A job sees what earlier jobs did, readers see it only once it is forced. When the force fails,
/// every job of the batch is undone and told so.
final class Writer implements AutoCloseable {

    /// Jobs that may wait; a caller beyond that blocks. Bounds memory, and is far more than the
    /// connections a daemon takes.
    static final int QUEUE_JOBS = 4_096;

    /// Jobs that share one force. Bounds how long the first of a batch waits for the last.
    static final int BATCH_JOBS = 1_024;

    /// One change, on the writer's thread.
    interface Job<R> {
        /// Checks first and changes afterwards: after a throw nothing is changed.
        R run() throws IOException;
    }

    /// What the knowledge base does around a batch.
    interface Commit {
        /// Forces what the jobs appended and shows it to readers; after a throw it is neither
        /// durable nor visible.
        void commit() throws IOException;

        /// Takes back everything since the last commit.
        void undo();
    }

    private record Pending<R>(Job<R> job, CompletableFuture<R> done) {}

    private final BlockingQueue<Pending<?>> queue = new ArrayBlockingQueue<>(QUEUE_JOBS);
    private final Commit commit;
    private final Thread thread;
    private volatile boolean closing;

    /// What makes every further change impossible or unsafe; null while all is well.
    private volatile @Nullable Throwable broken;

    Writer(Commit commit) {
        this.commit = commit;
        this.thread =
                Thread.ofPlatform().name("knowledge-writer").daemon(true).unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    /// Why nothing can be written any more, or a defect of ours after which nothing should be.
    @Nullable Throwable broken() {
        return broken;
    }

    /// Runs `job` and returns when what it did is on the device. An interrupt stops the waiting,
    /// not the job.
    <R> R submit(Job<R> job) throws IOException, InterruptedException {
        CompletableFuture<R> done = new CompletableFuture<>();
        if (closing) {
            throw closed();
        }
        queue.put(new Pending<>(job, done));
        if (closing && !thread.isAlive()) {
            throw closed();
        }
        try {
            return done.get();
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case SovereignException refused -> throw refused;
                case IOException broken -> throw broken;
                case null -> throw new IllegalStateException(failure);
                default -> throw new IllegalStateException(failure.getCause());
            }
        }
    }

    private static SovereignException closed() {
        return new SovereignException(
                KnowledgeError.CLOSING,
                "the knowledge base is closing",
                "try again: the next command starts a new daemon");
    }

    private void loop() {
        List<Pending<?>> batch = new ArrayList<>(BATCH_JOBS);
        try {
            while (!closing || !queue.isEmpty()) {
                batch.clear();
                Pending<?> first = queue.take();
                batch.add(first);
                queue.drainTo(batch, BATCH_JOBS - 1);
                runBatch(batch);
            }
        } catch (InterruptedException _) {
            // close() interrupts only after it has set `closing`, to wake an idle writer
            Thread.currentThread().interrupt();
        } finally {
            for (Pending<?> left = queue.poll(); left != null; left = queue.poll()) {
                left.done.completeExceptionally(closed());
            }
        }
    }

    private void runBatch(List<Pending<?>> batch) {
        List<Runnable> completions = new ArrayList<>(batch.size());
        for (Pending<?> pending : batch) {
            Runnable completion = run(pending);
            if (completion != null) {
                completions.add(completion);
            }
        }
        try {
            commit.commit();
        } catch (IOException | RuntimeException failure) {
            commit.undo();
            broken = failure;
            for (Pending<?> pending : batch) {
                pending.done.completeExceptionally(failure);
            }
            return;
        }
        completions.forEach(Runnable::run);
    }

    /// Runs one job; the returned action tells its caller once the batch is forced. Null when the
    /// caller has been told already.
    private <R> @Nullable Runnable run(Pending<R> pending) {
        try {
            R result = pending.job.run();
            return () -> pending.done.complete(result);
        } catch (SovereignException | IOException refused) {
            pending.done.completeExceptionally(refused);
        } catch (RuntimeException | Error defect) {
            broken = defect;
            pending.done.completeExceptionally(defect);
        }
        return null;
    }

    /// Finishes what waits, then ends the thread. Returns when it has ended; an interrupt is kept
    /// for afterwards, because the files must not be closed under the thread.
    @Override
    public void close() {
        closing = true;
        if (queue.isEmpty()) {
            queue.offer(new Pending<>(() -> Boolean.TRUE, new CompletableFuture<>()));
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
