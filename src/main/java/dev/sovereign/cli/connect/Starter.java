package dev.sovereign.cli.connect;

import dev.sovereign.protocol.Home;

import java.io.IOException;

/// Starts a daemon for a home, in a session of its own. Given by `Main`.
public interface Starter {

    /// @return the process, whose standard output holds one of the lines of [Announcement] and then
    ///   ends; the process goes on
    Process start(Home home) throws IOException;
}
