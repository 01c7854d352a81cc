/// The whole contract between a caller and the node: sealed [dev.sovereign.protocol.Request] and
/// [dev.sovereign.protocol.Response] records, their JSON, length-prefixed frames and every size
/// limit. `docs/protocol.md` says the same for a client in another language.
@NullMarked
package dev.sovereign.protocol;

import org.jspecify.annotations.NullMarked;
