/// Benchmarks of licenses; docs/benchmarks.md has the figures.
@NullMarked
package dev.sovereign.finance.bench;

import org.jspecify.annotations.NullMarked;
