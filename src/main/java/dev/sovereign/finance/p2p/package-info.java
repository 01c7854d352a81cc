/// Bitcoin's own peer-to-peer network, through bitcoinj's `PeerGroup`: headers, and one block by
/// its hash. The only package where bitcoinj opens sockets, and the only one that loads its `Block`
/// (which makes a random key when it is loaded, some 400 ms).
///
/// [PeerConnection] is the front door: one peer that the user named. Nothing is discovered, no
/// bloom filter is sent, no transaction is asked for. A peer is believed nothing: headers are
/// checked by whoever takes them, a block by its hash and Merkle root in [PeerBlock].
///
/// Threads: bitcoinj's own, one for the connection and one for the group; callers block on
/// [PeerConnection#ANSWER_MILLIS]. bitcoinj takes messages of up to 32 MiB.
@NullMarked
package dev.sovereign.finance.p2p;

import org.jspecify.annotations.NullMarked;
