/// Facts of the host and of this process, as `status` shows them.
@NullMarked
package dev.sovereign.node.machine;

import org.jspecify.annotations.NullMarked;
