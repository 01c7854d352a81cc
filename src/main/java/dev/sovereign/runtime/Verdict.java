package dev.sovereign.runtime;

/// How a run ended. The words are public: `skill run --json` and `sys_run` show them.
public enum Verdict {
    /// The program ended with 0, and what it wrote is written.
    OK("ok", 0),
    /// The program ended with another number.
    FAILED("failed", 1),
    TRAP("trap", 1),
    OUT_OF_FUEL("out-of-fuel", 5),
    CALL_STACK("call-stack", 5),
    TIMEOUT("timeout", 5),
    MEMORY("memory", 5),
    /// Whoever asked for it went away.
    CANCELLED("cancelled", 5),
    /// The module cannot be run by this node.
    REJECTED("rejected", 3),
    /// The program ended with 0, but what it wrote was refused, and so nothing is written.
    REFUSED("refused", 3);

    private final String word;
    private final int exitStatus;

    Verdict(String word, int exitStatus) {
        this.word = word;
        this.exitStatus = exitStatus;
    }

    public String word() {
        return word;
    }

    /// Of the command that ran it.
    public int exitStatus() {
        return exitStatus;
    }
}
