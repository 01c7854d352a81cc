/// Stream multiplexing over one secured connection.
///
/// [dev.sovereign.mesh.yamux.YamuxSession] is the front door. One virtual thread reads frames and
/// never waits for anything else, one sends what has gathered; any thread may write to a stream,
/// whose windows have a lock of their own. What a peer can make us hold is bounded by
/// [dev.sovereign.mesh.yamux.YamuxLimits]: streams, receive memory of a stream and of a session,
/// and by a budget of the process; and by 1,024 frames without a body that wait to be sent. Follows
/// hashicorp/yamux `spec.md` and libp2p/specs `yamux/README.md`.
@NullMarked
package dev.sovereign.mesh.yamux;

import org.jspecify.annotations.NullMarked;
