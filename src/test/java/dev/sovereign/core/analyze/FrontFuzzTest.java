package dev.sovereign.core.analyze;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.core.ast.Source;
import dev.sovereign.core.parse.Limits;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.ParseResult;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.core.parse.SourceResolver;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.Where;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Mutated programs: whatever the text, parser and analyzer answer with diagnostics whose places
/// lie in the text, within a second, and throw nothing. `-Dsovereign.fuzz.count` sets how many,
/// `-Dsovereign.fuzz.seed` repeats a run; what it finds goes to `datalog/fuzz`.
class FrontFuzzTest {

    private static final List<Mode> MODES = List.of(Mode.values());
    private static final Path FOUND = Path.of("src/test/resources/datalog/fuzz");
    private static final int COUNT = Integer.getInteger("sovereign.fuzz.count", 5_000);
    private static final long SEED = Long.getLong("sovereign.fuzz.seed", System.nanoTime());

    /// A text may take this long; measured only for the long run, where a machine's pause is told
    /// from a slow text by a second try.
    private static final long MAX_NANOS = 1_000_000_000;

    /// Longest text that is made.
    private static final int MAX_CHARS = 20_000;

    private static final String[] PIECES = {
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        ";",
        ":-",
        "?-",
        "?",
        "!",
        "_",
        "$",
        "@",
        "@@",
        "@!",
        "\"",
        "'",
        "/*",
        "*/",
        "//",
        "#",
        "##",
        "\\",
        "\n",
        "\r\n",
        "\t",
        " ",
        "\u0000",
        "é",
        "😀",
        "\uD800",
        "\uFEFF",
        "<=",
        ">=",
        "<:",
        "<",
        ">",
        "=",
        "!=",
        "|",
        "&&",
        "||",
        "==",
        "->",
        "+",
        "-",
        "*",
        "/",
        "%",
        "^",
        ".decl ",
        ".type ",
        ".comp ",
        ".init ",
        ".input ",
        ".output ",
        ".printsize ",
        ".limitsize ",
        ".plan ",
        ".override ",
        ".functor ",
        ".pragma ",
        ".lattice ",
        ".include \"self\"\n",
        ".once ",
        "\n#define A A B\n",
        "\n#define F(x) F(x x)\n",
        "\n#undef A\n",
        "\n#ifdef A\n",
        "\n#else\n",
        "\n#endif\n",
        "\n#include \"other\"\n",
        "count : {",
        "sum x : ",
        "min ",
        "max(",
        "mean ",
        "range(1, 3)",
        "cat(",
        "as(",
        "nil",
        "true",
        "false",
        "match(",
        "contains(",
        "autoinc()",
        "not ",
        "band ",
        "lnot ",
        "bshl ",
        "0",
        "1",
        "-1",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "0x",
        "0xff",
        "0b1",
        "1.5",
        "1.5e400",
        "1.2.3.4",
        "12u",
        "x",
        "X",
        "number",
        "symbol",
        "float",
        "unsigned",
        "a(x)",
        "A",
        "F(",
        "inline",
        "eqrel",
        "choice-domain x",
        "debug_delta(",
        "(1,2)",
        "1:",
        "__FILE__",
        "__LINE__",
        "sys_tx(1)",
    };

    private static final SourceResolver INCLUDES =
            (_, path) ->
                    switch (path) {
                        case "other" -> new Source("other", ".decl other(x:number)\nother(1).\n");
                        case "self" -> new Source("self", ".include \"self\"\n");
                        default -> throw new IOException("there is no such file");
                    };

    @Test
    void answersWhateverTheTextIs() throws IOException {
        System.out.println("FrontFuzzTest: seed " + SEED + ", " + COUNT + " texts");
        Random random = new Random(SEED);
        List<String> corpus = corpus();
        assertTrue(corpus.size() > 50, "the corpus is missing");
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < COUNT && wrong.size() < 10; i++) {
            String text = mutated(corpus, random);
            Mode mode = MODES.get(random.nextInt(MODES.size()));
            String fault = fault(text, mode);
            if (fault != null) {
                Files.createDirectories(FOUND);
                Path file = FOUND.resolve("found-" + SEED + "-" + i + ".dl");
                Files.writeString(file, text.replace('\uD800', '?'));
                wrong.add(file + " (" + mode + "): " + fault);
            }
        }
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    /// What was found once.
    @TestFactory
    Stream<DynamicTest> foundBefore() throws IOException {
        if (!Files.isDirectory(FOUND)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.list(FOUND)) {
            return files.sorted().toList().stream()
                    .map(file ->
                            DynamicTest.dynamicTest(
                                    file.getFileName().toString(), () -> check(file)));
        }
    }

    private static void check(Path file) throws IOException {
        for (Mode mode : Mode.values()) {
            String fault = fault(Files.readString(file), mode);
            assertTrue(fault == null, () -> mode + ": " + fault);
        }
    }

    private static List<String> corpus() throws IOException {
        List<String> corpus = new ArrayList<>();
        for (Path root : List.of(Path.of("src/test/resources/datalog"), Path.of("examples"))) {
            if (!Files.isDirectory(root)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".dl")).sorted().toList()) {
                    corpus.add(Files.readString(file));
                }
            }
        }
        return corpus;
    }

    /// Null when all is well.
    private static @Nullable String fault(String text, Mode mode) {
        String fault = tried(text, mode);
        return fault != null && fault.startsWith("slow") ? tried(text, mode) : fault;
    }

    private static @Nullable String tried(String text, Mode mode) {
        long start = System.nanoTime();
        try {
            ParseResult parsed = Parser.parse("self", text, mode, INCLUDES);
            String fault = fault(text, parsed.diagnostics());
            if (fault == null && !parsed.hasErrors()) {
                Analysis analysis =
                        Analyzer.analyze(List.of(parsed.program()), Catalog.EMPTY, mode);
                fault = fault(text, analysis.diagnostics());
                boolean errors =
                        analysis.diagnostics().stream()
                                .anyMatch(d -> d.severity() == Diagnostic.Severity.ERROR);
                if (fault == null && errors == (analysis.program() != null)) {
                    fault = "a program " + (errors ? "with" : "without") + " errors";
                }
            }
            long nanos = System.nanoTime() - start;
            return fault != null
                    ? fault
                    : nanos > MAX_NANOS ? "slow: " + nanos / 1_000_000 + " ms" : null;
        } catch (RuntimeException | StackOverflowError thrown) {
            return thrown + " at " + Arrays.stream(thrown.getStackTrace()).limit(4).toList();
        }
    }

    private static @Nullable String fault(String text, List<Diagnostic> diagnostics) {
        if (diagnostics.size() > Limits.DIAGNOSTICS) {
            return diagnostics.size() + " diagnostics";
        }
        long lines = text.chars().filter(c -> c == '\n').count() + 1;
        for (Diagnostic diagnostic : diagnostics) {
            Where where = diagnostic.where();
            if (where == null) {
                return "no place: " + diagnostic.message();
            }
            boolean inside = where.line() >= 1 && where.column() >= 1;
            if (where.file().equals("self") && !text.contains(".include")) {
                inside &= where.line() <= lines;
            }
            String line = where.text();
            if (line != null) {
                // one past the end for what is missing there
                inside &= where.endColumn() - 1 <= line.codePointCount(0, line.length()) + 1;
            }
            if (!inside) {
                return "place outside of the text: " + where;
            }
        }
        return null;
    }

    private static String mutated(List<String> corpus, Random random) {
        StringBuilder text = new StringBuilder(corpus.get(random.nextInt(corpus.size())));
        int mutations = 1 + random.nextInt(8);
        for (int i = 0; i < mutations; i++) {
            mutate(text, corpus, random);
        }
        if (text.length() > MAX_CHARS) {
            text.setLength(MAX_CHARS);
        }
        return text.toString();
    }

    private static void mutate(StringBuilder text, List<String> corpus, Random random) {
        int at = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), at + random.nextInt(1 + random.nextInt(40)));
        switch (random.nextInt(10)) {
            case 0 -> text.setLength(at);
            case 1 -> text.delete(at, to);
            case 2 -> text.insert(at, text.substring(at, to));
            case 3 -> {
                String other = corpus.get(random.nextInt(corpus.size()));
                int from = random.nextInt(other.length() + 1);
                text.insert(at, other, from, Math.min(other.length(), from + random.nextInt(200)));
            }
            case 4 -> swapTokens(text, random);
            case 5 -> {
                String piece = PIECES[random.nextInt(PIECES.length)];
                text.insert(
                        at, piece.repeat(1 + random.nextInt(random.nextInt(20) == 0 ? 2_000 : 3)));
            }
            case 6 -> text.insert(at, (char) random.nextInt(random.nextBoolean() ? 128 : 0xFFFF));
            default -> text.replace(at, to, PIECES[random.nextInt(PIECES.length)]);
        }
    }

    private static void swapTokens(StringBuilder text, Random random) {
        String[] tokens = text.toString().split("(?<=\\W)|(?=\\W)");
        if (tokens.length < 2) {
            return;
        }
        int a = random.nextInt(tokens.length);
        int b = random.nextInt(tokens.length);
        String held = tokens[a];
        tokens[a] = tokens[b];
        tokens[b] = held;
        text.setLength(0);
        for (String token : tokens) {
            text.append(token);
        }
    }
}
