package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Span;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The precedence graph: which relation is derived from which, its strongly connected components in
/// an order in which each comes after all that it uses, and what is wrong when a component uses
/// itself through a negation or an aggregate.
final class Strata {

    /// How a relation is used; what is worse for stratification is later.
    enum Use {
        POSITIVE,
        NEGATED,
        AGGREGATED
    }

    /// The place where `head` uses something.
    record Edge(int used, Use use, Span span) {}

    private final Map<Integer, List<Edge>> edges = new HashMap<>();
    private final int relations;
    private int @Nullable [] component;
    private final List<List<Integer>> components = new ArrayList<>();

    Strata(int relations) {
        this.relations = relations;
    }

    void add(int head, int used, Use use, Span span) {
        edges.computeIfAbsent(head, _ -> new ArrayList<>()).add(new Edge(used, use, span));
    }

    List<Edge> edges(int head) {
        return edges.getOrDefault(head, List.of());
    }

    /// Components in order of evaluation; Tarjan's algorithm without recursion, so that a chain of
    /// any length fits the stack.
    List<List<Integer>> components() {
        if (component == null) {
            component = new int[relations];
            Arrays.fill(component, -1);
            int[] index = new int[relations];
            int[] low = new int[relations];
            boolean[] open = new boolean[relations];
            int[] next = new int[relations];
            ArrayDeque<Integer> stack = new ArrayDeque<>();
            ArrayDeque<Integer> path = new ArrayDeque<>();
            int[] counter = {0};
            for (int root = 0; root < relations; root++) {
                if (index[root] != 0) {
                    continue;
                }
                path.push(root);
                while (!path.isEmpty()) {
                    int at = path.peek();
                    if (index[at] == 0) {
                        index[at] = low[at] = ++counter[0];
                        stack.push(at);
                        open[at] = true;
                    }
                    List<Edge> out = edges(at);
                    boolean deeper = false;
                    while (next[at] < out.size()) {
                        int used = out.get(next[at]++).used();
                        if (index[used] == 0) {
                            path.push(used);
                            deeper = true;
                            break;
                        }
                        if (open[used]) {
                            low[at] = Math.min(low[at], index[used]);
                        }
                    }
                    if (deeper) {
                        continue;
                    }
                    path.pop();
                    if (!path.isEmpty()) {
                        low[path.peek()] = Math.min(low[path.peek()], low[at]);
                    }
                    if (low[at] == index[at]) {
                        close(at, stack, open);
                    }
                }
            }
        }
        return components;
    }

    private void close(int root, ArrayDeque<Integer> stack, boolean[] open) {
        List<Integer> members = new ArrayList<>();
        int member;
        do {
            member = stack.pop();
            open[member] = false;
            if (component != null) {
                component[member] = components.size();
            }
            members.add(member);
        } while (member != root);
        Collections.sort(members);
        components.add(members);
    }

    boolean isRecursive(List<Integer> members) {
        for (int member : members) {
            for (Edge edge : edges(member)) {
                if (sameComponent(member, edge.used())) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Whether two relations depend on each other, or one on itself.
    boolean isTogether(int one, int other) {
        return one == other || sameComponent(one, other);
    }

    /// Whether a relation depends on itself.
    boolean isRecursive(int relation) {
        for (Edge edge : edges(relation)) {
            if (sameComponent(relation, edge.used())) {
                return true;
            }
        }
        return false;
    }

    private boolean sameComponent(int one, int other) {
        components();
        return component != null && component[one] == component[other];
    }

    /// Reports each component that uses itself through a negation or an aggregate, with the cycle.
    void check(List<String> names, Faults faults) {
        for (List<Integer> members : components()) {
            for (int head : members) {
                for (Edge edge : edges(head)) {
                    if (edge.use() != Use.POSITIVE && sameComponent(head, edge.used())) {
                        faults.error(
                                AnalysisCode.NOT_STRATIFIABLE,
                                edge.span(),
                                "relation "
                                        + names.get(head)
                                        + " depends on itself through "
                                        + (edge.use() == Use.NEGATED
                                                ? "a negation: "
                                                : "an aggregate: ")
                                        + cycle(head, edge, names),
                                "break the cycle: derive what is negated or counted before, by"
                                        + " rules that do not use "
                                        + names.get(head));
                    }
                }
            }
        }
    }

    /// `a → not b → c → a`, the shortest way back.
    private String cycle(int head, Edge first, List<String> names) {
        Map<Integer, Integer> from = new HashMap<>();
        ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(first.used()));
        from.put(first.used(), -1);
        while (!queue.isEmpty() && !from.containsKey(head)) {
            int at = queue.remove();
            for (Edge edge : edges(at)) {
                if (sameComponent(at, edge.used()) && from.putIfAbsent(edge.used(), at) == null) {
                    queue.add(edge.used());
                }
            }
        }
        List<Integer> way = new ArrayList<>();
        for (int at = head; at != -1; at = from.getOrDefault(at, -1)) {
            way.add(at);
            if (at == first.used()) {
                break;
            }
        }
        Collections.reverse(way);
        StringBuilder shown =
                new StringBuilder(names.get(head))
                        .append(" → ")
                        .append(first.use() == Use.NEGATED ? "not " : "aggregate of ");
        for (int i = 0; i < way.size(); i++) {
            shown.append(i == 0 ? "" : " → ").append(names.get(way.get(i)));
        }
        return shown.toString();
    }
}
