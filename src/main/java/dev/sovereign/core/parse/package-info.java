/// Text to program. [dev.sovereign.core.parse.Parser] is the front door: it never throws on bad
/// text but recovers and reports everything it finds, up to
/// [dev.sovereign.core.parse.Limits#DIAGNOSTICS]. One call, one thread, time and memory linear in
/// the text; nesting is bounded, so that no text can exhaust the stack. The grammar stands in
/// docs/datalog.md; it is Soufflé's with queries and modules.
@NullMarked
package dev.sovereign.core.parse;

import org.jspecify.annotations.NullMarked;
