package dev.sovereign.core.ast;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One parsed text with everything that it includes.
///
/// @param module the rules module that the text is; null for a program, a question or facts
/// @param items in the order written, with includes in their place
public record Program(Source source, @Nullable String module, List<Item> items) {

    public Program {
        items = List.copyOf(items);
    }

    /// The same text with other items.
    public Program with(List<Item> others) {
        return new Program(source, module, others);
    }

    /// The same text as the rules module of this name.
    public Program asModule(String name) {
        return new Program(source, name, items);
    }
}
