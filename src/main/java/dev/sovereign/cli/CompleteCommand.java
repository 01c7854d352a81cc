package dev.sovereign.cli;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

/// What completion asks for names that only the daemon knows. Not listed anywhere. Starts nothing,
/// says nothing that is wrong, and gives up soon: somebody is in the middle of typing.
final class CompleteCommand extends Command {

    static final String NAME = "__complete";

    private static final long TIMEOUT_MILLIS = 1_000;

    @Override
    void describe(Shape shape) {
        shape.word(
                "KIND",
                Complete.words("relations", "modules", "skills", "peers", "keys"),
                "what to list");
    }

    @Override
    int run(Invocation call) throws InterruptedException {
        var reach = new Callers.Reach(call.globals.home(), false, TIMEOUT_MILLIS);
        try {
            switch (call.need(0)) {
                case "relations" -> {
                    var request = new Request.RelationsOf(null);
                    for (Response.Relation relation : ask(call, request, reach).relations()) {
                        call.line(Display.visible(relation.name()));
                    }
                }
                case "modules" -> {
                    for (Response.Module module :
                            ask(call, new Request.RulesList(), reach).modules()) {
                        call.line(Display.visible(module.name()));
                    }
                }
                case "skills" -> {
                    for (Response.SkillSheet skill :
                            ask(call, new Request.SkillList(), reach).skills()) {
                        call.line(Display.visible(skill.name()));
                    }
                }
                case "peers" -> {
                    for (Response.Peer peer : ask(call, new Request.PeerList(), reach).peers()) {
                        String name = peer.name();
                        call.line(Display.visible(name == null ? peer.peerId() : name));
                    }
                }
                case "keys" -> {
                    try (Caller here = call.callers.local(reach)) {
                        for (Response.Setting setting :
                                here.call(new Request.ConfigList(), new Listener() {}).settings()) {
                            call.line(setting.key());
                        }
                    }
                }
                default -> {}
            }
        } catch (SovereignException nothingToOffer) {
            // no daemon, or a broken one: the shell offers nothing
        }
        return 0;
    }

    private static <R extends Response.Closing> R ask(
            Invocation call, Request<R> request, Callers.Reach reach) throws InterruptedException {
        try (Caller caller = call.callers.daemon(reach, CompleteCommand::ignore)) {
            return caller.call(request, new Listener() {});
        }
    }

    private static void ignore(String line) {}
}
