package dev.sovereign.cli;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Every command by name. Only the one that is called is ever built.
final class Commands {

    /// @param name the words after `sovereign`
    /// @param summary what it does, in one line without a period
    record Entry(String name, String summary) {}

    /// Sections of the help, in its order.
    record Section(String title, List<Entry> entries) {}

    private Commands() {}

    private static final List<String> GROUPS = List.of("rules", "store", "daemon", "config");

    /// Named by the contract, carried out by a later build.
    private static final List<String> LATER =
            List.of(
                    "why",
                    "whynot",
                    "watch",
                    "skill",
                    "license",
                    "key",
                    "peer",
                    "mesh",
                    "doctor",
                    "daemon install",
                    "daemon uninstall",
                    "store forget");

    static boolean isGroup(String name) {
        return GROUPS.contains(name);
    }

    static boolean isLater(String name) {
        return LATER.contains(name);
    }

    /// A new command; null when there is none of that name.
    static @Nullable Command create(String name) {
        return switch (name) {
            case "query" -> new QueryCommand();
            case "assert" -> new ChangeCommands.Assert();
            case "retract" -> new ChangeCommands.Retract();
            case "status" -> new StatusCommand();
            case "version" -> new VersionCommand();
            case "help" -> new HelpCommand();
            default -> null;
        };
    }

    static List<Section> sections() {
        return List.of(
                new Section(
                        "Ask and change",
                        List.of(
                                new Entry("query", "ask what this node knows"),
                                new Entry("assert", "add facts"),
                                new Entry("retract", "remove facts"))),
                new Section(
                        "The program",
                        List.of(
                                new Entry("status", "show how the node is doing"),
                                new Entry("version", "show the version"),
                                new Entry("help", "show help on a command or topic"))));
    }

    static String summary(String name) {
        for (Section section : sections()) {
            for (Entry entry : section.entries()) {
                if (entry.name().equals(name)) {
                    return entry.summary();
                }
            }
        }
        return "";
    }

    /// Every name, for suggestions and completion.
    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Section section : sections()) {
            for (Entry entry : section.entries()) {
                names.add(entry.name());
            }
        }
        return names;
    }

    /// The model of a command with the options that all share.
    static Shape shape(String name, Command command) {
        Shape shape = new Shape(name);
        command.describe(shape);
        return shape.globals();
    }
}
