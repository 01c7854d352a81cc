/// One request in, one response out: [dev.sovereign.node.Coordinator] is the front door of the
/// daemon, [dev.sovereign.node.LocalHandler] of commands that need none. Every request runs on a
/// virtual thread of its own; the subsystems behind are supervised actors.
@NullMarked
package dev.sovereign.node;

import org.jspecify.annotations.NullMarked;
