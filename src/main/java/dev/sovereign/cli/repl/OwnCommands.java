package dev.sovereign.cli.repl;

import dev.sovereign.cli.Editor;
import dev.sovereign.cli.Listener;
import dev.sovereign.cli.Outline;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Commands that only the prompt has, and what they set.
final class OwnCommands {

    /// What the answers of typed questions look like unless `.mode` says otherwise.
    private static final String TABLE = "table";

    private final Connection connection;
    private final Surface surface;
    private final Voice voice;
    private String mode = TABLE;
    private boolean timing;

    OwnCommands(Connection connection, Surface surface, Voice voice) {
        this.connection = connection;
        this.surface = surface;
        this.voice = voice;
    }

    // ---- help ----

    /// `.help` alone.
    int help() {
        StringBuilder text = new StringBuilder();
        text.append(
                """
                Datalog ends with . or ? and takes as many lines as it needs:
                  edge(1, 2).     a fact goes into the store
                  path(1, X)?     asks, as ?- path(1, X). does
                  path(x, y) :- edge(x, y).
                                  a rule joins this session
                An empty line ends what has no end.
                Ctrl-C stops, Ctrl-D leaves, Tab completes,
                Ctrl-R searches what was typed before.

                At the prompt:
                """);
        for (Outline.Name own : OWN) {
            entry(text, own);
        }
        for (Outline.Part part : Outline.parts()) {
            text.append('\n').append(part.title()).append(":\n");
            for (Outline.Name name : part.names()) {
                if (!HIDDEN.contains(name.name())) {
                    entry(text, name);
                }
            }
        }
        text.append("\n`.help query` or `.query --help` says more about a command.");
        voice.out(text.toString());
        return 0;
    }

    /// On a narrower terminal a command and what it does take two lines.
    private static final int NARROW_CELLS = 76;

    /// What only the prompt has.
    static final List<Outline.Name> OWN =
            List.of(
                    new Outline.Name("session", "show the rules of this session"),
                    new Outline.Name("session save NAME", "store them as a module of rules"),
                    new Outline.Name("session drop N", "forget one"),
                    new Outline.Name("session clear", "forget all"),
                    new Outline.Name("schema [RELATION]", "show relations as declarations"),
                    new Outline.Name("load FILE", "carry out the statements of a file"),
                    new Outline.Name("edit", "edit the last input in an editor"),
                    new Outline.Name("mode [FORMAT]", "show answers as table, csv, json…"),
                    new Outline.Name("timing [on|off]", "say how long each statement took"),
                    new Outline.Name("help [COMMAND]", "show help"),
                    new Outline.Name("quit", "leave, as Ctrl-D does"));

    /// Commands that make no sense here.
    static final Set<String> HIDDEN = Set.of("repl", "help", "daemon run", "completion");

    private void entry(StringBuilder text, Outline.Name name) {
        text.append("  .").append(name.name());
        boolean narrow = surface.columns() > 0 && surface.columns() < NARROW_CELLS;
        if (narrow) {
            text.append("\n      ");
        } else {
            text.repeat(' ', Math.max(2, 24 - name.name().length()));
        }
        text.append(name.summary()).append('\n');
    }

    // ---- settings ----

    /// What `--format` of a typed question is.
    String mode() {
        return mode;
    }

    int mode(List<String> words) {
        List<String> formats = formats();
        if (words.size() == 1 && formats.contains(words.getFirst())) {
            mode = words.getFirst();
        } else if (!words.isEmpty()) {
            throw new SovereignException(
                    ReplError.USAGE,
                    "`.mode " + String.join(" ", words) + "` is not understood",
                    "`.mode` takes one of " + String.join(", ", formats));
        }
        voice.words("answers are shown as " + mode);
        return 0;
    }

    /// Those of `query`.
    static List<String> formats() {
        Outline query = Outline.of("query");
        Outline.Option format = query == null ? null : query.option("--format");
        Outline.Argument value = format == null ? null : format.value();
        return value == null ? List.of() : value.words();
    }

    int timing(List<String> words) {
        String wanted = words.isEmpty() ? (timing ? "off" : "on") : words.getFirst();
        if (words.size() > 1 || !(wanted.equals("on") || wanted.equals("off"))) {
            throw new SovereignException(
                    ReplError.USAGE,
                    "`.timing " + String.join(" ", words) + "` is not understood",
                    "`.timing on` or `.timing off`");
        }
        timing = wanted.equals("on");
        voice.words("timing is " + wanted);
        return 0;
    }

    boolean isTiming() {
        return timing;
    }

    /// Says how long something took, when that is still asked for.
    void took(long nanos) {
        if (timing) {
            voice.words(String.format(Locale.ROOT, "took %.1f ms", nanos / 1e6));
        }
    }

    // ---- relations ----

    int schema(List<String> words) throws InterruptedException {
        if (words.size() > 1) {
            throw new SovereignException(ReplError.USAGE, "`.schema` takes one relation");
        }
        String name = words.isEmpty() ? null : words.getFirst();
        List<Response.Relation> relations =
                connection.call(new Request.RelationsOf(name), new Listener() {}).relations();
        StringBuilder text = new StringBuilder();
        for (Response.Relation relation : relations) {
            if (name != null || !relation.origin().equals("system")) {
                text.append(text.isEmpty() ? "" : "\n").append(declaration(relation));
            }
        }
        if (text.isEmpty()) {
            voice.words("there are no relations yet; a fact such as  edge(1, 2).  makes one");
        } else {
            voice.out(text.toString());
        }
        return 0;
    }

    private static String declaration(Response.Relation relation) {
        StringBuilder text = new StringBuilder(".decl ").append(relation.name()).append('(');
        for (int i = 0; i < relation.columns().size(); i++) {
            Response.Column column = relation.columns().get(i);
            text.append(i == 0 ? "" : ", ").append(column.name()).append(": ");
            text.append(column.type());
        }
        text.append(")  // ").append(Completion.origin(relation));
        return text.toString();
    }

    // ---- texts ----

    /// The same bound as a program on the command line has, in bytes.
    private static final long MAX_FILE_BYTES = 64L << 20;

    /// The file that `.load` names.
    static Typed file(List<String> words) {
        if (words.size() != 1) {
            throw new SovereignException(ReplError.USAGE, "`.load` needs one file");
        }
        String name = words.getFirst();
        try {
            Path file = Path.of(name);
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new SovereignException(
                        ReplError.TOO_LONG,
                        "\"" + name + "\" is larger than " + (MAX_FILE_BYTES >> 20) + " MiB",
                        "facts in bulk go in with `.import`");
            }
            return new Typed(name, Files.readString(file), 1, 0);
        } catch (IOException | java.nio.file.InvalidPathException unreadable) {
            throw new SovereignException(
                    ReplError.FILE,
                    "cannot read \"" + name + "\": " + reason(unreadable),
                    null,
                    unreadable);
        }
    }

    private static String reason(Exception failure) {
        return switch (failure) {
            case java.nio.file.NoSuchFileException _ -> "no such file";
            case java.nio.file.AccessDeniedException _ -> "permission denied";
            case java.nio.charset.CharacterCodingException _ -> "it is not UTF-8 text";
            default -> String.valueOf(failure.getMessage());
        };
    }

    /// Opens an editor on a text, and puts what comes of it at the next prompt.
    int edit(List<String> words, String text) {
        if (!words.isEmpty()) {
            throw new SovereignException(
                    ReplError.USAGE,
                    "`.edit` takes no words; it opens the last input",
                    "a file is carried out by `.load FILE`");
        }
        if (!surface.isInteractive()) {
            throw new SovereignException(ReplError.NOT_HERE, "an editor needs a terminal");
        }
        try {
            Path file = Files.createTempFile("sovereign", ".dl"); // for its owner only
            try {
                Files.writeString(file, text.isEmpty() ? "" : text + "\n");
                Editor.open(surface.streams().environment(), file.toString());
                surface.offer(file(List.of(file.toString())).text().stripTrailing());
            } finally {
                Files.deleteIfExists(file);
            }
            return 0;
        } catch (IOException unwritable) {
            throw new SovereignException(
                    ReplError.FILE,
                    "cannot write a file for the editor: " + reason(unwritable),
                    null,
                    unwritable);
        }
    }
}
