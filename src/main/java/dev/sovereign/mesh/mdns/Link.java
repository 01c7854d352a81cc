package dev.sovereign.mesh.mdns;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Where packets go and come from: the LAN, or a test's own.
interface Link extends Closeable {

    /// @param bytes one more than [DnsMessage#MAX_BYTES] when it was longer
    @SuppressWarnings("ArrayRecordComponent") // read once
    record Packet(byte[] bytes, InetSocketAddress from) {}

    /// Hears what is sent to all; again when interfaces have changed.
    void join();

    /// @param to null for all
    void send(byte[] packet, @Nullable InetSocketAddress to) throws IOException;

    /// Waits for the next one; throws once it is closed.
    Packet receive() throws IOException;

    /// Whether an address is on a link of ours.
    boolean isNear(InetAddress address);
}
