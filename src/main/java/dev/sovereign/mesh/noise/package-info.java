/// Noise XX over X25519, ChaCha20-Poly1305 and SHA-256, as libp2p uses it: who the other side is,
/// and a sealed connection to it.
///
/// [dev.sovereign.mesh.noise.NoiseHandshake] is the front door and makes a
/// [dev.sovereign.mesh.noise.NoiseConnection]. No threads of its own. A handshake message has at
/// most 4.3 KiB, a record 64 KiB; the buffers of a busy connection hold four records each way.
/// Cryptography is the JDK's. Follows the Noise Protocol Framework, revision 34, and libp2p/specs
/// `noise/README.md`.
@NullMarked
package dev.sovereign.mesh.noise;

import org.jspecify.annotations.NullMarked;
