/// The program's entry point, [dev.sovereign.Main]. Start reading there, then at
/// `docs/architecture.md`.
@NullMarked
package dev.sovereign;

import org.jspecify.annotations.NullMarked;
