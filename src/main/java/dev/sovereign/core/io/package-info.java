/// Rows of facts in files: delimited text as Soufflé reads and writes it, CSV of RFC 4180, lines of
/// JSON. Bytes are parsed where they lie, without a string for each cell.
/// [dev.sovereign.core.io.FactFiles] reads what a program's `.input` says; opening files is the
/// caller's. One thread a reader; every length is bounded.
@NullMarked
package dev.sovereign.core.io;

import org.jspecify.annotations.NullMarked;
