package dev.sovereign.runtime.wasm;

/// How functions run. Results and fuel are the same.
public enum Mode {
    /// JVM bytecode, made when a function is first called.
    COMPILED,
    /// One operator after the other.
    INTERPRETED
}
