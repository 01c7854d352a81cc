package dev.sovereign.cli;

import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.time.Instant;

/// `key …`: the keys of the node and of its network; shows fingerprints only.
final class KeyCommands {
    private KeyCommands() {}

    static final class New extends Command {
        @Override
        void describe(Shape shape) {
            shape.option(
                    "FILE",
                    Complete.FILE,
                    "write the key to FILE instead of the node's own place",
                    "--out");
            shape.text(
                    "Makes a swarm key: the secret that all machines of a private network share."
                            + " Copy it to the others by a way that nobody else can read; whoever"
                            + " has it can connect.");
            shape.text(
                    "The file is readable for its owner only, and no file is ever replaced. A"
                            + " daemon that runs takes the key at once.");
            shape.example("sovereign key new", "Begin a network with this node.");
            shape.example("sovereign key new --out swarm.key", "A key for later.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            return print(call, new Talk(call).askHere(new Request.KeyNew(call.value("--out"))));
        }
    }

    static final class Show extends Command {
        @Override
        void describe(Shape shape) {
            shape.text(
                    "Shows where the swarm key is and its fingerprint: two nodes are of one network"
                            + " when these are equal. The key itself is never shown.");
            shape.example("sovereign key show", "Which network is this?");
            shape.example("sovereign key show --json", "For a script.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Response.Keys keys = new Talk(call).askHere(new Request.KeyShow());
            if (keys.fingerprint() == null) {
                if (call.globals.json()) {
                    call.line(json(keys));
                }
                call.say("there is no swarm key; `sovereign key new` makes one");
                return 1;
            }
            return print(call, keys);
        }
    }

    static final class Rotate extends Command {
        @Override
        void describe(Shape shape) {
            shape.option(
                    "FILE", Complete.FILE, "take the key in FILE instead of a fresh one", "--from");
            shape.text(
                    "Puts a new swarm key in the place of the present one, without downtime:"
                            + " connections go on, and for the time of mesh.key-grace this node"
                            + " still lets in who has the key before. Copy the new swarm.key to the"
                            + " other machines; `sovereign peer list` shows who still uses the old"
                            + " one.");
            shape.example("sovereign key rotate", "A fresh key.");
            shape.example(
                    "sovereign key rotate --from ./swarm.key",
                    "On the other machines: the key that the first one made.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            return print(call, new Talk(call).askHere(new Request.KeyRotate(call.value("--from"))));
        }
    }

    static final class Id extends Command {
        @Override
        void describe(Shape shape) {
            shape.text(
                    "Prints the PeerId of this node: the name by which others allow it. Makes its"
                            + " identity when there is none yet.");
            shape.example("sovereign key id", "Who am I?");
            shape.example(
                    "sovereign peer allow \"$(ssh server sovereign key id)\"", "Let another in.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Response.Keys keys = new Talk(call).askHere(new Request.KeyId());
            if (call.globals.json()) {
                call.line(
                        new JsonLine()
                                .open('{')
                                .field("peerId", keys.peerId())
                                .close('}')
                                .toString());
            } else {
                call.line(String.valueOf(keys.peerId()));
            }
            return 0;
        }
    }

    private static int print(Invocation call, Response.Keys keys) {
        if (call.globals.json()) {
            call.line(json(keys));
            return 0;
        }
        Fields fields = new Fields(call);
        fields.add("swarm key", String.valueOf(keys.path()));
        fields.add("fingerprint", String.valueOf(keys.fingerprint()));
        String previous = keys.previous();
        Long until = keys.previousUntilMillis();
        if (previous != null && until != null) {
            fields.add("previous", previous + ", accepted until " + Instant.ofEpochMilli(until));
        }
        String peerId = keys.peerId();
        if (peerId != null) {
            fields.add("peer id", peerId);
        }
        fields.print();
        return 0;
    }

    private static String json(Response.Keys keys) {
        JsonLine line = new JsonLine().open('{').field("path", keys.path());
        line.field("fingerprint", keys.fingerprint()).field("previous", keys.previous());
        Long until = keys.previousUntilMillis();
        line.name("previousUntilMillis").data(until);
        return line.field("peerId", keys.peerId()).close('}').toString();
    }
}
