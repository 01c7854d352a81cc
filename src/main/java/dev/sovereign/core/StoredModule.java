package dev.sovereign.core;

import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.ParseResult;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.core.parse.SourceResolver;

import java.util.function.BiConsumer;

/// A named module of rules as it stands in the store.
///
/// @param text as the user gave it
/// @param parsed the same, parsed; errors in it (a newer program may have stored what this one
///   cannot read) show when it is used
/// @param tx the transaction that stored it
record StoredModule(String name, String text, ParseResult parsed, long tx) {

    static StoredModule parse(String name, String text, long tx) {
        return new StoredModule(
                name, text, Parser.parse("@" + name, text, Mode.PROGRAM, SourceResolver.NONE), tx);
    }

    /// Rules as they are written, each with its place.
    void rules(BiConsumer<String, String> rule) {
        for (Item item : parsed.program().items()) {
            if (item instanceof Item.Rule || item instanceof Item.Subsumption) {
                Span span = item.span();
                rule.accept(span.label(), span.source().text().substring(span.start(), span.end()));
            }
        }
    }

    long ruleCount() {
        return parsed.program().items().stream()
                .filter(item -> item instanceof Item.Rule || item instanceof Item.Subsumption)
                .count();
    }

    Program program() {
        return parsed.program().asModule(name);
    }
}
