/// A private libp2p network: one's own machines, and nobody else.
///
/// The values that everything here speaks of: [dev.sovereign.mesh.PeerId],
/// [dev.sovereign.mesh.Multiaddr], [dev.sovereign.mesh.Identity] and [dev.sovereign.mesh.SwarmKey].
/// All of them are immutable and checked when made; what comes from outside is refused with
/// [dev.sovereign.mesh.wire.MalformedException], what a person typed with
/// [dev.sovereign.mesh.MeshError].
@NullMarked
package dev.sovereign.mesh;

import org.jspecify.annotations.NullMarked;
