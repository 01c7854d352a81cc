/// Subsystems that fail alone: each runs as a [dev.sovereign.node.actor.Supervised] actor, one
/// virtual thread with a bounded mailbox, and is started again with growing pauses.
@NullMarked
package dev.sovereign.node.actor;

import org.jspecify.annotations.NullMarked;
