/// WASI preview 1 for one run of a skill: arguments, environment, three streams, clocks, random
/// numbers, and files below granted folders. Everything else answers `notsup`.
///
/// [WasiHost] is the front door and belongs to the run's thread; only the [Access] that it asks
/// before each use of a capability may change from other threads. Folders are reached through the
/// handles of [java.nio.file.SecureDirectoryStream], one component at a time and never through a
/// symbolic link, so that nothing which happens to names while a skill runs leads it elsewhere.
/// Limits are the constants of [WasiHost] and [Descriptors]. Follows <a
/// href="https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md">WASI preview 1</a>.
@NullMarked
package dev.sovereign.runtime.wasi;

import org.jspecify.annotations.NullMarked;
