package dev.sovereign.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Chapters of the manual that are not about one command: written once, as resources, and shown as
/// manual pages of section 7 and by `help`.
///
/// The first line is the page's name and what it is about. `# ` begins a section, `* TERM | words`
/// an entry of a list, four blanks a literal line; everything else is a paragraph a line. What
/// stands in backticks is literal.
final class Manual {

    static final List<String> NAMES = List.of("datalog", "files", "policy");

    /// A piece of a page.
    sealed interface Block {}

    record Section(String title) implements Block {}

    record Paragraph(String words) implements Block {}

    record Entry(String term, String words) implements Block {}

    /// Lines as they are, an empty one inside of it included.
    record Literal(List<String> lines) implements Block {}

    /// @param name such as `sovereign-datalog`
    /// @param summary without a period
    record Page(String name, String summary, List<Block> blocks) {}

    private Manual() {}

    /// @param name one of [#NAMES]
    static Page page(String name) {
        List<String> lines = read(name).lines().toList();
        String first = lines.getFirst();
        int colon = first.indexOf(": ");
        List<Block> blocks = new ArrayList<>();
        List<String> literal = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            if (line.startsWith("    ") || (line.isEmpty() && !literal.isEmpty())) {
                literal.add(line.isEmpty() ? "" : line.substring(4));
                continue;
            }
            close(literal, blocks);
            if (!line.isEmpty()) {
                blocks.add(block(line));
            }
        }
        close(literal, blocks);
        return new Page(first.substring(0, colon), first.substring(colon + 2), blocks);
    }

    private static void close(List<String> literal, List<Block> blocks) {
        while (!literal.isEmpty() && literal.getLast().isEmpty()) {
            literal.removeLast();
        }
        if (!literal.isEmpty()) {
            blocks.add(new Literal(List.copyOf(literal)));
            literal.clear();
        }
    }

    private static Block block(String line) {
        if (line.startsWith("# ")) {
            return new Section(line.substring(2));
        }
        int bar = line.indexOf("` | ");
        return line.startsWith("* ")
                ? new Entry(line.substring(2, bar + 1), line.substring(bar + 4))
                : new Paragraph(line);
    }

    private static String read(String name) {
        try (InputStream in = Manual.class.getResourceAsStream("manual/" + name + ".txt")) {
            if (in == null) {
                throw new IllegalStateException("the manual has no chapter " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException damaged) {
            throw new IllegalStateException("the manual cannot be read", damaged);
        }
    }
}
