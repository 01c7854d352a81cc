package dev.sovereign.protocol;

/// Which program this is. The launcher says so by system properties; without it (tests, an IDE) all
/// count as the same build.
public final class Build {
    private Build() {}

    /// Hash of the program's files.
    public static String hash() {
        return System.getProperty("sovereign.build", "unpackaged");
    }

    /// For people.
    public static String version() {
        return System.getProperty("sovereign.version", "0.1.0-SNAPSHOT");
    }

    /// The first frame of either end.
    ///
    /// @param pid of the daemon; 0 for a caller
    public static Message.Hello hello(long pid) {
        return new Message.Hello(Codec.PROTOCOL, version(), hash(), pid);
    }
}
