package dev.sovereign.runtime;

import dev.sovereign.runtime.pack.Capability;
import dev.sovereign.runtime.wasi.Access;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What an installed skill holds now. Runs ask it before each use, so that what was revoked is over
/// with their next call. Any thread.
final class Grants implements Access {

    private volatile List<Capability> held;

    Grants(List<Capability> held) {
        this.held = List.copyOf(held);
    }

    List<Capability> held() {
        return held;
    }

    void become(List<Capability> next) {
        held = List.copyOf(next);
    }

    @Override
    public boolean holds(Capability capability) {
        for (Capability each : held) {
            if (each.covers(capability)) {
                return true;
            }
        }
        return false;
    }

    List<Capability.Read> readable() {
        return held.stream()
                .filter(Capability.Read.class::isInstance)
                .map(Capability.Read.class::cast)
                .toList();
    }

    Set<String> writable() {
        return held.stream()
                .filter(Capability.Write.class::isInstance)
                .map(each -> ((Capability.Write) each).relation())
                .collect(Collectors.toUnmodifiableSet());
    }

    List<Capability.Files> files() {
        return held.stream()
                .filter(Capability.Files.class::isInstance)
                .map(Capability.Files.class::cast)
                .toList();
    }
}
