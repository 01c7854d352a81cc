package dev.sovereign.runtime.wasm;

import java.nio.file.Files;
import java.nio.file.Path;

/// Times what comes before the first call: `LoadBench FOLDER-FOR-CACHE ROUNDS FILE.wasm…`, one line
/// a round with milliseconds for reading and validating, for the code of all functions, and for
/// both from a cache.
final class LoadBench {

    private LoadBench() {}

    public static void main(String[] args) throws Exception {
        CodeCache cache = new CodeCache(Path.of(args[0]));
        for (int i = 2; i < args.length; i++) {
            byte[] bytes = Files.readAllBytes(Path.of(args[i]));
            for (int round = 0; round < Integer.parseInt(args[1]); round++) {
                long start = System.nanoTime();
                WasmModule module = WasmModule.load(bytes);
                long loaded = System.nanoTime();
                module.compile();
                long compiled = System.nanoTime();
                cache.save(module);
                long saved = System.nanoTime();
                WasmModule again = WasmModule.load(bytes);
                boolean found = cache.load(again);
                again.compile();
                long cached = System.nanoTime();
                System.out.printf(
                        "%s %d bytes, %d functions: load %.0f compile %.0f cached %.0f (%s),"
                                + " interpreted %s%n",
                        Path.of(args[i]).getFileName(),
                        bytes.length,
                        module.functions(),
                        (loaded - start) / 1e6,
                        (compiled - loaded) / 1e6,
                        (cached - saved) / 1e6,
                        found,
                        round == 0 ? module.interpretedFunctions() : "as before");
            }
        }
    }
}
