package dev.sovereign.finance.sync;

import dev.sovereign.finance.net.ServerException;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/// A source, and whether it may be asked. Of the thread that looks.
final class Member {

    private final Source source;
    private long lieNanos;
    private @Nullable ServerException lie;

    Member(Source source) {
        this.source = source;
    }

    Source source() {
        return source;
    }

    /// What it lied about, while it is not asked; null when it may be.
    @Nullable ServerException shunnedFor() {
        long shun = TimeUnit.MILLISECONDS.toNanos(LicenseSync.SHUN_MILLIS);
        return lie != null && System.nanoTime() - lieNanos < shun ? lie : null;
    }

    void shun(ServerException why) {
        lie = why;
        lieNanos = System.nanoTime();
        source.hangUp();
    }
}
