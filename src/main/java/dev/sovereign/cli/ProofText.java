package dev.sovereign.cli;

import dev.sovereign.protocol.Response.ProofStep;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// One whole proof as text: a tree for people, JSON, Graphviz DOT or Mermaid.
final class ProofText {

    /// Cells of a line that the tree's own lines may take before deeper steps are folded: what is
    /// left has to show a fact.
    private static final int LEAST_TEXT_CELLS = 24;

    /// The same where there is no terminal whose width would count.
    private static final int PIPE_COLUMNS = 2_000;

    private final List<ProofStep> steps;

    /// @param steps premises before what they prove
    ProofText(List<ProofStep> steps) {
        this.steps = List.copyOf(steps);
    }

    // ---- a tree ----

    private record Branch(ProofStep step, String prefix, boolean last, boolean root) {}

    /// @param columns of the terminal; 0 is none
    /// @param color whether to color and draw lines
    void tree(Out out, int columns, boolean color) {
        int width = columns == 0 ? PIPE_COLUMNS : columns;
        Set<Long> shown = new HashSet<>();
        Deque<Branch> left = new ArrayDeque<>();
        left.push(new Branch(steps.getLast(), "", true, true));
        while (!left.isEmpty()) {
            Branch branch = left.pop();
            ProofStep step = branch.step();
            String line = branch.root() ? "" : branch.prefix() + mark(branch.last(), color);
            boolean again = !step.premises().isEmpty() && !shown.add(step.id());
            String below =
                    branch.root()
                            ? ""
                            : branch.prefix() + (color ? branch.last() ? "   " : "│  " : "  ");
            boolean folded =
                    !again
                            && !step.premises().isEmpty()
                            && Display.width(below) + LEAST_TEXT_CELLS > width;
            String said = said(step, again, folded);
            String text = Display.visible(step.text());
            out.print(line);
            out.print(fitted(text, width - Display.width(line)));
            if (!said.isEmpty()) {
                int room = width - Display.width(line) - Display.width(text) - 2;
                if (columns == 0 || room >= Display.width(said)) {
                    out.print(color ? "  \u001b[2m" + said + "\u001b[0m" : "  " + said);
                } else if (again || folded) {
                    out.print(" …");
                }
            }
            out.newline();
            if (again || folded) {
                continue;
            }
            for (int i = step.premises().size() - 1; i >= 0; i--) {
                boolean last = i == step.premises().size() - 1;
                left.push(new Branch(step(step.premises().get(i)), below, last, false));
            }
        }
    }

    private static String mark(boolean last, boolean drawn) {
        return drawn ? last ? "└─ " : "├─ " : "  ";
    }

    private static String fitted(String text, int cells) {
        if (Display.width(text) <= cells || cells < 2) {
            return text;
        }
        int end = text.offsetByCodePoints(0, 0);
        int used = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            used += Display.width(codePoint);
            if (used > cells - 1) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return text.substring(0, end) + "…";
    }

    private static String said(ProofStep step, boolean again, boolean folded) {
        if (again) {
            return "shown above";
        }
        if (folded) {
            return "… " + step.height() + " deep; see --depth and --format json";
        }
        String place = step.rule();
        return switch (step.kind()) {
            case "rule" -> "by " + place + (step.cut() ? ", not shown further" : "");
            case "fact" -> origin(step);
            case "system" -> "of this node";
            default -> "checked";
        };
    }

    private static String origin(ProofStep step) {
        Long tx = step.tx();
        Long time = step.timeMillis();
        return tx == null || time == null
                ? "fact"
                : "fact, tx " + tx + ", " + Times.rfc3339(time) + ", " + step.author();
    }

    private ProofStep step(long id) {
        return steps.get((int) id);
    }

    // ---- for programs ----

    String json() {
        JsonLine line = new JsonLine().open('{').field("root", steps.getLast().id());
        line.name("nodes").open('[');
        for (ProofStep step : steps) {
            line.open('{').field("id", step.id()).field("kind", step.kind());
            line.field("relation", step.relation());
            line.name("tuple").data(step.tuple());
            line.field("text", step.text()).field("rule", step.rule());
            line.field("height", step.height());
            number(line, "tx", step.tx());
            Long time = step.timeMillis();
            line.field("time", time == null ? null : Times.rfc3339(time));
            line.field("author", step.author());
            line.name("premises").open('[');
            step.premises().forEach(line::value);
            line.close(']').close('}');
        }
        return line.close(']').close('}').toString();
    }

    private static void number(JsonLine line, String name, @Nullable Long value) {
        if (value == null) {
            line.field(name, (String) null);
        } else {
            line.field(name, value);
        }
    }

    /// @param number of the proof among several
    String dot(int number) {
        StringBuilder text = new StringBuilder("digraph proof" + number + " {\n  rankdir=BT;\n");
        text.append("  node [fontname=\"monospace\"];\n");
        for (ProofStep step : steps) {
            text.append("  n").append(step.id()).append(" [label=");
            quote(text, label(step, "\n"));
            text.append(", shape=")
                    .append(isRule(step) ? "box" : isTuple(step) ? "ellipse" : "note");
            text.append("];\n");
            for (long premise : step.premises()) {
                text.append("  n").append(premise).append(" -> n").append(step.id()).append(";\n");
            }
        }
        return text.append("}\n").toString();
    }

    String mermaid() {
        StringBuilder text = new StringBuilder("flowchart BT\n");
        for (ProofStep step : steps) {
            String label = label(step, "<br/>").replace("\"", "#quot;");
            text.append("  n").append(step.id());
            text.append(isRule(step) ? "[\"" : isTuple(step) ? "([\"" : "{{\"").append(label);
            text.append(isRule(step) ? "\"]\n" : isTuple(step) ? "\"])\n" : "\"}}\n");
            for (long premise : step.premises()) {
                text.append("  n").append(premise).append(" --> n").append(step.id()).append('\n');
            }
        }
        return text.toString();
    }

    private static boolean isRule(ProofStep step) {
        return step.kind().equals("rule");
    }

    private static boolean isTuple(ProofStep step) {
        return step.relation() != null;
    }

    private static String label(ProofStep step, String newline) {
        String said = said(step, false, false);
        return Display.visible(step.text()) + (said.isEmpty() ? "" : newline + said);
    }

    private static void quote(StringBuilder to, String text) {
        to.append('"');
        to.append(text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
        to.append('"');
    }
}
