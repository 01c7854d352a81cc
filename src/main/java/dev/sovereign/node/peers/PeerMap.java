package dev.sovereign.node.peers;

import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.PeerId;
import dev.sovereign.protocol.Response;

import java.util.List;

/// Draws this node and its peers. Names are those of the book, and so plain words.
final class PeerMap {

    private PeerMap() {}

    static String draw(PeerId self, List<Response.Peer> peers, String format) {
        return switch (format) {
            case "tree" -> tree(self, peers);
            case "dot" -> dot(self, peers);
            case "mermaid" -> mermaid(self, peers);
            default ->
                    throw new SovereignException(
                            dev.sovereign.core.KnowledgeError.FORMAT,
                            "\"" + format + "\" is no format of a map",
                            "tree, dot or mermaid");
        };
    }

    private static String label(Response.Peer peer) {
        String name = peer.name();
        return name == null ? peer.peerId() : name;
    }

    private static String edge(Response.Peer peer) {
        Long micros = peer.latencyMicros();
        return peer.state()
                + (micros == null
                        ? ""
                        : ", " + String.format(java.util.Locale.ROOT, "%.1f ms", micros / 1_000.0));
    }

    private static String tree(PeerId self, List<Response.Peer> peers) {
        StringBuilder out = new StringBuilder().append(self).append(" (this node)\n");
        for (int i = 0; i < peers.size(); i++) {
            out.append(i + 1 == peers.size() ? "└─ " : "├─ ");
            out.append(label(peers.get(i))).append("  ").append(edge(peers.get(i))).append('\n');
        }
        return out.toString();
    }

    private static String dot(PeerId self, List<Response.Peer> peers) {
        StringBuilder out = new StringBuilder("graph mesh {\n");
        out.append("  \"").append(self).append("\" [label=\"this node\"];\n");
        for (Response.Peer peer : peers) {
            out.append("  \"").append(peer.peerId()).append("\" [label=\"");
            out.append(label(peer)).append("\"];\n");
            out.append("  \"").append(self).append("\" -- \"").append(peer.peerId());
            out.append("\" [label=\"").append(edge(peer)).append('"');
            out.append(peer.direction() == null ? ", style=dotted];\n" : "];\n");
        }
        return out.append("}\n").toString();
    }

    private static String mermaid(PeerId self, List<Response.Peer> peers) {
        StringBuilder out = new StringBuilder("graph TD\n");
        out.append("  ").append(self).append("[\"this node\"]\n");
        for (Response.Peer peer : peers) {
            out.append("  ").append(peer.peerId()).append("[\"").append(label(peer));
            out.append("\"]\n  ").append(self);
            out.append(peer.direction() == null ? " -.-|" : " ---|");
            out.append(edge(peer)).append('|').append(peer.peerId()).append('\n');
        }
        return out.toString();
    }
}
