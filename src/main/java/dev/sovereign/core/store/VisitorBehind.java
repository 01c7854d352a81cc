package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Shows what a [LogCursor] comes by to another visitor, a little later and on a thread of its own:
/// a store opens sooner when its log is read, decrypted and unpacked while the rows of the records
/// before are put in their place. That visitor must want everything: it is asked no questions.
///
/// One thread walks with it; the other visitor sees calls of that thread until the first batch is
/// full, then only of the other, and all of them have happened when [#finish] returns.
final class VisitorBehind implements LogVisitor, AutoCloseable {

    /// Payload that is handed over at once: some records, so that a batch is worth waking a thread.
    private static final int BATCH_BYTES = 4 * LogFormat.RECORD_BYTES;

    /// Transactions that are: small ones cost by number.
    private static final int BATCH_STEPS = 4_096;

    /// Batches that wait; with the two in work they bound the memory.
    private static final int QUEUE_BATCHES = 2;

    /// One call of the other visitor.
    private interface Step {
        void run(LogVisitor visitor) throws IOException;
    }

    private record Batch(List<Step> steps, boolean last) {}

    private final LogVisitor visitor;
    private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(QUEUE_BATCHES);
    private @Nullable Thread thread;
    private List<Step> steps = new ArrayList<>();
    private int bytes;

    /// Why the other visitor will see nothing more; written by its thread.
    private volatile @Nullable Throwable failure;

    VisitorBehind(LogVisitor visitor) {
        this.visitor = visitor;
    }

    @Override
    public boolean begin(long tx) throws IOException {
        add(to -> to.begin(tx));
        return true;
    }

    @Override
    public boolean payload(ByteInput slice) throws IOException {
        byte[] copy = slice.bytes(slice.remaining()); // the cursor uses its own again
        bytes += copy.length;
        add(to -> to.payload(new ByteInput(copy)));
        return true;
    }

    @Override
    public boolean commit(long tx, TransactionHeader header, boolean hasHashes, boolean forgotten)
            throws IOException {
        add(to -> to.commit(tx, header, hasHashes, forgotten));
        if (bytes >= BATCH_BYTES || steps.size() >= BATCH_STEPS) {
            handOver(false);
        }
        return true;
    }

    @Override
    public void tip(String author, byte[] hash) {
        steps.add(to -> to.tip(author, hash));
    }

    @Override
    public void passing(long tx, Position position) {
        steps.add(to -> to.passing(tx, position));
    }

    private void add(Step step) throws IOException {
        steps.add(step);
        if (bytes >= BATCH_BYTES) { // within a large transaction
            handOver(false);
        }
    }

    private void handOver(boolean last) throws IOException {
        rethrow();
        Thread running = thread;
        if (running == null) {
            running = Thread.ofPlatform().name("store-replay").daemon(true).start(this::replay);
            thread = running;
        }
        try {
            queue.put(new Batch(steps, last));
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the store opens");
        }
        steps = new ArrayList<>();
        bytes = 0;
    }

    /// Returns when the other visitor has seen everything; throws what it threw.
    void finish() throws IOException {
        Thread running = thread;
        if (running == null) { // a small log is not worth a thread
            for (Step step : steps) {
                step.run(visitor);
            }
            return;
        }
        handOver(true);
        try {
            running.join();
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the store opens");
        }
        rethrow();
    }

    private void rethrow() throws IOException {
        switch (failure) {
            case null -> {}
            case IOException broken -> throw broken;
            case RuntimeException refused -> throw refused;
            case Error defect -> throw defect;
            case Throwable other -> throw new IllegalStateException(other);
        }
    }

    /// The other thread. After a failure it only empties the queue, so that nobody waits for it.
    private void replay() {
        try {
            Batch batch;
            do {
                batch = queue.take();
                if (failure == null) {
                    run(batch.steps());
                }
            } while (!batch.last());
        } catch (InterruptedException closed) {
            // nobody wants the rest
        }
    }

    private void run(List<Step> batch) {
        try {
            for (Step step : batch) {
                step.run(visitor);
            }
        } catch (IOException | RuntimeException | Error broken) {
            failure = broken;
        }
    }

    /// Ends the thread; what it has not seen yet, it never will. Returns when it has ended.
    @Override
    public void close() {
        Thread running = thread;
        boolean interrupted = false;
        while (running != null && running.isAlive()) {
            running.interrupt();
            try {
                running.join();
            } catch (InterruptedException ending) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
