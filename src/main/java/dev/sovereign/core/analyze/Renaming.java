package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Atom;
import dev.sovereign.core.ast.Attribute;
import dev.sovereign.core.ast.Formula;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Name;
import dev.sovereign.core.ast.Term;
import dev.sovereign.core.ast.TypeBody;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Copies items with other names for relations and types. Spans stay where the text was written.
///
/// @param relations what a relation's name becomes
/// @param types what a type's name becomes
/// @param branches what a branch's name becomes
/// @param variables what a variable's name becomes
/// @param values what a variable becomes, where that is not just another variable
/// @param aggregates what an aggregate becomes; not looked into any further
record Renaming(
        UnaryOperator<Name> relations,
        UnaryOperator<Name> types,
        UnaryOperator<Name> branches,
        UnaryOperator<String> variables,
        @Nullable Function<Term.Variable, Term> values,
        @Nullable Function<Term.Aggregate, Term> aggregates) {

    /// Of relations and types.
    static Renaming names(
            UnaryOperator<Name> relations,
            UnaryOperator<Name> types,
            UnaryOperator<Name> branches) {
        return new Renaming(relations, types, branches, UnaryOperator.identity(), null, null);
    }

    /// Of variables.
    static Renaming variables(UnaryOperator<String> variables) {
        return new Renaming(
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                variables,
                null,
                null);
    }

    /// Of variables, to any terms.
    static Renaming values(Function<Term.Variable, Term> values) {
        return new Renaming(
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                values,
                null);
    }

    /// Of aggregates, to other terms.
    static Renaming aggregates(Function<Term.Aggregate, Term> aggregates) {
        return new Renaming(
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                null,
                aggregates);
    }

    Item.TypeDeclaration type(Item.TypeDeclaration declaration) {
        TypeBody body =
                switch (declaration.body()) {
                    case TypeBody.Subset(Name base) -> new TypeBody.Subset(types.apply(base));
                    case TypeBody.Union(List<Name> members) ->
                            new TypeBody.Union(members.stream().map(types).toList());
                    case TypeBody.Record(List<Attribute> fields) ->
                            new TypeBody.Record(attributes(fields));
                    case TypeBody.Algebraic(List<TypeBody.Branch> written) ->
                            new TypeBody.Algebraic(
                                    written.stream()
                                            .map(b ->
                                                    new TypeBody.Branch(
                                                            branches.apply(b.name()),
                                                            attributes(b.fields())))
                                            .toList());
                };
        return new Item.TypeDeclaration(declaration.span(), types.apply(declaration.name()), body);
    }

    Item.RelationDeclaration relation(Item.RelationDeclaration declaration) {
        Name deltaOf = declaration.deltaOf();
        return new Item.RelationDeclaration(
                declaration.span(),
                declaration.names().stream().map(relations).toList(),
                attributes(declaration.attributes()),
                declaration.qualifiers(),
                declaration.choiceDomain(),
                deltaOf == null ? null : relations.apply(deltaOf));
    }

    Item.Directive directive(Item.Directive directive) {
        return new Item.Directive(
                directive.span(),
                directive.kind(),
                directive.relations().stream().map(relations).toList(),
                directive.parameters());
    }

    Item.Rule rule(Item.Rule rule, List<Atom> heads) {
        return new Item.Rule(
                rule.span(),
                heads.stream().map(this::atom).toList(),
                formulaOrNull(rule.body()),
                rule.plan());
    }

    Item.Subsumption subsumption(Item.Subsumption subsumption) {
        return new Item.Subsumption(
                subsumption.span(),
                atom(subsumption.dominated()),
                atom(subsumption.dominating()),
                formula(subsumption.body()),
                subsumption.plan());
    }

    private List<Attribute> attributes(List<Attribute> attributes) {
        List<Attribute> renamed = new ArrayList<>(attributes.size());
        for (Attribute attribute : attributes) {
            renamed.add(
                    new Attribute(
                            attribute.span(),
                            attribute.name(),
                            types.apply(attribute.type()),
                            attribute.lattice()));
        }
        return renamed;
    }

    private Atom atom(Atom atom) {
        return new Atom(atom.span(), relations.apply(atom.relation()), terms(atom.arguments()));
    }

    private @Nullable Formula formulaOrNull(@Nullable Formula formula) {
        return formula == null ? null : formula(formula);
    }

    Formula formula(Formula formula) {
        return switch (formula) {
            case Formula.And(var span, List<Formula> parts) ->
                    new Formula.And(span, parts.stream().map(this::formula).toList());
            case Formula.Or(var span, List<Formula> parts) ->
                    new Formula.Or(span, parts.stream().map(this::formula).toList());
            case Formula.Not(var span, Formula part) -> new Formula.Not(span, formula(part));
            case Formula.Holds(Atom atom) -> new Formula.Holds(atom(atom));
            case Formula.Compare(var span, var comparison, Term left, Term right) ->
                    new Formula.Compare(span, comparison, term(left), term(right));
            case Formula.Match(var span, Term pattern, Term text) ->
                    new Formula.Match(span, term(pattern), term(text));
            case Formula.Contains(var span, Term part, Term text) ->
                    new Formula.Contains(span, term(part), term(text));
            case Formula.Truth truth -> truth;
        };
    }

    List<Term> terms(List<Term> terms) {
        return terms.stream().map(this::term).toList();
    }

    Term term(Term term) {
        return switch (term) {
            case Term.Variable variable when values != null -> values.apply(variable);
            case Term.Variable(var span, String name) ->
                    new Term.Variable(span, variables.apply(name));
            case Term.Wildcard _,
                    Term.Constant _,
                    Term.Nil _,
                    Term.Counter _,
                    Term.IterationCount _ ->
                    term;
            case Term.RecordInit(var span, List<Term> arguments) ->
                    new Term.RecordInit(span, terms(arguments));
            case Term.BranchInit(var span, Name branch, List<Term> arguments) ->
                    new Term.BranchInit(span, branches.apply(branch), terms(arguments));
            case Term.Call(var span, String functor, var functorSpan, List<Term> arguments) ->
                    new Term.Call(span, functor, functorSpan, terms(arguments));
            case Term.UserCall(var span, Name functor, List<Term> arguments) ->
                    new Term.UserCall(span, functor, terms(arguments));
            case Term.Cast(var span, Term value, Name type) ->
                    new Term.Cast(span, term(value), types.apply(type));
            case Term.Aggregate aggregate when aggregates != null -> aggregates.apply(aggregate);
            case Term.Aggregate(var span, var operator, Term target, Formula body) ->
                    new Term.Aggregate(
                            span, operator, target == null ? null : term(target), formula(body));
            case Term.UserAggregate(
                            var span,
                            Name functor,
                            Term start,
                            Term target,
                            Formula body) ->
                    new Term.UserAggregate(
                            span,
                            functor,
                            start == null ? null : term(start),
                            term(target),
                            formula(body));
        };
    }
}
