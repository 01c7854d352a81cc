package dev.sovereign.core.analyze;

import dev.sovereign.core.analyze.Drafts.DraftAggregate;
import dev.sovereign.core.analyze.Drafts.DraftAtom;
import dev.sovereign.core.analyze.Drafts.DraftBranch;
import dev.sovereign.core.analyze.Drafts.DraftCall;
import dev.sovereign.core.analyze.Drafts.DraftCompare;
import dev.sovereign.core.analyze.Drafts.DraftConstant;
import dev.sovereign.core.analyze.Drafts.DraftLiteral;
import dev.sovereign.core.analyze.Drafts.DraftName;
import dev.sovereign.core.analyze.Drafts.DraftNil;
import dev.sovereign.core.analyze.Drafts.DraftRange;
import dev.sovereign.core.analyze.Drafts.DraftRecord;
import dev.sovereign.core.analyze.Drafts.DraftRule;
import dev.sovereign.core.analyze.Drafts.DraftTerm;
import dev.sovereign.core.analyze.Drafts.DraftTextTest;
import dev.sovereign.core.analyze.Drafts.DraftTruth;
import dev.sovereign.core.analyze.Drafts.DraftVariable;
import dev.sovereign.core.analyze.Drafts.DraftWildcard;
import dev.sovereign.core.ast.AggregateOperator;
import dev.sovereign.core.ast.Atom;
import dev.sovereign.core.ast.Attribute;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.ast.ConstantKind;
import dev.sovereign.core.ast.Formula;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.ast.Term;
import dev.sovereign.core.parse.Spelling;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads one conjunction with its head into a [DraftRule]: resolves names, opens scopes, hoists
/// aggregates and ranges, and says in [Slots] which kinds have to agree.
final class RuleReader {

    /// Variables by name at one level: a rule, or the inside of one of its aggregates.
    private static final class Scope {
        private final @Nullable Scope outer;
        private final Map<String, Integer> ids = new HashMap<>();
        private final Set<Integer> usedFromOutside = new LinkedHashSet<>();

        Scope(@Nullable Scope outer) {
            this.outer = outer;
        }
    }

    /// Longest term that a message quotes, in chars.
    private static final int MAX_QUOTED = 60;

    private final Program program;
    private final RelationTable relations;
    private final TypeTable types;
    private final Slots slots;
    private final Faults faults;
    private final DeclaredFunctors functors;
    private final DraftRule rule;
    private Scope scope = new Scope(null);

    RuleReader(
            Program program,
            RelationTable relations,
            TypeTable types,
            Slots slots,
            Faults faults,
            DeclaredFunctors functors,
            DraftRule rule) {
        this.functors = functors;
        this.program = program;
        this.relations = relations;
        this.types = types;
        this.slots = slots;
        this.faults = faults;
        this.rule = rule;
    }

    /// Reads head and body of a rule.
    void read(List<Term> writtenHead, List<Formula> writtenBody, RelationTable.Entry relation) {
        AggregateScopes.Rewritten rewritten = AggregateScopes.rewrite(writtenHead, writtenBody);
        List<Term> head = rewritten.head();
        List<Formula> body = rewritten.body();
        declare(head, body);
        List<DraftTerm> arguments = arguments(head, relation, rule.body);
        literals(body, rule.body);
        rule.head = arguments;
    }

    /// Reads a subsumption.
    void readSubsumption(
            Atom dominated, Atom dominating, List<Formula> body, RelationTable.Entry relation) {
        List<Term> both = new ArrayList<>(dominated.arguments());
        both.addAll(dominating.arguments());
        declare(both, body);
        rule.dominated = arguments(dominated.arguments(), relation, rule.body);
        rule.head = arguments(dominating.arguments(), relation, rule.body);
        literals(body, rule.body);
    }

    /// Reads the body of a query, whose head is made of its variables.
    void readQuery(List<Formula> written) {
        List<Formula> body = AggregateScopes.rewrite(List.of(), written).body();
        declare(List.of(), body);
        literals(body, rule.body);
    }

    /// The rule's variable of this name; -1 when it has none.
    int variable(String name) {
        Integer id = scope.ids.get(name);
        return id == null ? -1 : id;
    }

    // ---- scopes ----

    /// Makes the variables of this level, those inside aggregates excepted.
    private void declare(List<Term> terms, List<Formula> body) {
        Map<String, Span> names = new LinkedHashMap<>();
        body.forEach(formula -> Variables.of(formula, names));
        terms.forEach(term -> Variables.of(term, names));
        names.forEach((name, span) -> {
            if (find(name, false) < 0) {
                scope.ids.put(name, make(name, span, slots.add(Slots.ANY, null)));
            }
        });
    }

    private int make(String name, Span span, int slot) {
        rule.variables.add(new DraftName(name, slot, span));
        return rule.variables.size() - 1;
    }

    /// The innermost variable of a name; notes in every aggregate between that it comes from
    /// outside.
    private int find(String name, boolean use) {
        for (Scope at = scope; at != null; at = at.outer) {
            Integer id = at.ids.get(name);
            if (id != null) {
                for (Scope between = scope;
                        use && between != at && between != null;
                        between = between.outer) {
                    between.usedFromOutside.add(id);
                }
                return id;
            }
        }
        return -1;
    }

    // ---- literals ----

    private void literals(List<Formula> body, List<DraftLiteral> out) {
        for (Formula formula : body) {
            literal(formula, out);
        }
    }

    private void literal(Formula formula, List<DraftLiteral> out) {
        switch (formula) {
            case Formula.Holds(Atom atom) -> atom(atom, false, formula.span(), out);
            case Formula.Compare compare -> compare(compare, out);
            case Formula.Match(Span span, Term pattern, Term text) ->
                    textTest(true, false, pattern, text, span, out);
            case Formula.Contains(Span span, Term part, Term text) ->
                    textTest(false, false, part, text, span, out);
            case Formula.Truth(Span span, boolean value) -> out.add(new DraftTruth(value, span));
            case Formula.Not(Span span, Formula part) -> {
                switch (part) {
                    case Formula.Holds(Atom atom) -> atom(atom, true, span, out);
                    case Formula.Match(Span _, Term pattern, Term text) ->
                            textTest(true, true, pattern, text, span, out);
                    case Formula.Contains(Span _, Term inner, Term text) ->
                            textTest(false, true, inner, text, span, out);
                    default ->
                            throw new IllegalStateException(
                                    "negation was not moved inward: " + part);
                }
            }
            case Formula.And _, Formula.Or _ ->
                    throw new IllegalStateException("not a conjunction of literals: " + formula);
        }
    }

    private void atom(Atom atom, boolean negated, Span span, List<DraftLiteral> out) {
        RelationTable.Entry relation =
                relations.body(program, atom.relation(), atom.arguments().size());
        if (relation == null) {
            rule.isBroken = true;
            atom.arguments().forEach(argument -> term(argument, out)); // more may be wrong inside
            return;
        }
        out.add(
                new DraftAtom(
                        negated, relation.id, arguments(atom.arguments(), relation, out), span));
    }

    private List<DraftTerm> arguments(
            List<Term> arguments, RelationTable.Entry relation, List<DraftLiteral> out) {
        List<DraftTerm> drafts = new ArrayList<>(arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
            DraftTerm draft = term(arguments.get(i), out);
            if (i < relation.slots.length && !slots.merge(relation.slots[i], draft.slot())) {
                clash(
                        draft,
                        relation.slots[i],
                        "column " + relation.columnNames.get(i) + " of " + relation.name,
                        draft instanceof DraftVariable
                                ? "different things want different names"
                                : hint(draft, relation.slots[i]));
            }
            drafts.add(draft);
        }
        return drafts;
    }

    private void clash(DraftTerm found, int expected, String of) {
        clash(found, expected, of, hint(found, expected));
    }

    private void clash(DraftTerm found, int expected, String of, @Nullable String hint) {
        Span second = slots.origin(expected);
        Span first = slots.origin(found.slot());
        String what = text(found.span());
        faults.error(
                AnalysisCode.TYPE,
                found.span(),
                what
                        + " is "
                        + article(slots.shown(found.slot()))
                        + ", "
                        + of
                        + " is "
                        + article(slots.shown(expected)),
                hint,
                second != null && !second.equals(found.span())
                        ? "it is so from here"
                        : "the other is so from here",
                second != null && !second.equals(found.span()) ? second : first);
    }

    private @Nullable String hint(DraftTerm found, int expected) {
        String wanted = slots.shown(expected);
        if (found instanceof DraftConstant constant
                && constant.written().kind() == ConstantKind.NUMBER
                && wanted.equals("symbol")) {
            return "write \"" + text(found.span()) + "\" in quotes";
        }
        return switch (wanted) {
            case "symbol" -> "to_string(" + text(found.span()) + ") makes a symbol of it";
            case "number" -> "to_number(" + text(found.span()) + ") makes a number of it";
            case "float" -> "to_float(" + text(found.span()) + ") makes a float of it";
            case "unsigned" -> "to_unsigned(" + text(found.span()) + ") makes an unsigned of it";
            default -> null;
        };
    }

    private static String article(String kinds) {
        return (kinds.startsWith("u") ? "an " : "a ") + kinds;
    }

    private static String text(Span span) {
        String text = span.source().text().substring(span.start(), span.end());
        return text.length() <= MAX_QUOTED && text.indexOf('\n') < 0 ? text : "this";
    }

    private void compare(Formula.Compare compare, List<DraftLiteral> out) {
        DraftTerm left = term(compare.left(), out);
        DraftTerm right = term(compare.right(), out);
        if (compare.comparison() == Comparison.EQUAL
                && left instanceof DraftWildcard != right instanceof DraftWildcard) {
            left = named(left); // `_ = x`: that x has a value
            right = named(right);
        }
        if (!slots.merge(left.slot(), right.slot())) {
            clash(right, left.slot(), "the left side");
        }
        if (left instanceof DraftWildcard || right instanceof DraftWildcard) {
            if (rule.isBroken) { // it stands for what was reported
                return;
            }
            faults.error(
                    AnalysisCode.UNSAFE,
                    compare.span(),
                    "_ has no value to compare",
                    "name it, or leave the comparison out");
            return;
        }
        out.add(new DraftCompare(compare.comparison(), left, right, compare.span()));
    }

    /// A wildcard as a variable that nobody else uses.
    private DraftTerm named(DraftTerm term) {
        if (term instanceof DraftWildcard(int slot, Span span) && !rule.isBroken) {
            return new DraftVariable(make("#" + rule.variables.size(), span, slot), slot, span);
        }
        return term;
    }

    private void textTest(
            boolean match,
            boolean negated,
            Term pattern,
            Term text,
            Span span,
            List<DraftLiteral> out) {
        DraftTerm first = term(pattern, out);
        DraftTerm second = term(text, out);
        String name = match ? "match" : "contains";
        require(first, Slots.bits(Kind.SYMBOL), "the first argument of " + name);
        require(second, Slots.bits(Kind.SYMBOL), "the second argument of " + name);
        out.add(new DraftTextTest(match, negated, first, second, span));
    }

    private void require(DraftTerm term, int kinds, String of) {
        if (!slots.restrict(term.slot(), kinds, term.span())) {
            clash(term, slots.add(kinds, null), of);
        }
    }

    // ---- terms ----

    private DraftTerm term(Term term, List<DraftLiteral> out) {
        return switch (term) {
            case Term.Variable(Span span, String name) -> {
                int id = find(name, true);
                yield new DraftVariable(id, rule.variables.get(id).slot(), span);
            }
            case Term.Wildcard(Span span) -> new DraftWildcard(slots.add(Slots.ANY, null), span);
            case Term.Constant constant ->
                    new DraftConstant(constant, slots.add(kinds(constant), constant.span()));
            case Term.Call call -> call(call, out);
            case Term.Cast(Span span, Term value, var type) -> cast(span, value, type, out);
            case Term.Aggregate aggregate -> aggregate(aggregate, out);
            case Term.Nil(Span span) ->
                    new DraftNil(slots.add(Slots.bits(Kind.RECORD), span), span);
            case Term.RecordInit(Span span, List<Term> fields) -> {
                List<DraftTerm> arguments = new ArrayList<>(fields.size());
                fields.forEach(field -> arguments.add(term(field, out)));
                DraftRecord record =
                        new DraftRecord(slots.add(Slots.bits(Kind.RECORD), span), arguments, span);
                rule.records.add(record);
                yield record;
            }
            case Term.BranchInit branch -> branch(branch, out);
            case Term.UserCall call -> outer(call, out);
            case Term.Counter(Span span) -> {
                rule.counters.add(span);
                yield made(Functor.COUNTER, span);
            }
            case Term.IterationCount(Span span) -> made(Functor.ITERATION, span);
            case Term.UserAggregate(Span span, var functor, var _, var _, var _) ->
                    unsupported(span, "aggregate @@" + functor.text(), null);
        };
    }

    /// `@name(…)`, as its declaration says; the name goes along as its first argument.
    private DraftTerm outer(Term.UserCall call, List<DraftLiteral> out) {
        String name = call.functor().text();
        List<DraftTerm> arguments = new ArrayList<>();
        int nameSlot = slots.add(Slots.bits(Kind.SYMBOL), call.functor().span());
        arguments.add(
                new DraftConstant(
                        new Term.Constant(call.functor().span(), ConstantKind.SYMBOL, 0, name),
                        nameSlot));
        for (Term argument : call.arguments()) {
            arguments.add(term(argument, out));
        }
        Item.FunctorDeclaration declared = functors.find(program, name);
        if (declared == null) {
            rule.isBroken = true;
            String near = Spelling.nearest(name, functors.names());
            faults.error(
                    AnalysisCode.UNKNOWN_FUNCTOR,
                    call.functor().span(),
                    "the functor @" + name + " is not declared",
                    near != null
                            ? "did you mean @" + near + "?"
                            : "such as .functor " + name + "(x:number):number");
            return new DraftWildcard(slots.add(Slots.ANY, null), call.span());
        }
        if (declared.stateful()) {
            return unsupported(
                    call.span(),
                    "the stateful functor @" + name,
                    "tools of skills compute from their arguments alone");
        }
        if (declared.arguments().size() != call.arguments().size()) {
            rule.isBroken = true;
            faults.error(
                    AnalysisCode.ARITY,
                    call.functor().span(),
                    "functor @"
                            + name
                            + " takes "
                            + RelationTable.count(declared.arguments().size(), "argument")
                            + ", here it is given "
                            + call.arguments().size(),
                    null,
                    "declared here",
                    declared.name().span());
            return new DraftWildcard(slots.add(Slots.ANY, null), call.span());
        }
        for (int i = 0; i < declared.arguments().size(); i++) {
            DraftTerm argument = arguments.get(i + 1);
            Kind kind = types.kind(declared.arguments().get(i).type());
            if (argument instanceof DraftWildcard && !rule.isBroken) {
                faults.error(
                        AnalysisCode.UNSAFE,
                        argument.span(),
                        "_ has no value to compute with",
                        "name it");
            }
            if (kind != null) {
                require(argument, Slots.bits(kind), "argument " + (i + 1) + " of @" + name);
            }
        }
        Kind result = types.kind(declared.result());
        return new DraftCall(
                Functor.OUTER,
                nameSlot,
                slots.add(result == null ? Slots.ANY : Slots.bits(result), call.span()),
                arguments,
                call.span());
    }

    private DraftTerm branch(Term.BranchInit written, List<DraftLiteral> out) {
        List<DraftTerm> arguments = new ArrayList<>(written.arguments().size());
        written.arguments().forEach(argument -> arguments.add(term(argument, out)));
        TypeTable.BranchOf found = types.branch(written.branch().text());
        if (found == null) {
            rule.isBroken = true;
            String near = Spelling.nearest(written.branch().text(), types.branchNames());
            faults.error(
                    AnalysisCode.UNKNOWN_BRANCH,
                    written.branch().span(),
                    "there is no branch $" + written.branch().text(),
                    near == null
                            ? "declare it: .type T = " + written.branch().text() + " { … }"
                            : "did you mean $" + near + "?");
            return new DraftWildcard(slots.add(Slots.ANY, null), written.span());
        }
        List<Attribute> fields = found.branch().fields();
        int slot = slots.add(Kind.ADT, found.type(), found.type(), written.span());
        if (fields.size() != arguments.size()) {
            rule.isBroken = true;
            faults.error(
                    AnalysisCode.ARITY,
                    written.span(),
                    "branch $"
                            + written.branch().text()
                            + " has "
                            + RelationTable.count(fields.size(), "field")
                            + ", here it is given "
                            + RelationTable.count(arguments.size(), "argument"),
                    null,
                    "declared here",
                    found.branch().name().span());
            return new DraftWildcard(slot, written.span());
        }
        for (int i = 0; i < fields.size(); i++) {
            Kind kind = types.kind(fields.get(i).type());
            if (kind == null) {
                continue;
            }
            String type = fields.get(i).type().text();
            int field = slots.add(kind, type, types.base(type), fields.get(i).span());
            if (!slots.merge(field, arguments.get(i).slot())) {
                clash(
                        arguments.get(i),
                        field,
                        "field " + fields.get(i).name() + " of $" + written.branch().text());
            }
        }
        return new DraftBranch(slot, found.type(), found.tag(), arguments, written.span());
    }

    private DraftTerm unsupported(Span span, String what, @Nullable String hint) {
        rule.isBroken = true;
        faults.error(AnalysisCode.UNSUPPORTED, span, what + " is not carried out yet", hint);
        return new DraftWildcard(slots.add(Slots.ANY, null), span);
    }

    private DraftTerm made(Functor functor, Span span) {
        int slot = slots.add(Slots.bits(Kind.NUMBER, Kind.UNSIGNED), span);
        return new DraftCall(functor, slot, slot, List.of(), span);
    }

    private static int kinds(Term.Constant constant) {
        return switch (constant.kind()) {
            case NUMBER ->
                    constant.bits() < 0 ? Slots.bits(Kind.NUMBER, Kind.FLOAT) : Slots.NUMERIC;
            case UNSIGNED -> Slots.bits(Kind.UNSIGNED);
            case FLOAT -> Slots.bits(Kind.FLOAT);
            case SYMBOL -> Slots.bits(Kind.SYMBOL);
        };
    }

    private DraftTerm call(Term.Call call, List<DraftLiteral> out) {
        List<DraftTerm> arguments = new ArrayList<>();
        for (Term argument : call.arguments()) {
            arguments.add(term(argument, out));
        }
        if (call.functor().equals("range")) {
            return range(call, arguments, out);
        }
        FunctorTable.Signature signature = FunctorTable.find(call.functor(), arguments.size());
        if (signature == null) {
            rule.isBroken = true;
            String near = Spelling.nearest(call.functor(), FunctorTable.names());
            faults.error(
                    AnalysisCode.UNKNOWN_FUNCTOR,
                    call.functorSpan(),
                    "there is no functor " + call.functor(),
                    near == null ? null : "did you mean " + near + "?");
            return new DraftWildcard(slots.add(Slots.ANY, null), call.span());
        }
        if (arguments.size() < signature.least() || arguments.size() > signature.most()) {
            rule.isBroken = true;
            faults.error(
                    AnalysisCode.ARITY,
                    call.functorSpan(),
                    "functor "
                            + call.functor()
                            + " takes "
                            + (signature.most() == Integer.MAX_VALUE ? "at least " : "")
                            + RelationTable.count(signature.least(), "argument")
                            + ", here it is given "
                            + arguments.size(),
                    null);
            return new DraftWildcard(slots.add(Slots.ANY, null), call.span());
        }
        for (DraftTerm argument : arguments) {
            if (argument instanceof DraftWildcard && !rule.isBroken) {
                faults.error(
                        AnalysisCode.UNSAFE,
                        argument.span(),
                        "_ has no value to compute with",
                        "name it");
            }
        }
        return switch (signature.shape()) {
            case SAME -> {
                int slot = slots.add(signature.operands(), call.functorSpan());
                for (DraftTerm argument : arguments) {
                    if (!slots.merge(slot, argument.slot())) {
                        clash(argument, slot, "what " + call.functor() + " takes here");
                    }
                }
                yield new DraftCall(signature.functor(), slot, slot, arguments, call.span());
            }
            case FIXED -> {
                for (int i = 0; i < arguments.size(); i++) {
                    require(
                            arguments.get(i),
                            Slots.bits(signature.fixed().get(i)),
                            "argument " + (i + 1) + " of " + call.functor());
                }
                yield result(signature, arguments, call.span());
            }
            case ANY_ONE -> {
                require(
                        arguments.getFirst(),
                        signature.operands(),
                        "the argument of " + call.functor());
                yield result(signature, arguments, call.span());
            }
        };
    }

    private DraftTerm result(
            FunctorTable.Signature signature, List<DraftTerm> arguments, Span span) {
        Kind result = signature.result();
        if (result == null) {
            throw new IllegalStateException("functor without a result: " + signature.functor());
        }
        return new DraftCall(
                signature.functor(),
                arguments.getFirst().slot(),
                slots.add(Slots.bits(result), span),
                arguments,
                span);
    }

    private DraftTerm range(Term.Call call, List<DraftTerm> arguments, List<DraftLiteral> out) {
        if (arguments.size() < 2 || arguments.size() > 3) {
            faults.error(
                    AnalysisCode.ARITY,
                    call.functorSpan(),
                    "range takes 2 or 3 arguments, here it is given " + arguments.size(),
                    "range(from, to) or range(from, to, step)");
            return new DraftWildcard(slots.add(Slots.ANY, null), call.span());
        }
        int slot = slots.add(Slots.NUMERIC, call.functorSpan());
        for (DraftTerm argument : arguments) {
            if (!slots.merge(slot, argument.slot())) {
                clash(argument, slot, "what range takes here");
            }
        }
        int result = make("#" + rule.variables.size(), call.span(), slot);
        out.add(
                new DraftRange(
                        result,
                        slot,
                        arguments.get(0),
                        arguments.get(1),
                        arguments.size() == 3 ? arguments.get(2) : null,
                        call.span()));
        return new DraftVariable(result, slot, call.span());
    }

    private DraftTerm cast(
            Span span, Term value, dev.sovereign.core.ast.Name type, List<DraftLiteral> out) {
        DraftTerm inner = term(value, out);
        Kind kind = types.kind(type);
        if (kind == null) {
            return new DraftWildcard(slots.add(Slots.ANY, null), span);
        }
        int slot = slots.add(kind, type.text(), types.base(type.text()), type.span());
        boolean written =
                inner instanceof DraftConstant
                        || inner instanceof DraftRecord
                        || inner instanceof DraftNil;
        if (written && slots.merge(slot, inner.slot())) { // as(2, float) is 2.0
            return inner;
        }
        if (kind.isStructured() && (inner instanceof DraftConstant || inner instanceof DraftCall)) {
            clash(inner, slot, "a " + type.text());
            rule.isBroken = true;
        }
        DraftCall cast =
                new DraftCall(Functor.REINTERPRET, inner.slot(), slot, List.of(inner), span);
        rule.casts.put(cast, type.text());
        return cast;
    }

    private DraftTerm aggregate(Term.Aggregate aggregate, List<DraftLiteral> out) {
        List<List<Formula>> alternatives = Disjunctions.of(aggregate.body());
        if (alternatives == null || alternatives.size() != 1) {
            rule.isBroken = true;
            faults.error(
                    AnalysisCode.UNSUPPORTED,
                    aggregate.body().span(),
                    "an aggregate over alternatives is not carried out yet",
                    "derive a relation by two rules, and aggregate over that");
            return new DraftWildcard(slots.add(Slots.ANY, null), aggregate.span());
        }
        Scope inside = new Scope(scope);
        scope = inside;
        Term target = aggregate.target();
        declare(target == null ? List.of() : List.of(target), alternatives.getFirst());
        List<DraftLiteral> body = new ArrayList<>();
        literals(alternatives.getFirst(), body);
        DraftTerm value = target == null ? null : term(target, body);
        scope = scope.outer == null ? scope : scope.outer;

        int slot =
                switch (aggregate.operator()) {
                    case COUNT -> slots.add(Slots.bits(Kind.NUMBER), aggregate.span());
                    case SUM, MIN, MAX -> {
                        int kinds =
                                aggregate.operator() == AggregateOperator.SUM
                                        ? Slots.NUMERIC
                                        : Slots.ANY;
                        int same = slots.add(kinds, aggregate.span());
                        if (value != null && !slots.merge(same, value.slot())) {
                            clash(value, same, "what " + aggregate.operator().word() + " takes");
                        }
                        yield same;
                    }
                    case MEAN -> {
                        if (value != null) {
                            require(value, Slots.NUMERIC, "what mean takes");
                        }
                        yield slots.add(Slots.bits(Kind.FLOAT), aggregate.span());
                    }
                };
        int result = make("#" + rule.variables.size(), aggregate.span(), slot);
        out.add(
                new DraftAggregate(
                        result,
                        slot,
                        aggregate.operator(),
                        value,
                        body,
                        List.copyOf(inside.usedFromOutside),
                        aggregate.span()));
        return new DraftVariable(result, slot, aggregate.span());
    }
}
