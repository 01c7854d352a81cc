/// A client for Electrum servers (protocol 1.4 to 1.7), which are believed nothing.
///
/// [ElectrumSession] is the front door: one connection, one line of JSON for each message. What a
/// server answers is parsed into records that hold their bounds; whether it is true is decided by
/// whoever asked, with headers and Merkle proofs. A server that breaks the protocol ends its
/// session with an [dev.sovereign.finance.net.ServerException].
///
/// Threads: one virtual thread reads, one pings when the line is idle; any thread may ask, and
/// blocks until its answer is there or [ElectrumSession#ANSWER_MILLIS] are over. Memory of a
/// session is bounded by [LineReader#LINE_BYTES], [ElectrumSession#IN_FLIGHT] and
/// [Answers#HISTORY_ENTRIES].
///
/// Follows spesmilo/electrum-protocol `docs/protocol-methods.rst`. TLS is trusted on first use:
/// [Pins] holds what was seen then.
@NullMarked
package dev.sovereign.finance.electrum;

import org.jspecify.annotations.NullMarked;
