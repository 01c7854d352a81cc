/// Measures the store; figures stand in docs/store.md and docs/benchmarks.md.
@NullMarked
package dev.sovereign.core.store.bench;

import org.jspecify.annotations.NullMarked;
