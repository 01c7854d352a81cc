/// Checks of the whole program rather than of one part: directions of dependencies, documents
/// against classes.
@NullMarked
package dev.sovereign.architecture;

import org.jspecify.annotations.NullMarked;
