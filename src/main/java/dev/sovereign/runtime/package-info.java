/// Other people's code under a leash: skills are WebAssembly modules that may do what was granted
/// to them, no longer than their limits allow.
///
/// `Skills` is the front door: what is installed, what each may do, and the runs. A run has one
/// platform thread of its own; at most `Slots` of them compute at a time, fairly shared. What a
/// skill may reach of the node comes through interfaces that `node` hands over: `Knowledge` and
/// `LicenseGate`. The engine is behind `runtime.wasm`. Follows docs/skills.md.
@NullMarked
package dev.sovereign.runtime;

import org.jspecify.annotations.NullMarked;
