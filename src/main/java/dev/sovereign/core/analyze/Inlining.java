package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Atom;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.ast.ConstantKind;
import dev.sovereign.core.ast.FactBlock;
import dev.sovereign.core.ast.Formula;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Name;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.ast.Qualifier;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.ast.Term;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Puts the bodies of `inline` relations where the relations are used, so that they need not be
/// safe on their own. What is not inlined, because it is too large, or stands in an aggregate and
/// has several rules, stays a relation.
///
/// In a module the relations stay as well: others may ask for them.
final class Inlining {

    /// Rules and facts of one relation; one with more stays a relation.
    private static final int MAX_CLAUSES = 64;

    /// Marks the variables that come from elsewhere: `_` keeps them out of answers, and no text can
    /// hold the rest.
    private static final String FRESH = "′";

    private record Clause(List<Term> head, @Nullable Formula body) {}

    private static final class Definition {
        final Name name;
        final boolean isModule;
        final List<Clause> clauses = new ArrayList<>();
        @Nullable List<Clause> expanded;
        boolean isOpen;
        boolean isKept;

        Definition(Name name, boolean isModule) {
            this.name = name;
            this.isModule = isModule;
            this.isKept = isModule;
        }
    }

    private final Faults faults;

    /// By name; relations of modules under `@module.name`.
    private final Map<String, Definition> definitions = new LinkedHashMap<>();

    private final Set<Definition> cyclic = new HashSet<>();
    private int made;
    private int wildcards;

    private Inlining(Faults faults) {
        this.faults = faults;
    }

    /// The same programs without `inline` relations where they can go.
    static List<Program> expand(List<Program> programs, Faults faults) {
        Inlining inlining = new Inlining(faults);
        programs.forEach(inlining::define);
        if (inlining.definitions.isEmpty()) {
            return programs;
        }
        programs.forEach(inlining::collect);
        inlining.definitions.values().forEach(inlining::settle);
        List<Program> expanded = new ArrayList<>(programs.size());
        for (Program program : programs) {
            expanded.add(inlining.rewrite(program));
        }
        List<Program> cleaned = new ArrayList<>(programs.size());
        for (Program program : expanded) {
            cleaned.add(inlining.withoutInlined(program));
        }
        return cleaned;
    }

    private void define(Program program) {
        Set<String> excluded = new HashSet<>();
        for (Item item : program.items()) {
            String names =
                    item instanceof Item.Pragma pragma && pragma.key().equals("inline-exclude")
                            ? pragma.value()
                            : null;
            if (names != null) {
                excluded.addAll(List.of(names.split("[, ]+")));
            }
        }
        for (Item item : program.items()) {
            if (item instanceof Item.RelationDeclaration declaration
                    && declaration.qualifiers().contains(Qualifier.INLINE)
                    && !declaration.qualifiers().contains(Qualifier.NO_INLINE)
                    && !declaration.qualifiers().contains(Qualifier.EQREL)
                    && declaration.choiceDomain().isEmpty()) {
                for (Name name : declaration.names()) {
                    if (!excluded.contains(name.text())) {
                        definitions.putIfAbsent(
                                key(program, name), new Definition(name, program.module() != null));
                    }
                }
            }
        }
    }

    private static String key(Program program, Name name) {
        return program.module() == null ? name.text() : "@" + program.module() + "." + name.text();
    }

    /// The `inline` relation that a name in a program means; null when it means none.
    private @Nullable Definition find(Program program, Name name) {
        return name.module() != null ? null : definitions.get(key(program, name));
    }

    private void collect(Program program) {
        for (Item item : program.items()) {
            switch (item) {
                case FactBlock block -> {
                    Definition definition = find(program, block.relation());
                    if (definition != null && block.count() > MAX_CLAUSES) {
                        definition.isKept = true;
                        definition.expanded = List.of();
                        cyclic.add(definition); // stays as it is
                    } else if (definition != null) {
                        for (int fact = 0; fact < block.count(); fact++) {
                            definition.clauses.add(new Clause(constants(block, fact), null));
                        }
                    }
                }
                case Item.Rule rule -> {
                    for (Atom head : rule.heads()) {
                        Definition definition = find(program, head.relation());
                        if (definition != null) {
                            definition.clauses.add(new Clause(head.arguments(), rule.body()));
                        }
                    }
                }
                case Item.Directive directive -> {
                    for (Name name : directive.relations()) {
                        Definition definition = find(program, name);
                        if (definition != null
                                && directive.kind() != Item.DirectiveKind.LIMITSIZE) {
                            faults.error(
                                    AnalysisCode.DIRECTIVE,
                                    definition.name.span(),
                                    "relation "
                                            + name.text()
                                            + " is read or written, so it cannot be inline",
                                    "leave inline out",
                                    "here",
                                    name.span());
                        }
                    }
                }
                case Item.Subsumption subsumption -> {
                    Definition definition = find(program, subsumption.dominated().relation());
                    if (definition != null) {
                        keep(definition);
                    }
                }
                case Item.Written _ -> {}
            }
        }
    }

    private void keep(Definition definition) {
        definition.isKept = true;
        definition.expanded = List.of();
        cyclic.add(definition);
    }

    private static List<Term> constants(FactBlock block, int fact) {
        List<Term> terms = new ArrayList<>(block.arity());
        for (int column = 0; column < block.arity(); column++) {
            ConstantKind kind = block.kinds().get(column);
            long bits = block.column(column)[fact];
            terms.add(
                    new Term.Constant(
                            block.span(fact),
                            kind,
                            kind == ConstantKind.SYMBOL ? 0 : bits,
                            kind == ConstantKind.SYMBOL ? block.symbols().get((int) bits) : null));
        }
        return terms;
    }

    /// Expands a definition's own bodies, and finds those that need themselves.
    private void settle(Definition definition) {
        if (definition.expanded != null) {
            return;
        }
        if (definition.clauses.size() > MAX_CLAUSES) {
            keep(definition);
            return;
        }
        if (definition.isOpen) {
            if (cyclic.add(definition)) {
                faults.error(
                        AnalysisCode.TYPE_CYCLE,
                        definition.name.span(),
                        "relation "
                                + definition.name.text()
                                + " is inline and needs itself, so it cannot be put in its place",
                        "leave inline out");
            }
            definition.isKept = true;
            return;
        }
        definition.isOpen = true;
        List<Clause> expanded = new ArrayList<>();
        for (Clause clause : definition.clauses) {
            Formula body = clause.body();
            expanded.add(
                    new Clause(
                            clause.head(),
                            body == null ? null : formula(body, definition, false, false)));
        }
        definition.isOpen = false;
        definition.expanded = expanded;
    }

    // ---- uses ----

    /// What stands around a use: whose names are meant.
    private @Nullable Definition find(Object context, Name name) {
        return switch (context) {
            case Program program -> find(program, name);
            case Definition definition ->
                    name.module() != null || definition.isModule
                            ? null
                            : definitions.get(name.text());
            default -> throw new IllegalStateException("neither program nor definition");
        };
    }

    private Program rewrite(Program program) {
        List<Item> items = new ArrayList<>(program.items().size());
        for (Item item : program.items()) {
            items.add(
                    switch (item) {
                        case Item.Rule rule -> {
                            boolean inlined =
                                    rule.heads().stream()
                                            .allMatch(head -> isInlined(program, head));
                            Formula body = rule.body();
                            yield inlined
                                    ? rule
                                    : new Item.Rule(
                                            rule.span(),
                                            rule.heads().stream()
                                                    .map(head -> atom(head, program))
                                                    .toList(),
                                            body == null
                                                    ? null
                                                    : formula(body, program, false, false),
                                            rule.plan());
                        }
                        case Item.Subsumption subsumption ->
                                new Item.Subsumption(
                                        subsumption.span(),
                                        subsumption.dominated(),
                                        subsumption.dominating(),
                                        formula(subsumption.body(), program, false, false),
                                        subsumption.plan());
                        case Item.Query query ->
                                new Item.Query(
                                        query.span(), formula(query.body(), program, false, false));
                        case FactBlock _, Item.Written _ -> item;
                    });
        }
        return program.with(items);
    }

    private boolean isInlined(Program program, Atom head) {
        Definition definition = find(program, head.relation());
        return definition != null && !cyclic.contains(definition) && !definition.isModule;
    }

    private Program withoutInlined(Program program) {
        List<Item> items = new ArrayList<>(program.items().size());
        for (Item item : program.items()) {
            switch (item) {
                case FactBlock block -> {
                    Definition definition = find(program, block.relation());
                    if (definition == null || definition.isKept) {
                        items.add(item);
                    }
                }
                case Item.Rule rule -> {
                    List<Atom> heads =
                            rule.heads().stream()
                                    .filter(head -> {
                                        Definition definition = find(program, head.relation());
                                        return definition == null || definition.isKept;
                                    })
                                    .toList();
                    if (heads.size() == rule.heads().size()) {
                        items.add(rule);
                    } else if (!heads.isEmpty()) {
                        items.add(new Item.Rule(rule.span(), heads, rule.body(), rule.plan()));
                    }
                }
                case Item.Written _ -> items.add(item);
            }
        }
        return program.with(items);
    }

    private Formula formula(Formula formula, Object context, boolean negated, boolean inAggregate) {
        return switch (formula) {
            case Formula.And(Span span, List<Formula> parts) ->
                    new Formula.And(
                            span,
                            parts.stream()
                                    .map(part -> formula(part, context, negated, inAggregate))
                                    .toList());
            case Formula.Or(Span span, List<Formula> parts) ->
                    new Formula.Or(
                            span,
                            parts.stream()
                                    .map(part -> formula(part, context, negated, inAggregate))
                                    .toList());
            case Formula.Not(Span span, Formula part) ->
                    new Formula.Not(span, formula(part, context, !negated, inAggregate));
            case Formula.Holds(Atom atom) ->
                    use(atom(atom, context), context, negated, inAggregate);
            case Formula.Compare _, Formula.Match _, Formula.Contains _, Formula.Truth _ ->
                    aggregates(context).formula(formula);
        };
    }

    private Atom atom(Atom atom, Object context) {
        return new Atom(atom.span(), atom.relation(), aggregates(context).terms(atom.arguments()));
    }

    /// Expands what aggregates hold.
    private Renaming aggregates(Object context) {
        return Renaming.aggregates(aggregate -> {
            Term target = aggregate.target();
            return new Term.Aggregate(
                    aggregate.span(),
                    aggregate.operator(),
                    target == null ? null : aggregates(context).term(target),
                    formula(aggregate.body(), context, false, true));
        });
    }

    private Formula use(Atom atom, Object context, boolean negated, boolean inAggregate) {
        Definition definition = find(context, atom.relation());
        if (definition == null) {
            return new Formula.Holds(atom);
        }
        settle(definition);
        List<Clause> clauses = definition.expanded;
        if (clauses == null
                || cyclic.contains(definition)
                || clauses.stream().anyMatch(c -> c.head().size() != atom.arguments().size())
                || (inAggregate && clauses.size() != 1)) {
            definition.isKept = true;
            return new Formula.Holds(atom);
        }
        List<Formula> alternatives = new ArrayList<>();
        for (Clause clause : clauses) {
            alternatives.add(instance(atom, clause, negated));
        }
        return switch (alternatives.size()) {
            case 0 -> new Formula.Truth(atom.span(), false);
            case 1 -> alternatives.getFirst();
            default -> new Formula.Or(atom.span(), alternatives);
        };
    }

    /// The body of a clause for the arguments of a use.
    private Formula instance(Atom atom, Clause clause, boolean negated) {
        int use = made++;
        Map<String, Term> values = new HashMap<>();
        List<Formula> parts = new ArrayList<>();
        List<Term[]> equal = new ArrayList<>();
        for (int i = 0; i < clause.head().size(); i++) {
            Term wanted = clause.head().get(i);
            Term given = atom.arguments().get(i);
            if (!negated) {
                given = named(given, use);
            } else if (given instanceof Term.Wildcard(Span span)) {
                faults.error(
                        AnalysisCode.UNSAFE,
                        span,
                        "_ in the negation of an inline relation is carried out nowhere",
                        "leave inline out of the declaration of " + atom.relation().shown());
            }
            if (wanted instanceof Term.Variable(Span _, String name)
                    && !values.containsKey(name)
                    && isPlain(given)) {
                values.put(name, given);
            } else {
                equal.add(new Term[] {given, wanted});
            }
        }
        int before = values.size();
        Renaming renaming =
                Renaming.values(variable -> {
                    Term value =
                            values.computeIfAbsent(
                                    variable.name(),
                                    name ->
                                            new Term.Variable(
                                                    variable.span(), "_" + name + FRESH + use));
                    // what is wrong with it is wrong there
                    return value instanceof Term.Variable(Span _, String name)
                            ? new Term.Variable(variable.span(), name)
                            : value;
                });
        for (Term[] pair : equal) {
            parts.add(
                    new Formula.Compare(
                            atom.span(), Comparison.EQUAL, pair[0], renaming.term(pair[1])));
        }
        if (clause.body() != null) {
            parts.add(renaming.formula(clause.body()));
        }
        if (negated && values.size() > before) {
            faults.error(
                    AnalysisCode.UNSAFE,
                    atom.span(),
                    "relation "
                            + atom.relation().shown()
                            + " is inline and has variables of its own in its body: its negation"
                            + " cannot be put in its place",
                    "leave inline out of its declaration");
        }
        return parts.isEmpty()
                ? new Formula.Truth(atom.span(), true)
                : parts.size() == 1 ? parts.getFirst() : new Formula.And(atom.span(), parts);
    }

    /// A term that may stand in several places: each `_` in it, which would mean another value in
    /// each, gets a name.
    private Term named(Term term, int use) {
        return switch (term) {
            case Term.Wildcard(Span span) ->
                    new Term.Variable(span, "_" + FRESH + use + "." + wildcards++);
            case Term.RecordInit(Span span, List<Term> arguments) ->
                    new Term.RecordInit(
                            span, arguments.stream().map(each -> named(each, use)).toList());
            case Term.BranchInit(Span span, Name branch, List<Term> arguments) ->
                    new Term.BranchInit(
                            span,
                            branch,
                            arguments.stream().map(each -> named(each, use)).toList());
            case Term.Variable _,
                    Term.Constant _,
                    Term.Nil _,
                    Term.Call _,
                    Term.Cast _,
                    Term.UserCall _,
                    Term.Counter _,
                    Term.IterationCount _,
                    Term.Aggregate _,
                    Term.UserAggregate _ ->
                    term;
        };
    }

    /// Whether a term may stand in several places instead of one.
    private static boolean isPlain(Term term) {
        return switch (term) {
            case Term.Variable _, Term.Wildcard _, Term.Constant _, Term.Nil _ -> true;
            case Term.RecordInit record -> record.arguments().stream().allMatch(Inlining::isPlain);
            case Term.BranchInit branch -> branch.arguments().stream().allMatch(Inlining::isPlain);
            case Term.Call call -> call.arguments().stream().allMatch(Inlining::isPlain);
            case Term.Cast cast -> isPlain(cast.value());
            case Term.UserCall _,
                    Term.Counter _,
                    Term.IterationCount _,
                    Term.Aggregate _,
                    Term.UserAggregate _ ->
                    false;
        };
    }
}
