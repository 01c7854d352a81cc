package dev.sovereign.runtime.wasm;

/// What a host function may do to the instance that called it. Valid during the call only.
public interface Caller {

    /// The memory of the caller.
    ///
    /// @throws WasmTrap when the module has none
    Memory memory() throws WasmTrap;

    /// Charges for work that the host does on the module's behalf; the call ends the run when fuel
    /// runs out.
    ///
    /// @param units at least 0
    void charge(long units);

    /// What is left of the run's fuel.
    long fuelLeft();

    /// When the run must have ended, as `System.nanoTime`.
    long deadlineNanos();
}
