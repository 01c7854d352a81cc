package dev.sovereign.mesh.mdns;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The links of this machine, as one channel of multicast packets of IPv4 or of IPv6. One thread
/// receives; any may send or close.
final class Lan implements Link {

    /// RFC 6762, 11: such packets do not leave the link; some receivers check it.
    private static final int TTL = 255;

    private static final InetAddress GROUP_4 = InetAddress.ofLiteral("224.0.0.251");
    private static final InetAddress GROUP_6 = InetAddress.ofLiteral("ff02::fb");

    private final DatagramChannel channel;
    private final boolean is4;
    private final InetAddress group;
    private final ByteBuffer in = ByteBuffer.allocate(DnsMessage.MAX_BYTES + 1);

    /// Guarded by `this`: interfaces that we hear.
    private final Set<String> joined = new HashSet<>();

    private Lan(ProtocolFamily family, int port) throws IOException {
        this.is4 = family == StandardProtocolFamily.INET;
        this.group = is4 ? GROUP_4 : GROUP_6;
        this.channel = DatagramChannel.open(family);
        boolean done = false;
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true); // others do mDNS here, too
            channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, TTL);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true); // and so do we
            channel.bind(
                    new InetSocketAddress(
                            is4 ? InetAddress.ofLiteral("0.0.0.0") : InetAddress.ofLiteral("::"),
                            port));
            done = true;
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    /// Both families, as far as this machine has them.
    ///
    /// @param port [Mdns#PORT] to be heard by those who ask, 0 to ask alone
    /// @throws IOException when there is neither
    static List<Link> open(int port) throws IOException {
        List<Link> all = new ArrayList<>();
        IOException last = null;
        for (ProtocolFamily family :
                List.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6)) {
            try {
                all.add(new Lan(family, port));
            } catch (IOException | UnsupportedOperationException none) {
                last = new IOException(none.getMessage(), none);
            }
        }
        if (all.isEmpty() && last != null) {
            throw last;
        }
        return all;
    }

    /// Interfaces that carry multicast, and have an address of our family.
    private List<NetworkInterface> interfaces() {
        List<NetworkInterface> able = new ArrayList<>();
        try {
            for (NetworkInterface each :
                    Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp()
                        && each.supportsMulticast()
                        && !each.isLoopback()
                        && Collections.list(each.getInetAddresses()).stream()
                                .anyMatch(own -> own instanceof Inet4Address == is4)) {
                    able.add(each);
                }
            }
        } catch (SocketException none) {
            return List.of();
        }
        return able;
    }

    @Override
    public synchronized void join() {
        Set<String> now = new HashSet<>();
        for (NetworkInterface each : interfaces()) {
            now.add(each.getName());
            if (joined.add(each.getName())) {
                try {
                    channel.join(group, each);
                } catch (IOException | IllegalStateException unable) {
                    joined.remove(each.getName()); // it went away, or is tried again next time
                }
            }
        }
        joined.retainAll(now);
    }

    @Override
    public synchronized void send(byte[] packet, @Nullable InetSocketAddress to)
            throws IOException {
        if (to != null) {
            channel.send(ByteBuffer.wrap(packet), to);
            return;
        }
        for (NetworkInterface each : interfaces()) {
            try {
                channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, each);
                channel.send(ByteBuffer.wrap(packet), new InetSocketAddress(group, Mdns.PORT));
            } catch (IOException unreachable) {
                if (!channel.isOpen()) {
                    throw unreachable;
                }
                // one link that does not carry it is no reason to be silent on the others
            }
        }
    }

    @Override
    public Packet receive() throws IOException {
        in.clear();
        InetSocketAddress from = (InetSocketAddress) channel.receive(in);
        byte[] bytes = new byte[in.flip().remaining()];
        in.get(bytes);
        return new Packet(bytes, from);
    }

    @Override
    public boolean isNear(InetAddress address) {
        if (address.isLinkLocalAddress()) {
            return true;
        }
        try {
            for (NetworkInterface each :
                    Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InterfaceAddress own : each.getInterfaceAddresses()) {
                    if (same(
                            own.getAddress().getAddress(),
                            address.getAddress(),
                            own.getNetworkPrefixLength())) {
                        return true;
                    }
                }
            }
        } catch (SocketException none) {
            return false;
        }
        return false;
    }

    /// Whether the first `bits` are the same.
    static boolean same(byte[] one, byte[] other, int bits) {
        if (one.length != other.length || bits <= 0) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >>> (i & 7);
            if (((one[i >>> 3] ^ other[i >>> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
