/// Members of one's own network on the LAN, found by multicast DNS.
///
/// [dev.sovereign.mesh.mdns.Mdns] is the front door: it asks, answers and reports; one virtual
/// thread for each [dev.sovereign.mesh.mdns.Lan] reads. Whoever is on the LAN can send anything:
/// [dev.sovereign.mesh.mdns.DnsMessage] reads it within named bounds, only senders of our own links
/// count, and what they say is a claim that PNet and Noise put to the test. Follows RFC 6762 as far
/// as one service needs it, libp2p/specs `discovery/mdns.md`, and specs/mesh.md, 9.
@NullMarked
package dev.sovereign.mesh.mdns;

import org.jspecify.annotations.NullMarked;
