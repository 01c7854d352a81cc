/// Other people's WebAssembly, metered: loading, validation, two ways to run, and the limits of
/// both.
///
/// [WasmModule#load] takes hostile bytes and either refuses them or returns a module of which
/// everything has been checked; [Run] instantiates it with [HostFunction]s, calls exports and ends
/// in an [Outcome], never in an exception of the module's making. Neither WASI nor capabilities are
/// known here.
///
/// Functions become JVM bytecode, a group at a time when one of them is first called ([CodeLoader],
/// [FunctionCompiler]); a function that does not fit the JVM's limits, and every function in
/// [Mode#INTERPRETED], runs in [Interpreter]. Both charge the same fuel ([Charges]).
///
/// Threads: a module is immutable and shared; a run has one platform thread, with a stack sized for
/// its call depth, and [Run#cancel] may come from any thread. Limits: [WasmModule] for what is
/// loaded, [Limits] for a run. Specification: WebAssembly core 2.0 without SIMD; fuel and limits as
/// in `docs/skills.md`.
@NullMarked
package dev.sovereign.runtime.wasm;

import org.jspecify.annotations.NullMarked;
