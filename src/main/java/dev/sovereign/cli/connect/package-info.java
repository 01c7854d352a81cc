/// The way to the daemon: [dev.sovereign.cli.connect.SocketCaller] connects, starts it when none
/// runs, replaces one of another build. Lies on the path of every command, so it loads as few
/// classes as it can: no lambdas, streams, regular expressions, formats or logging.
@NullMarked
package dev.sovereign.cli.connect;

import org.jspecify.annotations.NullMarked;
