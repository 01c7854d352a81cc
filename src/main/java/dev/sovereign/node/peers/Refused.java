package dev.sovereign.node.peers;

import dev.sovereign.mesh.PeerId;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/// Requests of peers that were refused: the rows of `sys_refusal`. Any thread.
final class Refused {

    /// The newest are kept: enough to see who tries what, and 200 KiB at most.
    private static final int MAX_ROWS = 1_000;

    /// Longest name of a relation that is kept; it comes from a peer.
    private static final int MAX_NAME_CHARS = 100;

    /// @param relation `""` when the request names none
    record Row(long timeMillis, PeerId peer, String request, String relation, String code) {}

    private final Deque<Row> rows = new ArrayDeque<>();

    synchronized void add(
            long timeMillis, PeerId peer, String request, Set<String> relations, String code) {
        for (String relation : relations) {
            if (rows.size() == MAX_ROWS) {
                rows.removeFirst();
            }
            rows.addLast(
                    new Row(
                            timeMillis,
                            peer,
                            request,
                            relation.length() > MAX_NAME_CHARS
                                    ? relation.substring(0, MAX_NAME_CHARS)
                                    : relation,
                            code));
        }
    }

    synchronized List<Row> rows() {
        return List.copyOf(rows);
    }
}
