/// The durable truth: an append-only transaction log of our own, and H2 as the state that follows
/// from it.
///
/// [FactStore] is the front door: open, append, force, read back, back up, check, convert. Plain
/// data goes in and out ([Change], [Replay]); symbols are the caller's ids, translated through
/// [Symbols].
///
/// Threads: any thread may call a [FactStore]; appends are serialized by its append lock, forces by
/// its force lock (so one force serves all who wait), and one daemon thread, started when it is
/// first needed, brings H2 up to the log. Opening a log that is worth it takes two, see
/// [VisitorBehind]. Nothing here ever acknowledges what has not been forced.
///
/// Limits: one record holds at most [LogFormat#MAX_BODY_BYTES]; reading a log, a backup or a
/// manifest from outside never allocates more than that for one record. File formats:
/// `docs/store.md`; why not H2 alone: `docs/adr/0002-log-first.md`. The only importer of `org.h2`.
@NullMarked
package dev.sovereign.core.store;

import org.jspecify.annotations.NullMarked;
