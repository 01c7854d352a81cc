package dev.sovereign.runtime;

/// One run that has ended.
///
/// @param id from 1 on since the daemon started
/// @param tool empty when none was named
/// @param sha256 of the module
/// @param exit what the program ended with; -1 when it did not end by itself
/// @param output standard output, whatever the verdict
/// @param log standard error, up to its limit
/// @param millis from its start to its end
/// @param tx the transaction of what it wrote; 0 when it wrote nothing
/// @param message why it did not end well; empty when it did
/// @param atMillis since the epoch, when it began
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record RunReport(
        long id,
        String skill,
        String version,
        String tool,
        String sha256,
        Verdict verdict,
        int exit,
        byte[] output,
        byte[] log,
        long fuel,
        long millis,
        long tx,
        String message,
        long atMillis) {

    private static final byte[] NOTHING = {};

    /// What is kept of it.
    RunReport withoutTexts() {
        return new RunReport(
                id, skill, version, tool, sha256, verdict, exit, NOTHING, NOTHING, fuel, millis, tx,
                message, atMillis);
    }
}
