/// Skill packages: what a publisher hands out, read as an attack.
///
/// [PackageReader] takes the bytes of a zip or the files of a folder and gives a [SkillPackage], or
/// refuses. [Manifest] says what the skill is and which [Capability]s it asks for; [Canonical] is
/// the form of it that publishers sign. No threads, nothing is written. Limits are the constants of
/// [PackageReader] and [ManifestReader]. Follows docs/skills.md.
@NullMarked
package dev.sovereign.runtime.pack;

import org.jspecify.annotations.NullMarked;
