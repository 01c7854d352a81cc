package dev.sovereign.cli;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// What completion asks for names that only the daemon knows. Not listed anywhere. Starts nothing,
/// says nothing that is wrong, and gives up soon: somebody is in the middle of typing.
///
/// That somebody waits for a whole process, so what the scripts of `completions/` ask is answered
/// by [#answer] before there is a command model; every other way to write it comes through [#run].
final class CompleteCommand extends Command {

    static final String NAME = "__complete";

    private static final long TIMEOUT_MILLIS = 1_000;

    @Override
    void describe(Shape shape) {
        shape.word(
                "KIND",
                Complete.words("relations", "modules", "skills", "peers", "keys"),
                "what to list");
        shape.optionalWord("PREFIX", Complete.NOTHING, "only names that begin so");
    }

    @Override
    int run(Invocation call) throws InterruptedException {
        list(call.need(0), call.word(1), call.globals.home(), call.callers, call.streams.out);
        return 0;
    }

    /// Answers `[--home DIR] __complete KIND [PREFIX]`.
    ///
    /// @return false when `args` is anything else; nothing was done then
    static boolean answer(String[] args, Callers callers, Out out) throws InterruptedException {
        int at = at(args);
        if (at < 0) {
            return false;
        }
        String prefix = args.length > at + 2 ? args[at + 2] : null;
        list(args[at + 1], prefix, at == 0 ? null : args[1], callers, out);
        return true;
    }

    /// Where this command's name stands in what [#answer] answers; -1 in anything else.
    static int at(String[] args) {
        int at = args.length > 2 && args[0].equals("--home") ? 2 : 0;
        int words = args.length - at - 1;
        if (words < 1 || words > 2 || !args[at].equals(NAME)) {
            return -1;
        }
        return Usage.isOption(args[at + 1]) || Usage.isOption(args[args.length - 1]) ? -1 : at;
    }

    private static void list(
            String kind, @Nullable String prefix, @Nullable String home, Callers callers, Out out)
            throws InterruptedException {
        var reach = new Callers.Reach(home, false, TIMEOUT_MILLIS);
        List<String> names;
        try {
            names =
                    switch (kind) {
                        case "relations", "modules", "skills", "peers" ->
                                callers.names(reach, new Request.Names(kind, prefix));
                        case "keys" -> keys(callers, reach);
                        default -> List.of();
                    };
        } catch (SovereignException nothingToOffer) {
            return; // no daemon, or a broken one: the shell offers nothing
        }
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            text.append(Display.visible(name)).append('\n');
        }
        out.print(text);
    }

    private static List<String> keys(Callers callers, Callers.Reach reach)
            throws InterruptedException {
        List<String> keys = new ArrayList<>();
        try (Caller here = callers.local(reach)) {
            var settings = here.call(new Request.ConfigList(), new Listener() {}).settings();
            for (Response.Setting setting : settings) {
                keys.add(setting.key());
            }
        }
        return keys;
    }
}
