/// perf: how much goes through one stream. Off unless somebody asks for it.
///
/// [dev.sovereign.mesh.perf.Perf] is the front door. No threads; a stream holds one chunk of 64
/// KiB. Follows libp2p/specs `perf/perf.md`.
@NullMarked
package dev.sovereign.mesh.perf;

import org.jspecify.annotations.NullMarked;
