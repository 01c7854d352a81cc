package dev.sovereign.runtime.wasm;

/// A function that a module asks its host for.
public record Import(String module, String name, FunctionType type) {}
