package dev.sovereign.runtime;

import dev.sovereign.runtime.wasm.CodeCache;
import dev.sovereign.runtime.wasm.ModuleRejected;
import dev.sovereign.runtime.wasm.WasmModule;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Modules that were checked, warm in memory for the next run, and the code of installed ones on
/// disk for the next daemon. Any thread.
///
/// What a run needs of a module's code is generated when it gets there; one thread in the
/// background generates the rest of an installed module, once, and keeps it in the [CodeCache].
final class Modules implements AutoCloseable {

    /// Bytes of modules that are kept in memory; their code takes several times as much. Those that
    /// were used longest ago go first.
    static final int MAX_BYTES = 16 << 20;

    /// Modules that wait for the background; those that find no room are compiled as they run, and
    /// tried again when they are loaded again.
    private static final int MAX_WAITING = 64;

    private final CodeCache cache;
    private final Consumer<Throwable> trouble;
    private final ThreadPoolExecutor background;

    /// Guarded by `this`, by SHA-256, the next to go first.
    private final Map<String, WasmModule> kept = new LinkedHashMap<>(16, 0.75f, true);

    /// Guarded by `this`, as are all fields below: modules whose code is on its way to the disk.
    private final Set<String> preparing = new HashSet<>();

    private long bytes;
    private boolean closed;

    /// @param trouble hears of what harms no run: code that cannot be kept
    Modules(CodeCache cache, Consumer<Throwable> trouble) {
        this.cache = cache;
        this.trouble = trouble;
        this.background =
                new ThreadPoolExecutor(
                        1,
                        1,
                        5,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MAX_WAITING),
                        Thread.ofPlatform().daemon().name("skill-compiler").factory());
        background.allowCoreThreadTimeOut(true);
    }

    synchronized @Nullable WasmModule find(String sha256) {
        return kept.get(sha256);
    }

    /// Checks a module that nobody has agreed to yet.
    ///
    /// @param sha256 of `module`, which the caller has verified
    WasmModule check(byte[] module, String sha256) throws ModuleRejected {
        WasmModule present = find(sha256);
        return present != null ? present : keep(WasmModule.load(module), sha256);
    }

    /// An installed module.
    ///
    /// @param sha256 of `module`, which the caller has verified
    WasmModule get(byte[] module, String sha256) throws ModuleRejected {
        WasmModule present = find(sha256);
        if (present != null) {
            return present;
        }
        try {
            WasmModule cached = cache.load(module, sha256);
            if (cached != null) {
                return keep(cached, sha256);
            }
        } catch (IOException unreadable) {
            trouble.accept(unreadable);
        }
        WasmModule loaded = keep(WasmModule.load(module), sha256);
        prepare(loaded, sha256);
        return loaded;
    }

    private synchronized WasmModule keep(WasmModule loaded, String sha256) {
        WasmModule other = kept.putIfAbsent(sha256, loaded);
        if (other != null) {
            return other;
        }
        bytes += loaded.byteCount();
        Iterator<WasmModule> oldest = kept.values().iterator();
        while (bytes > MAX_BYTES && kept.size() > 1) {
            bytes -= oldest.next().byteCount();
            oldest.remove();
        }
        return loaded;
    }

    /// Generates all code of a module in the background and keeps it on disk.
    void prepare(WasmModule module, String sha256) {
        synchronized (this) {
            if (closed
                    || background.getQueue().remainingCapacity() == 0
                    || !preparing.add(sha256)) {
                return;
            }
            background.execute(() -> save(module, sha256));
        }
    }

    private void save(WasmModule module, String sha256) {
        try {
            cache.save(module, sha256, () -> isWanted(sha256));
            if (isForgotten(sha256)) {
                cache.forget(sha256);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError failed) {
            if (!isClosed()) { // the end interrupts it, and the next daemon begins anew
                trouble.accept(failed);
            }
        } finally {
            synchronized (this) {
                preparing.remove(sha256);
                notifyAll();
            }
        }
    }

    private synchronized boolean isWanted(String sha256) {
        return !closed && preparing.contains(sha256);
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized boolean isForgotten(String sha256) {
        return !closed && !preparing.contains(sha256);
    }

    /// A module that is no longer installed.
    void forget(String sha256) {
        synchronized (this) {
            WasmModule gone = kept.remove(sha256);
            if (gone != null) {
                bytes -= gone.byteCount();
            }
            preparing.remove(sha256); // whoever generates it sees that, and takes it away again
        }
        try {
            cache.forget(sha256);
        } catch (IOException failed) {
            trouble.accept(failed);
        }
    }

    /// Waits until nothing is on its way to the disk.
    synchronized void awaitPrepared() throws InterruptedException {
        while (!preparing.isEmpty()) {
            wait();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            background.shutdownNow(); // those that wait are compiled in another daemon
            preparing.clear();
            notifyAll();
        }
    }
}
