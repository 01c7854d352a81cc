package dev.sovereign.mesh.yamux;

import java.time.Duration;

/// What one session may cost.
///
/// @param inboundStreams streams of the other side that are open at once; more are answered with
///   RST
/// @param outboundStreams streams of ours that are open at once
/// @param streamBytes largest receive window of a stream, [#INITIAL_WINDOW] doubled some times
/// @param connectionBytes receive memory of a session
/// @param keepAlive how often the round trip is measured
/// @param pingTimeout how long an answer to that may take
/// @param closeGrace how long streams may go on after [YamuxSession#close]
public record YamuxLimits(
        int inboundStreams,
        int outboundStreams,
        int streamBytes,
        long connectionBytes,
        Duration keepAlive,
        Duration pingTimeout,
        Duration closeGrace) {

    /// Receive window of each new stream, from the specification.
    public static final int INITIAL_WINDOW = 256 * 1_024;

    /// specs/mesh.md, 10. Outbound: rust-libp2p ends a connection at 512 streams.
    public static final YamuxLimits STANDARD =
            new YamuxLimits(
                    256,
                    480,
                    16 << 20,
                    32L << 20,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5));

    public YamuxLimits {
        if (streamBytes < INITIAL_WINDOW || Integer.bitCount(streamBytes) != 1) {
            throw new IllegalArgumentException(
                    "a stream's window is 256 KiB doubled some times, not " + streamBytes);
        }
    }
}
