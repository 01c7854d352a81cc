package dev.sovereign.core.ast;

import java.util.List;

/// `Graph<Node>`: a component with its parameters, where it is declared, inherited or instantiated.
public record ComponentType(Span span, String name, List<Name> parameters) {
    public ComponentType {
        parameters = List.copyOf(parameters);
    }
}
