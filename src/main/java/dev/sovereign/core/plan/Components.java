package dev.sovereign.core.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Strongly connected components of a graph, each after those that it points to (Tarjan, without
/// recursion: programs may have hundreds of thousands of relations in a row).
final class Components {

    private final int[][] successors;
    private final int[] index;
    private final int[] low;
    private final int[] component;
    private final List<int[]> components = new ArrayList<>();

    /// @param successors by node
    Components(int[][] successors) {
        this.successors = successors;
        int nodes = successors.length;
        this.index = new int[nodes];
        this.low = new int[nodes];
        this.component = new int[nodes];
        Arrays.fill(component, -1);
        int[] stack = new int[nodes];
        int[] path = new int[nodes];
        int[] edge = new int[nodes];
        int stacked = 0;
        int next = 1;
        for (int root = 0; root < nodes; root++) {
            if (index[root] != 0) {
                continue;
            }
            int depth = 0;
            path[0] = root;
            index[root] = low[root] = next++;
            stack[stacked++] = root;
            while (depth >= 0) {
                int node = path[depth];
                if (edge[node] < successors[node].length) {
                    int to = successors[node][edge[node]++];
                    if (index[to] == 0) {
                        index[to] = low[to] = next++;
                        stack[stacked++] = to;
                        path[++depth] = to;
                    } else if (component[to] < 0) {
                        low[node] = Math.min(low[node], index[to]);
                    }
                    continue;
                }
                if (low[node] == index[node]) {
                    int from = stacked;
                    do {
                        component[stack[--from]] = components.size();
                    } while (stack[from] != node);
                    int[] members = Arrays.copyOfRange(stack, from, stacked);
                    Arrays.sort(members);
                    components.add(members);
                    stacked = from;
                }
                depth--;
                if (depth >= 0) {
                    low[path[depth]] = Math.min(low[path[depth]], low[node]);
                }
            }
        }
    }

    /// Nodes in ascending order.
    List<int[]> all() {
        return components;
    }

    /// Position in [#all] of the component of a node.
    int of(int node) {
        return component[node];
    }

    /// Whether a node lies on a cycle.
    boolean isCyclic(int node) {
        return components.get(component[node]).length > 1
                || Arrays.stream(successors[node]).anyMatch(to -> to == node);
    }
}
