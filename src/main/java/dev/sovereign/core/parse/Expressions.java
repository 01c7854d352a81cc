package dev.sovereign.core.parse;

import dev.sovereign.core.ast.AggregateOperator;
import dev.sovereign.core.ast.Atom;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.ast.ConstantKind;
import dev.sovereign.core.ast.Formula;
import dev.sovereign.core.ast.Name;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.ast.Term;
import dev.sovereign.core.parse.Token.Kind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads terms and bodies. Precedence climbing; every recursion is counted by [Cursor#enter], and
/// the height of what is built is bounded too, so that nobody who walks it needs a deep stack.
final class Expressions {

    private static final int PRECEDENCE_SHIFT = 7;
    private static final int PRECEDENCE_SUM = 8;
    private static final int PRECEDENCE_PRODUCT = 9;
    private static final int PRECEDENCE_POWER = 11;

    /// Infix functors that are words.
    private static final Map<String, Integer> INFIX_WORDS =
            Map.of(
                    "lor",
                    1,
                    "lxor",
                    2,
                    "land",
                    3,
                    "bor",
                    4,
                    "bxor",
                    5,
                    "band",
                    6,
                    "bshl",
                    PRECEDENCE_SHIFT,
                    "bshr",
                    PRECEDENCE_SHIFT,
                    "bshru",
                    PRECEDENCE_SHIFT);

    private static final Set<String> PREFIX_WORDS = Set.of("bnot", "lnot");

    static final Set<String> FUNCTORS =
            Set.of(
                    "cat",
                    "ord",
                    "range",
                    "strlen",
                    "substr",
                    "to_float",
                    "to_number",
                    "to_string",
                    "to_unsigned");

    private static final Map<String, AggregateOperator> AGGREGATES =
            Map.of(
                    "count", AggregateOperator.COUNT,
                    "sum", AggregateOperator.SUM,
                    "min", AggregateOperator.MIN,
                    "max", AggregateOperator.MAX,
                    "mean", AggregateOperator.MEAN);

    private static final Set<String> OTHER_WORDS =
            Set.of(
                    "as",
                    "nil",
                    "true",
                    "false",
                    "match",
                    "contains",
                    "autoinc",
                    "recursive_iteration_cnt");

    private final Cursor cursor;

    /// Height of the term or formula read last.
    private int height;

    Expressions(Cursor cursor) {
        this.cursor = cursor;
    }

    /// Whether a word has a meaning of its own in terms and bodies and so names nothing.
    static boolean isReserved(String word) {
        return FUNCTORS.contains(word)
                || AGGREGATES.containsKey(word)
                || INFIX_WORDS.containsKey(word)
                || PREFIX_WORDS.contains(word)
                || OTHER_WORDS.contains(word);
    }

    // Bodies

    /// `a, b ; c`.
    Formula body() {
        return bodyFrom(null);
    }

    /// The same, its first conjunct read already.
    Formula bodyFrom(@Nullable Formula first) {
        Object read = disjunction(first, false);
        if (read instanceof Formula formula) {
            return formula;
        }
        throw new IllegalStateException("a term was not asked for");
    }

    /// A formula, or a term where one is allowed: after an opening parenthesis either may follow.
    private Object disjunction(@Nullable Formula first, boolean termAllowed) {
        List<Formula> alternatives = new ArrayList<>();
        List<Formula> conjuncts = new ArrayList<>();
        Object read = first != null ? first : element(termAllowed);
        if (!(read instanceof Formula formula)) {
            if (cursor.at(Kind.COMMA) || cursor.at(Kind.SEMICOLON)) {
                throw comparisonMissing();
            }
            return read;
        }
        conjuncts.add(formula);
        int highest = first != null ? 1 : height;
        while (true) {
            if (cursor.takeIf(Kind.COMMA)) {
                if (conjuncts.size() >= Limits.CONJUNCTS) {
                    throw tooManyConjuncts();
                }
                conjuncts.add(conjunct());
            } else if (cursor.takeIf(Kind.SEMICOLON)) {
                alternatives.add(and(conjuncts));
                conjuncts = new ArrayList<>();
                conjuncts.add(conjunct());
            } else {
                alternatives.add(and(conjuncts));
                height = Math.max(highest, height) + 2;
                return alternatives.size() == 1
                        ? alternatives.getFirst()
                        : new Formula.Or(
                                alternatives.getFirst().span().to(cursor.last().span()),
                                alternatives);
            }
            highest = Math.max(highest, height);
        }
    }

    private SyntaxFailure tooManyConjuncts() {
        cursor.problems()
                .error(
                        SyntaxCode.TOO_LARGE,
                        cursor.last().span(),
                        "a body has more than " + Limits.CONJUNCTS + " conjuncts",
                        "derive a part of it as a relation of its own");
        return SyntaxFailure.INSTANCE;
    }

    private static Formula and(List<Formula> conjuncts) {
        return conjuncts.size() == 1
                ? conjuncts.getFirst()
                : new Formula.And(
                        conjuncts.getFirst().span().to(conjuncts.getLast().span()), conjuncts);
    }

    private Formula conjunct() {
        if (element(false) instanceof Formula formula) {
            return formula;
        }
        throw new IllegalStateException("a term was not asked for");
    }

    private Object element(boolean termAllowed) {
        cursor.enter();
        try {
            return elementHere(termAllowed);
        } finally {
            cursor.leave();
        }
    }

    private Object elementHere(boolean termAllowed) {
        cursor.annotations(); // of a head
        Token token = cursor.peek();
        Term left;
        switch (token.kind()) {
            case EXCLAMATION -> {
                cursor.take();
                Formula part = conjunct();
                height++;
                return new Formula.Not(token.span().to(part.span()), part);
            }
            case LEFT_PAREN -> {
                cursor.take();
                Object inner = disjunction(null, true);
                cursor.expect(Kind.RIGHT_PAREN, inner instanceof Formula ? "\",\"" : "an operator");
                if (inner instanceof Formula) {
                    return inner;
                }
                left = infix((Term) inner, 1);
            }
            case IDENTIFIER -> {
                switch (token.text()) {
                    case "true", "false" -> {
                        cursor.take();
                        height = 1;
                        return new Formula.Truth(token.span(), token.text().equals("true"));
                    }
                    case "match", "contains" -> {
                        return stringTest(cursor.take());
                    }
                    case "not" -> {
                        if (cursor.peek(1).kind() == Kind.IDENTIFIER) {
                            cursor.problems()
                                    .error(
                                            SyntaxCode.SYNTAX,
                                            token.span(),
                                            "negation is written \"!\"",
                                            "write !" + cursor.peek(1).text());
                            cursor.take();
                            return elementHere(termAllowed);
                        }
                    }
                    default -> {}
                }
                Kind next = cursor.peek(1).kind();
                if (!isReserved(token.text())
                        && (next == Kind.LEFT_PAREN
                                || (next == Kind.DOT
                                        && cursor.peek(2).kind() == Kind.IDENTIFIER
                                        && !startsItem()))) {
                    return new Formula.Holds(atom());
                }
                left = term();
            }
            case AT -> {
                if (cursor.peek(1).kind() == Kind.IDENTIFIER && cursor.peek(2).kind() == Kind.DOT) {
                    return new Formula.Holds(atom());
                }
                left = term();
            }
            default -> left = term();
        }
        return comparison(left, termAllowed);
    }

    /// Whether a dot after the next token ends a clause, and what follows starts the next line.
    private boolean startsItem() {
        Token dot = cursor.peek(1);
        Token word = cursor.peek(2);
        return word.start() > dot.end()
                && word.source()
                                .text()
                                .substring(dot.end(), Math.min(word.start(), dot.end() + 200))
                                .indexOf('\n')
                        >= 0;
    }

    private Object comparison(Term left, boolean termAllowed) {
        Comparison comparison =
                switch (cursor.peek().kind()) {
                    case EQUAL -> Comparison.EQUAL;
                    case NOT_EQUAL -> Comparison.NOT_EQUAL;
                    case LESS -> Comparison.LESS;
                    case LESS_OR_EQUAL -> Comparison.LESS_OR_EQUAL;
                    case GREATER -> Comparison.GREATER;
                    case GREATER_OR_EQUAL -> Comparison.GREATER_OR_EQUAL;
                    default -> null;
                };
        if (comparison == null) {
            if (termAllowed) {
                return left;
            }
            throw comparisonMissing();
        }
        cursor.take();
        int leftHeight = height;
        Term right = term();
        height = Math.max(leftHeight, height) + 1;
        return new Formula.Compare(left.span().to(right.span()), comparison, left, right);
    }

    private SyntaxFailure comparisonMissing() {
        return cursor.fail("a comparison such as \"=\"");
    }

    private Formula stringTest(Token word) {
        cursor.expect(Kind.LEFT_PAREN);
        Term first = term();
        int firstHeight = height;
        cursor.expect(Kind.COMMA);
        Term second = term();
        height = Math.max(firstHeight, height) + 1;
        Span span = word.span().to(cursor.expect(Kind.RIGHT_PAREN).span());
        return word.text().equals("match")
                ? new Formula.Match(span, first, second)
                : new Formula.Contains(span, first, second);
    }

    /// `relation(terms)` or `@module.relation(terms)`.
    Atom atom() {
        Name name;
        Token first = cursor.peek();
        if (cursor.takeIf(Kind.AT)) {
            Name module = cursor.identifier("a module");
            cursor.expect(Kind.DOT);
            Name relation = cursor.qualifiedName("a relation");
            name = new Name(first.span().to(relation.span()), module.text(), relation.text());
        } else {
            if (first.kind() == Kind.IDENTIFIER && isReserved(first.text())) {
                throw cursor.failWith(
                        "\""
                                + first.text()
                                + "\" is a word of the language and cannot name a relation",
                        null);
            }
            name = cursor.qualifiedName("a relation");
        }
        if (!cursor.at(Kind.LEFT_PAREN)) {
            throw cursor.fail("\"(\"");
        }
        return atom(name, new ArrayList<>());
    }

    /// The rest of an atom from its opening parenthesis.
    private Atom atom(Name name, List<Term> arguments) {
        cursor.take();
        terms(arguments, Kind.RIGHT_PAREN, name.span());
        return new Atom(name.span().to(cursor.last().span()), name, arguments);
    }

    /// The rest of an atom after some constants and a comma, or before its first argument.
    Atom atomFrom(Name name, List<Term> read) {
        List<Term> arguments = new ArrayList<>(read);
        terms(arguments, Kind.RIGHT_PAREN, name.span());
        return new Atom(name.span().to(cursor.last().span()), name, arguments);
    }

    // Terms

    /// Terms up to the closing sign, which is taken.
    private void terms(List<Term> terms, Kind close, Span of) {
        int highest = 0;
        if (terms.isEmpty() && cursor.takeIf(close)) {
            height = 1;
            return;
        }
        while (true) {
            terms.add(term());
            highest = Math.max(highest, height);
            if (!cursor.takeIf(Kind.COMMA)) {
                break;
            }
            if (terms.size() >= Limits.ARGUMENTS) {
                cursor.problems()
                        .error(
                                SyntaxCode.TOO_LARGE,
                                of,
                                "more than " + Limits.ARGUMENTS + " arguments",
                                "group some of them in a record or a relation of their own");
                throw SyntaxFailure.INSTANCE;
            }
        }
        cursor.expect(close, "\",\"");
        height = highest + 1;
    }

    Term term() {
        return infixFrom(1);
    }

    private Term infixFrom(int minimum) {
        cursor.enter();
        try {
            return infix(prefixed(), minimum);
        } finally {
            cursor.leave();
        }
    }

    /// Continues after a left operand with the operators that bind at least as strongly.
    private Term infix(Term left, int minimum) {
        while (true) {
            Token operator = cursor.peek();
            int precedence = precedence(operator);
            if (precedence < minimum) {
                return left;
            }
            cursor.take();
            int leftHeight = height;
            Term right = infixFrom(precedence == PRECEDENCE_POWER ? precedence : precedence + 1);
            height = Math.max(leftHeight, height) + 1;
            if (height > 3 * Limits.NESTING) {
                throw cursor.tooDeep();
            }
            String functor =
                    operator.kind() == Kind.IDENTIFIER ? operator.text() : operator.kind().sign();
            left =
                    new Term.Call(
                            left.span().to(right.span()),
                            functor,
                            operator.span(),
                            List.of(left, right));
        }
    }

    private static int precedence(Token token) {
        return switch (token.kind()) {
            case PLUS, MINUS -> PRECEDENCE_SUM;
            case STAR, SLASH, PERCENT -> PRECEDENCE_PRODUCT;
            case CARET -> PRECEDENCE_POWER;
            case IDENTIFIER -> INFIX_WORDS.getOrDefault(token.text(), 0);
            default -> 0;
        };
    }

    private Term prefixed() {
        Token token = cursor.peek();
        if (token.kind() == Kind.MINUS) {
            cursor.take();
            Token number = cursor.peek();
            if (number.kind() == Kind.NUMBER && cursor.peek(1).kind() != Kind.CARET) {
                cursor.take();
                height = 1;
                return negative(token, number);
            }
            Term operand = infixFrom(PRECEDENCE_POWER);
            if (operand instanceof Term.Constant(Span span, ConstantKind kind, long bits, _)
                    && kind == ConstantKind.FLOAT) {
                long negated = Double.doubleToRawLongBits(-Double.longBitsToDouble(bits));
                return new Term.Constant(token.span().to(span), kind, negated, null);
            }
            height++;
            return new Term.Call(
                    token.span().to(operand.span()), "-", token.span(), List.of(operand));
        }
        if (token.kind() == Kind.IDENTIFIER && PREFIX_WORDS.contains(token.text())) {
            cursor.take();
            Term operand = infixFrom(PRECEDENCE_POWER);
            height++;
            return new Term.Call(
                    token.span().to(operand.span()), token.text(), token.span(), List.of(operand));
        }
        return primary();
    }

    Term.Constant negative(Token minus, Token number) {
        Span span = minus.span().to(number.span());
        if (number.bits() < 0 && number.bits() != Long.MIN_VALUE) {
            cursor.problems()
                    .error(
                            SyntaxCode.LITERAL,
                            span,
                            "number -"
                                    + Long.toUnsignedString(number.bits())
                                    + " does not fit into 64 bits",
                            "the smallest number is -9223372036854775808");
        }
        return new Term.Constant(span, ConstantKind.NUMBER, -number.bits(), null);
    }

    static ConstantKind kindOf(Token number) {
        return number.bits() < 0 ? ConstantKind.UNSIGNED : ConstantKind.NUMBER;
    }

    private Term primary() {
        Token token = cursor.peek();
        height = 1;
        return switch (token.kind()) {
            case NUMBER -> {
                cursor.take();
                yield new Term.Constant(token.span(), kindOf(token), token.bits(), null);
            }
            case UNSIGNED -> {
                cursor.take();
                yield new Term.Constant(token.span(), ConstantKind.UNSIGNED, token.bits(), null);
            }
            case FLOAT -> {
                cursor.take();
                yield new Term.Constant(token.span(), ConstantKind.FLOAT, token.bits(), null);
            }
            case STRING -> {
                cursor.take();
                yield new Term.Constant(token.span(), ConstantKind.SYMBOL, 0, token.text());
            }
            case UNDERSCORE -> {
                cursor.take();
                yield new Term.Wildcard(token.span());
            }
            case LEFT_PAREN -> {
                cursor.take();
                Term inner = term();
                cursor.expect(Kind.RIGHT_PAREN);
                yield inner;
            }
            case LEFT_BRACKET -> {
                cursor.take();
                List<Term> arguments = new ArrayList<>();
                terms(arguments, Kind.RIGHT_BRACKET, token.span());
                yield new Term.RecordInit(token.span().to(cursor.last().span()), arguments);
            }
            case DOLLAR -> dollar();
            case AT -> outside();
            case IDENTIFIER -> word(token);
            default -> throw cursor.fail("a term");
        };
    }

    private Term dollar() {
        Token dollar = cursor.take();
        if (!cursor.at(Kind.IDENTIFIER)) {
            return new Term.Counter(dollar.span());
        }
        Name branch = cursor.qualifiedName("a branch");
        List<Term> arguments = new ArrayList<>();
        if (cursor.takeIf(Kind.LEFT_PAREN)) {
            terms(arguments, Kind.RIGHT_PAREN, branch.span());
        }
        return new Term.BranchInit(dollar.span().to(cursor.last().span()), branch, arguments);
    }

    /// `@functor(…)` or `@@aggregate start : target, { … }`.
    private Term outside() {
        Token at = cursor.take();
        if (cursor.takeIf(Kind.AT)) {
            Name functor = cursor.identifier("an aggregate");
            Term start = cursor.at(Kind.COLON) ? null : term();
            cursor.expect(Kind.COLON);
            Term target = term();
            cursor.expect(Kind.COMMA);
            Formula body = aggregateBody();
            height += 2;
            return new Term.UserAggregate(
                    at.span().to(cursor.last().span()), functor, start, target, body);
        }
        Name functor = cursor.identifier("a functor");
        cursor.expect(Kind.LEFT_PAREN);
        List<Term> arguments = new ArrayList<>();
        terms(arguments, Kind.RIGHT_PAREN, functor.span());
        return new Term.UserCall(at.span().to(cursor.last().span()), functor, arguments);
    }

    private Term word(Token word) {
        String text = word.text();
        AggregateOperator aggregate = AGGREGATES.get(text);
        if (aggregate != null) {
            return aggregate(aggregate);
        }
        if (FUNCTORS.contains(text)) {
            cursor.take();
            return call(word);
        }
        if (!isReserved(text)) {
            cursor.take();
            if (cursor.at(Kind.LEFT_PAREN)) {
                // a misspelled functor, or a relation where a value belongs: analysis says so
                return call(word);
            }
            return new Term.Variable(word.span(), text);
        }
        return switch (text) {
            case "nil" -> {
                cursor.take();
                yield new Term.Nil(word.span());
            }
            case "as" -> {
                cursor.take();
                cursor.expect(Kind.LEFT_PAREN);
                Term value = term();
                cursor.expect(Kind.COMMA);
                Name type = cursor.qualifiedName("a type");
                height++;
                yield new Term.Cast(
                        word.span().to(cursor.expect(Kind.RIGHT_PAREN).span()), value, type);
            }
            case "autoinc", "recursive_iteration_cnt" -> {
                cursor.take();
                cursor.expect(Kind.LEFT_PAREN);
                Span span = word.span().to(cursor.expect(Kind.RIGHT_PAREN).span());
                yield text.equals("autoinc")
                        ? new Term.Counter(span)
                        : new Term.IterationCount(span);
            }
            default ->
                    throw cursor.failWith(
                            "\"" + text + "\" is a word of the language and cannot stand here",
                            null);
        };
    }

    private Term call(Token word) {
        cursor.expect(Kind.LEFT_PAREN);
        List<Term> arguments = new ArrayList<>();
        terms(arguments, Kind.RIGHT_PAREN, word.span());
        return new Term.Call(
                word.span().to(cursor.last().span()), word.text(), word.span(), arguments);
    }

    /// `count : { … }`, `sum x : { … }`, or the functors `min(a, b)` and `max(a, b)`.
    private Term aggregate(AggregateOperator operator) {
        Token word = cursor.take();
        Term target = null;
        if (!cursor.at(Kind.COLON)) {
            if (cursor.at(Kind.LEFT_PAREN)) {
                cursor.take();
                Term first = term();
                if (cursor.at(Kind.COMMA)
                        && (operator == AggregateOperator.MIN
                                || operator == AggregateOperator.MAX)) {
                    cursor.take();
                    int firstHeight = height;
                    List<Term> arguments = new ArrayList<>(List.of(first));
                    terms(arguments, Kind.RIGHT_PAREN, word.span());
                    height = Math.max(firstHeight + 1, height);
                    return new Term.Call(
                            word.span().to(cursor.last().span()),
                            word.text(),
                            word.span(),
                            arguments);
                }
                cursor.expect(Kind.RIGHT_PAREN);
                target = infix(first, 1);
            } else {
                target = term();
            }
        }
        int targetHeight = target == null ? 0 : height;
        if (!cursor.at(Kind.COLON)) {
            throw cursor.failWith(
                    "expected \":\" and what to aggregate over",
                    "write it like "
                            + word.text()
                            + (operator == AggregateOperator.COUNT
                                    ? " : { edge(1, _) }"
                                    : " x : { edge(1, x) }"));
        }
        cursor.take();
        Formula body = aggregateBody();
        height = Math.max(height, targetHeight) + 1;
        Span span = word.span().to(cursor.last().span());
        if (operator == AggregateOperator.COUNT && target != null) {
            cursor.problems()
                    .error(
                            SyntaxCode.SYNTAX,
                            target.span(),
                            "\"count\" takes nothing before its \":\"",
                            "write count : { … }");
        } else if (operator != AggregateOperator.COUNT && target == null) {
            cursor.problems()
                    .error(
                            SyntaxCode.SYNTAX,
                            word.span(),
                            "\"" + word.text() + "\" needs a term before its \":\"",
                            "write " + word.text() + " x : { … }");
        }
        return new Term.Aggregate(span, operator, target, body);
    }

    private Formula aggregateBody() {
        cursor.enter();
        try {
            if (cursor.takeIf(Kind.LEFT_BRACE)) {
                Formula body = body();
                cursor.expect(Kind.RIGHT_BRACE, "\",\"");
                return body;
            }
            if (cursor.at(Kind.IDENTIFIER) || cursor.at(Kind.AT)) {
                return new Formula.Holds(atom());
            }
            throw cursor.fail("\"{\"", "a relation");
        } finally {
            cursor.leave();
        }
    }
}
