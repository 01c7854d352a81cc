/// How every part of Sovereign says that something is wrong: stable codes, kinds that pick the exit
/// status, places with source lines. [dev.sovereign.error.SovereignException] is the front door.
/// Values only, no threads; depends on nothing.
@NullMarked
package dev.sovereign.error;

import org.jspecify.annotations.NullMarked;
