package dev.sovereign.core.store;

import dev.sovereign.error.Diagnostic;

import java.util.List;

/// How the last [FactStore#open] went.
///
/// @param fromState H2's blocks were used; else the whole log was replayed
/// @param replayed transactions read from the log
/// @param cutBytes bytes after the last whole transaction, kept aside; 0 after an orderly end
/// @param notes what a person should be told, such as a tail that was cut; usually empty
public record Recovery(boolean fromState, long replayed, long cutBytes, List<Diagnostic> notes) {
    public Recovery {
        notes = List.copyOf(notes);
    }
}
