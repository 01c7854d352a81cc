package dev.sovereign.runtime;

import dev.sovereign.runtime.pack.Manifest;

/// A tool of a skill that asks for nothing: what it gives depends on its input alone, so that an
/// input that was seen before is not run again. Its runs take no slot, since whoever calls it waits
/// and computes nothing meanwhile, and are not among the reports. Any thread.
public final class PureTool {

    /// What runs it.
    interface Runner {
        /// @param started hears how to cancel it before it begins
        RunReport run(byte[] input, Skills.Started started) throws InterruptedException;
    }

    private final Manifest manifest;
    private final String identity;
    private final Memo memo;
    private final Runner runner;

    /// @param identity of everything but the input that decides what it gives
    PureTool(Manifest manifest, String identity, Memo memo, Runner runner) {
        this.manifest = manifest;
        this.identity = identity;
        this.memo = memo;
        this.runner = runner;
    }

    /// Its skill, such as `skill primes 1.0.0`.
    public String author() {
        return Installed.author(manifest);
    }

    /// Runs the tool, unless it is known what comes of it. Its fuel is the same both times.
    ///
    /// @param started hears how to cancel the run before it begins
    public RunReport call(byte[] input, Skills.Started started) throws InterruptedException {
        RunReport known = memo.find(identity, input);
        if (known != null) {
            return known;
        }
        RunReport report = runner.run(input, started);
        if (report.verdict() == Verdict.OK) {
            memo.keep(identity, input, report);
        }
        return report;
    }
}
