package dev.sovereign.core.parse;

import dev.sovereign.core.ast.Atom;
import dev.sovereign.core.ast.Attribute;
import dev.sovereign.core.ast.ComponentType;
import dev.sovereign.core.ast.ConstantKind;
import dev.sovereign.core.ast.Formula;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Name;
import dev.sovereign.core.ast.Qualifier;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.ast.Term;
import dev.sovereign.core.ast.TypeBody;
import dev.sovereign.core.parse.Token.Kind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads declarations, facts, rules, queries and directives; recovers after a fault at the next
/// item.
final class Items {

    private final Cursor cursor;
    private final Expressions expressions;
    private final Mode mode;
    private final FactCollector facts = new FactCollector();

    /// Arguments that there is room for at first. Most texts are one fact of a few: room for all
    /// that there may be was half of what reading one allocates.
    private static final int USUAL_ARGUMENTS = 8;

    // The constants of the fact that is being read.
    private ConstantKind[] kinds = new ConstantKind[USUAL_ARGUMENTS];
    private long[] values = new long[USUAL_ARGUMENTS];
    private int[] starts = new int[USUAL_ARGUMENTS];
    private int[] ends = new int[USUAL_ARGUMENTS];

    Items(Cursor cursor, Mode mode) {
        this.cursor = cursor;
        this.expressions = new Expressions(cursor);
        this.mode = mode;
    }

    List<Item> program() {
        List<Object> read = new ArrayList<>();
        items(read, false);
        List<Item> items = new ArrayList<>(read.size());
        for (Object item : read) {
            items.add(
                    item instanceof FactCollector.Growing block
                            ? facts.finish(block)
                            : (Item) item);
        }
        return items;
    }

    /// Items up to the end, or to the brace that closes a component.
    private void items(List<Object> read, boolean inComponent) {
        while (!cursor.at(Kind.END) && !(inComponent && cursor.at(Kind.RIGHT_BRACE))) {
            Token first = cursor.peek();
            try {
                item(read, inComponent);
            } catch (SyntaxFailure _) {
                if (cursor.problems().isFull()) {
                    while (!cursor.at(Kind.END)) {
                        cursor.take();
                    }
                    return;
                }
                recover(first, inComponent);
            }
        }
    }

    /// Skips to where the next item may start.
    private void recover(Token first, boolean inComponent) {
        int braces = 0;
        while (true) {
            Token token = cursor.peek();
            boolean progress = token.start() != first.start() || token.source() != first.source();
            switch (token.kind()) {
                case END -> {
                    return;
                }
                case DIRECTIVE -> {
                    if (progress && !token.text().equals("plan")) {
                        return;
                    }
                }
                case QUERY_IF -> {
                    if (progress) {
                        return;
                    }
                }
                case LEFT_BRACE -> braces++;
                case RIGHT_BRACE -> {
                    if (inComponent && braces == 0 && progress) {
                        return;
                    }
                    braces = Math.max(0, braces - 1);
                }
                case IDENTIFIER -> {
                    if (progress
                            && cursor.startsNewLine(token)
                            && (cursor.last().kind() == Kind.RIGHT_PAREN
                                    || cursor.last().kind() == Kind.BAD)
                            && cursor.peek(1).kind() == Kind.LEFT_PAREN) {
                        return;
                    }
                }
                case DOT -> {
                    cursor.take();
                    Token next = cursor.peek();
                    if (next.start() > token.end()
                            || next.kind() == Kind.END
                            || next.source() != token.source()) {
                        return;
                    }
                    continue;
                }
                default -> {}
            }
            cursor.take();
        }
    }

    private void item(List<Object> read, boolean inComponent) {
        cursor.annotations();
        Token token = cursor.peek();
        switch (token.kind()) {
            case END -> {}
            case DIRECTIVE -> read.add(directive(inComponent));
            case QUERY_IF -> {
                cursor.take();
                Formula body = expressions.body();
                if (!(mode == Mode.QUERY && cursor.at(Kind.END)) && !cursor.takeIf(Kind.QUESTION)) {
                    cursor.expect(Kind.DOT, "\",\"", "\";\"");
                }
                read.add(new Item.Query(body.span(), body));
            }
            case DOT -> {
                if (cursor.peek(1).kind() == Kind.IDENTIFIER
                        && cursor.peek(1).start() == token.end()) {
                    throw unknownDirective(cursor.peek(1));
                }
                throw cursor.failHere("expected " + expectedItem());
            }
            case IDENTIFIER -> {
                if (!inComponent
                        && cursor.peek(1).kind() == Kind.LEFT_PAREN
                        && !Expressions.isReserved(token.text())) {
                    factOrClause(read);
                } else {
                    clause(read, expressions.body());
                }
            }
            case AT,
                    EXCLAMATION,
                    LEFT_PAREN,
                    NUMBER,
                    UNSIGNED,
                    FLOAT,
                    STRING,
                    MINUS,
                    LEFT_BRACKET,
                    DOLLAR,
                    UNDERSCORE -> {
                if (mode == Mode.PROGRAM && token.kind() != Kind.AT) {
                    throw cursor.failHere("expected " + expectedItem());
                }
                clause(read, expressions.body());
            }
            default -> throw cursor.failHere("expected " + expectedItem());
        }
    }

    private String expectedItem() {
        return switch (mode) {
            case PROGRAM -> "a declaration, a fact, a rule or a directive";
            case QUERY -> "a query, a fact or a rule";
            case PROMPT -> "a fact, a rule or a query";
            case FACTS -> "a fact";
        };
    }

    // Facts, rules, queries

    /// At `name(`: reads constants into columns as long as nothing else comes.
    private void factOrClause(List<Object> read) {
        Token name = cursor.take();
        cursor.take();
        int arity = 0;
        boolean plain = true;
        if (cursor.takeIf(Kind.RIGHT_PAREN)) {
            finishFact(read, name, 0);
            return;
        }
        while (arity < Limits.ARGUMENTS && constant(arity)) {
            arity++;
            if (cursor.takeIf(Kind.RIGHT_PAREN)) {
                finishFact(read, name, arity);
                return;
            }
            if (!cursor.takeIf(Kind.COMMA)) {
                plain = false;
                break;
            }
        }
        if (!plain) {
            throw cursor.fail("\")\"", "\",\"");
        }
        Atom atom =
                expressions.atomFrom(new Name(name.span(), name.text()), constants(name, arity));
        clause(read, expressions.bodyFrom(new Formula.Holds(atom)));
    }

    /// Reads a constant that is a whole argument.
    private boolean constant(int at) {
        Token token = cursor.peek();
        boolean negative = token.kind() == Kind.MINUS && cursor.peek(1).kind() == Kind.NUMBER;
        Token value = negative ? cursor.peek(1) : token;
        Kind after = cursor.peek(negative ? 2 : 1).kind();
        if (after != Kind.COMMA && after != Kind.RIGHT_PAREN) {
            // Not a whole constant, unless what follows belongs nowhere: then the constant is not
            // what is wrong.
            return false;
        }
        if (at == kinds.length) {
            kinds = Arrays.copyOf(kinds, at * 2);
            values = Arrays.copyOf(values, at * 2);
            starts = Arrays.copyOf(starts, at * 2);
            ends = Arrays.copyOf(ends, at * 2);
        }
        switch (value.kind()) {
            case NUMBER -> {
                kinds[at] = Expressions.kindOf(value);
                values[at] = value.bits();
            }
            case UNSIGNED -> {
                kinds[at] = ConstantKind.UNSIGNED;
                values[at] = value.bits();
            }
            case FLOAT -> {
                kinds[at] = ConstantKind.FLOAT;
                values[at] = value.bits();
            }
            case STRING -> {
                kinds[at] = ConstantKind.SYMBOL;
                values[at] = facts.symbol(value.text());
            }
            default -> {
                return false;
            }
        }
        starts[at] = token.start();
        ends[at] = value.end();
        if (negative) {
            cursor.take();
            kinds[at] = ConstantKind.NUMBER;
            values[at] = expressions.negative(token, value).bits();
        }
        cursor.take();
        return true;
    }

    private List<Term> constants(Token name, int arity) {
        List<Term> terms = new ArrayList<>(arity);
        for (int i = 0; i < arity; i++) {
            Span span = new Span(name.source(), starts[i], Math.max(starts[i], ends[i]));
            boolean symbol = kinds[i] == ConstantKind.SYMBOL;
            terms.add(
                    new Term.Constant(
                            span,
                            kinds[i],
                            symbol ? 0 : values[i],
                            symbol ? facts.symbol(values[i]) : null));
        }
        return terms;
    }

    /// After `name(constants)`.
    private void finishFact(List<Object> read, Token name, int arity) {
        int end = cursor.last().end();
        boolean fact =
                switch (mode) {
                    case PROGRAM, PROMPT -> cursor.at(Kind.DOT);
                    case FACTS -> cursor.at(Kind.DOT) || cursor.at(Kind.END);
                    // the last of a question is what is asked
                    case QUERY -> cursor.at(Kind.DOT) && cursor.peek(1).kind() != Kind.END;
                };
        if (fact) {
            cursor.takeIf(Kind.DOT);
            FactCollector.Growing started = facts.add(name, kinds, values, arity, end);
            if (started != null) {
                read.add(started);
            }
            return;
        }
        Span span = new Span(name.source(), name.start(), Math.max(end, name.start()));
        Atom atom = new Atom(span, new Name(name.span(), name.text()), constants(name, arity));
        clause(read, expressions.bodyFrom(new Formula.Holds(atom)));
    }

    /// After a body or the heads of a rule, which look alike.
    private void clause(List<Object> read, Formula formula) {
        Token next = cursor.peek();
        switch (next.kind()) {
            case IF -> {
                List<Atom> heads = heads(formula);
                refuseInFacts("a rule", formula.span());
                cursor.take();
                cursor.annotations();
                Formula body = expressions.body();
                Span span = formula.span().to(cursor.expect(Kind.DOT, "\",\"", "\";\"").span());
                read.add(new Item.Rule(span, heads, body, plan()));
            }
            case LESS_OR_EQUAL -> {
                if (!(formula instanceof Formula.Holds(Atom dominated))) {
                    throw cursor.fail("\":-\"");
                }
                refuseInFacts("a subsumption", formula.span());
                cursor.take();
                Atom dominating = expressions.atom();
                cursor.expect(Kind.IF);
                cursor.annotations();
                Formula body = expressions.body();
                Span span = formula.span().to(cursor.expect(Kind.DOT, "\",\"", "\";\"").span());
                read.add(new Item.Subsumption(span, dominated, dominating, body, plan()));
            }
            case QUESTION -> {
                refuseInFacts("a query", formula.span());
                cursor.take();
                cursor.takeIf(Kind.DOT);
                read.add(new Item.Query(formula.span(), formula));
            }
            case DOT -> {
                boolean single = formula instanceof Formula.Holds;
                boolean lastOfQuestion = cursor.peek(1).kind() == Kind.END;
                if (mode == Mode.QUERY
                        && (!single
                                || lastOfQuestion
                                || hasVariables(((Formula.Holds) formula).atom().arguments()))) {
                    cursor.take();
                    read.add(new Item.Query(formula.span(), formula));
                } else if (single) {
                    fact(read, ((Formula.Holds) formula).atom());
                    cursor.take();
                } else if (mode == Mode.PROMPT) {
                    cursor.take();
                    read.add(new Item.Query(formula.span(), formula));
                } else {
                    heads(formula);
                    throw cursor.fail("\":-\"");
                }
            }
            case END -> {
                if (mode == Mode.QUERY) {
                    read.add(new Item.Query(formula.span(), formula));
                } else if (mode == Mode.FACTS && formula instanceof Formula.Holds(Atom atom)) {
                    fact(read, atom);
                } else {
                    throw missingEnd(formula);
                }
            }
            default -> throw missingEnd(formula);
        }
    }

    private SyntaxFailure missingEnd(Formula formula) {
        boolean single = formula instanceof Formula.Holds;
        return switch (mode) {
            case PROGRAM -> single ? cursor.fail("\".\"", "\":-\"") : cursor.fail("\":-\"");
            case QUERY, PROMPT ->
                    single
                            ? cursor.fail("\"?\"", "\".\"", "\",\"", "\":-\"")
                            : cursor.fail("\"?\"", "\",\"", "\":-\"");
            case FACTS -> cursor.fail("\".\"");
        };
    }

    private void refuseInFacts(String what, Span span) {
        if (mode == Mode.FACTS) {
            cursor.problems()
                    .error(
                            SyntaxCode.SYNTAX,
                            span,
                            "expected a fact, not " + what,
                            what.equals("a rule")
                                    ? "store rules with `sovereign rules add NAME FILE`"
                                    : null);
        }
    }

    private static void fact(List<Object> read, Atom atom) {
        read.add(new Item.Rule(atom.span(), List.of(atom), null, List.of()));
    }

    private static boolean hasVariables(List<Term> terms) {
        for (Term term : terms) {
            boolean found =
                    switch (term) {
                        case Term.Variable _,
                                Term.Wildcard _,
                                Term.Aggregate _,
                                Term.UserAggregate _ ->
                                true;
                        case Term.Call call -> hasVariables(call.arguments());
                        case Term.UserCall call -> hasVariables(call.arguments());
                        case Term.RecordInit init -> hasVariables(init.arguments());
                        case Term.BranchInit init -> hasVariables(init.arguments());
                        case Term.Cast cast -> hasVariables(List.of(cast.value()));
                        case Term.Constant _, Term.Nil _, Term.Counter _, Term.IterationCount _ ->
                                false;
                    };
            if (found) {
                return true;
            }
        }
        return false;
    }

    /// What was read as a body is a list of heads.
    private List<Atom> heads(Formula formula) {
        List<Formula> parts = formula instanceof Formula.And and ? and.parts() : List.of(formula);
        List<Atom> heads = new ArrayList<>(parts.size());
        for (Formula part : parts) {
            if (part instanceof Formula.Holds(Atom atom)) {
                heads.add(atom);
            } else {
                cursor.problems()
                        .error(
                                SyntaxCode.SYNTAX,
                                part.span(),
                                "a head is a relation with arguments",
                                part instanceof Formula.Not
                                        ? "nothing can be derived to be false; put the negation"
                                                + " into bodies"
                                        : null);
            }
        }
        if (heads.isEmpty()) {
            throw SyntaxFailure.INSTANCE;
        }
        return heads;
    }

    private List<Item.PlanOrder> plan() {
        if (!cursor.at(Kind.DIRECTIVE) || !cursor.peek().text().equals("plan")) {
            return List.of();
        }
        cursor.take();
        List<Item.PlanOrder> orders = new ArrayList<>();
        do {
            Token first = cursor.expect(Kind.NUMBER);
            long version = first.bits();
            cursor.expect(Kind.COLON);
            cursor.expect(Kind.LEFT_PAREN);
            List<Long> order = new ArrayList<>();
            if (!cursor.at(Kind.RIGHT_PAREN)) {
                do {
                    order.add(cursor.expect(Kind.NUMBER).bits());
                } while (cursor.takeIf(Kind.COMMA));
            }
            cursor.expect(Kind.RIGHT_PAREN, "\",\"");
            orders.add(new Item.PlanOrder(spanFrom(first), version, order));
        } while (cursor.takeIf(Kind.COMMA));
        return orders;
    }

    // Directives

    private Item directive(boolean inComponent) {
        Token token = cursor.peek();
        if (mode == Mode.FACTS) {
            throw cursor.failHere("expected " + expectedItem());
        }
        cursor.take();
        return switch (token.text()) {
            case "decl" -> relationDeclaration(token);
            case "type" -> typeDeclaration(token);
            case "number_type" -> oldType(token, "number");
            case "symbol_type" -> oldType(token, "symbol");
            case "input" -> relationDirective(token, Item.DirectiveKind.INPUT);
            case "output" -> relationDirective(token, Item.DirectiveKind.OUTPUT);
            case "printsize" -> relationDirective(token, Item.DirectiveKind.PRINTSIZE);
            case "limitsize" -> relationDirective(token, Item.DirectiveKind.LIMITSIZE);
            case "comp" -> component(token);
            case "init" -> {
                Name name = cursor.identifier("a name");
                cursor.expect(Kind.EQUAL);
                ComponentType type = componentType();
                yield new Item.ComponentInit(spanFrom(token), name, type);
            }
            case "override" -> {
                Name relation = cursor.identifier("a relation");
                if (!inComponent) {
                    cursor.problems()
                            .error(
                                    SyntaxCode.SYNTAX,
                                    spanFrom(token),
                                    ".override stands in a component only",
                                    null);
                }
                yield new Item.OverrideRelation(spanFrom(token), relation);
            }
            case "functor" -> functorDeclaration(token);
            case "lattice" -> lattice(token);
            case "pragma" -> {
                String key = cursor.expect(Kind.STRING).text();
                String value = cursor.at(Kind.STRING) ? cursor.take().text() : null;
                yield new Item.Pragma(spanFrom(token), key, value);
            }
            default -> {
                cursor.problems()
                        .error(
                                SyntaxCode.SYNTAX,
                                token.span(),
                                "." + token.text() + " belongs directly after a rule",
                                null);
                throw SyntaxFailure.INSTANCE;
            }
        };
    }

    private SyntaxFailure unknownDirective(Token word) {
        String near = Spelling.nearest(word.text(), Lexer.DIRECTIVES);
        cursor.problems()
                .error(
                        SyntaxCode.SYNTAX,
                        new Span(word.source(), word.start() - 1, word.end()),
                        "unknown directive \"." + word.text() + "\"",
                        near == null
                                ? "directives are .decl, .type, .input, .output, .printsize and"
                                        + " others"
                                : "did you mean ." + near + "?");
        cursor.take();
        return SyntaxFailure.INSTANCE;
    }

    private Span spanFrom(Token first) {
        return first.span().to(cursor.last().span());
    }

    private Item relationDeclaration(Token directive) {
        List<Name> names = new ArrayList<>();
        do {
            Name name = cursor.identifier("a relation's name");
            if (Expressions.isReserved(name.text())) {
                cursor.problems()
                        .error(
                                SyntaxCode.SYNTAX,
                                name.span(),
                                "\""
                                        + name.text()
                                        + "\" is a word of the language and cannot name a relation",
                                null);
            }
            names.add(name);
        } while (cursor.takeIf(Kind.COMMA));
        if (names.size() == 1 && cursor.takeIf(Kind.EQUAL)) {
            cursor.identifier("debug_delta");
            cursor.expect(Kind.LEFT_PAREN);
            Name of = cursor.qualifiedName("a relation");
            cursor.expect(Kind.RIGHT_PAREN);
            List<Qualifier> qualifiers = qualifiers();
            return new Item.RelationDeclaration(
                    spanFrom(directive), names, List.of(), qualifiers, List.of(), of);
        }
        cursor.expect(Kind.LEFT_PAREN, "\",\"");
        List<Attribute> attributes = attributes(Kind.RIGHT_PAREN);
        List<Qualifier> qualifiers = qualifiers();
        List<List<Name>> choice = new ArrayList<>();
        if (cursor.takeIf(Kind.CHOICE_DOMAIN)) {
            do {
                if (cursor.takeIf(Kind.LEFT_PAREN)) {
                    List<Name> key = new ArrayList<>();
                    do {
                        key.add(cursor.identifier("an attribute"));
                    } while (cursor.takeIf(Kind.COMMA));
                    cursor.expect(Kind.RIGHT_PAREN, "\",\"");
                    choice.add(List.copyOf(key));
                } else {
                    choice.add(List.of(cursor.identifier("an attribute")));
                }
            } while (cursor.takeIf(Kind.COMMA));
            Token next = cursor.peek();
            if (!qualifiers().isEmpty()) {
                cursor.problems()
                        .error(
                                SyntaxCode.SYNTAX,
                                next.span(),
                                "qualifiers stand before choice-domain",
                                "write \"" + next.text() + "\" before it");
            }
        }
        return new Item.RelationDeclaration(
                spanFrom(directive), names, attributes, qualifiers, choice, null);
    }

    private List<Qualifier> qualifiers() {
        List<Qualifier> qualifiers = new ArrayList<>();
        while (cursor.at(Kind.IDENTIFIER)) {
            Token word = cursor.peek();
            Qualifier qualifier = Qualifier.ofWord(word.text());
            Kind after = cursor.peek(1).kind();
            if (after == Kind.LEFT_PAREN || after == Kind.DOT) {
                break; // a fact or rule of a relation
            }
            if (qualifier == null) {
                String near =
                        Spelling.nearest(
                                word.text(),
                                List.of(Qualifier.values()).stream().map(Qualifier::word).toList());
                throw cursor.failWith(
                        "unknown qualifier \"" + word.text() + "\"",
                        near == null ? null : "did you mean \"" + near + "\"?");
            }
            cursor.take();
            Qualifier before = sameChoice(qualifier, qualifiers);
            if (before != null) {
                cursor.problems()
                        .error(
                                SyntaxCode.REPEATED,
                                word.span(),
                                before == qualifier
                                        ? "\"" + word.text() + "\" is said twice"
                                        : "a relation is not both \""
                                                + before.word()
                                                + "\" and \""
                                                + word.text()
                                                + "\"",
                                "remove one");
            } else {
                qualifiers.add(qualifier);
            }
        }
        return qualifiers;
    }

    /// What a qualifier cannot stand beside: itself, or another way to keep the tuples.
    private static @Nullable Qualifier sameChoice(Qualifier one, List<Qualifier> others) {
        for (Qualifier other : others) {
            if (other == one || (isRepresentation(one) && isRepresentation(other))) {
                return other;
            }
        }
        return null;
    }

    private static boolean isRepresentation(Qualifier qualifier) {
        return switch (qualifier) {
            case BTREE, BTREE_DELETE, BRIE, EQREL -> true;
            case OVERRIDABLE, INLINE, NO_INLINE, MAGIC, NO_MAGIC, INPUT, OUTPUT, PRINTSIZE -> false;
        };
    }

    private List<Attribute> attributes(Kind close) {
        List<Attribute> attributes = new ArrayList<>();
        cursor.innerAnnotations();
        if (cursor.takeIf(close)) {
            return attributes;
        }
        do {
            cursor.annotations();
            Name name = cursor.identifier("an attribute's name");
            if (!cursor.at(Kind.COLON)) {
                throw cursor.failWith(
                        "expected \":\" and a type",
                        "write " + name.text() + ":number or " + name.text() + ":symbol");
            }
            cursor.take();
            Name type = cursor.qualifiedName("a type");
            boolean lattice = false;
            if (cursor.at(Kind.LESS) && cursor.peek(1).kind() == Kind.GREATER) {
                cursor.take();
                cursor.take();
                lattice = true;
            }
            attributes.add(
                    new Attribute(
                            name.span().to(cursor.last().span()), name.text(), type, lattice));
            if (attributes.size() > Limits.ARGUMENTS) {
                cursor.problems()
                        .error(
                                SyntaxCode.TOO_LARGE,
                                name.span(),
                                "more than " + Limits.ARGUMENTS + " attributes",
                                null);
                throw SyntaxFailure.INSTANCE;
            }
        } while (cursor.takeIf(Kind.COMMA));
        cursor.expect(close, "\",\"");
        return attributes;
    }

    private Item oldType(Token directive, String base) {
        Name name = cursor.identifier("a type's name");
        return new Item.TypeDeclaration(
                spanFrom(directive), name, new TypeBody.Subset(new Name(directive.span(), base)));
    }

    private Item typeDeclaration(Token directive) {
        Name name = cursor.identifier("a type's name");
        TypeBody body;
        if (cursor.takeIf(Kind.SUBTYPE)) {
            body = new TypeBody.Subset(cursor.qualifiedName("a type"));
        } else if (cursor.takeIf(Kind.EQUAL)) {
            cursor.annotations();
            if (cursor.takeIf(Kind.LEFT_BRACKET)) {
                body = new TypeBody.Record(attributes(Kind.RIGHT_BRACKET));
            } else if (cursor.at(Kind.IDENTIFIER) && cursor.peek(1).kind() == Kind.LEFT_BRACE) {
                body = algebraic();
            } else {
                List<Name> members = new ArrayList<>();
                do {
                    members.add(cursor.qualifiedName("a type"));
                } while (cursor.takeIf(Kind.PIPE));
                body = new TypeBody.Union(members);
            }
        } else if (cursor.at(Kind.COLON) || cursor.at(Kind.LESS)) {
            throw cursor.fail("\"<:\"", "\"=\"");
        } else {
            body = new TypeBody.Subset(new Name(name.span(), "symbol"));
        }
        return new Item.TypeDeclaration(spanFrom(directive), name, body);
    }

    private TypeBody algebraic() {
        List<TypeBody.Branch> branches = new ArrayList<>();
        do {
            cursor.annotations();
            Name name = cursor.identifier("a branch");
            cursor.expect(Kind.LEFT_BRACE);
            branches.add(new TypeBody.Branch(name, attributes(Kind.RIGHT_BRACE)));
        } while (cursor.takeIf(Kind.PIPE));
        return new TypeBody.Algebraic(branches);
    }

    private Item relationDirective(Token directive, Item.DirectiveKind kind) {
        List<Name> relations = new ArrayList<>();
        do {
            relations.add(cursor.qualifiedName("a relation"));
        } while (cursor.takeIf(Kind.COMMA));
        List<Item.Parameter> parameters = new ArrayList<>();
        if (cursor.takeIf(Kind.LEFT_PAREN) && !cursor.takeIf(Kind.RIGHT_PAREN)) {
            do {
                Name key = cursor.identifier("a parameter's name");
                cursor.expect(Kind.EQUAL);
                Token value = cursor.peek();
                switch (value.kind()) {
                    case STRING, IDENTIFIER, NUMBER -> cursor.take();
                    default -> throw cursor.fail("a string, a word or a number");
                }
                String text =
                        value.kind() == Kind.NUMBER
                                ? Long.toUnsignedString(value.bits())
                                : value.text();
                parameters.add(
                        new Item.Parameter(key.span().to(cursor.last().span()), key.text(), text));
            } while (cursor.takeIf(Kind.COMMA));
            cursor.expect(Kind.RIGHT_PAREN, "\",\"");
        }
        return new Item.Directive(spanFrom(directive), kind, relations, parameters);
    }

    private Item component(Token directive) {
        ComponentType type = componentType();
        List<ComponentType> bases = new ArrayList<>();
        if (cursor.takeIf(Kind.COLON)) {
            do {
                bases.add(componentType());
            } while (cursor.takeIf(Kind.COMMA) || cursor.takeIf(Kind.COLON));
        }
        Token open = cursor.expect(Kind.LEFT_BRACE, "\":\"");
        cursor.innerAnnotations();
        List<Object> read = new ArrayList<>();
        cursor.enter();
        try {
            items(read, true);
        } finally {
            cursor.leave();
        }
        if (!cursor.takeIf(Kind.RIGHT_BRACE)) {
            SyntaxFailure failure =
                    cursor.failHere(
                            "expected \"}\" to close component \"" + type.name() + "\"",
                            new Problems.Note("it begins here", type.span()));
            if (!cursor.at(Kind.END)) {
                throw failure;
            }
        }
        List<Item> items = new ArrayList<>();
        for (Object item : read) {
            items.add((Item) item);
        }
        return new Item.ComponentDeclaration(directive.span().to(open.span()), type, bases, items);
    }

    private ComponentType componentType() {
        Name name = cursor.identifier("a component");
        List<Name> parameters = new ArrayList<>();
        if (cursor.takeIf(Kind.LESS)) {
            do {
                parameters.add(cursor.qualifiedName("a type"));
            } while (cursor.takeIf(Kind.COMMA));
            cursor.expect(Kind.GREATER, "\",\"");
        }
        return new ComponentType(name.span().to(cursor.last().span()), name.text(), parameters);
    }

    private Item functorDeclaration(Token directive) {
        Name name = cursor.identifier("a functor's name");
        cursor.expect(Kind.LEFT_PAREN);
        List<Attribute> arguments = new ArrayList<>();
        if (!cursor.takeIf(Kind.RIGHT_PAREN)) {
            do {
                cursor.annotations();
                Name first = cursor.qualifiedName("a type");
                if (cursor.takeIf(Kind.COLON)) {
                    Name type = cursor.qualifiedName("a type");
                    arguments.add(
                            new Attribute(first.span().to(type.span()), first.text(), type, false));
                } else {
                    arguments.add(new Attribute(first.span(), "", first, false));
                }
            } while (cursor.takeIf(Kind.COMMA));
            cursor.expect(Kind.RIGHT_PAREN, "\",\"");
        }
        cursor.expect(Kind.COLON);
        Name result = cursor.qualifiedName("a type");
        boolean stateful = cursor.at(Kind.IDENTIFIER) && cursor.peek().is("stateful");
        if (stateful) {
            cursor.take();
        }
        return new Item.FunctorDeclaration(spanFrom(directive), name, arguments, result, stateful);
    }

    private Item lattice(Token directive) {
        Name name = cursor.identifier("a type");
        cursor.expect(Kind.LESS);
        cursor.expect(Kind.GREATER);
        cursor.expect(Kind.LEFT_BRACE);
        do {
            cursor.identifier("an operator such as Glb");
            cursor.expect(Kind.ARROW);
            expressions.term();
        } while (cursor.takeIf(Kind.COMMA));
        cursor.expect(Kind.RIGHT_BRACE, "\",\"");
        return new Item.Lattice(spanFrom(directive), name);
    }
}
