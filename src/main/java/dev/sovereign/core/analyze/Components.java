package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Atom;
import dev.sovereign.core.ast.ComponentType;
import dev.sovereign.core.ast.FactBlock;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Name;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.ast.Qualifier;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.ast.TypeBody;
import dev.sovereign.core.parse.Spelling;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// Replaces each `.init` by what its component holds, names prefixed with the instance's: the
/// relation `edge` of `.init g = Graph` is `g.edge`. What a component inherits comes before what it
/// says itself; rules of overridden relations are left out.
final class Components {

    /// Deepest nesting of instances and of inheritance; beyond it a component holds itself.
    static final int DEPTH = 64;

    /// Most items that components of one program come to: instances of instances double.
    static final int ITEMS = 200_000;

    private final Faults faults;
    private final List<Item> out = new ArrayList<>();
    private int made;

    /// Where names are looked up: an instance of a component, or the whole program.
    private static final class Scope {
        final @Nullable Scope outer;
        final String prefix;
        final Map<String, Item.ComponentDeclaration> components = new HashMap<>();
        final Map<String, Name> instances = new HashMap<>();
        final Set<String> relations = new HashSet<>();
        final Set<String> types = new HashSet<>();
        final Set<String> branches = new HashSet<>();

        /// All of them in the order declared.
        final List<Named> all = new ArrayList<>();

        Scope(@Nullable Scope outer, String prefix) {
            this.outer = outer;
            this.prefix = prefix;
        }
    }

    /// One component of an instance: what is inherited, or the instance's own.
    ///
    /// @param parameters what its type parameters stand for
    /// @param overridden relations whose rules here give way to those of a heir
    private record Layer(
            Item.ComponentDeclaration component,
            Map<String, Name> parameters,
            Set<String> overridden) {}

    /// Something that has a name.
    private record Named(String what, String name, Span span) {}

    /// A component and the scope that it was found in.
    private record Found(Item.ComponentDeclaration component, Scope scope) {}

    private Components(Faults faults) {
        this.faults = faults;
    }

    /// The program without components; the same when it has neither any nor types.
    static Program expand(Program program, Faults faults) {
        boolean any = false;
        for (Item item : program.items()) {
            any |=
                    item instanceof Item.ComponentDeclaration
                            || item instanceof Item.ComponentInit
                            || item instanceof Item.TypeDeclaration;
        }
        return any ? program.with(new Components(faults).expand(program)) : program;
    }

    private List<Item> expand(Program program) {
        Scope top = new Scope(null, "");
        for (Item item : program.items()) {
            declare(top, item);
        }
        clashes(top);
        top.components.values().forEach(component -> checkOverrides(component, top));
        new ComponentLines(faults).check(program.items());
        for (Item item : program.items()) {
            switch (item) {
                case Item.ComponentInit init -> instantiate(init, Map.of(), top, 0);
                case Item.ComponentDeclaration _ -> {}
                case FactBlock _, Item.Written _ -> out.add(item);
            }
        }
        return out;
    }

    /// Types, relations, components and instances share their names: `g.r` would mean two things.
    private void clashes(Scope scope) {
        List<String> kinds = List.of("type", "relation", "component", "instance");
        Map<String, Named> first = new HashMap<>();
        for (String kind : kinds) {
            for (Named named : scope.all) {
                if (!named.what().equals(kind)) {
                    continue;
                }
                Named before = first.putIfAbsent(named.name(), named);
                if (before != null && !before.what().equals(kind)) {
                    faults.error(
                            AnalysisCode.DUPLICATE,
                            named.span(),
                            kind + " " + named.name() + " has the name of a " + before.what(),
                            "use another name",
                            "declared here",
                            before.span());
                }
            }
        }
    }

    /// Makes components and instances of a scope known before they are used.
    private void declare(Scope scope, Item item) {
        switch (item) {
            case Item.ComponentDeclaration component -> {
                scope.all.add(
                        new Named("component", component.type().name(), component.type().span()));
                Item.ComponentDeclaration before =
                        scope.components.putIfAbsent(component.type().name(), component);
                if (before != null && !before.span().equals(component.span())) {
                    duplicate(
                            "component \"" + component.type().name() + "\"",
                            component.type().span(),
                            before.type().span());
                }
            }
            case Item.ComponentInit init -> {
                scope.all.add(new Named("instance", init.name().text(), init.name().span()));
                Name before = scope.instances.putIfAbsent(init.name().text(), init.name());
                if (before != null && !before.span().equals(init.name().span())) {
                    duplicate(
                            "instance \"" + init.name().text() + "\"",
                            init.name().span(),
                            before.span());
                }
            }
            case Item.RelationDeclaration relation ->
                    relation.names()
                            .forEach(name -> {
                                scope.all.add(new Named("relation", name.text(), name.span()));
                                scope.relations.add(name.text());
                            });
            case Item.TypeDeclaration type -> {
                scope.all.add(new Named("type", type.name().text(), type.name().span()));
                scope.types.add(type.name().text());
                if (type.body() instanceof TypeBody.Algebraic(List<TypeBody.Branch> branches)) {
                    branches.forEach(branch -> scope.branches.add(branch.name().text()));
                }
            }
            case FactBlock _, Item.Written _ -> {}
        }
    }

    private void duplicate(String what, Span span, Span before) {
        faults.error(
                AnalysisCode.DUPLICATE,
                span,
                what + " is declared twice",
                null,
                "declared here first",
                before);
    }

    /// Adds what an instance holds.
    ///
    /// @param parameters of the layer that the `.init` stands in
    private void instantiate(
            Item.ComponentInit init, Map<String, Name> parameters, Scope scope, int depth) {
        if (depth > DEPTH) {
            faults.error(
                    AnalysisCode.COMPONENT,
                    init.span(),
                    "component \"" + init.type().name() + "\" holds an instance of itself",
                    "instances cannot be nested more than " + DEPTH + " deep");
            return;
        }
        List<Layer> layers = new ArrayList<>();
        if (!layers(init.type(), parameters, scope, Set.of(), layers, 0)) {
            return;
        }
        // What it does not say itself is looked up where it is instantiated, as Soufflé does.
        Scope inside = new Scope(scope, scope.prefix + init.name().text() + ".");
        Map<String, Span> declared = new HashMap<>();
        for (Layer layer : layers) {
            for (Item item : layer.component.items()) {
                declare(inside, item);
                if (item instanceof Item.RelationDeclaration relation) {
                    for (Name name : relation.names()) {
                        Span before = declared.putIfAbsent(name.text(), name.span());
                        if (before != null && !before.equals(name.span())) {
                            duplicate("relation \"" + name.text() + "\"", name.span(), before);
                        }
                    }
                }
            }
        }
        clashes(inside);
        for (Layer layer : layers) {
            for (Item item : layer.component.items()) {
                if (made++ > ITEMS) {
                    faults.error(
                            AnalysisCode.COMPONENT,
                            init.span(),
                            "the components of this program come to more than " + ITEMS + " items",
                            "instantiate fewer, or less deeply");
                    return;
                }
                add(item, layer, inside, depth);
            }
        }
    }

    private void add(Item item, Layer layer, Scope inside, int depth) {
        Renaming renaming =
                Renaming.names(
                        name -> relation(name, inside),
                        name -> type(name, layer.parameters, inside),
                        name -> resolve(name, inside, scope -> scope.branches));
        switch (item) {
            case Item.TypeDeclaration type -> out.add(renaming.type(type));
            case Item.RelationDeclaration relation -> out.add(renaming.relation(relation));
            case Item.Directive directive -> out.add(renaming.directive(directive));
            case Item.Rule rule -> {
                List<Atom> heads = new ArrayList<>();
                for (Atom head : rule.heads()) {
                    if (!layer.overridden.contains(head.relation().text())) {
                        heads.add(head);
                    }
                }
                if (!heads.isEmpty()) {
                    out.add(renaming.rule(rule, heads));
                }
            }
            case Item.Subsumption subsumption -> {
                if (!layer.overridden.contains(subsumption.dominated().relation().text())) {
                    out.add(renaming.subsumption(subsumption));
                }
            }
            case Item.ComponentInit init -> instantiate(init, layer.parameters, inside, depth + 1);
            case Item.Query query ->
                    faults.error(
                            AnalysisCode.COMPONENT,
                            query.span(),
                            "a component cannot ask",
                            "ask outside of it");
            case Item.Lattice lattice -> out.add(lattice);
            case Item.FunctorDeclaration functor -> out.add(functor);
            case Item.Pragma pragma -> out.add(pragma);
            case Item.ComponentDeclaration _, Item.OverrideRelation _, FactBlock _ -> {}
        }
    }

    // Inheritance

    /// Adds the layers of a component, what it inherits first.
    ///
    /// @return whether all is well
    private boolean layers(
            ComponentType type,
            Map<String, Name> parameters,
            Scope scope,
            Set<String> overridden,
            List<Layer> layers,
            int depth) {
        if (depth > DEPTH) {
            faults.error(
                    AnalysisCode.COMPONENT,
                    type.span(),
                    "component \"" + type.name() + "\" inherits from itself",
                    null);
            return false;
        }
        Name meant = parameters.get(type.name());
        Found found = find(meant == null ? type.name() : meant.text(), scope);
        if (found == null) {
            unknown(type, scope);
            return false;
        }
        Item.ComponentDeclaration component = found.component;
        List<Name> formal = component.type().parameters();
        if (formal.size() != type.parameters().size()) {
            faults.error(
                    AnalysisCode.ARITY,
                    type.span(),
                    "component \""
                            + component.type().name()
                            + "\" takes "
                            + formal.size()
                            + " type parameters, not "
                            + type.parameters().size(),
                    null,
                    "declared here",
                    component.type().span());
            return false;
        }
        Map<String, Name> bound = new HashMap<>();
        for (int i = 0; i < formal.size(); i++) {
            bound.put(formal.get(i).text(), type(type.parameters().get(i), parameters, scope));
        }
        Set<String> hidden = new HashSet<>(overridden);
        for (Item item : component.items()) {
            if (item instanceof Item.OverrideRelation override) {
                hidden.add(override.relation().text());
            }
        }
        for (ComponentType base : component.bases()) {
            if (!layers(base, bound, found.scope, hidden, layers, depth + 1)
                    || layers.size() > ITEMS) {
                return false;
            }
        }
        layers.add(new Layer(component, bound, overridden));
        return true;
    }

    private static @Nullable Found find(String name, Scope from) {
        for (Scope scope = from; scope != null; scope = scope.outer) {
            Item.ComponentDeclaration component = scope.components.get(name);
            if (component != null) {
                return new Found(component, scope);
            }
        }
        return null;
    }

    private void unknown(ComponentType type, Scope from) {
        Set<String> names = new TreeSet<>();
        for (Scope scope = from; scope != null; scope = scope.outer) {
            names.addAll(scope.components.keySet());
        }
        String near = Spelling.nearest(type.name(), names);
        faults.error(
                AnalysisCode.UNKNOWN_COMPONENT,
                type.span(),
                "there is no component \"" + type.name() + "\"",
                near == null ? null : "did you mean \"" + near + "\"?");
    }

    /// What a component overrides is inherited and allows it. What a type parameter stands for is
    /// not looked at.
    private void checkOverrides(Item.ComponentDeclaration component, Scope scope) {
        for (Item item : component.items()) {
            switch (item) {
                case Item.OverrideRelation override -> checkOverride(override, component, scope);
                case Item.ComponentDeclaration nested -> checkOverrides(nested, scope);
                case FactBlock _, Item.Written _ -> {}
            }
        }
    }

    private void checkOverride(
            Item.OverrideRelation override, Item.ComponentDeclaration component, Scope scope) {
        String relation = override.relation().text();
        List<Item.ComponentDeclaration> line = new ArrayList<>();
        line.add(component);
        boolean open = false;
        for (int i = 0; i < line.size() && i < DEPTH; i++) {
            for (Item item : i == 0 ? List.<Item>of() : line.get(i).items()) {
                if (item instanceof Item.RelationDeclaration declaration) {
                    for (Name name : declaration.names()) {
                        if (name.text().equals(relation)) {
                            requireOverridable(override, component, declaration, name);
                            return;
                        }
                    }
                }
            }
            for (ComponentType base : line.get(i).bases()) {
                Found found = find(base.name(), scope);
                if (found == null) {
                    open = true;
                } else {
                    line.add(found.component);
                }
            }
        }
        if (!open) {
            faults.error(
                    AnalysisCode.COMPONENT,
                    override.span(),
                    "relation \"" + relation + "\" is not inherited, so it cannot be overridden",
                    null,
                    "in this component",
                    component.type().span());
        }
    }

    private void requireOverridable(
            Item.OverrideRelation override,
            Item.ComponentDeclaration component,
            Item.RelationDeclaration declaration,
            Name name) {
        if (!declaration.qualifiers().contains(Qualifier.OVERRIDABLE)) {
            faults.error(
                    AnalysisCode.COMPONENT,
                    override.span(),
                    "relation \"" + name.text() + "\" cannot be overridden",
                    "write \"overridable\" after the attributes of " + name.text(),
                    "in this component",
                    component.type().span());
        }
    }

    // Names

    private static Name relation(Name name, Scope from) {
        if (name.module() != null) {
            return name;
        }
        return resolve(name, from, scope -> scope.relations);
    }

    /// The name with the prefix of the innermost instance that declares it.
    private static Name resolve(Name name, Scope from, Function<Scope, Set<String>> declared) {
        int dot = name.text().indexOf('.');
        String first = dot < 0 ? name.text() : name.text().substring(0, dot);
        for (Scope scope = from; scope != null; scope = scope.outer) {
            if (dot < 0
                    ? declared.apply(scope).contains(first)
                    : scope.instances.containsKey(first)) {
                return new Name(name.span(), scope.prefix + name.text());
            }
        }
        return name;
    }

    private static Name type(Name name, Map<String, Name> parameters, Scope from) {
        Name bound = parameters.get(name.text());
        if (bound != null) {
            return new Name(name.span(), bound.text());
        }
        return resolve(name, from, scope -> scope.types);
    }
}
