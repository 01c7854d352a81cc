package dev.sovereign.core.parse;

import dev.sovereign.core.ast.Name;
import dev.sovereign.core.ast.Source;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.parse.Token.Kind;

import org.jspecify.annotations.Nullable;

/// Where a parse stands: the tokens to come, the last one taken, how deep it is, what went wrong.
final class Cursor {

    private final TokenStream tokens;
    private final Problems problems;
    private Token last;
    private int depth;
    private @Nullable Token multilineString;
    private boolean failedAtEnd;

    Cursor(Source source, SourceResolver includes, Problems problems) {
        this.problems = problems;
        tokens = new TokenStream(source, includes, problems);
        last = new Token(Kind.BAD, source, 0, 0, "", 0);
    }

    Problems problems() {
        return problems;
    }

    Token peek() {
        return tokens.peek();
    }

    Token peek(int distance) {
        return tokens.peek(distance);
    }

    boolean at(Kind kind) {
        return tokens.peek().kind() == kind;
    }

    /// The last token taken.
    Token last() {
        return last;
    }

    Token take() {
        last = tokens.take();
        if (last.kind() == Kind.STRING
                && last.source().text().indexOf('\n', last.start()) < last.end()
                && last.text().indexOf('\n') >= 0) {
            multilineString = last;
        }
        return last;
    }

    boolean takeIf(Kind kind) {
        if (at(kind)) {
            take();
            return true;
        }
        return false;
    }

    /// Takes a token of this kind; otherwise reports that it or one of `others` is missing.
    Token expect(Kind kind, String... others) {
        if (at(kind)) {
            return take();
        }
        String[] all = new String[others.length + 1];
        all[0] = kind.shown();
        System.arraycopy(others, 0, all, 1, others.length);
        throw fail(all);
    }

    Name identifier(String what) {
        if (at(Kind.IDENTIFIER)) {
            Token token = take();
            return new Name(token.span(), token.text());
        }
        throw fail(what);
    }

    /// `a.b.c`.
    Name qualifiedName(String what) {
        Name first = identifier(what);
        if (!at(Kind.DOT) || tokens.peek(1).kind() != Kind.IDENTIFIER) {
            return first;
        }
        StringBuilder name = new StringBuilder(first.text());
        while (at(Kind.DOT) && tokens.peek(1).kind() == Kind.IDENTIFIER) {
            take();
            name.append('.').append(take().text());
        }
        return new Name(first.span().to(last.span()), name.toString());
    }

    /// Reports that none of what is expected is there, unless the lexer has reported the token.
    SyntaxFailure fail(String... expected) {
        StringBuilder message = new StringBuilder("expected ");
        for (int i = 0; i < expected.length; i++) {
            message.append(i == 0 ? "" : i == expected.length - 1 ? " or " : ", ")
                    .append(expected[i]);
        }
        return failWith(message.toString(), hint());
    }

    /// Reports the next token where it stands, even on a new line.
    SyntaxFailure failHere(String message, Problems.Note... notes) {
        Token found = peek();
        if (found.kind() != Kind.BAD) {
            failedAtEnd |= found.kind() == Kind.END;
            problems.error(SyntaxCode.SYNTAX, lastLine(found), message, hint(), notes);
        }
        return SyntaxFailure.INSTANCE;
    }

    /// The token's place; of the end of the text, the end of its last line.
    private static Span lastLine(Token found) {
        int end = found.start();
        boolean isAfterLine =
                found.kind() == Kind.END
                        && end > 0
                        && found.source().text().charAt(end - 1) == '\n';
        return isAfterLine ? new Span(found.source(), end - 1, end - 1) : found.span();
    }

    SyntaxFailure failWith(String message, @Nullable String hint) {
        Token found = peek();
        if (found.kind() == Kind.BAD) {
            return SyntaxFailure.INSTANCE;
        }
        if (found.kind() == Kind.END) {
            failedAtEnd = true;
        }
        Token string = multilineString;
        if (string != null
                && string.source() == found.source()
                && found.start() - string.end() < 200) {
            problems.error(
                    SyntaxCode.SYNTAX,
                    place(found),
                    message,
                    hint,
                    new Problems.Note(
                            "this string goes on over several lines",
                            new Span(string.source(), string.start(), string.end())));
        } else {
            problems.error(SyntaxCode.SYNTAX, place(found), message, hint);
        }
        return SyntaxFailure.INSTANCE;
    }

    private @Nullable String hint() {
        Token found = peek();
        return switch (found.kind()) {
            case IDENTIFIER ->
                    switch (found.text()) {
                        case "not" -> "negation is written \"!\"";
                        case "and" -> "\"and\" is written \",\"";
                        case "or" -> "\"or\" is written \";\"";
                        case "is" -> "write \"=\"";
                        default -> null;
                    };
            case EXCLAMATION -> "nothing can be derived to be false; a negation stands in a body";
            case LESS ->
                    tokens.peek(1).kind() == Kind.MINUS ? "a rule is written with \":-\"" : null;
            default -> null;
        };
    }

    /// What is missing at the end of a line is missing there, not on the next.
    private Span place(Token found) {
        boolean sameText = found.source() == last.source() && last.end() <= found.start();
        if (found.kind() == Kind.END
                || (sameText && startsNewLine(found) && last.end() > last.start())) {
            return new Span(last.source(), last.end(), last.end());
        }
        return found.span();
    }

    /// Whether a line end lies between the last token and this one.
    boolean startsNewLine(Token token) {
        int lineEnd = token.source().text().indexOf('\n', last.end());
        return token.source() == last.source() && lineEnd >= 0 && lineEnd < token.start();
    }

    /// Whether the text ended where something was missing.
    boolean failedAtEnd() {
        return failedAtEnd;
    }

    /// One level deeper; [#leave] in a `finally`.
    void enter() {
        if (++depth > Limits.NESTING) {
            throw tooDeep();
        }
    }

    SyntaxFailure tooDeep() {
        problems.error(
                SyntaxCode.TOO_DEEP,
                peek().span(),
                "this is nested more than " + Limits.NESTING + " deep",
                "give a part of it a name: a variable, a relation or a component of its own");
        return SyntaxFailure.INSTANCE;
    }

    void leave() {
        depth--;
    }

    // Annotations mean nothing to us: skipped

    void annotations() {
        while ((at(Kind.AT) && tokens.peek(1).kind() == Kind.LEFT_BRACKET) || at(Kind.AT_NOT)) {
            annotation();
        }
    }

    void innerAnnotations() {
        while (at(Kind.AT_NOT)) {
            annotation();
        }
    }

    private void annotation() {
        Token at = take();
        expect(Kind.LEFT_BRACKET);
        int open = 1;
        while (open > 0) {
            switch (take().kind()) {
                case LEFT_BRACKET -> open++;
                case RIGHT_BRACKET -> open--;
                case END -> {
                    problems.error(
                            SyntaxCode.SYNTAX,
                            at.span(),
                            "this annotation is not closed",
                            "close it with ]");
                    throw SyntaxFailure.INSTANCE;
                }
                default -> {}
            }
        }
    }
}
