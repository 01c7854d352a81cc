package dev.sovereign.runtime.wasi;

import dev.sovereign.runtime.pack.Capability;

/// What a run may do at this moment. Asked before each use, from the run's thread; the answer may
/// change at any time, and what it says is over at the next use.
@FunctionalInterface
public interface Access {

    /// Nothing at all.
    Access NONE = _ -> false;

    boolean holds(Capability capability);
}
