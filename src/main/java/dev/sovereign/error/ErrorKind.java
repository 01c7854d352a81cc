package dev.sovereign.error;

/// What sort of failure this is. The kind alone decides the exit status of the command
/// (specs/cli.md).
public enum ErrorKind {
    /// The input or the question is wrong.
    USER(1),
    /// The command line itself is wrong.
    USAGE(2),
    /// We refuse: permission, a damaged or foreign file, a missing JDK.
    REFUSED(3),
    /// Another machine or the network.
    REMOTE(4),
    /// A limit was reached: time, tuples, memory, fuel.
    LIMIT(5),
    /// A defect of ours.
    BUG(70);

    private final int exitStatus;

    ErrorKind(int exitStatus) {
        this.exitStatus = exitStatus;
    }

    /// The process exit status, 1 to 70.
    public int exitStatus() {
        return exitStatus;
    }

    /// The word on the wire and under `--json`: lower case.
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// The kind of a word from the wire. A word from a newer program that we do not know counts as
    /// [#REFUSED].
    public static ErrorKind ofWord(String word) {
        for (ErrorKind kind : values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        return REFUSED;
    }
}
