package dev.sovereign.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Lays a graph of relations out in layers and writes it as SVG 1.1 without scripts, fonts or
/// anything else from outside: facts at the bottom, each relation above what it is derived from. In
/// a cycle one edge points down.
final class RuleGraphSvg {

    /// One relation used by another.
    ///
    /// @param label empty, `not` or `aggregate`; dashed when there is one
    record Edge(String from, String to, String label) {}

    /// Pixels; a monospaced character of 13 pixels is 7.8 wide.
    private static final double CHAR = 7.8;

    private static final int FONT = 13;
    private static final int BOX = 28;
    private static final int PADDING = 10;
    private static final int GAP_X = 24;
    private static final int GAP_Y = 56;
    private static final int MARGIN = 16;

    /// Rounds in which relations move to the middle of their neighbors; more changed nothing in the
    /// graphs of our examples.
    private static final int SWEEPS = 8;

    private record Box(double x, double y, double width) {
        double middle() {
            return x + width / 2;
        }
    }

    private final Set<String> derived;
    private final List<Edge> edges;
    private final Map<String, List<String>> below = new TreeMap<>();
    private final Map<String, Integer> layer = new HashMap<>();

    private RuleGraphSvg(Set<String> derived, List<Edge> edges) {
        this.derived = derived;
        this.edges = edges;
        for (String name : derived) {
            below.computeIfAbsent(name, _ -> new ArrayList<>());
        }
        for (Edge edge : edges) {
            below.computeIfAbsent(edge.to(), _ -> new ArrayList<>()).add(edge.from());
            below.computeIfAbsent(edge.from(), _ -> new ArrayList<>());
        }
    }

    /// @param derived relations with rules, drawn apart from those of facts
    static String draw(Set<String> derived, List<Edge> edges) {
        return new RuleGraphSvg(derived, edges).draw();
    }

    private String draw() {
        for (String name : below.keySet()) {
            place(name);
        }
        List<List<String>> layers = ordered();
        Map<String, Box> boxes = boxes(layers);
        double width = 0;
        for (Box box : boxes.values()) {
            width = Math.max(width, box.x() + box.width());
        }
        // a loop of a relation to itself needs room at its right
        long w = Math.round(width + 2 * MARGIN + GAP_X);
        long h = 2L * MARGIN + (long) layers.size() * (BOX + GAP_Y) - GAP_Y;
        StringBuilder out = new StringBuilder();
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + w + "\" height=\"" + h);
        out.append("\" viewBox=\"0 0 " + w + " " + h + "\" font-family=\"monospace\" font-size=\"");
        out.append(FONT + "\">\n");
        out.append("  <title>Which relation is derived from which</title>\n");
        out.append(
                "  <style>rect{fill:#fff;stroke:#444}.d{fill:#e8f0fe}path{fill:none;stroke:#444}");
        out.append(
                ".n{stroke:#b00020;stroke-dasharray:5 3}.a{stroke:#8a5a00;stroke-dasharray:5 3}");
        out.append("text{fill:#111;text-anchor:middle}</style>\n");
        out.append("  <defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\"");
        out.append(" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\">");
        out.append("<path d=\"M0 0L8 4L0 8z\" style=\"fill:#444;stroke:none\"/></marker></defs>\n");
        for (Edge edge : edges) {
            edge(out, edge, boxes);
        }
        boxes.forEach((name, box) -> box(out, name, box));
        return out.append("</svg>\n").toString();
    }

    /// The longest way down to facts; edges that close a cycle do not count. Without recursion: a
    /// chain of rules may be as long as a program.
    private void place(String root) {
        List<String> path = new ArrayList<>();
        Map<String, Integer> next = new HashMap<>();
        Set<String> onPath = new HashSet<>();
        path.add(root);
        onPath.add(root);
        while (!path.isEmpty()) {
            String name = path.getLast();
            List<String> used = below.getOrDefault(name, List.of());
            int at = next.getOrDefault(name, 0);
            if (layer.containsKey(name) || at == used.size()) {
                path.removeLast();
                onPath.remove(name);
                int height = 0;
                for (String one : used) {
                    Integer placed = layer.get(one);
                    if (placed != null && !onPath.contains(one)) {
                        height = Math.max(height, placed + 1);
                    }
                }
                layer.putIfAbsent(name, height);
                continue;
            }
            next.put(name, at + 1);
            String one = used.get(at);
            if (!layer.containsKey(one) && onPath.add(one)) {
                path.add(one);
            }
        }
    }

    /// The layers from the bottom up, each in an order that keeps edges short.
    private List<List<String>> ordered() {
        List<List<String>> layers = new ArrayList<>();
        for (String name : below.keySet()) {
            int height = layer.getOrDefault(name, 0);
            while (layers.size() <= height) {
                layers.add(new ArrayList<>());
            }
            layers.get(height).add(name);
        }
        Map<String, List<String>> neighbors = new HashMap<>();
        for (Edge edge : edges) {
            neighbors.computeIfAbsent(edge.from(), _ -> new ArrayList<>()).add(edge.to());
            neighbors.computeIfAbsent(edge.to(), _ -> new ArrayList<>()).add(edge.from());
        }
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            Map<String, Double> place = new HashMap<>();
            for (List<String> row : layers) {
                for (int i = 0; i < row.size(); i++) {
                    place.put(row.get(i), (i + 0.5) / row.size());
                }
            }
            Map<String, Double> wanted = new HashMap<>();
            for (String name : below.keySet()) {
                wanted.put(
                        name,
                        neighbors.getOrDefault(name, List.of(name)).stream()
                                .mapToDouble(one -> place.getOrDefault(one, 0.5))
                                .average()
                                .orElse(0.5));
            }
            for (List<String> row : layers) {
                row.sort(
                        Comparator.<String>comparingDouble(name -> wanted.getOrDefault(name, 0.5))
                                .thenComparing(Comparator.naturalOrder()));
            }
        }
        return layers;
    }

    private static Map<String, Box> boxes(List<List<String>> layers) {
        double widest = 0;
        for (List<String> row : layers) {
            widest = Math.max(widest, width(row));
        }
        Map<String, Box> boxes = new TreeMap<>();
        for (int height = 0; height < layers.size(); height++) {
            List<String> row = layers.get(height);
            double x = MARGIN + (widest - width(row)) / 2;
            double y = MARGIN + (double) (layers.size() - 1 - height) * (BOX + GAP_Y);
            for (String name : row) {
                boxes.put(name, new Box(x, y, width(name)));
                x += width(name) + GAP_X;
            }
        }
        return boxes;
    }

    private static double width(String name) {
        return name.length() * CHAR + 2 * PADDING;
    }

    private static double width(List<String> row) {
        double width = -GAP_X;
        for (String name : row) {
            width += width(name) + GAP_X;
        }
        return width;
    }

    private void box(StringBuilder out, String name, Box box) {
        out.append("  <rect rx=\"4\"").append(derived.contains(name) ? " class=\"d\"" : "");
        out.append(
                " x=\"" + px(box.x()) + "\" y=\"" + px(box.y()) + "\" width=\"" + px(box.width()));
        out.append("\" height=\"" + BOX + "\"/>");
        text(out, box.middle(), box.y() + BOX / 2.0 + FONT / 3.0, name);
        out.append('\n');
    }

    private static void edge(StringBuilder out, Edge edge, Map<String, Box> boxes) {
        Box from = boxes.get(edge.from());
        Box to = boxes.get(edge.to());
        if (from == null || to == null) {
            throw new IllegalStateException("an edge of a relation that was not placed");
        }
        String kind =
                edge.label().equals("not")
                        ? " class=\"n\""
                        : edge.label().isEmpty() ? "" : " class=\"a\"";
        out.append("  <path" + kind + " marker-end=\"url(#head)\" d=\"");
        double x;
        double y;
        if (edge.from().equals(edge.to())) {
            double right = from.x() + from.width();
            x = right + GAP_X * 0.6;
            y = from.y() + BOX / 2.0;
            out.append(
                    "M" + px(right) + " " + px(y - 8) + "c" + GAP_X + " -8 " + GAP_X + " 24 0 16");
        } else if (from.y() > to.y()) { // upwards, from the top of one to the bottom of the other
            double bend = (from.y() - to.y() - BOX) / 2;
            x = (from.middle() + to.middle()) / 2;
            y = (from.y() + to.y() + BOX) / 2;
            out.append(
                    "M" + px(from.middle()) + " " + px(from.y()) + "C" + px(from.middle()) + " ");
            out.append(px(from.y() - bend) + " " + px(to.middle()) + " " + px(to.y() + BOX + bend));
            out.append(" " + px(to.middle()) + " " + px(to.y() + BOX));
        } else { // it closes a cycle: down or along, from side to side
            boolean right = from.middle() <= to.middle();
            double start = right ? from.x() + from.width() : from.x();
            double end = right ? to.x() : to.x() + to.width();
            double bend = right ? GAP_X : -GAP_X;
            x = (start + end) / 2;
            y = (from.y() + to.y() + BOX) / 2;
            out.append(
                    "M"
                            + px(start)
                            + " "
                            + px(from.y() + BOX / 2.0)
                            + "C"
                            + px(start + bend)
                            + " ");
            out.append(
                    px(from.y() + BOX / 2.0) + " " + px(end - bend) + " " + px(to.y() + BOX / 2.0));
            out.append(" " + px(end) + " " + px(to.y() + BOX / 2.0));
        }
        out.append("\"/>");
        if (!edge.label().isEmpty()) {
            text(out, x, y, edge.label());
        }
        out.append('\n');
    }

    private static void text(StringBuilder out, double x, double y, String words) {
        out.append("<text x=\"" + px(x) + "\" y=\"" + px(y) + "\">");
        out.append(words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
        out.append("</text>");
    }

    /// Tenths of a pixel, without the locale's comma.
    private static String px(double value) {
        long tenths = Math.round(value * 10);
        return tenths % 10 == 0 ? String.valueOf(tenths / 10) : String.valueOf(tenths / 10.0);
    }
}
