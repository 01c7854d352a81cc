package dev.sovereign.runtime.wasm;

import org.jspecify.annotations.Nullable;

/// What the host offers to a module.
@FunctionalInterface
public interface HostFunctions {

    /// Nothing at all.
    HostFunctions NONE = wanted -> null;

    /// The function for an import, or null when there is none: then the module is rejected.
    @Nullable HostFunction find(Import wanted);
}
