package dev.sovereign.runtime.wasm;

import dev.sovereign.runtime.wasm.ModuleRejected.Reason;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;

/// One instance of a module, with its budget of fuel and memory. [#invoke] instantiates it when it
/// is called for the first time, and may be called again for as long as each call ends in
/// [Outcome.Ok]; after anything else the instance is not used again.
///
/// Each call has a platform thread of its own, with a stack sized for the allowed depth, so that
/// the meter stops a recursion long before the JVM would. [#invoke] waits for it and is called by
/// one thread at a time; [#cancel] by any.
public final class Run {

    /// Stack for host functions below the deepest call: what the JDK's file and text code needs,
    /// with room to spare.
    private static final long HOST_STACK_BYTES = 1 << 20;

    /// Of address space. Only a module whose largest function has thousands of operands, run with a
    /// depth far above the default, could want more; it would find the JVM's end before the
    /// meter's.
    private static final long MAX_STACK_BYTES = 2L << 30;

    /// Frames of the JVM's own interpreter besides locals and operands, and of calls between.
    static final int FRAME_BYTES = 512;

    private final WasmModule module;
    private final HostFunctions hosts;
    private final Limits limits;
    private final Mode mode;
    private final Meter meter;
    private final AtomicReference<@Nullable Thread> running = new AtomicReference<>();
    private @Nullable Instance instance;
    private boolean ended;

    public Run(WasmModule module, HostFunctions hosts, Limits limits) {
        this(module, hosts, limits, Mode.COMPILED);
    }

    public Run(WasmModule module, HostFunctions hosts, Limits limits, Mode mode) {
        this.module = module;
        this.hosts = hosts;
        this.limits = limits;
        this.mode = mode;
        this.meter = new Meter(limits.fuel());
    }

    /// Calls an exported function and waits for its end. An interrupt of the waiting thread cancels
    /// the run and stays set.
    ///
    /// @param arguments bits as in [Outcome.Ok], as many as the function takes
    /// @throws IllegalStateException when an earlier call did not end in [Outcome.Ok]
    public Outcome invoke(String export, long... arguments) {
        if (ended) {
            throw new IllegalStateException("the run has ended");
        }
        FunctionType type = module.exportedFunction(export);
        if (type == null) {
            return rejected(
                    "there is no exported function \"" + ModuleReader.printable(export) + "\"");
        }
        if (type.params().size() != arguments.length) {
            return rejected(
                    "function \"%s\" takes %d arguments, %d were given"
                            .formatted(
                                    ModuleReader.printable(export),
                                    type.params().size(),
                                    arguments.length));
        }
        long[] values =
                java.util.Arrays.copyOf(
                        arguments, Math.max(1, Math.max(arguments.length, type.results().size())));
        Job job = new Job(export, type, values);
        Thread thread = new Thread(null, job, "wasm-run", stackBytes());
        thread.setDaemon(true);
        meter.deadline(System.nanoTime() + limits.timeout().toNanos());
        running.set(thread);
        thread.start();
        await(thread);
        running.set(null);
        Outcome outcome = job.outcome;
        if (outcome == null) {
            ended = true;
            throw new IllegalStateException(
                    "the engine failed on module " + module.sha256(), job.defect);
        }
        ended = !(outcome instanceof Outcome.Ok);
        return outcome;
    }

    private Outcome rejected(String message) {
        ended = true;
        return new Outcome.Rejected(message, used());
    }

    private long used() {
        Instance present = instance;
        return present == null ? 0 : present.used();
    }

    /// Ends the call under way, and each later one, within a slice of fuel. A host function that
    /// blocks is interrupted.
    public void cancel() {
        meter.cancel();
        Thread thread = running.get();
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void await(Thread thread) {
        boolean interrupted = false;
        boolean late = false;
        while (true) {
            try {
                long left = late ? 0 : Math.max(1, meter.deadlineNanos() - System.nanoTime());
                if (late) {
                    thread.join();
                    break;
                }
                if (thread.join(java.time.Duration.ofNanos(left))) {
                    break;
                }
                // a host function may be waiting for something
                late = true;
                thread.interrupt();
            } catch (InterruptedException cancelled) {
                interrupted = true;
                cancel();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Enough for every frame at the allowed depth to be the largest of the module, as the JVM's
    /// interpreter lays them out; only what is touched takes memory.
    private long stackBytes() {
        return Math.min(
                MAX_STACK_BYTES,
                HOST_STACK_BYTES + limits.depth() * (FRAME_BYTES + module.largestFrame() * 8L));
    }

    /// The instance, made when it is first needed, on the run's thread.
    private Instance instance() throws ModuleRejected {
        Instance present = instance;
        if (present == null) {
            present = new Instance(module, link(), new Store(), meter, limits, mode);
            instance = present;
            present.initialize(limits.depth());
        }
        return present;
    }

    private Instance.Linked link() throws ModuleRejected {
        Instance.Linked linked = new Instance.Linked();
        for (WasmModule.AnyImport wanted : module.allImports) {
            String name =
                    ModuleReader.printable(wanted.module())
                            + "."
                            + ModuleReader.printable(wanted.name());
            if (wanted.kind() != WasmModule.Kind.FUNCTION) {
                throw new ModuleRejected(
                        Reason.UNLINKABLE,
                        "import \"%s\" is a %s, only functions can be imported"
                                .formatted(
                                        name,
                                        wanted.kind().name().toLowerCase(java.util.Locale.ROOT)));
            }
            HostFunction function =
                    hosts.find(
                            new Import(
                                    wanted.module(),
                                    wanted.name(),
                                    module.functionType(wanted.index())));
            if (function == null) {
                throw new ModuleRejected(Reason.UNLINKABLE, "unknown import \"" + name + "\"");
            }
            linked.functions.add(function);
        }
        return linked;
    }

    /// What the thread does.
    private final class Job implements Runnable {

        private final String export;
        private final FunctionType type;
        private final long[] values;
        private @Nullable Outcome outcome;
        private @Nullable Throwable defect;

        Job(String export, FunctionType type, long[] values) {
            this.export = export;
            this.type = type;
            this.values = values;
        }

        @Override
        public void run() {
            try {
                outcome = guarded();
            } catch (RuntimeException | Error ours) {
                // no doing of the module's: goes to the caller, who knows where defects belong
                defect = ours;
            }
        }

        private Outcome guarded() {
            try {
                Instance present = instance();
                int function = java.util.Objects.requireNonNull(module.exports.get(export)).index();
                present.invoke(function, values, limits.depth() - 1);
                if (meter.remaining(present.fuel) < 0) {
                    return new Outcome.OutOfFuel(used());
                }
                return new Outcome.Ok(
                        type.results(),
                        java.util.Arrays.stream(values)
                                .limit(type.results().size())
                                .boxed()
                                .toList(),
                        used());
            } catch (ModuleRejected rejected) {
                return new Outcome.Rejected(message(rejected), used());
            } catch (Stopped stopped) {
                return switch (stopped.why()) {
                    case FUEL -> new Outcome.OutOfFuel(limits.fuel());
                    case DEPTH -> new Outcome.CallStack(used());
                    case TIMEOUT -> new Outcome.Timeout(used());
                    case CANCELLED -> new Outcome.Cancelled(used());
                };
            } catch (WasmTrap trap) {
                return new Outcome.Trap(message(trap), used());
            } catch (WasmExit exit) {
                return new Outcome.Exit(exit.status(), used());
            } catch (IndexOutOfBoundsException outside) {
                return new Outcome.Trap("out of bounds memory access", used());
            } catch (ArithmeticException division) {
                return new Outcome.Trap("integer divide by zero", used());
            } catch (StackOverflowError tooDeep) {
                return new Outcome.CallStack(used());
            } catch (OutOfMemoryError full) {
                return new Outcome.OutOfMemory(used());
            } catch (HostFailed failed) {
                return hostFailed(failed.thrown());
            }
        }

        private Outcome hostFailed(Throwable thrown) {
            try {
                meter.check();
            } catch (Stopped stopped) {
                return stopped.why() == Stopped.Why.TIMEOUT
                        ? new Outcome.Timeout(used())
                        : new Outcome.Cancelled(used());
            }
            return new Outcome.HostFailure(thrown, used());
        }

        private static String message(Throwable thrown) {
            return String.valueOf(thrown.getMessage());
        }
    }

    /// The memory of the instance between calls, for a host that reads results from it; null before
    /// the first call and for a module without memory.
    public @Nullable Memory memory() {
        Instance present = instance;
        return present == null || module.memory == null ? null : present.memory;
    }
}
