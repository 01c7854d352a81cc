/// The host: what `status` shows of this process ([Host]), and the machine as facts.
///
/// [MachineRelations] is what the node hands to the knowledge base. Its rows are sampled when a
/// question needs them, on the thread of that question; [Machine] samples one relation at a time
/// through OSHI, the only importer of it, and [Folders] walks file systems within its bounds. OSHI
/// and JNA (3,900 classes in the jars, some 300 of them used) are loaded by the first question and
/// never before: a daemon that is not asked must not pay for them.
@NullMarked
package dev.sovereign.node.machine;

import org.jspecify.annotations.NullMarked;
