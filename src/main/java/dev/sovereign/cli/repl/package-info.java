/// The prompt: Datalog and commands, typed or piped in. [dev.sovereign.cli.repl.Repl] is the front
/// door.
///
/// One input is one piece of work: [dev.sovereign.cli.repl.Splitter] cuts it into statements,
/// [dev.sovereign.cli.repl.Shell] carries them out over one shared connection
/// ([dev.sovereign.cli.repl.Connection]). Everything runs on the thread that called, which a signal
/// handler interrupts on Ctrl-C; only what is to be completed is asked for by a thread of its own
/// ([dev.sovereign.cli.repl.Known]), ahead of need, so that a slow daemon cannot hang a key.
/// Answers longer than the screen go to a pager ([dev.sovereign.cli.repl.Page]). JLine is imported
/// nowhere else.
@NullMarked
package dev.sovereign.cli.repl;

import org.jspecify.annotations.NullMarked;
