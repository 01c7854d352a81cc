package dev.sovereign.core.store;

/// A file in a format that only a newer program knows.
final class NewerException extends MalformedException {

    private static final long serialVersionUID = 1L;

    private final int version;

    NewerException(int version) {
        super("format version " + version + "; this program knows up to " + LogFormat.VERSION);
        this.version = version;
    }

    int version() {
        return version;
    }
}
