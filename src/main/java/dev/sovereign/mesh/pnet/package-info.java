/// Private networks: a TCP connection enciphered with the key that all members share.
///
/// [dev.sovereign.mesh.pnet.PnetConnection] is the front door. No threads of its own: one thread
/// reads and one writes at a time, as with every [dev.sovereign.mesh.wire.Duplex]. Until a listener
/// has seen the greeting it holds some hundred bytes for a connection and each key; a direction
/// that has moved 64 KiB holds 16 KiB of key stream made ahead. Follows libp2p/specs
/// `pnet/Private-Networks-PSK-V1.md` and the XSalsa20 paper.
@NullMarked
package dev.sovereign.mesh.pnet;

import org.jspecify.annotations.NullMarked;
