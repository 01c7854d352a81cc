package dev.sovereign.cli;

import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Manual pages in mdoc, from the command model: `sovereign.1` and one for each command or group of
/// commands.
final class ManPage {

    /// Of the pages' contents; a build's own date would make every build differ.
    private static final String DATE = "November 24, 2026";

    private static final int MAX_LINE = 79;

    private final StringBuilder text = new StringBuilder(8_192);

    private ManPage() {}

    /// All pages: file name to text.
    static Map<String, String> all() {
        Map<String, String> pages = new TreeMap<>();
        pages.put("sovereign.1", new ManPage().program());
        for (String word : Commands.firstWords()) {
            pages.put("sovereign-" + word + ".1", new ManPage().command(word));
        }
        for (String name : Manual.NAMES) {
            Manual.Page chapter = Manual.page(name);
            pages.put(chapter.name() + ".7", new ManPage().chapter(chapter));
        }
        return pages;
    }

    private String program() {
        head(
                "sovereign",
                "SOVEREIGN",
                "1",
                "a Datalog knowledge base of your own, behind one command");
        macro("Sh SYNOPSIS");
        macro("Nm");
        macro("Op Ar option ...");
        macro("Ar command");
        macro("Op Ar argument ...");
        macro("Nm");
        macro("Sh DESCRIPTION");
        line(
                "Facts and rules live in a store of your own; a daemon that starts by itself"
                        + " answers queries about them.");
        line("Without a command and on a terminal,");
        macro("Nm");
        line("is a prompt.");
        macro("Pp");
        line("The commands are:");
        for (Commands.Section section : Commands.sections()) {
            macro("Ss " + section.title());
            macro("Bl -tag -width Ds -compact");
            for (Commands.Entry entry : section.entries()) {
                macro("It Cm " + entry.name());
                line(sentence(entry.summary()));
            }
            macro("El");
        }
        macro("Sh OPTIONS");
        line("Every command takes these, before or after its name:");
        options(CompletionModel.globals());
        for (String topic : List.of("language", "formats")) {
            macro("Sh " + topic.toUpperCase(java.util.Locale.ROOT));
            literal(Topics.text(topic));
        }
        macro("Sh ENVIRONMENT");
        literal(Topics.text("environment"));
        macro("Sh FILES");
        macro("Bl -tag -width Ds -compact");
        file("$XDG_CONFIG_HOME/sovereign/config.toml", "configuration, see sovereign-config(1)");
        file("$XDG_CONFIG_HOME/sovereign/store.key", "the key of an encrypted store");
        file("$XDG_DATA_HOME/sovereign/store", "the store");
        file("$XDG_STATE_HOME/sovereign/log/daemon.log", "the log of the daemon");
        file("$XDG_RUNTIME_DIR/sovereign/daemon.sock", "where the daemon answers");
        macro("El");
        exitStatus();
        macro("Sh EXAMPLES");
        example("sovereign assert 'edge(1, 2).' 'edge(2, 3).'", "Two facts.");
        example(
                "sovereign query 'path(1, X)?' -f path.dl",
                "What can be reached from 1 by the rules of a file.");
        seeAlso("");
        return text.toString();
    }

    private String chapter(Manual.Page page) {
        head(page.name(), page.name().toUpperCase(java.util.Locale.ROOT), "7", page.summary());
        Manual.Block before = null;
        for (Manual.Block block : page.blocks()) {
            boolean listed = before instanceof Manual.Entry;
            if (listed && !(block instanceof Manual.Entry)) {
                macro("El");
            }
            switch (block) {
                case Manual.Section(String title) -> macro("Sh " + title);
                case Manual.Paragraph(String words) -> {
                    if (!(before instanceof Manual.Section)) {
                        macro("Pp");
                    }
                    line(words);
                }
                case Manual.Entry(String term, String words) -> {
                    if (!listed) {
                        macro("Bl -tag -width Ds");
                    }
                    macro("It " + marked(escaped(term)));
                    line(words);
                }
                case Manual.Literal(List<String> lines) -> {
                    macro("Bd -literal -offset indent");
                    lines.forEach(line -> text.append(guarded(escaped(line))).append('\n'));
                    macro("Ed");
                }
            }
            before = block;
        }
        if (before instanceof Manual.Entry) {
            macro("El");
        }
        seeAlso(page.name().substring("sovereign-".length()));
        return text.toString();
    }

    /// What stands in backticks, already escaped, in bold.
    private static String marked(String escaped) {
        return escaped.replaceAll("\\\\\\(ga(.*?)\\\\\\(ga", "\\\\fB$1\\\\fR");
    }

    private String command(String word) {
        boolean group = Commands.isGroup(word);
        String summary = group ? ZshCompletion.groupSummary(word) : Commands.summary(word);
        head(
                "sovereign-" + word,
                "SOVEREIGN-" + word.toUpperCase(java.util.Locale.ROOT),
                "1",
                summary);
        List<CompletionModel.Item> items = new ArrayList<>();
        for (CompletionModel.Item item : CompletionModel.items()) {
            if (item.name().equals(word) || item.name().startsWith(word + " ")) {
                items.add(item);
            }
        }
        macro("Sh SYNOPSIS");
        for (CompletionModel.Item item : items) {
            macro("Nm sovereign " + item.name());
            macro("Op Ar option ...");
            for (PositionalParamSpec argument : item.words()) {
                boolean many = argument.arity().max() > 1;
                boolean optional = argument.arity().min() == 0;
                macro((optional ? "Op Ar " : "Ar ") + argument.paramLabel() + (many ? " ..." : ""));
            }
        }
        macro("Sh DESCRIPTION");
        List<Shape.Example> examples = new ArrayList<>();
        for (CompletionModel.Item item : items) {
            Shape shape = shape(item.name());
            if (group) {
                macro("Ss sovereign " + item.name());
            }
            for (int i = 0; i < shape.paragraphs.size(); i++) {
                if (i > 0) {
                    macro("Pp");
                }
                line(shape.paragraphs.get(i));
            }
            arguments(item);
            if (!item.own().isEmpty()) {
                options(item.own());
            }
            examples.addAll(shape.examples);
        }
        macro("Pp");
        line("The options of every command are in");
        macro("Xr sovereign 1 .");
        exitStatus();
        macro("Sh EXAMPLES");
        for (Shape.Example example : examples) {
            example(example.call(), example.does());
        }
        seeAlso(word);
        return text.toString();
    }

    private static Shape shape(String name) {
        Command command = Commands.create(name);
        if (command == null) {
            throw new IllegalArgumentException(name);
        }
        return Commands.shape(name, command);
    }

    private void head(String name, String title, String section, String summary) {
        text.append(
                ".\\\" Made from the command model; do not edit. mvn -q test"
                        + " -Dtest=GeneratedFilesTest -Dsovereign.generate=true\n");
        macro("Dd " + DATE);
        macro("Dt " + title + " " + section);
        macro("Os");
        macro("Sh NAME");
        macro("Nm " + name);
        macro("Nd " + summary);
    }

    private void arguments(CompletionModel.Item item) {
        if (item.words().isEmpty()) {
            return;
        }
        macro("Bl -tag -width Ds");
        for (PositionalParamSpec argument : item.words()) {
            macro("It Ar " + argument.paramLabel());
            line(sentence(Help.description(argument)));
        }
        macro("El");
    }

    private void options(List<OptionSpec> options) {
        macro("Bl -tag -width Ds");
        for (OptionSpec option : options) {
            StringBuilder names = new StringBuilder("It");
            for (int i = 0; i < option.names().length; i++) {
                names.append(i == 0 ? "" : " ,").append(" Fl ");
                names.append(escaped(option.names()[i].substring(1)));
            }
            if (!CompletionModel.isFlag(option)) {
                names.append(" Ar ").append(option.paramLabel());
            }
            macro(names.toString());
            line(sentence(Help.description(option)));
        }
        macro("El");
    }

    private void file(String path, String what) {
        macro("It Pa " + path);
        line(sentence(what));
    }

    private void exitStatus() {
        macro("Sh EXIT STATUS");
        macro("Bl -tag -width Ds -compact");
        for (String row : Topics.text("exit-status").split("\n")) {
            int space = row.indexOf(' ');
            macro("It " + row.substring(0, space));
            line(sentence(row.substring(space).strip()));
        }
        macro("El");
    }

    private void example(String call, String does) {
        line(does);
        macro("Pp");
        macro("Dl " + escaped(call).replace("\"", "\\(dq"));
        macro("Pp");
    }

    private void seeAlso(String self) {
        if (text.toString().endsWith(".Pp\n")) {
            text.setLength(text.length() - 4);
        }
        macro("Sh SEE ALSO");
        List<String> others = new ArrayList<>();
        if (!self.isEmpty()) {
            others.add("sovereign");
        }
        List<String> words = new ArrayList<>(Commands.firstWords());
        java.util.Collections.sort(words);
        for (String word : words) {
            if (!word.equals(self)) {
                others.add("sovereign-" + word);
            }
        }
        for (String other : others) {
            macro("Xr " + other + " 1 ,");
        }
        for (String name : Manual.NAMES) {
            if (!name.equals(self)) {
                macro("Xr sovereign-" + name + " 7 ,");
            }
        }
        text.setLength(text.length() - 3); // the last comma
        text.append('\n');
    }

    private static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }

    private void literal(String lines) {
        macro("Bd -literal");
        for (String row : lines.stripTrailing().split("\n")) {
            text.append(guarded(escaped(row))).append('\n');
        }
        macro("Ed");
    }

    private void macro(String words) {
        text.append('.').append(words).append('\n');
    }

    /// One input line a sentence, as mdoc wants it.
    private void line(String words) {
        int from = 0;
        while (from < words.length()) {
            int end = words.indexOf(". ", from);
            String one = end < 0 ? words.substring(from) : words.substring(from, end + 1);
            wrapped(one);
            from = end < 0 ? words.length() : end + 2;
        }
    }

    /// Breaks a sentence before it passes 80 bytes.
    private void wrapped(String sentence) {
        String rest = sentence;
        while (escaped(rest).length() > MAX_LINE) {
            int space = rest.lastIndexOf(' ', MAX_LINE);
            while (space > 0
                    && (escaped(rest.substring(0, space)).length() > MAX_LINE
                            || rest.substring(0, space).chars().filter(c -> c == '`').count() % 2
                                    == 1)) {
                space = rest.lastIndexOf(' ', space - 1);
            }
            if (space <= 0) {
                break;
            }
            text.append(guarded(marked(escaped(rest.substring(0, space))))).append('\n');
            rest = rest.substring(space + 1);
        }
        text.append(guarded(marked(escaped(rest)))).append('\n');
    }

    /// A line that begins like a macro is text all the same.
    private static String guarded(String line) {
        return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
    }

    private static String escaped(String words) {
        return words.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("`", "\\(ga")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti")
                .replace("…", "...")
                .replace("é", "\\('e");
    }
}
