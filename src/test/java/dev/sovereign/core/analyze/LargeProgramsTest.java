package dev.sovereign.core.analyze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.sovereign.core.parse.Limits;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.ParseResult;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.core.parse.SourceResolver;

import org.junit.jupiter.api.Test;

/// Large texts: anything quadratic in their size would take minutes here rather than a second.
class LargeProgramsTest {

    private static final int MANY = 20_000;

    private static Analysis analyze(String text) {
        ParseResult parsed = Parser.parse("text", text, Mode.PROGRAM, SourceResolver.NONE);
        assertFalse(parsed.hasErrors(), () -> parsed.diagnostics().getFirst().message());
        return Analyzer.analyze(java.util.List.of(parsed.program()), Catalog.EMPTY, Mode.PROGRAM);
    }

    @Test
    void checksAChainOfManyDeclaredRelations() {
        StringBuilder text = new StringBuilder("r0(1).\n.output r0\n");
        for (int i = 0; i < MANY; i++) {
            text.append(".decl r").append(i).append("(x:number)\n");
        }
        for (int i = 1; i < MANY; i++) {
            text.append('r').append(i).append("(x) :- r").append(i - 1).append("(x).\n");
        }
        assertNotNull(analyze(text.toString()).program());
    }

    @Test
    void checksManyRulesOfOneRelation() {
        StringBuilder text = new StringBuilder(".decl a(x:number)\n.output a\na(1).\n");
        for (int i = 0; i < MANY; i++) {
            text.append("a(x) :- a(x), x > ").append(i).append(".\n");
        }
        assertNotNull(analyze(text.toString()).program());
    }

    @Test
    void reportsManyFaultsOfOneLine() {
        StringBuilder text = new StringBuilder(".decl a(x:number)\n");
        for (int i = 0; i < MANY; i++) {
            text.append("a(x) :- b").append(i).append("(x). ");
        }
        assertEquals(Limits.DIAGNOSTICS, analyze(text.toString()).diagnostics().size());
    }

    @Test
    void bindsAlongALongChainOfEquations() {
        StringBuilder text = new StringBuilder(".decl a(x:number)\n.output a\na(1).\na(x0) :- ");
        for (int i = 0; i < 5_000; i++) {
            text.append("x").append(i).append(" = x").append(i + 1).append(", ");
        }
        assertNotNull(analyze(text + "a(x5000).").program());
    }
}
