package dev.sovereign.cli.repl;

import dev.sovereign.cli.repl.Statement.Kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Cuts what was typed into statements and tells facts, rules and questions apart, well enough to
/// know whom to send them to. What they mean, and whether they are right, the daemon says: any text
/// is cut somehow, and none is refused here.
final class Splitter {

    /// Words after a dot that belong to the language, not to the command line.
    static final Set<String> DIRECTIVES =
            Set.of(
                    "decl",
                    "type",
                    "comp",
                    "init",
                    "input",
                    "output",
                    "printsize",
                    "limitsize",
                    "functor",
                    "include",
                    "once",
                    "override",
                    "plan",
                    "pragma",
                    "lattice",
                    "number_type",
                    "symbol_type");

    /// Words that may follow the columns of a `.decl`.
    private static final Set<String> QUALIFIERS =
            Set.of(
                    "input",
                    "output",
                    "printsize",
                    "overridable",
                    "inline",
                    "no_inline",
                    "magic",
                    "no_magic",
                    "brie",
                    "btree",
                    "btree_delete",
                    "provenance",
                    "eqrel",
                    "choice-domain",
                    "override");

    private final String text;
    private final List<Statement> found = new ArrayList<>();
    private int at;

    private Splitter(String text) {
        this.text = text;
    }

    /// The statements of `text` in their order; between them is only blank space and comments.
    static List<Statement> split(String text) {
        Splitter splitter = new Splitter(text);
        splitter.skipBlank();
        while (splitter.at < text.length()) {
            splitter.statement();
            splitter.skipBlank();
        }
        return splitter.found;
    }

    /// Whether nothing is missing at the end of `text`.
    static boolean isComplete(String text) {
        List<Statement> statements = split(text);
        return statements.isEmpty() || statements.getLast().kind() != Kind.UNFINISHED;
    }

    private void statement() {
        int start = at;
        char first = text.charAt(start);
        if (first == '#') {
            at = endOfLine(start);
            add(Kind.DIRECTIVE, start, "#");
        } else if (first == '.' && isLetter(start + 1)) {
            String word = wordAt(start + 1);
            if (!DIRECTIVES.contains(word)) {
                at = endOfLine(start);
                add(Kind.COMMAND, start, word);
            } else if (word.equals("plan") && follows(Kind.RULE)) {
                directive(start, word);
                Statement rule = found.remove(found.size() - 2);
                Statement plan = found.removeLast();
                Kind kind = plan.kind() == Kind.UNFINISHED ? Kind.UNFINISHED : Kind.RULE;
                found.add(new Statement(kind, rule.start(), plan.end(), ""));
            } else {
                directive(start, word);
            }
        } else if (first == '/' && startsWith("/*", start)) {
            at = text.length(); // skipBlank passes over every comment that has an end
            add(Kind.UNFINISHED, start, "");
        } else {
            clause(start);
        }
    }

    private boolean follows(Kind kind) {
        return !found.isEmpty() && found.getLast().kind() == kind;
    }

    private void add(Kind kind, int start, String word) {
        int end = at;
        while (end > start + 1 && isBlank(text.charAt(end - 1))) {
            end--;
        }
        found.add(new Statement(kind, start, end, word));
    }

    /// A fact, rule or question: up to the `.` or `?` that stands in no bracket, string, number or
    /// qualified name.
    private void clause(int start) {
        boolean asks = startsWith("?-", start);
        boolean rule = false;
        int i = asks ? start + 2 : start;
        StringBuilder open = new StringBuilder();
        while (i < text.length()) {
            char c = text.charAt(i);
            int skipped = skipQuotedOrComment(i);
            if (skipped != i) {
                i = skipped;
                continue;
            }
            if (c == ':' && startsWith(":-", i)) {
                rule |= open.isEmpty();
                i += 2;
                continue;
            }
            if ((c == '.' && endsClause(i, open)) || (c == '?' && endsQuestion(i, open))) {
                at = i + 1;
                boolean question = asks || c == '?';
                if (question && c == '?' && at < text.length() && text.charAt(at) == '.') {
                    at++; // "p(x)?." is what some people type
                }
                add(question ? Kind.QUERY : rule ? Kind.RULE : Kind.FACT, start, "");
                return;
            }
            bracket(c, open);
            i++;
        }
        at = text.length();
        add(Kind.UNFINISHED, start, "");
    }

    private static void bracket(char c, StringBuilder open) {
        switch (c) {
            case '(', '[', '{' -> open.append(c);
            case ')', ']', '}' -> {
                if (!open.isEmpty()) {
                    open.setLength(open.length() - 1);
                }
            }
            default -> {}
        }
    }

    private boolean endsClause(int dot, StringBuilder open) {
        if (!open.isEmpty()) {
            // nothing that is right has a dot at the end of a line inside parentheses: let the
            // daemon say what is wrong now rather than wait for a bracket that never comes
            return open.charAt(open.length() - 1) != '{' && isLastOnLine(dot);
        }
        boolean digitBefore = dot > 0 && isDigit(text.charAt(dot - 1));
        boolean digitAfter = dot + 1 < text.length() && isDigit(text.charAt(dot + 1));
        if (digitBefore && digitAfter) {
            return false; // 1.5
        }
        boolean nameBefore = dot > 0 && isNamePart(text.charAt(dot - 1)) && !digitBefore;
        return !(nameBefore && isLetter(dot + 1)); // module.relation
    }

    private boolean endsQuestion(int mark, StringBuilder open) {
        if (!open.isEmpty()) {
            return open.charAt(open.length() - 1) != '{' && isLastOnLine(mark);
        }
        boolean nameAfter = isLetter(mark + 1);
        // ?x is a variable, but not straight after a bracket or a name
        return !nameAfter
                || (mark > 0
                        && !isBlank(text.charAt(mark - 1))
                        && "(,=<>!+-*/%^:;{[".indexOf(text.charAt(mark - 1)) < 0);
    }

    private boolean isLastOnLine(int i) {
        for (int j = i + 1; j < text.length(); j++) {
            char c = text.charAt(j);
            if (c == '\n') {
                return true;
            }
            if (!isBlank(c)) {
                return startsWith("//", j);
            }
        }
        return true;
    }

    /// A directive has no terminator: it ends with its line when nothing is open, or where another
    /// statement begins on the same line.
    private void directive(int start, String word) {
        int i = start + 1 + word.length();
        boolean block = word.equals("comp");
        boolean needsBracket = block || word.equals("decl") || word.equals("functor");
        boolean closed = false; // the bracket that it needs
        char last = ' ';
        int depth = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int skipped = skipQuotedOrComment(i);
            if (skipped != i) {
                last = c == '"' ? '"' : last;
                i = skipped;
                continue;
            }
            if (c == '\n' && depth == 0 && (closed || !needsBracket) && !continues(last, i)) {
                break;
            }
            if (depth == 0 && c == '.' && isLetter(i + 1) && i > 0 && isBlank(text.charAt(i - 1))) {
                break;
            }
            if (depth == 0 && closed && word.equals("decl") && isLetter(i) && !isPart(i - 1)) {
                String next = wordAt(i);
                if (!QUALIFIERS.contains(next) && !next.startsWith("choice")) {
                    break;
                }
                i += next.length();
                last = 'a';
                if (next.startsWith("choice")) {
                    i = endOfLine(i);
                }
                continue;
            }
            if (c == '(' || c == '[' || c == '{') {
                depth++;
            } else if ((c == ')' || c == ']' || c == '}') && depth > 0 && --depth == 0) {
                closed |= !block || c == '}';
                if (block && c == '}') {
                    i++;
                    break;
                }
            }
            if (!isBlank(c)) {
                last = c;
            }
            i++;
        }
        at = i;
        boolean more = depth > 0 || (needsBracket && !closed) || continues(last, i);
        boolean cut = i < text.length(); // another statement has begun: it is as it is
        add(more && !cut ? Kind.UNFINISHED : Kind.DIRECTIVE, start, word);
    }

    /// Whether a line that ends with `last` goes on with the next one, which begins after
    /// `lineEnd`.
    private boolean continues(char last, int lineEnd) {
        if (last == '=' || last == '|' || last == ',' || last == ':' || last == '<') {
            return true;
        }
        int next = lineEnd;
        while (next < text.length() && isBlank(text.charAt(next))) {
            next++;
        }
        return next < text.length() && (text.charAt(next) == '|' || text.charAt(next) == '{');
    }

    /// The offset after the string or comment that begins at `i`; `i` when none does. One without
    /// an end reaches to the end of the text.
    private int skipQuotedOrComment(int i) {
        char c = text.charAt(i);
        if (c == '"') {
            int j = i + 1;
            while (j < text.length() && text.charAt(j) != '"') {
                j += text.charAt(j) == '\\' ? 2 : 1;
            }
            return Math.min(text.length(), j + 1);
        }
        if (c == '/') {
            if (startsWith("//", i)) {
                return endOfLine(i);
            }
            if (startsWith("/*", i)) {
                int end = text.indexOf("*/", i + 2);
                return end < 0 ? text.length() : end + 2;
            }
        }
        return i;
    }

    /// Passes over blank space and comments; stops at a comment that has no end.
    private void skipBlank() {
        while (at < text.length()) {
            if (isBlank(text.charAt(at))) {
                at++;
            } else if (startsWith("//", at)) {
                at = endOfLine(at);
            } else if (startsWith("/*", at) && text.indexOf("*/", at + 2) >= 0) {
                at = text.indexOf("*/", at + 2) + 2;
            } else {
                return;
            }
        }
    }

    private int endOfLine(int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private String wordAt(int start) {
        int end = start;
        while (end < text.length() && (isPart(end) || text.charAt(end) == '-')) {
            end++;
        }
        return text.substring(start, end);
    }

    private boolean startsWith(String prefix, int i) {
        return text.startsWith(prefix, i);
    }

    private boolean isPart(int i) {
        return i >= 0 && i < text.length() && isNamePart(text.charAt(i));
    }

    private boolean isLetter(int i) {
        return i < text.length() && isNamePart(text.charAt(i)) && !isDigit(text.charAt(i));
    }

    static boolean isNamePart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || isDigit(c);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\u000b';
    }
}
