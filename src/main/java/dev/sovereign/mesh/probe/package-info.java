/// Test protocols: echo, digest and sink. Off unless somebody asks for them.
///
/// [dev.sovereign.mesh.probe.Probe] is the front door. No threads; a stream holds one chunk of at
/// most 64 KiB. docs/mesh.md says what travels.
@NullMarked
package dev.sovereign.mesh.probe;

import org.jspecify.annotations.NullMarked;
