package dev.sovereign.runtime.wasm;

/// A function of ours that a module imports. Called on the run's thread.
///
/// `values` holds the arguments from index 0 on and takes the results from index 0 on; it is as
/// long as the longer of the two. Bits are as in [Outcome.Ok].
///
/// What it throws ends the run: [WasmTrap] and [WasmExit] as what they say, anything else as
/// [Outcome.HostFailure]. An interrupt means that the run is cancelled or out of time.
@FunctionalInterface
public interface HostFunction {

    void call(Caller caller, long[] values) throws Exception;
}
