package dev.sovereign.mesh;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The addresses behind "all interfaces".
final class Interfaces {

    private Interfaces() {}

    /// The same addresses, with each interface's own in the place of an unspecified one.
    static List<Multiaddr> expand(List<Multiaddr> listening) {
        Set<Multiaddr> expanded = new LinkedHashSet<>();
        for (Multiaddr address : listening) {
            Multiaddr.Endpoint endpoint = address.endpoint();
            InetAddress host = endpoint == null ? null : literal(endpoint.host());
            if (endpoint == null || host == null || !host.isAnyLocalAddress()) {
                expanded.add(address);
                continue;
            }
            for (InetAddress own : ownAddresses()) {
                if (own.getClass() == host.getClass()) {
                    expanded.add(Multiaddr.tcp(own, endpoint.port()));
                }
            }
        }
        return List.copyOf(expanded);
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException name) {
            return null;
        }
    }

    private static List<InetAddress> ownAddresses() {
        List<InetAddress> own = new ArrayList<>();
        try {
            for (NetworkInterface each :
                    Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp()) {
                    for (InetAddress address : Collections.list(each.getInetAddresses())) {
                        if (!address.isLinkLocalAddress()) {
                            own.add(withoutScope(address));
                        }
                    }
                }
            }
        } catch (SocketException unknown) {
            // a node that cannot tell its interfaces announces none, and can still be dialed
            return List.of();
        }
        return own;
    }

    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of its own length", impossible);
        }
    }
}
