package dev.sovereign.cli;

import java.util.ArrayList;
import java.util.List;

/// Names and values of one thing, for people aligned, in a pipe with a tab between.
final class Fields {

    private final Invocation call;
    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();

    Fields(Invocation call) {
        this.call = call;
    }

    void add(String name, String value) {
        names.add(name);
        values.add(value);
    }

    void print() {
        boolean terminal = call.streams.outIsTerminal;
        int widest = 0;
        for (String name : names) {
            widest = Math.max(widest, name.length());
        }
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            line.setLength(0);
            if (terminal) {
                line.append(Display.styled(name, "1", call.outColor()));
                line.repeat(' ', widest - name.length() + 2);
                line.append(Display.visible(values.get(i)));
            } else {
                line.append(name).append('\t');
                ValueText.appendTsv(line, values.get(i));
            }
            call.out.line(line);
        }
    }
}
