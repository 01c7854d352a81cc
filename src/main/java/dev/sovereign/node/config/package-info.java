/// `config.toml`: read strictly, with line and column of what is wrong; changed one key at a time
/// with everything else, comments included, left as it was.
/// [dev.sovereign.node.config.Configuration] is the front door.
@NullMarked
package dev.sovereign.node.config;

import org.jspecify.annotations.NullMarked;
