package dev.sovereign.cli;

import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// `status --watch` on a terminal: what fits one screen, with the last minute of what changes. Only
/// what was drawn is kept; each frame is written at once and over the former one, so nothing
/// flickers, on a screen of its own that is left as it was found.
final class Dashboard {

    /// Moments that are kept, one a second.
    private static final int KEPT = 120;

    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final String PLAIN_BARS = "_.-=+*%#";

    /// Alternate screen, no cursor; the cursor, the screen from before.
    static final String ENTER = "\u001b[?1049h\u001b[?25l";

    static final String LEAVE = "\u001b[?25h\u001b[?1049l";

    /// Terminals that know it show a frame only when it is whole.
    private static final String BEGIN_FRAME = "\u001b[?2026h\u001b[H";

    private static final String END_FRAME = "\u001b[J\u001b[?2026l";

    private final boolean unicode;
    private final boolean color;
    private final List<Response.Heartbeat> beats = new ArrayList<>();
    private @Nullable String trouble;

    /// @param unicode whether the terminal shows more than ASCII
    Dashboard(boolean unicode, boolean color) {
        this.unicode = unicode;
        this.color = color;
    }

    void add(Response.Heartbeat beat) {
        trouble = null;
        if (!beats.isEmpty() && beats.getLast().pid() != beat.pid()) {
            beats.clear(); // another daemon counts anew
        }
        beats.add(beat);
        if (beats.size() > KEPT) {
            beats.removeFirst();
        }
    }

    /// No answer this time; what was known stays on the screen.
    void missing(String why) {
        trouble = why;
    }

    /// The bytes of a frame.
    String frame(int columns, int rows) {
        StringBuilder out = new StringBuilder(BEGIN_FRAME);
        List<String> lines = lines(columns);
        int shown = Math.min(lines.size(), Math.max(1, rows));
        for (int i = 0; i < shown; i++) {
            // no newline after the last: that would scroll a full screen
            out.append(lines.get(i)).append(i + 1 < shown ? "\u001b[K\r\n" : "\u001b[K");
        }
        return out.append(END_FRAME).toString();
    }

    /// Each at most `columns` cells wide.
    List<String> lines(int columns) {
        List<String> lines = new ArrayList<>();
        Response.Heartbeat now = beats.isEmpty() ? null : beats.getLast();
        String problem = trouble;
        if (now == null) {
            lines.add(clip(problem == null ? "waiting for the daemon" : problem, columns, "31"));
            return lines;
        }
        lines.add(head(now, problem, columns));
        lines.add(clip(now.version() + " (" + now.build() + "), pid " + now.pid(), columns, ""));
        lines.add("");
        Response.Knowledge knowledge = now.knowledge();
        lines.add(
                graph(
                        "facts",
                        values(beat -> beat.knowledge().facts()),
                        Amounts.grouped(knowledge.facts()),
                        columns,
                        false));
        lines.add(
                graph(
                        "tx/s",
                        rates(beat -> beat.knowledge().tx()),
                        rate(beat -> beat.knowledge().tx()),
                        columns,
                        true));
        lines.add(
                graph(
                        "memory",
                        values(beat -> beat.memory().residentBytes()),
                        Amounts.bytes(now.memory().residentBytes()),
                        columns,
                        false));
        lines.add(
                graph(
                        "heap",
                        values(beat -> beat.memory().heapUsedBytes()),
                        Amounts.bytes(now.memory().heapUsedBytes()),
                        columns,
                        true));
        lines.add(
                graph(
                        "store",
                        values(beat -> beat.store().bytes()),
                        Amounts.bytes(now.store().bytes()),
                        columns,
                        false));
        if (now.mesh().enabled()) {
            lines.add(
                    graph(
                            "peers",
                            values(beat -> beat.mesh().connections()),
                            String.valueOf(now.mesh().connections()),
                            columns,
                            true));
            lines.add(
                    graph(
                            "refused/s",
                            rates(beat -> beat.mesh().refused()),
                            rate(beat -> beat.mesh().refused()),
                            columns,
                            true));
        }
        lines.add("");
        row(
                lines,
                "knows",
                Amounts.counted(knowledge.relations(), "relation")
                        + ", "
                        + Amounts.counted(knowledge.rules(), "rule")
                        + ", transaction "
                        + knowledge.tx(),
                columns);
        row(
                lines,
                "mesh",
                now.mesh().enabled() ? String.join(" ", now.mesh().listening()) : "off",
                columns);
        row(
                lines,
                "license",
                now.license().verdict() + " (" + now.license().network() + ")",
                columns);
        row(
                lines,
                "skills",
                now.skills().installed() + " installed, " + now.skills().running() + " running",
                columns);
        for (Response.ActorState actor : now.actors()) {
            String failure = actor.lastFailure();
            String restarts =
                    actor.restarts() == 0
                            ? ""
                            : ", " + Amounts.counted(actor.restarts(), "restart");
            row(
                    lines,
                    actor.name(),
                    actor.state() + restarts + (failure == null ? "" : ": " + failure),
                    columns);
        }
        lines.add("");
        lines.add(clip("Ctrl-C ends", columns, "2"));
        return lines;
    }

    private String head(Response.Heartbeat now, @Nullable String problem, int columns) {
        if (problem != null) {
            return clip(problem, columns, "31");
        }
        String up = "up " + Amounts.lasted(now.uptimeMillis());
        String left = "sovereign  " + now.state();
        int gap = columns - Display.width(left) - Display.width(up);
        String text = gap < 2 ? left : left + " ".repeat(gap) + up;
        return clip(text, columns, now.state().equals("ready") ? "1;32" : "1;33");
    }

    private void row(List<String> lines, String name, String value, int columns) {
        lines.add(
                clip(
                        (name + " ".repeat(10)).substring(0, Math.max(10, name.length() + 1))
                                + value,
                        columns,
                        ""));
    }

    private String graph(
            String name, List<Double> values, String number, int columns, boolean fromZero) {
        String label = (name + " ".repeat(10)).substring(0, 10);
        int room = columns - 10 - Math.max(12, Display.width(number) + 1);
        if (room < 4) {
            return clip(label + number, columns, "");
        }
        String bars =
                bars(values.subList(Math.max(0, values.size() - room), values.size()), fromZero);
        String padded = " ".repeat(Math.max(0, 11 - Display.width(number))) + number;
        return label
                + " ".repeat(room - bars.length())
                + Display.styled(bars, "36", color)
                + " "
                + padded;
    }

    /// One character a value, the lowest for the least of them (or for zero), the highest for the
    /// greatest; all alike are lowest.
    private String bars(List<Double> values, boolean fromZero) {
        double least = fromZero ? 0 : values.stream().mapToDouble(one -> one).min().orElse(0);
        double most = values.stream().mapToDouble(one -> one).max().orElse(0);
        String levels = unicode ? BARS : PLAIN_BARS;
        StringBuilder out = new StringBuilder();
        for (double value : values) {
            double share = most <= least ? 0 : (value - least) / (most - least);
            int level = (int) Math.min(levels.length() - 1, Math.max(0, share * levels.length()));
            out.append(levels.charAt(level));
        }
        return out.toString();
    }

    private interface Measure {
        long of(Response.Heartbeat beat);
    }

    private List<Double> values(Measure measure) {
        return beats.stream().map(beat -> (double) measure.of(beat)).toList();
    }

    /// For each moment after the first, what was added each second since the one before.
    private List<Double> rates(Measure measure) {
        List<Double> rates = new ArrayList<>();
        for (int i = 1; i < beats.size(); i++) {
            Response.Heartbeat from = beats.get(i - 1);
            Response.Heartbeat to = beats.get(i);
            double seconds = Math.max(1, to.uptimeMillis() - from.uptimeMillis()) / 1_000.0;
            rates.add(Math.max(0, measure.of(to) - measure.of(from)) / seconds);
        }
        return rates;
    }

    private String rate(Measure measure) {
        List<Double> rates = rates(measure);
        if (rates.isEmpty()) {
            return "";
        }
        long tenths = Math.round(rates.getLast() * 10);
        return Amounts.grouped(tenths / 10) + "." + tenths % 10;
    }

    private String clip(String text, int columns, String codes) {
        String cut = Display.clip(Display.visible(text), columns);
        return codes.isEmpty() ? cut : Display.styled(cut, codes, color);
    }
}
