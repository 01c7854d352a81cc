/// Sockets to machines that the user named, and to no others.
///
/// [Dialer] is the front door: it opens a TCP connection to an [Endpoint], straight or through a
/// SOCKS5 proxy, within [Dialer#CONNECT_MILLIS]. [Alarm] closes what takes too long. With a proxy
/// no name is looked up on this machine: the proxy gets it as it is written, and never a user name
/// (RFC 1928).
///
/// Blocking; call it on virtual threads. Each connection belongs to whoever asked for it.
@NullMarked
package dev.sovereign.finance.net;

import org.jspecify.annotations.NullMarked;
