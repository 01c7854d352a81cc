package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.ComponentType;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Name;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// What is wrong with components that nobody instantiates yet: the number of type parameters that
/// their bases and instances take, and lines of inheritance that come back to themselves.
final class ComponentLines {

    private final Faults faults;
    private final Deque<List<Item>> scopes = new ArrayDeque<>();
    private final IdentityHashMap<Item.ComponentDeclaration, List<Item.ComponentDeclaration>>
            bases = new IdentityHashMap<>();

    ComponentLines(Faults faults) {
        this.faults = faults;
    }

    void check(List<Item> items) {
        visit(items, Set.of());
        for (Item.ComponentDeclaration component : bases.keySet()) {
            if (reaches(component)) {
                faults.error(
                        AnalysisCode.COMPONENT,
                        component.type().span(),
                        "component " + component.type().name() + " inherits from itself",
                        "remove the base that leads back to it");
            }
        }
    }

    /// @param open names of type parameters, which may stand for any component
    private void visit(List<Item> items, Set<String> open) {
        scopes.push(items);
        for (Item item : items) {
            if (item instanceof Item.ComponentDeclaration component) {
                Set<String> inside = new HashSet<>(open);
                for (Name parameter : component.type().parameters()) {
                    inside.add(parameter.text());
                }
                List<Item.ComponentDeclaration> found = new ArrayList<>();
                bases.put(component, found);
                for (ComponentType base : component.bases()) {
                    Item.ComponentDeclaration meant =
                            inside.contains(base.name()) ? null : arity(base);
                    if (meant != null) {
                        found.add(meant);
                    }
                }
                visit(component.items(), inside);
            } else if (item instanceof Item.ComponentInit init
                    && scopes.size() > 1
                    && !open.contains(init.type().name())) {
                arity(init.type());
            }
        }
        scopes.pop();
    }

    /// The component that a type means, after a look at its parameters; null when none is found
    /// here: it may be inherited.
    private Item.@org.jspecify.annotations.Nullable ComponentDeclaration arity(ComponentType type) {
        for (List<Item> scope : scopes) {
            for (Item item : scope) {
                if (item instanceof Item.ComponentDeclaration component
                        && component.type().name().equals(type.name())) {
                    int formal = component.type().parameters().size();
                    if (formal != type.parameters().size()) {
                        faults.error(
                                AnalysisCode.ARITY,
                                type.span(),
                                "component \""
                                        + type.name()
                                        + "\" takes "
                                        + RelationTable.count(formal, "type parameter")
                                        + ", not "
                                        + type.parameters().size(),
                                null,
                                "declared here",
                                component.type().span());
                    }
                    return component;
                }
            }
        }
        return null;
    }

    /// By identity: two components may be written alike.
    @SuppressWarnings("ReferenceEquality")
    private boolean reaches(Item.ComponentDeclaration start) {
        Set<Item.ComponentDeclaration> seen =
                java.util.Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Item.ComponentDeclaration> open =
                new ArrayDeque<>(bases.getOrDefault(start, List.of()));
        while (!open.isEmpty()) {
            Item.ComponentDeclaration next = open.pop();
            if (next == start) {
                return true;
            }
            if (seen.add(next)) {
                open.addAll(bases.getOrDefault(next, List.of()));
            }
        }
        return false;
    }
}
