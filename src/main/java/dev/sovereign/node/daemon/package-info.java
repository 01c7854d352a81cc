/// The daemon's shell: folders and lock of its home, socket, connections, idle end, orderly stop,
/// log. [dev.sovereign.node.daemon.Daemon] is the front door.
///
/// One virtual thread reads each connection and never waits for anything but the next frame; one
/// virtual thread runs each request and writes its answers itself, so a slow reader slows only what
/// it asked for. What a caller can make us hold is bounded by [dev.sovereign.protocol.Bounds].
@NullMarked
package dev.sovereign.node.daemon;

import org.jspecify.annotations.NullMarked;
