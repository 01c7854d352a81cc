/// multistream-select 1.0: the name of the protocol that a connection or a stream carries.
///
/// [dev.sovereign.mesh.multistream.Multistream] is the front door: one call for either role, on the
/// caller's thread. A message has at most 1,024 bytes, an initiator at most 16 proposals; the owner
/// of the connection bounds the time. Follows multiformats/multistream-select.
@NullMarked
package dev.sovereign.mesh.multistream;

import org.jspecify.annotations.NullMarked;
