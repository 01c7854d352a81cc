package dev.sovereign.core.store;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Names of what is kept aside: they sort by time.
final class KeptNames {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private KeptNames() {}

    /// A name that is free in `directory`: time, hyphen, `what`.
    static String name(FileLayer files, Path directory, Instant now, String what) {
        String stamp = STAMP.format(now);
        String name = stamp + "-" + what;
        for (int i = 2; files.exists(directory.resolve(name)); i++) {
            name = stamp + "-" + i + "-" + what;
        }
        return name;
    }
}
