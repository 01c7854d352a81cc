package dev.sovereign.runtime.wasm;

/// One generated function, called with its arguments in an array. Public for generated code.
public abstract class Entry {

    /// For generated code.
    public Entry() {}

    /// @param values arguments from index 0 on, replaced by the results
    /// @param depth calls that may still be opened below this one
    public abstract void call(long[] values, Instance instance, int depth);
}
