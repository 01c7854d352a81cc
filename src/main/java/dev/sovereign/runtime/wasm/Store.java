package dev.sovereign.runtime.wasm;

import java.util.ArrayList;
import java.util.List;

/// Numbers the functions of instances that know each other, so that a reference to any of them is
/// an int: instance by instance, each from its [Instance#base] on. A run has one store with one
/// instance.
final class Store {

    private final List<Instance> instances = new ArrayList<>();
    private int next;

    /// The number of the instance's first function.
    int add(Instance instance, int functions) {
        int base = next;
        next = Math.addExact(next, functions);
        instances.add(instance);
        return base;
    }

    /// The instance whose function this is.
    Instance owner(int handle) {
        Instance owner = null;
        for (Instance each : instances) {
            if (each.base <= handle) {
                owner = each;
            }
        }
        if (owner == null) {
            throw new IllegalStateException("no instance has function " + handle);
        }
        return owner;
    }
}
