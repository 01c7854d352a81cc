package dev.sovereign.core.eval;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The threads that carry out one evaluation together: the one that evaluates and helpers, which
/// the process keeps for a while. They work only inside of [#run], which waits for all: between two
/// runs everything belongs to the evaluating thread.
final class Lanes {

    /// Lanes of one evaluation: beyond that, waiting for each other costs more than it gains (a
    /// guess).
    static final int MAX = 16;

    private static final int IDLE_SECONDS = 10;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final ThreadPoolExecutor HELPERS =
            new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    work -> {
                        Thread thread = new Thread(work, "lane-" + NUMBER.incrementAndGet());
                        thread.setDaemon(true);
                        return thread;
                    });

    /// What one lane does.
    interface Task {
        void run(int lane);
    }

    /// Rows of an outer loop that one lane takes at once: enough for a call to cost nothing, few
    /// enough for all to come to an end at about the same time.
    private static final int CHUNK = 256;

    private final Control whole;
    private final int fewRows;
    private final List<Control> controls = new ArrayList<>();
    private final List<Linker> linkers = new ArrayList<>();

    /// @param count at least 2, a power of two
    Lanes(int count, Control whole, int fewRows) {
        this.whole = whole;
        this.fewRows = fewRows;
        for (int i = 0; i < count; i++) {
            controls.add(whole.lane());
        }
    }

    /// How many lanes so many threads make.
    static int of(int jobs) {
        return Integer.highestOneBit(Math.clamp(jobs, 1, MAX));
    }

    /// Rows that a lane takes at once.
    int chunk() {
        return Math.min(CHUNK, (fewRows + 7) / 8);
    }

    /// Whether one thread does a rule as well that begins with this.
    boolean isTooFew(Node.Scan outer) {
        return outer.to - outer.from < fewRows;
    }

    int count() {
        return controls.size();
    }

    /// Of the whole evaluation.
    Control whole() {
        return whole;
    }

    Control control(int lane) {
        return controls.get(lane);
    }

    /// Says what makes the nodes of the next lane.
    void add(Linker linker) {
        linkers.add(linker);
    }

    /// What makes a lane's own nodes.
    Linker linker(int lane) {
        return linkers.get(lane);
    }

    List<Linker> linkers() {
        return linkers;
    }

    /// Lets every lane do its part, and waits for them.
    ///
    /// @throws RuntimeException of the first lane, by number, that failed
    void run(Task task) {
        whole.divide(controls);
        List<FutureTask<@Nullable Void>> helpers = new ArrayList<>();
        for (int i = 1; i < count(); i++) {
            int lane = i;
            FutureTask<@Nullable Void> helper =
                    new FutureTask<>(() -> {
                        guarded(task, lane);
                        return null;
                    });
            helpers.add(helper);
            HELPERS.execute(helper);
        }
        Throwable failure = null;
        try {
            guarded(task, 0);
        } catch (RuntimeException | Error mine) {
            failure = mine;
        }
        for (FutureTask<@Nullable Void> helper : helpers) {
            failure = first(failure, failure(helper));
        }
        if (failure instanceof Error defect) {
            throw defect;
        }
        if (failure instanceof RuntimeException stop) {
            throw stop;
        }
        whole.gather(controls);
    }

    /// Does pieces of work that have nothing to do with each other.
    void runAll(List<Runnable> work) {
        if (work.size() < 2) {
            work.forEach(Runnable::run);
            return;
        }
        AtomicInteger next = new AtomicInteger();
        run(_ -> {
            for (int i = next.getAndIncrement(); i < work.size(); i = next.getAndIncrement()) {
                work.get(i).run();
            }
        });
    }

    /// A value that cannot be computed lets the others go on, so that the same one is reported
    /// every time; anything else ends them.
    private void guarded(Task task, int lane) {
        try {
            task.run(lane);
        } catch (Uncomputable failure) {
            throw failure;
        } catch (RuntimeException | Error failure) {
            whole.stopLanes();
            throw failure;
        }
    }

    private static @Nullable Throwable failure(FutureTask<@Nullable Void> helper) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    helper.get();
                    return null;
                } catch (InterruptedException _) {
                    interrupted = true; // a lane ends soon: at a limit, or when cancelled
                } catch (ExecutionException failed) {
                    return failed.getCause();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static @Nullable Throwable first(@Nullable Throwable one, @Nullable Throwable other) {
        return one == null || (one instanceof Control.LaneStopped && other != null) ? other : one;
    }
}
