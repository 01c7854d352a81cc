/// The command line: one class per command, the only user of standard output. Speaks to the node
/// through a [dev.sovereign.cli.Caller] and knows nothing behind it.
@NullMarked
package dev.sovereign.cli;

import org.jspecify.annotations.NullMarked;
