/// identify and identify push: what peers tell each other about themselves.
///
/// [dev.sovereign.mesh.identify.IdentifyMessage] is the front door: it makes our message and reads
/// those of others into a [dev.sovereign.mesh.identify.PeerInfo]. No threads. A message has at most
/// 8 KiB, ten may follow one another, 1,024 protocols and 64 addresses are kept. Follows
/// libp2p/specs `identify/README.md`.
@NullMarked
package dev.sovereign.mesh.identify;

import org.jspecify.annotations.NullMarked;
