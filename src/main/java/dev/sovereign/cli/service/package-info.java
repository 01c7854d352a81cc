/// The files with which service managers run the daemon: systemd's units, a launchd agent, a
/// Windows task.
///
/// Pure text out of a [Plan]; nothing here runs anything or writes a file. Each kind quotes by the
/// rules of its own reader: a path with spaces, quotes or percent signs is a path. [SystemdUnits]
/// says what it costs to be hardened: which protections a node cannot have, and why.
@NullMarked
package dev.sovereign.cli.service;

import org.jspecify.annotations.NullMarked;
