/// Bounded reading and writing of what libp2p messages are made of: unsigned varints and protobuf
/// fields.
///
/// [dev.sovereign.mesh.wire.ProtobufReader] is the front door for messages,
/// [dev.sovereign.mesh.wire.Varint] for length prefixes. No threads, no state beyond one message.
/// Every reader is told how much it may take and throws
/// [dev.sovereign.mesh.wire.MalformedException] before it allocates more. Follows
/// multiformats/unsigned-varint and the protobuf encoding of proto2 without groups.
@NullMarked
package dev.sovereign.mesh.wire;

import org.jspecify.annotations.NullMarked;
