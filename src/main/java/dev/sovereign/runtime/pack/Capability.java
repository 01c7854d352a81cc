package dev.sovereign.runtime.pack;

import dev.sovereign.error.SovereignException;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One thing that a skill may do when it was granted. What is not listed in the manifest can never
/// be granted, and what was not granted does not exist for the skill.
///
/// [#text] is the form of `--grant`, of files and of messages; [#parse] reads it back.
public sealed interface Capability {

    /// Queries over one relation.
    ///
    /// @param columns names for people; their number is the relation's arity
    record Read(String relation, List<String> columns) implements Capability {
        public Read {
            requireRelation(relation);
            columns = List.copyOf(columns);
            for (String column : columns) {
                requireName("a column", column);
            }
            if (columns.isEmpty() || columns.size() > MAX_COLUMNS) {
                throw wrong(
                        "read="
                                + relation
                                + " names "
                                + columns.size()
                                + " columns, expected 1 to "
                                + MAX_COLUMNS);
            }
        }

        @Override
        public String text() {
            return "read=" + relation + "(" + String.join(", ", columns) + ")";
        }

        @Override
        public String words() {
            return "query " + relation + "(" + String.join(", ", columns) + ")";
        }

        @Override
        public boolean covers(Capability other) {
            return other instanceof Read read
                    && read.relation.equals(relation)
                    && read.columns.size() == columns.size();
        }
    }

    /// Asserting facts of one relation, and retracting those that it asserted itself.
    record Write(String relation) implements Capability {
        public Write {
            requireRelation(relation);
            if (relation.startsWith("sys_")) {
                throw wrong("write=" + relation + ": relations of the system cannot be written");
            }
        }

        @Override
        public String text() {
            return "write=" + relation;
        }

        @Override
        public String words() {
            return "assert and retract facts of " + relation + ", as its author";
        }

        @Override
        public boolean covers(Capability other) {
            return equals(other);
        }
    }

    /// Everything below one folder, or one file.
    ///
    /// @param path absolute and normalized
    /// @param writable `rw`, otherwise `r`
    record Files(String path, boolean writable) implements Capability {
        public Files {
            requirePath(path);
        }

        @Override
        public String text() {
            return "files=" + (writable ? "rw:" : "r:") + path;
        }

        @Override
        public String words() {
            return (writable ? "read, write, make and delete files below " : "read files below ")
                    + path;
        }

        @Override
        public boolean covers(Capability other) {
            return other instanceof Files files
                    && (writable || !files.writable)
                    && (files.path.equals(path)
                            || path.equals("/")
                            || files.path.startsWith(path + "/"));
        }
    }

    /// One variable of the daemon's environment.
    record Env(String name) implements Capability {
        public Env {
            if (!ENV_NAME.matcher(name).matches()) {
                throw wrong("env=\"" + shown(name) + "\" is no name of a variable");
            }
        }

        @Override
        public String text() {
            return "env=" + name;
        }

        @Override
        public String words() {
            return "see the environment variable " + name;
        }

        @Override
        public boolean covers(Capability other) {
            return equals(other);
        }
    }

    /// The machine's clocks. A fixed clock needs no grant.
    record RealClock() implements Capability {
        @Override
        public String text() {
            return "clock=real";
        }

        @Override
        public String words() {
            return "know the time";
        }

        @Override
        public boolean covers(Capability other) {
            return equals(other);
        }
    }

    /// Real chance. A seeded generator needs no grant.
    record RealRandom() implements Capability {
        @Override
        public String text() {
            return "random=real";
        }

        @Override
        public String words() {
            return "draw random numbers";
        }

        @Override
        public boolean covers(Capability other) {
            return equals(other);
        }
    }

    /// Columns of a relation that a skill may name; our widest relation has fewer than 20.
    int MAX_COLUMNS = 64;

    /// Characters of a granted path: PATH_MAX of Linux.
    int MAX_PATH_CHARS = 4_096;

    Pattern RELATION =
            Pattern.compile("(@[A-Za-z_]\\w{0,63}\\.)?[A-Za-z_]\\w{0,127}(\\.\\w{1,127}){0,4}");
    Pattern NAME = Pattern.compile("[A-Za-z_?]\\w{0,63}");
    Pattern ENV_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    Pattern READ = Pattern.compile("([^(]+)\\(([^()]*)\\)\\s*");

    /// Such as `write=alert`.
    String text();

    /// What it lets the skill do, in words.
    String words();

    /// Whether holding this one is holding `other` as well.
    boolean covers(Capability other);

    /// Reads [#text].
    ///
    /// @throws SovereignException `skill.capability`
    static Capability parse(String text) {
        int equals = text.indexOf('=');
        String kind = equals < 0 ? text : text.substring(0, equals);
        String value = equals < 0 ? "" : text.substring(equals + 1);
        return switch (kind) {
            case "read" -> read(value);
            case "write" -> new Write(value);
            case "files" -> {
                boolean writable = value.startsWith("rw:");
                if (!writable && !value.startsWith("r:")) {
                    throw wrong(
                            "\""
                                    + shown(text)
                                    + "\" does not say how: expected files=r:PATH or"
                                    + " files=rw:PATH");
                }
                yield new Files(value.substring(writable ? 3 : 2), writable);
            }
            case "env" -> new Env(value);
            case "clock" -> only(text, "clock=real", new RealClock());
            case "random" -> only(text, "random=real", new RealRandom());
            default -> throw wrong("\"" + shown(text) + "\" is no capability");
        };
    }

    /// Reads `disk(host, mount, bytes)`.
    static Read read(String atom) {
        Matcher matcher = READ.matcher(atom);
        if (!matcher.matches()) {
            throw wrong("read=\"" + shown(atom) + "\" is no atom such as disk(host, mount, bytes)");
        }
        return new Read(
                matcher.group(1).strip(),
                List.of(matcher.group(2).split(",", -1)).stream().map(String::strip).toList());
    }

    private static Capability only(String text, String form, Capability capability) {
        if (!text.equals(form)) {
            throw wrong("\"" + shown(text) + "\" is no capability, expected " + form);
        }
        return capability;
    }

    private static void requireRelation(String relation) {
        if (!RELATION.matcher(relation).matches()) {
            throw wrong("\"" + shown(relation) + "\" is no name of a relation");
        }
    }

    private static void requireName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw wrong("\"" + shown(name) + "\" is no name of " + what);
        }
    }

    private static void requirePath(String path) {
        boolean clean = path.startsWith("/") && path.length() <= MAX_PATH_CHARS;
        if (clean && !path.equals("/")) {
            for (String part : path.substring(1).split("/", -1)) {
                clean &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
            }
        }
        if (!clean || path.chars().anyMatch(Character::isISOControl)) {
            throw wrong(
                    "the path \""
                            + shown(path)
                            + "\" is not absolute and without \".\", \"..\" and empty parts");
        }
    }

    private static SovereignException wrong(String message) {
        return new SovereignException(
                PackError.CAPABILITY,
                message,
                "such as read=disk(host, bytes), write=alert, files=r:/var/log/app, env=LANG,"
                        + " clock=real, random=real");
    }

    private static String shown(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
