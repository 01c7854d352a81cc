/// ping: whether a peer answers, and how fast.
///
/// [dev.sovereign.mesh.ping.Ping] is the front door. No threads; a stream holds 32 bytes, and two
/// streams of a connection are served at once. Follows libp2p/specs `ping/ping.md`.
@NullMarked
package dev.sovereign.mesh.ping;

import org.jspecify.annotations.NullMarked;
