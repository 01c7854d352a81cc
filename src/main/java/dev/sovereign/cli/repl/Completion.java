package dev.sovereign.cli.repl;

import dev.sovereign.cli.Outline;
import dev.sovereign.protocol.Response;

import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What the Tab key offers: relations and their columns in Datalog; names, options and values of
/// commands after a dot.
final class Completion implements Completer {

    /// More files than this are no choice.
    private static final int MAX_FILES = 1_000;

    private static final List<String> FUNCTORS =
            List.of(
                    "cat",
                    "contains",
                    "count",
                    "match",
                    "max",
                    "mean",
                    "min",
                    "ord",
                    "range",
                    "strlen",
                    "substr",
                    "sum",
                    "to_number",
                    "to_string");

    /// Constants of a column that are offered before one of them is begun.
    private static final int UNASKED = 12;

    private final Known known;
    private final Session session;

    Completion(Known known, Session session) {
        this.known = known;
        this.session = session;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        Place place = line instanceof Place known ? known : Place.of(line.line(), line.cursor());
        candidates.addAll(candidates(place));
    }

    /// Looks at what is being typed, so that constants are there when Tab asks for them.
    void foresee(String text, int cursor) {
        char before = cursor > 0 && cursor <= text.length() ? text.charAt(cursor - 1) : ' ';
        if (before == '(' || before == ',' || before == ' ' || before == '"') {
            Atom atom = Atom.around(text, before == '"' ? cursor - 1 : cursor);
            if (atom != null) {
                known.foresee(atom.relation(), atom.index());
            }
        }
    }

    List<Candidate> candidates(Place place) {
        known.look();
        if (!place.isCommand()) {
            return datalog(place);
        }
        List<String> words = place.words();
        return words.size() == 1 ? firstWord() : later(place, words);
    }

    // ---- Datalog ----

    private List<Candidate> datalog(Place place) {
        List<Candidate> found = new ArrayList<>();
        Atom atom = Atom.around(place.line(), place.inString() ? place.start() - 1 : place.start());
        Response.Relation inside = atom == null ? null : find(atom.relation());
        if (atom != null && inside != null) {
            constants(place, atom, found);
            if (!place.inString()) {
                columns(place, atom, inside, found);
            }
            return found;
        }
        if (place.inString()) {
            return found;
        }
        boolean open = place.next() == '(';
        Set<String> seen = new LinkedHashSet<>();
        for (Response.Relation relation : session.relations()) {
            if (seen.add(relation.name())) {
                found.add(relation(relation, open));
            }
        }
        for (Response.Relation relation : known.relations().values()) {
            if (seen.add(relation.name())) {
                found.add(relation(relation, open));
            }
        }
        if (place.word().startsWith("@")) {
            for (Known.Named module : known.modules()) {
                String name = "@" + module.name();
                found.add(candidate(name + ".", name, module.words(), false));
            }
        }
        if (!place.word().isEmpty()) {
            for (String functor : FUNCTORS) {
                found.add(candidate(functor, functor, null, false));
            }
        }
        return found;
    }

    private static Candidate relation(Response.Relation relation, boolean open) {
        String call = open ? relation.name() : relation.name() + "(";
        return candidate(call, signature(relation), origin(relation), false);
    }

    private Response.@Nullable Relation find(String name) {
        for (Response.Relation relation : session.relations()) {
            if (relation.name().equals(name)) {
                return relation;
            }
        }
        return known.relations().get(name);
    }

    /// Constants that stand in the column; inside of a string those that go on like it.
    private void constants(Place place, Atom atom, List<Candidate> found) {
        int offered = 0;
        for (String literal : known.constants(atom.relation(), atom.index())) {
            boolean string = literal.startsWith("\"");
            String value = string && place.inString() ? literal.substring(1) : literal;
            if (string == place.inString() || !place.inString()) {
                found.add(candidate(value, literal, null, false));
                if (place.word().isEmpty() && ++offered == UNASKED) {
                    return;
                }
            }
        }
    }

    /// Inside an atom: the column that comes next, all that are left, and variables used before.
    private static void columns(
            Place place, Atom atom, Response.Relation relation, List<Candidate> found) {
        List<Response.Column> columns = relation.columns();
        if (atom.index() < columns.size()) {
            Response.Column column = columns.get(atom.index());
            String type = column.type().isEmpty() ? "" : column.type() + ", ";
            String which = type + (atom.index() + 1) + " of " + signature(relation);
            found.add(candidate(column.name(), column.name(), which, false));
            if (atom.index() + 1 < columns.size() && place.next() != ')' && place.next() != ',') {
                StringBuilder all = new StringBuilder();
                for (Response.Column next : columns.subList(atom.index(), columns.size())) {
                    all.append(all.isEmpty() ? "" : ", ").append(next.name());
                }
                all.append(')');
                found.add(candidate(all.toString(), all.toString(), "all columns", false));
            }
        }
        for (String variable : variables(place.line(), place.start())) {
            found.add(candidate(variable, variable, null, false));
        }
    }

    /// Names in a statement that are not called like a relation.
    private static Set<String> variables(String text, int except) {
        Set<String> names = new TreeSet<>();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '"') {
                int end = text.indexOf('"', i + 1);
                i = end < 0 ? text.length() : end + 1;
            } else if (Splitter.isNamePart(c)) {
                int end = i;
                while (end < text.length() && Splitter.isNamePart(text.charAt(end))) {
                    end++;
                }
                boolean called = end < text.length() && text.charAt(end) == '(';
                if (!called && i != except && !Character.isDigit(c) && c != '_') {
                    names.add(text.substring(i, end));
                }
                i = end;
            } else {
                i++;
            }
        }
        return names;
    }

    /// The atom that a place stands in.
    ///
    /// @param index which argument, 0-based
    private record Atom(String relation, int index) {

        static @Nullable Atom around(String text, int at) {
            int depth = 0;
            int commas = 0;
            for (int i = at - 1; i >= 0; i--) {
                char c = text.charAt(i);
                if (c == '"') {
                    i = text.lastIndexOf('"', i - 1);
                    if (i < 0) {
                        return null;
                    }
                } else if (c == ')' || c == ']' || c == '}') {
                    depth++;
                } else if (c == '(' || c == '[' || c == '{') {
                    if (depth == 0) {
                        return c == '(' ? named(text, i, commas) : null;
                    }
                    depth--;
                } else if (c == ',' && depth == 0) {
                    commas++;
                }
            }
            return null;
        }

        private static @Nullable Atom named(String text, int bracket, int index) {
            Place place = Place.datalog(text, bracket, List.of());
            return place.word().isEmpty() ? null : new Atom(place.word(), index);
        }
    }

    static String signature(Response.Relation relation) {
        StringBuilder text = new StringBuilder(relation.name()).append('(');
        for (int i = 0; i < relation.columns().size(); i++) {
            text.append(i == 0 ? "" : ", ").append(relation.columns().get(i).name());
        }
        return text.append(')').toString();
    }

    static String origin(Response.Relation relation) {
        return switch (relation.origin()) {
            case "facts", "facts+rules" ->
                    relation.facts() + (relation.facts() == 1 ? " fact" : " facts");
            default -> relation.origin();
        };
    }

    // ---- commands ----

    private static List<Candidate> firstWord() {
        List<Candidate> found = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (Outline.Name own : OwnCommands.OWN) {
            String word = firstOf(own.name());
            if (seen.add(word)) {
                found.add(candidate(word, "." + word, own.summary(), true));
            }
        }
        for (Outline.Part part : Outline.parts()) {
            for (Outline.Name name : part.names()) {
                String word = firstOf(name.name());
                if (!OwnCommands.HIDDEN.contains(name.name()) && seen.add(word)) {
                    String summary = Outline.isGroup(word) ? group(word) : name.summary();
                    found.add(candidate(word, "." + word, summary, true));
                }
            }
        }
        for (String directive : Splitter.DIRECTIVES) {
            found.add(candidate(directive, "." + directive, "declares for this session", true));
        }
        return found;
    }

    /// The words that a command may begin with.
    static Set<String> firstWords() {
        Set<String> words = new LinkedHashSet<>(List.of("exit", "q", "h"));
        firstWord().forEach(candidate -> words.add(candidate.value()));
        return words;
    }

    private static String firstOf(String name) {
        int space = name.indexOf(' ');
        return space < 0 ? name : name.substring(0, space);
    }

    private static String group(String word) {
        StringBuilder verbs = new StringBuilder();
        for (Candidate verb : secondWord(word)) {
            verbs.append(verbs.isEmpty() ? "" : ", ").append(verb.value());
        }
        return verbs.toString();
    }

    private static List<Candidate> secondWord(String group) {
        List<Candidate> found = new ArrayList<>();
        List<Outline.Name> names = new ArrayList<>(OwnCommands.OWN);
        Outline.parts().forEach(part -> names.addAll(part.names()));
        for (Outline.Name name : names) {
            if (name.name().startsWith(group + " ") && !OwnCommands.HIDDEN.contains(name.name())) {
                String verb = firstOf(name.name().substring(group.length() + 1));
                found.add(candidate(verb, verb, name.summary(), true));
            }
        }
        return found;
    }

    private List<Candidate> later(Place place, List<String> words) {
        String name = words.getFirst();
        boolean group = Outline.isGroup(name);
        if ((group || name.equals("session")) && words.size() == 2) {
            return secondWord(name);
        }
        switch (name) {
            case "load" -> {
                return files(place.word(), false);
            }
            case "mode" -> {
                return plain(OwnCommands.formats());
            }
            case "timing" -> {
                return plain(List.of("off", "on"));
            }
            case "schema" -> {
                return relationValues(place, false);
            }
            case "help" -> {
                return words.size() == 2 ? firstWord() : secondWord(words.get(1));
            }
            default -> {}
        }
        Outline outline = Outline.of(group ? name + " " + words.get(1) : name);
        if (outline == null) {
            return List.of();
        }
        return values(place, words.subList(group ? 2 : 1, words.size()), outline);
    }

    /// @param words those after the command's name; the last one is to be completed
    private List<Candidate> values(Place place, List<String> words, Outline outline) {
        int position = 0;
        for (int i = 0; i < words.size() - 1; i++) {
            Outline.Option option = outline.option(words.get(i));
            if (option == null) {
                position += words.get(i).startsWith("-") ? 0 : 1;
            } else if (option.value() != null) {
                if (i + 1 == words.size() - 1) {
                    return values(place, option.value());
                }
                i++;
            }
        }
        if (place.word().startsWith("-")) {
            return options(outline);
        }
        List<Outline.Argument> arguments = outline.arguments();
        if (arguments.isEmpty()) {
            return List.of();
        }
        Outline.Argument last = arguments.getLast();
        Outline.Argument argument =
                position < arguments.size()
                        ? arguments.get(position)
                        : last.repeats() ? last : null;
        return argument == null ? List.of() : values(place, argument);
    }

    private static List<Candidate> options(Outline outline) {
        List<Candidate> found = new ArrayList<>();
        for (Outline.Option option : outline.options()) {
            String name = option.names().getLast();
            Outline.Argument value = option.value();
            String label = value == null ? name : name + " " + value.label();
            found.add(candidate(name, label, option.summary(), true));
        }
        return found;
    }

    private List<Candidate> values(Place place, Outline.Argument argument) {
        return switch (argument.kind()) {
            case FILE -> files(place.word(), false);
            case FOLDER -> files(place.word(), true);
            case WORD -> plain(argument.words());
            case MODULE -> named(known.modules());
            case SKILL -> named(known.skills());
            case PEER -> named(known.peers());
            case RELATION -> relationValues(place, argument.repeats());
            case ANYTHING, KEY -> List.of();
        };
    }

    /// A relation's name, or Datalog that begins with one.
    private List<Candidate> relationValues(Place place, boolean datalog) {
        if (datalog) {
            return datalog(Place.datalog(place.line(), place.cursor(), place.command()));
        }
        return known.relations().values().stream()
                .map(relation ->
                        candidate(relation.name(), signature(relation), origin(relation), true))
                .toList();
    }

    private static List<Candidate> named(List<Known.Named> things) {
        return things.stream()
                .map(thing -> candidate(thing.name(), thing.name(), thing.words(), true))
                .toList();
    }

    private static List<Candidate> plain(List<String> words) {
        return words.stream().map(word -> candidate(word, word, null, true)).toList();
    }

    /// What lies in the folder that the word names so far.
    private static List<Candidate> files(String word, boolean foldersOnly) {
        int slash = word.lastIndexOf('/');
        String folder = word.substring(0, slash + 1);
        List<Candidate> found = new ArrayList<>();
        Path place;
        try {
            place = Path.of(folder.isEmpty() ? "." : expanded(folder));
        } catch (InvalidPathException impossible) {
            return found;
        }
        boolean hidden = word.startsWith(".", slash + 1);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                boolean isFolder = Files.isDirectory(entry);
                if ((name.startsWith(".") && !hidden) || (foldersOnly && !isFolder)) {
                    continue;
                }
                String full = folder + name + (isFolder ? "/" : "");
                found.add(candidate(full, name + (isFolder ? "/" : ""), null, !isFolder));
                if (found.size() == MAX_FILES) {
                    break;
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException unreadable) {
            // nothing to offer
        }
        return found;
    }

    /// `~/` is the shell's; it is only understood for looking, so it is not offered back changed.
    private static String expanded(String folder) {
        return folder.startsWith("~/")
                ? System.getProperty("user.home") + folder.substring(1)
                : folder;
    }

    /// @param complete a blank follows once it is chosen
    private static Candidate candidate(
            String value, String shown, @Nullable String description, boolean complete) {
        return new Candidate(value, shown, null, description, null, null, complete);
    }
}
