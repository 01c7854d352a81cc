package dev.sovereign.cli;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/// `skill …`: other people's programs, and what each may do here.
final class SkillCommands {
    private SkillCommands() {}

    /// Characters of a tool's input; a frame holds 8 MiB.
    private static final int INPUT_BYTES = 6 << 20;

    static final class Install extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("PATH", Complete.FILE, "a zip, or a folder with skill.toml");
            shape.repeated(
                    "CAPABILITY",
                    Complete.words("all", "none"),
                    "agree to this: all, none, or one as it is shown, such as write=alert; may be"
                            + " repeated",
                    "--grant");
            shape.flag(
                    "replace a newer version, the same version with other bytes, or another"
                            + " publisher's skill; asks for everything anew",
                    "--force");
            shape.text(
                    "Shows what a skill asks for, asks whether it may have that, and installs it."
                        + " In a script, where nobody can be asked, --grant says what it may have."
                        + " A version that asks for no more than the one before keeps what that one"
                        + " holds.");
            shape.example("sovereign skill install disk-watch-1.2.0.zip", "Asks.");
            shape.example(
                    "sovereign skill install ./disk-watch --grant write=alert --grant clock=real",
                    "Grants two things and nothing else.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            String path = call.need(0);
            boolean force = call.flag("--force");
            boolean folder = isFolder(call, path);
            List<String> granted = call.values("--grant");
            if (granted.contains("none") && granted.size() > 1) {
                throw Usage.wrong("--grant none stands alone", null);
            }
            Talk talk = new PackageTalk(call);
            Response.SkillProposal proposal =
                    talk.ask(new Request.SkillPropose(path, folder, force));
            Response.SkillSheet skill = proposal.skill();
            boolean agreed = !granted.isEmpty();
            boolean asks = !agreed && proposal.mustAsk() && call.mayAsk();
            if (asks || !(call.globals.json() || call.globals.quiet())) {
                describe(call, proposal);
            }
            if (asks) {
                switch (answer(call)) {
                    case YES -> granted = List.of("all");
                    case NOTHING -> granted = List.of("none");
                    case STOP -> {
                        call.say("nothing was installed");
                        return dev.sovereign.error.ErrorKind.REFUSED.exitStatus();
                    }
                }
                agreed = true;
            }
            Response.SkillSheet installed =
                    new PackageTalk(call)
                            .ask(
                                    new Request.SkillInstall(
                                            path,
                                            folder,
                                            force,
                                            skill.manifestSha256(),
                                            agreed,
                                            granted.contains("none") ? List.of() : granted));
            if (call.globals.json()) {
                call.line(json(installed).toString());
            } else {
                call.say(
                        "installed "
                                + installed.name()
                                + " "
                                + installed.version()
                                + (installed.granted().isEmpty()
                                        ? ", which holds nothing"
                                        : ", which holds "
                                                + String.join(", ", installed.granted())));
            }
            return 0;
        }

        private static boolean isFolder(Invocation call, String path) {
            try {
                return Files.isDirectory(Inputs.resolve(call.streams, path, null));
            } catch (IOException impossible) {
                throw Inputs.unreadable(path, impossible);
            }
        }

        private static void describe(Invocation call, Response.SkillProposal proposal) {
            Response.SkillSheet skill = proposal.skill();
            StringBuilder text = new StringBuilder();
            text.append(skill.name()).append(' ').append(skill.version());
            if (proposal.before() != null) {
                text.append(", in the place of ").append(proposal.before());
            }
            text.append('\n');
            if (!skill.description().isEmpty()) {
                text.append("  ").append(skill.description()).append('\n');
            }
            text.append(
                    skill.publisher().isEmpty()
                            ? "  nobody signed it\n"
                            : "  signed by " + skill.publisher() + "\n");
            if (skill.license() != null) {
                text.append("  runs with a license only: ").append(skill.license()).append('\n');
            }
            if (skill.rights().isEmpty()) {
                text.append("  asks for nothing\n");
            } else {
                text.append("  asks to\n");
            }
            for (Response.SkillRight right : skill.rights()) {
                text.append("    ").append(right.words());
                text.append("  [").append(right.capability()).append(']');
                if (proposal.before() != null && proposal.fresh().contains(right.capability())) {
                    text.append("  new");
                }
                text.append('\n');
            }
            call.streams.out.flush();
            call.streams.err.print(Display.visibleText(text.toString())).flush();
        }

        private enum Answer {
            YES,
            NOTHING,
            STOP
        }

        private static Answer answer(Invocation call) {
            while (true) {
                String answer = call.answer("May it? [y]es, all of it / [n]othing of it / [s]top:");
                switch (answer == null ? "s" : answer) {
                    case "y", "yes" -> {
                        return Answer.YES;
                    }
                    case "n", "nothing" -> {
                        return Answer.NOTHING;
                    }
                    case "s", "stop" -> {
                        return Answer.STOP;
                    }
                    default -> {}
                }
            }
        }
    }

    /// Opens files of a package: regular ones, through no link.
    private static final class PackageTalk extends Talk {
        PackageTalk(Invocation call) {
            super(call);
        }

        @Override
        public InputStream open(Response.Wanted wanted) throws IOException {
            if (wanted.name().equals("-")) {
                return call.streams.in;
            }
            Path file = Inputs.resolve(call.streams, wanted.name(), wanted.from());
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new IOException("it is not a file");
            }
            try {
                return wanted.name().contains("/")
                        ? Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)
                        : Files.newInputStream(file);
            } catch (IOException unreadable) {
                throw new IOException(Inputs.reason(unreadable), unreadable);
            }
        }
    }

    static final class ListAll extends Command {
        @Override
        void describe(Shape shape) {
            shape.text(
                    "Lists installed skills: version, publisher, how much of what it asks for it"
                            + " holds, and runs under way.");
            shape.example("sovereign skill list --json", "One object a line.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Response.SkillSheets sheets = new Talk(call).ask(new Request.SkillList());
            if (call.globals.json()) {
                for (Response.SkillSheet skill : sheets.skills()) {
                    call.line(json(skill).toString());
                }
            } else {
                RowWriter table = RowWriter.of("table", call, call.out, call.streams.outIsTerminal);
                table.begin(List.of("name", "version", "publisher", "granted", "running"));
                for (Response.SkillSheet skill : sheets.skills()) {
                    long held =
                            skill.rights().stream().filter(Response.SkillRight::granted).count();
                    table.row(
                            List.of(
                                    skill.name(),
                                    skill.version(),
                                    skill.publisher().isEmpty()
                                            ? "unsigned"
                                            : skill.publisher().substring(0, 16),
                                    held + " of " + skill.rights().size(),
                                    skill.running()));
                }
                table.end();
            }
            for (Diagnostic damaged : sheets.damaged()) {
                StringBuilder text = new StringBuilder();
                Faults.append(text, damaged, call.errColor(), call.errColumns());
                call.streams.out.flush();
                call.streams.err.print(text).flush();
            }
            return sheets.damaged().isEmpty() ? 0 : sheets.damaged().getFirst().kind().exitStatus();
        }
    }

    static final class Show extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("NAME", Complete.SKILL, "the skill");
            shape.text(
                    "Shows what a skill is, which tools it offers, what it asks for, what it holds"
                            + " and its limits.");
            shape.example("sovereign skill show disk-watch", "All of it.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            print(call, new Talk(call).ask(new Request.SkillShow(call.need(0))));
            return 0;
        }
    }

    static final class Grant extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("NAME", Complete.SKILL, "the skill");
            shape.words(
                    "CAPABILITY",
                    Complete.NOTHING,
                    "what it may have, as skill show writes it; otherwise all that it asks for",
                    false);
            shape.text("Gives a skill more of what it asks for. It holds from its next run on.");
            shape.example("sovereign skill grant disk-watch write=alert", "One thing.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            print(call, new Talk(call).ask(new Request.SkillGrant(call.need(0), call.words(1))));
            return 0;
        }
    }

    static final class Revoke extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("NAME", Complete.SKILL, "the skill");
            shape.words(
                    "CAPABILITY",
                    Complete.NOTHING,
                    "what to take, as skill show writes it; otherwise all that it holds",
                    false);
            shape.text("Takes from a skill what it holds. A run under way loses it at once.");
            shape.example("sovereign skill revoke disk-watch", "Everything.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            print(call, new Talk(call).ask(new Request.SkillRevoke(call.need(0), call.words(1))));
            return 0;
        }
    }

    static final class Remove extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("NAME", Complete.SKILL, "the skill");
            shape.text(
                    "Removes a skill and what it was granted, and ends its runs. Facts that it has"
                            + " written stay.");
            shape.example("sovereign skill remove disk-watch", "Removes it.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            new Talk(call).ask(new Request.SkillRemove(call.need(0)));
            if (call.globals.json()) {
                call.line(
                        new JsonLine()
                                .open('{')
                                .field("removed", call.need(0))
                                .close('}')
                                .toString());
            } else {
                call.say("removed " + call.need(0));
            }
            return 0;
        }
    }

    static final class Run extends Command {
        @Override
        void describe(Shape shape) {
            shape.word(
                    "NAME",
                    Complete.SKILL,
                    "an installed skill; with --invoke the file of a WebAssembly module");
            shape.words(
                    "WORD",
                    Complete.NOTHING,
                    "the tool, and after -- arguments of the skill's own; of a module its numbers,"
                            + " decimal or hexadecimal, nan and inf for floats",
                    false);
            shape.numbers();
            shape.option(
                    "JSON",
                    Complete.NOTHING,
                    "what the skill reads; - is standard input",
                    "--input");
            shape.option(
                    "EXPORT",
                    Complete.NOTHING,
                    "call this function of a module, which gets no capabilities, without a daemon",
                    "--invoke");
            shape.option("N", Complete.NOTHING, "stop after N units of fuel", "--fuel");
            shape.text(
                    "Runs a skill and prints what it prints. What it asserts and retracts is one"
                        + " transaction, made when it ends with 0; otherwise nothing is written."
                        + " --timeout lowers its time.");
            shape.example("sovereign skill run disk-watch check", "One tool of a skill.");
            shape.example(
                    "sovereign skill run disk-watch check --input '{\"host\":\"web1\"}'",
                    "With input.");
            shape.example("sovereign skill run wc -- -l < notes.txt", "With an argument.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            String export = call.value("--invoke");
            if (export != null) {
                return ModuleCommands.invoke(call, call.need(0), export, call.words(1));
            }
            if (call.need(0).endsWith(".wasm")) {
                throw Usage.wrong(
                        "the export is missing",
                        "say which with --invoke; `sovereign skill check` lists them");
            }
            List<String> words = call.words(1);
            int before = Math.max(0, words.size() - call.wordsAfterDashes());
            if (before > 1) {
                throw Usage.wrong(
                        "\"" + words.get(1) + "\" is one word too many",
                        "arguments of the skill stand after --");
            }
            Long fuel = Amounts.count("--fuel", call.value("--fuel"));
            Request.SkillRun request =
                    new Request.SkillRun(
                            call.need(0),
                            before == 1 ? words.getFirst() : null,
                            words.subList(before, words.size()),
                            input(call),
                            new Request.Limits(call.globals.timeoutMillis(), null, null, fuel));
            ByteArrayOutputStream kept = new ByteArrayOutputStream();
            boolean json = call.globals.json();
            Talk talk =
                    new Talk(call) {
                        @Override
                        public void chunk(Response.Chunk chunk) {
                            waiting.stop();
                            byte[] bytes = chunk.bytes();
                            if (json) {
                                kept.writeBytes(bytes);
                            } else if (call.streams.outIsTerminal) {
                                call.out.print(
                                        Display.visibleText(
                                                new String(bytes, StandardCharsets.UTF_8)));
                            } else {
                                call.out.write(bytes, 0, bytes.length);
                            }
                        }
                    };
            Response.SkillRan ran = talk.ask(request);
            if (json) {
                call.line(json(ran, kept.toString(StandardCharsets.UTF_8)));
                return ran.exitStatus();
            }
            call.out.flush();
            if (!ran.log().isEmpty() && !call.globals.quiet()) {
                call.streams.err.print(Display.visibleText(ran.log())).flush();
            }
            if (ran.exitStatus() != 0) {
                call.streams.err.line(
                        "sovereign: skill "
                                + ran.skill()
                                + ": "
                                + ran.verdict()
                                + ": "
                                + Display.visible(ran.message()));
                call.streams.err.flush();
            } else if (call.globals.verbose()) {
                call.say(
                        ran.fuel()
                                + " units of fuel, "
                                + ran.millis()
                                + " ms"
                                + (ran.tx() == 0 ? "" : ", transaction " + ran.tx()));
            }
            return ran.exitStatus();
        }

        /// Nothing when neither `--input` nor a pipe is there.
        private static String input(Invocation call) {
            String given = call.value("--input");
            if (given == null || !given.equals("-")) {
                return given == null ? "" : given;
            }
            try {
                byte[] bytes = call.streams.in.readNBytes(INPUT_BYTES + 1);
                if (bytes.length > INPUT_BYTES) {
                    throw new SovereignException(
                            CliError.FILE,
                            "the input is larger than " + (INPUT_BYTES >> 20) + " MiB",
                            "grant the skill a folder and put the data there");
                }
                return new String(bytes, StandardCharsets.UTF_8);
            } catch (IOException unreadable) {
                throw Inputs.unreadable("-", unreadable);
            }
        }

        private static String json(Response.SkillRan ran, String output) {
            JsonLine line = new JsonLine().open('{').field("verdict", ran.verdict());
            line.field("skill", ran.skill()).field("version", ran.version());
            line.field("tool", ran.tool()).field("exit", ran.exit());
            line.field("output", output).field("log", ran.log());
            line.field("fuel", ran.fuel()).field("millis", ran.millis()).field("run", ran.run());
            line.field("tx", ran.tx());
            return line.field("message", ran.message()).close('}').toString();
        }
    }

    private static void print(Invocation call, Response.SkillSheet skill) {
        if (call.globals.json()) {
            call.line(json(skill).toString());
            return;
        }
        Fields fields = new Fields(call);
        fields.add("name", skill.name());
        fields.add("version", skill.version());
        fields.add("description", skill.description());
        fields.add("publisher", skill.publisher().isEmpty() ? "unsigned" : skill.publisher());
        fields.add("sha256", skill.sha256());
        fields.add("installed", Times.rfc3339(skill.installedMillis()));
        fields.add("running", Long.toString(skill.running()));
        for (Response.SkillTool tool : skill.tools()) {
            fields.add(
                    "tool " + tool.name(),
                    tool.description().isEmpty() ? tool.input() : tool.description());
        }
        for (Response.SkillRight right : skill.rights()) {
            fields.add(right.granted() ? "granted" : "not granted", right.capability());
        }
        for (String held : skill.granted()) {
            if (skill.rights().stream().noneMatch(right -> right.capability().equals(held))) {
                fields.add("granted", held);
            }
        }
        fields.add("clock", skill.clock());
        fields.add("random", skill.random());
        fields.add("limits", String.join(", ", skill.limits()));
        if (skill.license() != null) {
            fields.add("license", skill.license());
        }
        fields.print();
    }

    private static JsonLine json(Response.SkillSheet skill) {
        JsonLine line = new JsonLine().open('{').field("name", skill.name());
        line.field("version", skill.version()).field("description", skill.description());
        line.field("publisher", skill.publisher().isEmpty() ? null : skill.publisher());
        line.field("sha256", skill.sha256()).field("manifestSha256", skill.manifestSha256());
        line.field("installed", Times.rfc3339(skill.installedMillis()));
        line.field("running", skill.running()).name("tools").open('[');
        for (Response.SkillTool tool : skill.tools()) {
            line.open('{').field("name", tool.name()).field("description", tool.description());
            line.field("input", tool.input()).field("output", tool.output()).close('}');
        }
        line.close(']').name("rights").open('[');
        for (Response.SkillRight right : skill.rights()) {
            line.open('{').field("capability", right.capability());
            line.field("granted", right.granted()).close('}');
        }
        line.close(']').strings("granted", skill.granted());
        line.field("clock", skill.clock()).field("random", skill.random());
        line.strings("limits", skill.limits());
        return line.field("license", skill.license()).close('}');
    }
}
