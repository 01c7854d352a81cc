package dev.sovereign.core.parse;

import dev.sovereign.core.ast.Source;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.parse.Token.Kind;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The tokens of a text with what it includes and with its macros expanded. Carries out the simple
/// part of the C preprocessor: `#define` with and without arguments, `#undef`, `#include`, `#if`,
/// `#ifdef`, `#ifndef`, `#elif`, `#else`, `#endif`; other directives are refused by name
/// (docs/datalog.md).
final class TokenStream {

    /// Most tokens looked at before they are taken.
    private static final int LOOKAHEAD = 4;

    private final SourceResolver includes;
    private final Problems problems;

    /// Where tokens come from; the innermost include or expansion first.
    private final Deque<Frame> frames = new ArrayDeque<>();

    private final Map<String, Macro> macros = new HashMap<>();
    private final Set<String> once = new HashSet<>();
    private final Token[] ahead = new Token[LOOKAHEAD];
    private int aheadFrom;
    private int aheadCount;
    private int depth;
    private int included;
    private long chars;
    private int expanded;

    private sealed interface Frame {}

    private record Text(Lexer lexer, Deque<Condition> conditions, @Nullable Span includedFrom)
            implements Frame {}

    private static final class Expansion implements Frame {
        final String macro;
        final List<Token> tokens;
        int at;

        Expansion(String macro, List<Token> tokens) {
            this.macro = macro;
            this.tokens = tokens;
        }
    }

    /// An open `#ifdef`.
    private record Condition(Span span, boolean taken) {}

    /// @param parameters null without parentheses
    private record Macro(@Nullable List<String> parameters, List<Token> body) {}

    TokenStream(Source source, SourceResolver includes, Problems problems) {
        this.includes = includes;
        this.problems = problems;
        chars = source.text().length();
        frames.push(new Text(new Lexer(source, problems), new ArrayDeque<>(), null));
    }

    Token peek() {
        return peek(0);
    }

    /// The token `distance` after the next one; less than [#LOOKAHEAD].
    Token peek(int distance) {
        while (aheadCount <= distance) {
            ahead[(aheadFrom + aheadCount) % LOOKAHEAD] = expand();
            aheadCount++;
        }
        return ahead[(aheadFrom + distance) % LOOKAHEAD];
    }

    Token take() {
        Token token = peek(0);
        aheadFrom = (aheadFrom + 1) % LOOKAHEAD;
        aheadCount--;
        return token;
    }

    private Token expand() {
        while (true) {
            Token token = raw();
            if (token.kind() == Kind.DIRECTIVE && token.text().equals("include")) {
                includeDirective(token);
                continue;
            }
            if (token.kind() == Kind.DIRECTIVE && token.text().equals("once")) {
                if (!once.add(token.source().name()) && depth > 0) {
                    leaveText();
                }
                continue;
            }
            Macro macro = token.kind() == Kind.IDENTIFIER ? macros.get(token.text()) : null;
            if (macro == null || isExpanding(token.text()) || !pushMacro(token, macro)) {
                return token;
            }
        }
    }

    private boolean isExpanding(String name) {
        for (Frame frame : frames) {
            switch (frame) {
                case Expansion expansion when expansion.macro.equals(name) -> {
                    return true;
                }
                case Expansion _ -> {}
                case Text _ -> {
                    return false;
                }
            }
        }
        return false;
    }

    /// The next token before expansion; END only at the very end.
    private Token raw() {
        while (true) {
            Frame frame = frames.element();
            switch (frame) {
                case Expansion expansion -> {
                    if (expansion.at < expansion.tokens.size()) {
                        return expansion.tokens.get(expansion.at++);
                    }
                    frames.pop();
                }
                case Text text -> {
                    Token token = text.lexer.next();
                    Span line = text.lexer.takePreprocessorLine();
                    if (line != null) {
                        preprocess(text, line);
                    } else if (token.kind() != Kind.END) {
                        return token;
                    } else if (depth > 0) {
                        leaveText();
                    } else {
                        unclosedConditions(text);
                        return token;
                    }
                }
            }
        }
    }

    private void leaveText() {
        while (!(frames.peek() instanceof Text)) {
            frames.pop();
        }
        unclosedConditions((Text) frames.pop());
        depth--;
    }

    private void unclosedConditions(Text text) {
        while (!text.conditions.isEmpty()) {
            problems.error(
                    SyntaxCode.SYNTAX,
                    text.conditions.pop().span,
                    "this condition is not closed",
                    "close it with #endif");
        }
    }

    // Includes

    private void includeDirective(Token directive) {
        if (!(frames.element() instanceof Text text)) {
            problems.error(
                    SyntaxCode.SYNTAX, directive.span(), "a macro cannot include a file", null);
            return;
        }
        Token path = text.lexer.next();
        if (path.kind() != Kind.STRING) {
            problems.error(
                    SyntaxCode.SYNTAX,
                    path.kind() == Kind.END ? directive.span() : path.span(),
                    "expected a file name in quotes after .include",
                    "write .include \"rules.dl\"");
            return;
        }
        include(path, directive.span().to(path.span()));
    }

    private void include(Token path, Span span) {
        Source from = path.source();
        if (depth >= Limits.NESTING) {
            problems.error(
                    SyntaxCode.TOO_DEEP,
                    span,
                    "files include each other more than " + Limits.NESTING + " deep",
                    null);
            return;
        }
        if (++included > Limits.INCLUDES) {
            problems.error(
                    SyntaxCode.TOO_LARGE,
                    span,
                    "more than " + Limits.INCLUDES + " files are included",
                    "start files that several others include with .once");
            return;
        }
        Source source;
        try {
            source = includes.resolve(from, path.text());
        } catch (IOException failure) {
            String why = failure.getMessage();
            problems.error(
                    SyntaxCode.INCLUDE,
                    path.span(),
                    "cannot include \"" + path.text() + "\"" + (why == null ? "" : ": " + why),
                    null);
            return;
        }
        if (once.contains(source.name())) {
            return; // it has been read, or is being read
        }
        for (Frame frame : frames) {
            if (frame instanceof Text text && text.lexer.source().name().equals(source.name())) {
                problems.error(
                        SyntaxCode.INCLUDE,
                        span,
                        "\"" + source.name() + "\" includes itself",
                        "remove one of the includes of the circle");
                return;
            }
        }
        chars += source.text().length();
        if (chars > Limits.TEXT_CHARS) {
            problems.error(
                    SyntaxCode.TOO_LARGE,
                    span,
                    "the program is longer than "
                            + Limits.TEXT_CHARS
                            + " characters with what it includes",
                    "read facts with .input instead");
            return;
        }
        problems.text(source);
        depth++;
        frames.push(new Text(new Lexer(source, problems), new ArrayDeque<>(), span));
    }

    // Preprocessor

    private void preprocess(Text text, Span line) {
        Lexer lexer = new Lexer(line.source(), line.start(), line.end(), problems, true);
        if (Character.isDigit(firstChar(line))) {
            return; // a line marker of a C preprocessor
        }
        Token word = lexer.next();
        if (word.kind() != Kind.IDENTIFIER) {
            return; // a comment, as Soufflé reads it
        }
        Span at = new Span(line.source(), line.start() - 1, word.end());
        switch (word.text()) {
            case "define" -> define(lexer, at);
            case "undef" -> macros.remove(lexer.next().text());
            case "include" -> {
                Token path = lexer.next();
                if (path.kind() == Kind.STRING) {
                    include(path, at.to(path.span()));
                } else {
                    problems.error(
                            SyntaxCode.SYNTAX,
                            at,
                            "expected a file name in quotes after #include",
                            "write #include \"rules.dl\"");
                }
            }
            case "ifdef", "ifndef" -> {
                Token name = lexer.next();
                boolean wanted = macros.containsKey(name.text()) == word.text().equals("ifdef");
                text.conditions.push(new Condition(at, wanted));
                if (!wanted) {
                    skipBlock(text);
                }
            }
            case "else" -> {
                Condition open = text.conditions.peek();
                if (open == null) {
                    problems.error(SyntaxCode.SYNTAX, at, "#else without #ifdef", null);
                } else {
                    skipBlock(text);
                }
            }
            case "endif" -> {
                if (text.conditions.poll() == null) {
                    problems.error(SyntaxCode.SYNTAX, at, "#endif without #ifdef", null);
                }
            }
            case "pragma", "line", "error", "warning" -> {
                if (word.text().equals("error")) {
                    problems.error(SyntaxCode.SYNTAX, at, "the program says #error here", null);
                }
            }
            case "if" -> {
                boolean wanted = holds(line.source().text().substring(word.end(), line.end()), at);
                text.conditions.push(new Condition(at, wanted));
                if (!wanted) {
                    skipBlock(text);
                }
            }
            case "elif" -> {
                if (text.conditions.peek() == null) {
                    problems.error(SyntaxCode.SYNTAX, at, "#elif without #if", null);
                } else {
                    skipBlock(text);
                }
            }
            default -> {
                if (word.text().matches("import|include_next")) {
                    problems.error(
                            SyntaxCode.PREPROCESSOR,
                            at,
                            "\"#" + word.text() + "\" is not carried out",
                            "run the file through `cpp -P` first");
                }
            }
        }
    }

    /// Whether the condition of an `#if` or `#elif` holds.
    private boolean holds(String condition, Span at) {
        String plain = condition.replaceAll("/\\*.*?\\*/|//.*", " ");
        Map<String, String> values = new HashMap<>();
        values.put("RAM_DOMAIN_SIZE", "64"); // as Soufflé tells its preprocessor
        macros.forEach((name, macro) -> {
            if (macro.parameters() == null) {
                StringBuilder body = new StringBuilder();
                macro.body().forEach(token -> body.append(' ').append(written(token)));
                values.put(name, body.toString());
            }
        });
        try {
            return ConditionReader.holds(plain, values);
        } catch (ConditionReader.Malformed wrong) {
            problems.error(
                    SyntaxCode.PREPROCESSOR,
                    at,
                    "the condition"
                            + plain.stripTrailing()
                            + " is not understood: "
                            + wrong.getMessage(),
                    "whole numbers, defined(X), ! && || and comparisons are");
            return false;
        }
    }

    private static char firstChar(Span line) {
        String text = line.source().text();
        int at = line.start();
        while (at < line.end() && text.charAt(at) == ' ') {
            at++;
        }
        return at < line.end() ? text.charAt(at) : '\0';
    }

    /// Skips lines up to the `#else` or `#endif` of the open condition. Only lines that start with
    /// `#` count.
    private void skipBlock(Text text) {
        String all = text.lexer.source().text();
        int at = text.lexer.offset();
        int nested = 0;
        while (at < all.length()) {
            int lineEnd = all.indexOf('\n', at);
            lineEnd = lineEnd < 0 ? all.length() : lineEnd;
            int hash = at;
            while (hash < lineEnd && Character.isWhitespace(all.charAt(hash))) {
                hash++;
            }
            if (hash < lineEnd && all.charAt(hash) == '#') {
                String word = all.substring(hash + 1, Math.min(lineEnd, hash + 40)).strip();
                if (word.startsWith("if")) {
                    nested++;
                } else if (word.startsWith("endif")) {
                    if (nested-- == 0) {
                        text.conditions.poll();
                        text.lexer.skipTo(lineEnd);
                        return;
                    }
                } else if ((word.startsWith("else") || word.startsWith("elif")) && nested == 0) {
                    Condition open = text.conditions.poll();
                    boolean wanted =
                            open != null
                                    && !open.taken
                                    && (word.startsWith("else")
                                            || holds(
                                                    all.substring(
                                                            all.indexOf("elif", hash) + 4, lineEnd),
                                                    open.span));
                    if (open != null && wanted) {
                        text.conditions.push(new Condition(open.span, true));
                        text.lexer.skipTo(lineEnd);
                        return;
                    }
                    if (open != null) {
                        text.conditions.push(open);
                    }
                }
            }
            at = lineEnd + 1;
        }
        text.lexer.skipTo(all.length());
    }

    // Macros

    private void define(Lexer lexer, Span at) {
        Token name = lexer.next();
        if (name.kind() != Kind.IDENTIFIER) {
            problems.error(SyntaxCode.SYNTAX, at, "expected a name after #define", null);
            return;
        }
        Token next = lexer.next();
        List<String> parameters = null;
        if (next.kind() == Kind.LEFT_PAREN && next.start() == name.end()) {
            parameters = new ArrayList<>();
            Token parameter = lexer.next();
            while (parameter.kind() == Kind.IDENTIFIER || parameter.kind() == Kind.COMMA) {
                if (parameter.kind() == Kind.IDENTIFIER) {
                    parameters.add(parameter.text());
                }
                parameter = lexer.next();
            }
            if (parameter.kind() != Kind.RIGHT_PAREN) {
                problems.error(
                        SyntaxCode.PREPROCESSOR,
                        at.to(name.span()),
                        "the parameters of macro \"" + name.text() + "\" are not plain names",
                        "run the file through `cpp -P` first");
                return;
            }
            next = lexer.next();
        }
        List<Token> body = new ArrayList<>();
        while (next.kind() != Kind.END) {
            body.add(next);
            next = lexer.next();
        }
        macros.put(name.text(), new Macro(parameters, body));
    }

    /// Puts what a macro stands for before the next tokens; false when the name stands for itself.
    private boolean pushMacro(Token use, Macro macro) {
        List<List<Token>> arguments = List.of();
        if (macro.parameters != null) {
            Token open = raw();
            if (open.kind() != Kind.LEFT_PAREN) {
                frames.push(new Expansion("", List.of(open)));
                return false;
            }
            List<List<Token>> given = arguments(use, macro.parameters.size());
            if (given == null) {
                return true;
            }
            arguments = given;
        }
        List<Token> body = substitute(macro, arguments);
        expanded += body.size() + 1;
        if (expanded > Limits.MACRO_TOKENS) {
            problems.error(
                    SyntaxCode.TOO_LARGE,
                    use.span(),
                    "macros expand to more than " + Limits.MACRO_TOKENS + " tokens",
                    null);
            macros.clear();
            return true;
        }
        List<Token> placed = new ArrayList<>(body.size());
        for (Token token : body) {
            placed.add(
                    new Token(
                            token.kind(),
                            use.source(),
                            use.start(),
                            use.end(),
                            token.text(),
                            token.bits()));
        }
        frames.push(new Expansion(use.text(), placed));
        return true;
    }

    private @Nullable List<List<Token>> arguments(Token use, int wanted) {
        List<List<Token>> arguments = new ArrayList<>();
        List<Token> argument = new ArrayList<>();
        int nested = 0;
        int taken = 0;
        while (true) {
            Token token = raw();
            if (token.kind() == Kind.END || ++taken > Limits.MACRO_TOKENS) {
                problems.error(
                        SyntaxCode.SYNTAX,
                        use.span(),
                        "the arguments of macro \"" + use.text() + "\" are not closed",
                        null);
                return null;
            }
            if (token.kind() == Kind.RIGHT_PAREN && nested-- == 0) {
                break;
            }
            if (token.kind() == Kind.LEFT_PAREN) {
                nested++;
            }
            if (token.kind() == Kind.COMMA && nested == 0) {
                arguments.add(argument);
                argument = new ArrayList<>();
            } else {
                argument.add(token);
            }
        }
        if (!arguments.isEmpty() || !argument.isEmpty() || wanted == 1) {
            arguments.add(argument);
        }
        if (arguments.size() != wanted) {
            problems.error(
                    SyntaxCode.SYNTAX,
                    use.span(),
                    "macro \""
                            + use.text()
                            + "\" takes "
                            + wanted
                            + " arguments, not "
                            + arguments.size(),
                    null);
            return null;
        }
        return arguments;
    }

    private List<Token> substitute(Macro macro, List<List<Token>> arguments) {
        List<Token> body = new ArrayList<>();
        boolean pasting = false;
        for (Token token : macro.body) {
            if (token.kind() == Kind.PASTE) {
                pasting = true;
                continue;
            }
            int parameter =
                    token.kind() == Kind.IDENTIFIER && macro.parameters != null
                            ? macro.parameters.indexOf(token.text())
                            : -1;
            List<Token> added = parameter < 0 ? List.of(token) : arguments.get(parameter);
            if (body.size() > Limits.MACRO_TOKENS) {
                return body; // reported when it is put in place
            }
            if (pasting && !body.isEmpty() && !added.isEmpty()) {
                body.add(paste(body.removeLast(), added.getFirst()));
                body.addAll(added.subList(1, added.size()));
            } else {
                body.addAll(added);
            }
            pasting = false;
        }
        return body;
    }

    /// `##`: only words and numbers can be joined.
    private Token paste(Token left, Token right) {
        String text = written(left) + written(right);
        if (left.kind() != Kind.IDENTIFIER
                || (right.kind() != Kind.IDENTIFIER && right.kind() != Kind.NUMBER)
                || text.length() > Limits.TOKEN_CHARS) {
            problems.error(
                    SyntaxCode.PREPROCESSOR,
                    left.span(),
                    "\"##\" joins words and numbers only",
                    "run the file through `cpp -P` first");
            return left;
        }
        return new Token(Kind.IDENTIFIER, left.source(), left.start(), left.end(), text, 0);
    }

    private static String written(Token token) {
        return token.kind() == Kind.IDENTIFIER
                ? token.text()
                : token.source().text().substring(token.start(), token.end());
    }
}
