/// This node's place on its private mesh: keys, the book of peers, connections that come back, and
/// the requests that peers may ask.
///
/// [dev.sovereign.node.peers.MeshNode] is the front door: a supervised actor whose thread opens and
/// closes the mesh and follows the key files; one virtual thread dials for each peer, one watches
/// clock and interfaces. [dev.sovereign.node.peers.Keys] alone reads and writes key files. A peer's
/// requests come over `/sovereign/ipc/1.0.0`, and each is answered only where a rule of the module
/// `policy` says so ([dev.sovereign.node.peers.Policy]). Follows specs/mesh.md, 1, 7, 9 and 10.
@NullMarked
package dev.sovereign.node.peers;

import org.jspecify.annotations.NullMarked;
