package dev.sovereign.core;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Draws which relation is derived from which: the precedence graph of the rules.
final class RuleGraph {

    /// How one relation enters the derivation of another; the strongest of several is kept.
    private enum Use {
        POSITIVE,
        AGGREGATED,
        NEGATED
    }

    private final Map<String, TreeMap<String, Use>> uses = new TreeMap<>();

    private RuleGraph() {}

    /// @param module only relations of this one, and what they use; null is all
    static String draw(CheckedProgram program, @Nullable String module, String format) {
        RuleGraph graph = new RuleGraph();
        for (CheckedProgram.Stratum stratum : program.strata()) {
            for (CheckedProgram.Rule rule : stratum.rules()) {
                String head = program.relations().get(rule.relation()).name();
                if (module == null || head.startsWith("@" + module + ".")) {
                    graph.uses.computeIfAbsent(head, _ -> new TreeMap<>());
                    graph.body(program, head, rule.body(), Use.POSITIVE);
                }
            }
        }
        return switch (format) {
            case "tree" -> graph.tree();
            case "dot" -> graph.dot();
            case "mermaid" -> graph.mermaid();
            case "svg" -> graph.svg();
            default ->
                    throw new SovereignException(
                            KnowledgeError.FORMAT,
                            "\"" + format + "\" is no format of a graph",
                            "tree, dot, mermaid or svg");
        };
    }

    private void body(CheckedProgram program, String head, List<Literal> body, Use as) {
        for (Literal literal : body) {
            switch (literal) {
                case Literal.Positive positive ->
                        use(head, program.relations().get(positive.relation()).name(), as);
                case Literal.Negative negative ->
                        use(head, program.relations().get(negative.relation()).name(), Use.NEGATED);
                case Literal.Aggregate aggregate ->
                        body(program, head, aggregate.body(), Use.AGGREGATED);
                case Literal.Compare _,
                        Literal.Match _,
                        Literal.Contains _,
                        Literal.Truth _,
                        Literal.Range _ -> {}
            }
        }
    }

    private void use(String head, String used, Use as) {
        uses.computeIfAbsent(head, _ -> new TreeMap<>())
                .merge(used, as, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }

    private String tree() {
        Set<String> used = new HashSet<>();
        uses.forEach((head, body) ->
                body.keySet()
                        .forEach(name -> {
                            if (!name.equals(head)) {
                                used.add(name);
                            }
                        }));
        StringBuilder out = new StringBuilder();
        Set<String> drawn = new HashSet<>();
        for (String head : uses.keySet()) {
            if (!used.contains(head)) {
                out.append(head).append('\n');
                branch(head, "", out, drawn);
            }
        }
        for (String head : uses.keySet()) {
            if (drawn.add(head)) { // only in a cycle that nothing else uses
                drawn.remove(head);
                out.append(head).append('\n');
                branch(head, "", out, drawn);
            }
        }
        return out.toString();
    }

    private void branch(String head, String indent, StringBuilder out, Set<String> drawn) {
        drawn.add(head);
        TreeMap<String, Use> body = uses.getOrDefault(head, new TreeMap<>());
        int left = body.size();
        for (Map.Entry<String, Use> entry : body.entrySet()) {
            boolean last = --left == 0;
            String name = entry.getKey();
            boolean again =
                    drawn.contains(name) && uses.containsKey(name) && !uses.get(name).isEmpty();
            out.append(indent)
                    .append(last ? "└─ " : "├─ ")
                    .append(word(entry.getValue()))
                    .append(name);
            out.append(again ? name.equals(head) ? " (itself)" : " (see above)" : "").append('\n');
            if (!again) {
                branch(name, indent + (last ? "   " : "│  "), out, drawn);
            }
        }
    }

    private static String word(Use use) {
        return switch (use) {
            case POSITIVE -> "";
            case AGGREGATED -> "aggregate of ";
            case NEGATED -> "not ";
        };
    }

    private String dot() {
        StringBuilder out =
                new StringBuilder("digraph rules {\n  rankdir=BT;\n  node [shape=box];\n");
        edges((head, used, use) ->
                out.append("  \"")
                        .append(used)
                        .append("\" -> \"")
                        .append(head)
                        .append('"')
                        .append(
                                switch (use) {
                                    case POSITIVE -> "";
                                    case AGGREGATED -> " [style=dashed, label=\"aggregate\"]";
                                    case NEGATED -> " [style=dashed, label=\"not\"]";
                                })
                        .append(";\n"));
        return out.append("}\n").toString();
    }

    private String mermaid() {
        Map<String, String> ids = new TreeMap<>();
        StringBuilder out = new StringBuilder("flowchart BT\n");
        edges((head, used, use) ->
                out.append("  ")
                        .append(node(used, ids))
                        .append(
                                switch (use) {
                                    case POSITIVE -> " --> ";
                                    case AGGREGATED -> " -. aggregate .-> ";
                                    case NEGATED -> " -. not .-> ";
                                })
                        .append(node(head, ids))
                        .append('\n'));
        return out.toString();
    }

    private static String node(String name, Map<String, String> ids) {
        String known = ids.get(name);
        if (known != null) {
            return known;
        }
        String id = "r" + ids.size();
        ids.put(name, id);
        return id + "[\"" + name + "\"]";
    }

    private String svg() {
        List<RuleGraphSvg.Edge> drawn = new ArrayList<>();
        edges((head, used, use) ->
                drawn.add(
                        new RuleGraphSvg.Edge(
                                used,
                                head,
                                switch (use) {
                                    case POSITIVE -> "";
                                    case AGGREGATED -> "aggregate";
                                    case NEGATED -> "not";
                                })));
        return RuleGraphSvg.draw(uses.keySet(), drawn);
    }

    private interface Edge {
        void draw(String head, String used, Use use);
    }

    private void edges(Edge edge) {
        uses.forEach((head, body) -> body.forEach((used, use) -> edge.draw(head, used, use)));
    }
}
