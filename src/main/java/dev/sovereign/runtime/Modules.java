package dev.sovereign.runtime;

import dev.sovereign.runtime.wasm.ModuleRejected;
import dev.sovereign.runtime.wasm.WasmModule;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Modules that were checked and perhaps compiled, kept for the next run; those that were used
/// longest ago go first. Any thread.
final class Modules {

    /// Bytes of modules that are kept; their code takes several times as much.
    static final int MAX_BYTES = 24 << 20;

    /// Guarded by `this`, by SHA-256, the next to go first.
    private final Map<String, WasmModule> kept = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    synchronized @Nullable WasmModule find(String sha256) {
        return kept.get(sha256);
    }

    /// @param sha256 of `module`, which the caller has verified
    WasmModule get(byte[] module, String sha256) throws ModuleRejected {
        WasmModule present = find(sha256);
        if (present != null) {
            return present;
        }
        WasmModule loaded = WasmModule.load(module);
        synchronized (this) {
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
    }
}
