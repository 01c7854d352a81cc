/// What the node knows: Datalog from text to answers, and the store of facts.
@NullMarked
package dev.sovereign.core;

import org.jspecify.annotations.NullMarked;
