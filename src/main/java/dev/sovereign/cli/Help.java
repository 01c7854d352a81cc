package dev.sovereign.cli;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Writes help from the command model. Our own instead of picocli's, which formats with regular
/// expressions and reflection on the way to the first line.
final class Help {

    private static final int MAX_CELLS = 100;
    private static final int OPTION_INDENT = 26;
    private static final int COMMAND_INDENT = 20;

    private final StringBuilder text = new StringBuilder(4_096);
    private final int cells;
    private final boolean bold;

    private Help(Streams streams) {
        this.cells = streams.outIsTerminal ? Math.min(MAX_CELLS, streams.columns()) : 80;
        this.bold = streams.outIsTerminal && !streams.isPlain();
    }

    /// @param topic a command's name, a group's, or nothing for the program
    static int print(Out out, String topic, Streams streams) {
        Help help = new Help(streams);
        if (topic.isEmpty()) {
            help.program();
        } else if (Commands.isGroup(topic)) {
            help.group(topic);
        } else if (Manual.NAMES.contains(topic)) {
            help.chapter(Manual.page(topic));
        } else if (Topics.names().contains(topic)) {
            help.text.append(Topics.text(topic));
        } else {
            Command command = Commands.create(topic);
            if (command == null) {
                throw Commands.isLater(topic) ? Usage.notYet(topic) : Usage.unknownCommand(topic);
            }
            help.command(topic, Commands.shape(topic, command));
        }
        out.print(help.text);
        return 0;
    }

    private void program() {
        text.append("Sovereign: a Datalog knowledge base of your own, behind one command.\n\n");
        heading("Usage");
        text.append("  sovereign [OPTION…] COMMAND [ARGUMENT…]\n");
        text.append("  sovereign                  on a terminal: a prompt\n");
        for (Commands.Section section : Commands.sections()) {
            text.append('\n');
            heading(section.title());
            for (Commands.Entry entry : section.entries()) {
                entry(entry.name(), entry.summary(), COMMAND_INDENT);
            }
        }
        text.append('\n');
        wrap(
                "Every command takes --json, --home DIR, --timeout DURATION, -q, -v, --color WHEN,"
                        + " --header and --no-daemon-start. `sovereign help COMMAND` says more; so"
                        + " does it on these topics: "
                        + String.join(", ", Topics.names())
                        + ".",
                0);
    }

    private void chapter(Manual.Page page) {
        text.append(Display.styled(page.name(), "1", bold)).append(": ");
        text.append(page.summary()).append('\n');
        for (Manual.Block block : page.blocks()) {
            switch (block) {
                case Manual.Section(String title) -> {
                    text.append('\n');
                    heading(title.charAt(0) + title.substring(1).toLowerCase(Locale.ROOT));
                }
                case Manual.Paragraph(String words) -> wrap(words, 2);
                case Manual.Entry(String term, String words) ->
                        entry(term.replace("`", ""), words, OPTION_INDENT);
                case Manual.Literal(List<String> lines) -> {
                    text.append('\n');
                    lines.forEach(line ->
                            text.append(line.isEmpty() ? "" : "      ").append(line).append('\n'));
                    text.append('\n');
                }
            }
        }
    }

    private void group(String group) {
        heading("Usage");
        text.append("  sovereign ").append(group).append(" COMMAND [ARGUMENT…]\n\n");
        heading("Commands");
        for (String name : Commands.names()) {
            if (name.startsWith(group + " ")) {
                entry(name, Commands.summary(name), OPTION_INDENT);
            }
        }
        text.append("\n`sovereign help ").append(group).append(" COMMAND` says more.\n");
    }

    private void command(String name, Shape shape) {
        heading("Usage");
        text.append("  sovereign ").append(synopsis(name, shape)).append("\n\n");
        for (String paragraph : shape.paragraphs) {
            wrap(paragraph, 0);
            text.append('\n');
        }
        if (!shape.spec.positionalParameters().isEmpty()) {
            heading("Arguments");
            for (PositionalParamSpec word : shape.spec.positionalParameters()) {
                entry(word.paramLabel(), description(word), OPTION_INDENT);
            }
            text.append('\n');
        }
        List<OptionSpec> own = new ArrayList<>();
        List<OptionSpec> shared = new ArrayList<>();
        for (OptionSpec option : shape.spec.options()) {
            (Shape.isGlobal(option.longestName()) ? shared : own).add(option);
        }
        options("Options", own);
        options("Options of every command", shared);
        heading("Examples");
        for (int i = 0; i < shape.examples.size(); i++) {
            Shape.Example example = shape.examples.get(i);
            text.append(i == 0 ? "" : "\n").append("  ").append(example.does()).append("\n    ");
            text.append(example.call()).append('\n');
        }
    }

    static String synopsis(String name, Shape shape) {
        StringBuilder line = new StringBuilder(name).append(" [OPTION…]");
        for (PositionalParamSpec word : shape.spec.positionalParameters()) {
            boolean many = word.arity().max() > 1;
            boolean optional = word.arity().min() == 0;
            line.append(optional ? " [" : " ").append(word.paramLabel());
            line.append(many ? "…" : "").append(optional ? "]" : "");
        }
        return line.toString();
    }

    private void options(String title, List<OptionSpec> options) {
        if (options.isEmpty()) {
            return;
        }
        heading(title);
        for (OptionSpec option : options) {
            entry(label(option), description(option), OPTION_INDENT);
        }
        text.append('\n');
    }

    static String label(OptionSpec option) {
        String[] names = option.names();
        StringBuilder label = new StringBuilder(names[0].startsWith("--") ? "    " : "");
        for (int i = 0; i < names.length; i++) {
            label.append(i == 0 ? "" : ", ").append(names[i]);
        }
        return option.arity().max() == 0
                ? label.toString()
                : label.append(' ').append(option.paramLabel()).toString();
    }

    static String description(ArgSpec argument) {
        String[] lines = argument.description();
        return lines.length == 0 ? "" : lines[0];
    }

    private void heading(String title) {
        text.append(Display.styled(title + ":", "1", bold)).append('\n');
    }

    private void entry(String label, String description, int indent) {
        text.append("  ").append(label);
        int used = 2 + Display.width(label);
        if (used + 1 >= indent) {
            text.append('\n').repeat(' ', indent);
        } else {
            text.repeat(' ', indent - used);
        }
        fill(description, indent, indent);
    }

    private void wrap(String paragraph, int indent) {
        text.repeat(' ', indent);
        fill(paragraph, indent, indent);
    }

    /// Appends words, breaking lines before they pass the width.
    private void fill(String words, int start, int indent) {
        int column = start;
        int from = 0;
        while (from < words.length()) {
            int space = words.indexOf(' ', from);
            int end = space < 0 ? words.length() : space;
            String word = words.substring(from, end);
            int width = Display.width(word);
            if (column > indent && column + 1 + width > cells) {
                text.append('\n').repeat(' ', indent);
                column = indent;
            } else if (column > indent) {
                text.append(' ');
                column++;
            }
            text.append(word);
            column += width;
            from = end + 1;
        }
        text.append('\n');
    }
}
