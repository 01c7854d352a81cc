package dev.sovereign.node;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;
import dev.sovereign.runtime.wasm.FunctionType;
import dev.sovereign.runtime.wasm.HostFunctions;
import dev.sovereign.runtime.wasm.Limits;
import dev.sovereign.runtime.wasm.ModuleRejected;
import dev.sovereign.runtime.wasm.Outcome;
import dev.sovereign.runtime.wasm.Run;
import dev.sovereign.runtime.wasm.WasmModule;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `skill run FILE.wasm` and `skill check`: a module by itself, without capabilities, in the
/// process that asks.
final class ModuleCalls {

    /// Nobody waits longer for a command; Ctrl-C ends it sooner.
    private static final Duration NO_TIMEOUT = Duration.ofDays(1);

    private ModuleCalls() {}

    /// @throws SovereignException when the file cannot be read
    static Response.ModuleRan run(Request.ModuleRun asked) throws InterruptedException {
        byte[] bytes = read(asked.file());
        try {
            WasmModule module = WasmModule.load(bytes);
            FunctionType type = module.exportedFunction(asked.export());
            if (type == null) {
                return rejected("there is no exported function \"" + asked.export() + "\"");
            }
            if (type.params().size() != asked.arguments().size()) {
                return rejected(
                        "function \"%s\" takes %d arguments %s, %d were given"
                                .formatted(
                                        asked.export(),
                                        type.params().size(),
                                        type,
                                        asked.arguments().size()));
            }
            long[] arguments = new long[type.params().size()];
            for (int i = 0; i < arguments.length; i++) {
                Long bits = ModuleNumbers.bits(type.params().get(i), asked.arguments().get(i));
                if (bits == null) {
                    return rejected(
                            "argument %d is \"%s\", which is no %s"
                                    .formatted(
                                            i + 1,
                                            asked.arguments().get(i),
                                            type.params().get(i).text()));
                }
                arguments[i] = bits;
            }
            return ran(
                    new Run(module, HostFunctions.NONE, limits(asked))
                            .invoke(asked.export(), arguments));
        } catch (ModuleRejected refused) {
            return rejected(String.valueOf(refused.getMessage()));
        }
    }

    private static Limits limits(Request.ModuleRun asked) {
        Long fuel = asked.fuel();
        Long millis = asked.timeoutMillis();
        return Limits.DEFAULT
                .withFuel(fuel == null ? Limits.DEFAULT.fuel() : Math.min(fuel, Limits.MAX_FUEL))
                .withTimeout(millis == null ? NO_TIMEOUT : Duration.ofMillis(Math.max(1, millis)));
    }

    private static Response.ModuleRan rejected(String message) {
        return new Response.ModuleRan("rejected", List.of(), 0, message);
    }

    private static Response.ModuleRan ran(Outcome outcome) throws InterruptedException {
        return switch (outcome) {
            case Outcome.Ok ok -> {
                List<Response.ModuleValue> results = new ArrayList<>();
                for (int i = 0; i < ok.results().size(); i++) {
                    results.add(
                            new Response.ModuleValue(
                                    ok.types().get(i).text(), ok.results().get(i)));
                }
                yield new Response.ModuleRan("ok", results, ok.fuel(), null);
            }
            case Outcome.Trap trap -> ended("trap", trap, trap.message());
            case Outcome.OutOfFuel fuel ->
                    ended("out-of-fuel", fuel, "all " + fuel.fuel() + " units of fuel are used");
            case Outcome.CallStack deep ->
                    ended(
                            "call-stack",
                            deep,
                            "more than " + Limits.DEFAULT.depth() + " calls are open at once");
            case Outcome.Timeout late -> ended("timeout", late, "it did not end in time");
            case Outcome.OutOfMemory full ->
                    ended("memory", full, "this process has no memory left for it");
            case Outcome.Rejected refused -> ended("rejected", refused, refused.message());
            case Outcome.Cancelled _ -> throw new InterruptedException("the run was cancelled");
            case Outcome.Exit _, Outcome.HostFailure _ ->
                    throw new IllegalStateException(
                            "a module without imports met a host: " + outcome);
        };
    }

    private static Response.ModuleRan ended(String verdict, Outcome outcome, String message) {
        return new Response.ModuleRan(verdict, List.of(), outcome.fuel(), message);
    }

    static Response.ModuleSheet check(String file) {
        byte[] bytes = read(file);
        String sha256 = WasmModule.sha256(bytes);
        try {
            WasmModule module = WasmModule.load(bytes);
            return new Response.ModuleSheet(
                    bytes.length,
                    sha256,
                    null,
                    null,
                    module.functions(),
                    module.memoryPages(),
                    module.imports().stream()
                            .map(each ->
                                    new Response.ModuleFunction(
                                            each.module(), each.name(), each.type().toString()))
                            .toList(),
                    module.exportedFunctions().stream().map(name -> export(module, name)).toList(),
                    module.interpretedFunctions().stream().map(String::valueOf).toList());
        } catch (ModuleRejected refused) {
            return new Response.ModuleSheet(
                    bytes.length,
                    sha256,
                    refused.reason().name().toLowerCase(Locale.ROOT),
                    refused.getMessage(),
                    0,
                    0,
                    List.of(),
                    List.of(),
                    List.of());
        }
    }

    private static Response.ModuleFunction export(WasmModule module, String name) {
        FunctionType type = module.exportedFunction(name);
        return new Response.ModuleFunction(null, name, String.valueOf(type));
    }

    /// At most one byte more than a module may have, so that loading says what is wrong with more.
    private static byte[] read(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return in.readNBytes(WasmModule.MAX_BYTES + 1);
        } catch (IOException | java.nio.file.InvalidPathException unreadable) {
            throw new SovereignException(
                    NodeError.FILE_UNREADABLE,
                    "\"" + file + "\" cannot be read: " + reason(unreadable),
                    "check the path and its permissions",
                    unreadable);
        }
    }

    private static String reason(Exception unreadable) {
        return switch (unreadable) {
            case java.nio.file.NoSuchFileException _ -> "no such file";
            case java.nio.file.AccessDeniedException _ -> "permission denied";
            default -> String.valueOf(unreadable.getMessage());
        };
    }
}
