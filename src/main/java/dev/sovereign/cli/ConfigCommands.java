package dev.sovereign.cli;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// `config …`: the settings of this home.
final class ConfigCommands {
    private ConfigCommands() {}

    static final class ListAll extends Command {
        @Override
        void describe(Shape shape) {
            shape.text("Lists every key with its value and where that came from.");
            shape.example("sovereign config list", "Defaults, file and environment in one.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            List<Response.Setting> settings =
                    new Talk(call).askHere(new Request.ConfigList()).settings();
            if (call.globals.json()) {
                for (Response.Setting setting : settings) {
                    call.line(json(setting));
                }
                return 0;
            }
            RowWriter table = RowWriter.of("table", call, call.out, call.streams.outIsTerminal);
            table.begin(List.of("key", "value", "from", "meaning"));
            for (Response.Setting setting : settings) {
                table.row(
                        List.of(
                                setting.key(),
                                orNothing(setting.value()),
                                setting.from(),
                                setting.description()));
            }
            table.end();
            return 0;
        }
    }

    static final class Get extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("KEY", Complete.KEY, "such as daemon.idle");
            shape.text("Prints one value; exit status 1 when there is none.");
            shape.example("sovereign config get daemon.idle", "Its value.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            String key = call.need(0);
            var settings = new Talk(call).askHere(new Request.ConfigGet(key)).settings();
            for (Response.Setting setting : settings) {
                String value = setting.value();
                if (call.globals.json()) {
                    call.line(json(setting));
                } else if (value != null) {
                    call.line(call.streams.outIsTerminal ? Display.visible(value) : value);
                } else {
                    throw new SovereignException(
                            CliError.NOT_SET,
                            key + " is not set and has no default",
                            "set it with `sovereign config set " + key + " VALUE`");
                }
            }
            return 0;
        }
    }

    static final class Set extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("KEY", Complete.KEY, "such as daemon.idle");
            shape.word("VALUE", Complete.NOTHING, "its value; a list has commas between");
            shape.text(
                    "Sets a key in the configuration file. A running daemon takes it up when it"
                            + " starts again.");
            shape.example("sovereign config set daemon.idle 2h", "End after two idle hours.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            var request = new Request.ConfigSet(call.need(0), call.need(1));
            changed(call, new Talk(call).askHere(request));
            return 0;
        }
    }

    static final class Unset extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("KEY", Complete.KEY, "such as daemon.idle");
            shape.text("Removes a key from the configuration file, so that its default holds.");
            shape.example("sovereign config unset daemon.idle", "Back to the default.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            changed(call, new Talk(call).askHere(new Request.ConfigUnset(call.need(0))));
            return 0;
        }
    }

    static final class FilePath extends Command {
        @Override
        void describe(Shape shape) {
            shape.text("Prints where the configuration file is.");
            shape.example("sovereign config path", "Its path.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            String path = path(call);
            if (call.globals.json()) {
                call.line(new JsonLine().open('{').field("path", path).close('}').toString());
            } else {
                call.line(path);
            }
            return 0;
        }
    }

    static final class Edit extends Command {
        @Override
        void describe(Shape shape) {
            shape.text(
                    "Opens the configuration file in the editor that VISUAL or EDITOR names, and"
                            + " checks it afterwards.");
            shape.example("EDITOR=nano sovereign config edit", "In an editor of choice.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            String path = path(call);
            Editor.open(call.streams.environment, path);
            // reading all of it again finds every fault of what was written
            new Talk(call).askHere(new Request.ConfigList());
            return 0;
        }
    }

    private static String path(Invocation call) throws InterruptedException {
        return new Talk(call).askHere(new Request.ConfigPath()).name();
    }

    private static void changed(Invocation call, Response.Settings settings) {
        for (Response.Setting setting : settings.settings()) {
            if (call.globals.json()) {
                call.line(json(setting));
            } else {
                call.remark(
                        setting.key()
                                + " is "
                                + (setting.value() == null ? "not set" : setting.value())
                                + " ("
                                + setting.from()
                                + ")");
            }
        }
    }

    private static String orNothing(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static String json(Response.Setting setting) {
        JsonLine line = new JsonLine().open('{').field("key", setting.key());
        line.field("value", setting.value()).field("from", setting.from());
        return line.field("description", setting.description()).close('}').toString();
    }
}
