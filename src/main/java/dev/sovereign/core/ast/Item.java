package dev.sovereign.core.ast;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What may stand at the top level of a program or in a component.
public sealed interface Item permits FactBlock, Item.Written {

    /// Where it stands; of a block of facts, its first.
    Span span();

    /// Everything but blocks of facts.
    sealed interface Written extends Item {}

    /// `.type name …`.
    record TypeDeclaration(Span span, Name name, TypeBody body) implements Written {}

    /// `.decl a, b(x:number) qualifiers choice-domain keys`.
    record RelationDeclaration(
            Span span,
            List<Name> names,
            List<Attribute> attributes,
            List<Qualifier> qualifiers,
            List<List<Name>> choiceDomain,
            @Nullable Name deltaOf)
            implements Written {
        public RelationDeclaration {
            names = List.copyOf(names);
            attributes = List.copyOf(attributes);
            qualifiers = List.copyOf(qualifiers);
            choiceDomain = List.copyOf(choiceDomain);
        }
    }

    /// Heads and a body; with a null body a fact that is not all constants, or in a component.
    ///
    /// @param plan orders of atoms per version, as in `.plan 0:(2,1)`; hints
    record Rule(Span span, List<Atom> heads, @Nullable Formula body, List<PlanOrder> plan)
            implements Written {
        public Rule {
            heads = List.copyOf(heads);
            plan = List.copyOf(plan);
        }
    }

    /// One version of `.plan`: the order in which the atoms of the body are joined, from 1.
    record PlanOrder(Span span, long version, List<Long> order) {
        public PlanOrder {
            order = List.copyOf(order);
        }
    }

    /// `dominated <= dominating :- body.`: drops tuples that another one makes superfluous.
    record Subsumption(
            Span span, Atom dominated, Atom dominating, Formula body, List<PlanOrder> plan)
            implements Written {
        public Subsumption {
            plan = List.copyOf(plan);
        }
    }

    /// `body?` or `?- body.`.
    record Query(Span span, Formula body) implements Written {}

    /// `.input`, `.output`, `.printsize` or `.limitsize` of some relations.
    record Directive(
            Span span, DirectiveKind kind, List<Name> relations, List<Parameter> parameters)
            implements Written {
        public Directive {
            relations = List.copyOf(relations);
            parameters = List.copyOf(parameters);
        }
    }

    /// `key=value` of a directive; the value without quotes.
    record Parameter(Span span, String key, String value) {}

    /// Which directive.
    enum DirectiveKind {
        INPUT,
        OUTPUT,
        PRINTSIZE,
        LIMITSIZE
    }

    /// `.comp Type : Bases { … }`.
    record ComponentDeclaration(
            Span span, ComponentType type, List<ComponentType> bases, List<Item> items)
            implements Written {
        public ComponentDeclaration {
            bases = List.copyOf(bases);
            items = List.copyOf(items);
        }
    }

    /// `.init name = Type`.
    record ComponentInit(Span span, Name name, ComponentType type) implements Written {}

    /// `.override relation`, in a component.
    record OverrideRelation(Span span, Name relation) implements Written {}

    /// `.functor name(arguments):result`.
    record FunctorDeclaration(
            Span span, Name name, List<Attribute> arguments, Name result, boolean stateful)
            implements Written {
        public FunctorDeclaration {
            arguments = List.copyOf(arguments);
        }
    }

    /// `.lattice name<> { … }`.
    record Lattice(Span span, Name name) implements Written {}

    /// `.pragma "key" "value"`.
    record Pragma(Span span, String key, @Nullable String value) implements Written {}
}
