package dev.sovereign.runtime.wasm;

import java.nio.file.Files;
import java.nio.file.Path;

/// Times what comes before the first call: `LoadBench FOLDER-FOR-CACHE ROUNDS FILE.wasm…`, one line
/// a round with milliseconds for reading and validating, for generating and keeping the code of all
/// functions, and for the module with its code from the cache.
final class LoadBench {

    private LoadBench() {}

    public static void main(String[] args) throws Exception {
        CodeCache cache = new CodeCache(Path.of(args[0]));
        for (int i = 2; i < args.length; i++) {
            byte[] bytes = Files.readAllBytes(Path.of(args[i]));
            String sha256 = WasmModule.sha256(bytes);
            for (int round = 0; round < Integer.parseInt(args[1]); round++) {
                cache.forget(sha256);
                long start = System.nanoTime();
                WasmModule module = WasmModule.load(bytes);
                long loaded = System.nanoTime();
                boolean kept = cache.save(module, sha256, () -> true);
                long saved = System.nanoTime();
                boolean found = cache.load(bytes, sha256) != null;
                long cached = System.nanoTime();
                System.out.printf(
                        "%s %d bytes, %d functions: load %.0f generate %.0f (%s) cached %.0f (%s),"
                                + " interpreted %s%n",
                        Path.of(args[i]).getFileName(),
                        bytes.length,
                        module.functions(),
                        (loaded - start) / 1e6,
                        (saved - loaded) / 1e6,
                        kept,
                        (cached - saved) / 1e6,
                        found,
                        round == 0 ? module.interpretedFunctions() : "as before");
            }
        }
    }
}
