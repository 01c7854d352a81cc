package dev.sovereign.core.store;

import java.io.IOException;

/// Tells how far a walk through the log has come, and passes everything on.
final class ProgressVisitor implements LogVisitor {

    private static final long STEP_BYTES = 1 << 20;

    private final LogVisitor next;
    private final String what;
    private final long total;
    private final Progress progress;
    private long done;
    private long told;

    ProgressVisitor(LogVisitor next, String what, long total, Progress progress) {
        this.next = next;
        this.what = what;
        this.total = total;
        this.progress = progress;
    }

    @Override
    public boolean begin(long tx) throws IOException {
        return next.begin(tx);
    }

    @Override
    public boolean payload(ByteInput slice) throws IOException {
        done += slice.remaining();
        if (done - told >= STEP_BYTES) {
            told = done;
            progress.at(what, Math.min(done, total), total);
        }
        return next.payload(slice);
    }

    @Override
    public boolean commit(long tx, TransactionHeader header, boolean hasHashes, boolean forgotten)
            throws IOException {
        return next.commit(tx, header, hasHashes, forgotten);
    }

    @Override
    public void tip(String author, byte[] hash) {
        next.tip(author, hash);
    }

    @Override
    public void passing(long tx, Position position) {
        next.passing(tx, position);
    }
}
