package dev.sovereign.node;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Threads of the operating system for work that computes for long. A virtual thread that computes
/// keeps its carrier until it is done, and there are only as many carriers as cores: two endless
/// questions would stop all other callers, the mesh and the clock of licenses. Here the operating
/// system shares the cores between all.
///
/// Threads are kept for a while, so that a small question pays for a hand-over, not for a thread.
/// Their number is bounded by the requests that may be under way.
final class Computing {

    private static final int IDLE_SECONDS = 10;

    /// As the JVM's own threads have it; the daemon's default is smaller.
    private static final int STACK_BYTES = 1 << 20;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final ThreadPoolExecutor THREADS =
            new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    work -> {
                        Thread thread =
                                new Thread(
                                        null,
                                        work,
                                        "computing-" + NUMBER.incrementAndGet(),
                                        STACK_BYTES);
                        thread.setDaemon(true);
                        return thread;
                    });

    private Computing() {}

    /// What is done on behalf of one request.
    interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    /// Does the work and waits for it; on the calling thread if that is one of the operating
    /// system's.
    static <T> T compute(Work<T> work) throws IOException, InterruptedException {
        if (!Thread.currentThread().isVirtual()) {
            return work.run();
        }
        FutureTask<T> task = new FutureTask<>(work::run);
        THREADS.execute(task);
        try {
            return uninterrupted(task);
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case IOException broke -> throw broke;
                case InterruptedException cancelled -> throw cancelled;
                case RuntimeException refusal -> throw refusal;
                case Error defect -> throw defect;
                case null, default -> throw new IllegalStateException(failure.getCause());
            }
        }
    }

    /// A request ends by being cancelled, which its work notices: nobody waits here in vain.
    private static <T> T uninterrupted(Future<T> task) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
