package dev.sovereign.core.store;

import java.io.IOException;
import java.util.List;

/// Brings a store from one format version to the next. It writes a new generation beside the old
/// one and lets a manifest of the new version name it, as every conversion does, so that an
/// interrupted one has changed nothing.
interface Migration {

    /// One for each version below [LogFormat#VERSION], in order; there is none below 1.
    List<Migration> ALL = List.of();

    /// The version that it understands; it writes the next.
    int from();

    /// @return the manifest that counts now, durable
    Manifest migrate(Manifest old, StoreFolder folder) throws IOException;

    /// Runs what is due.
    static Manifest run(Manifest manifest, StoreFolder folder, List<Migration> migrations)
            throws IOException {
        Manifest present = manifest;
        for (Migration migration : migrations) {
            if (migration.from() == present.format()) {
                present = migration.migrate(present, folder);
            }
        }
        return present;
    }
}
