package dev.sovereign.protocol;

import dev.sovereign.error.Diagnostic;

import java.util.List;

/// What one frame holds: requests and responses with the id that joins them, and the few words that
/// run a connection. `docs/protocol.md` describes each.
public sealed interface Message {

    /// Sent by the caller.
    sealed interface FromCaller extends Message {}

    /// Sent by the daemon.
    sealed interface FromNode extends Message {}

    /// The first frame each way.
    ///
    /// @param protocol the newest protocol version spoken, see [Codec#PROTOCOL]
    /// @param version of the program, for people
    /// @param build hash of the program's files; another one means another daemon is needed
    /// @param pid of the daemon; 0 from a caller
    record Hello(int protocol, String version, String build, long pid)
            implements FromCaller, FromNode {}

    /// @param id chosen by the caller, 1 or more, unique among those under way on the connection
    record Ask(long id, Request<?> request) implements FromCaller {}

    /// A request that cannot be understood but can be answered.
    ///
    /// @param diagnostic why
    record Unreadable(long id, Diagnostic diagnostic) implements FromCaller {}

    /// The answer is no longer wanted; a closing response follows nevertheless.
    record Cancel(long id) implements FromCaller {}

    /// The next bytes of a wanted file.
    ///
    /// @param end these are the last ones
    @SuppressWarnings("ArrayRecordComponent") // never compared; handed over, not shared
    record FileChunk(long id, int handle, byte[] bytes, boolean end) implements FromCaller {}

    /// A wanted file cannot be read, or not any further.
    record FileFailed(long id, int handle, String reason) implements FromCaller {}

    /// A message of a type that this program does not know; ignored.
    record Unknown(String type) implements FromCaller, FromNode {}

    /// One response to the request `id`.
    record Answer(long id, Response response) implements FromNode {}

    /// So many more raw bytes of the file may be sent.
    record Credit(long id, int handle, long bytes) implements FromNode {}

    /// The daemon needs no more of the file.
    record FileClose(long id, int handle) implements FromNode {}

    /// The daemon ends in good order: requests that have not been answered were not carried out.
    record Bye() implements FromNode {}

    /// The connection cannot go on; the daemon closes it after this.
    record Broken(List<Diagnostic> diagnostics) implements FromNode {}
}
