package dev.sovereign.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Documents name classes and files, never lines; what they name exists.
class ArchitecturePageTest {

    /// A class in code quotes with its package below dev.sovereign, such as
    /// `core.store.TransactionLog`.
    private static final Pattern CLASS =
            Pattern.compile("`((?:[a-z]+\\.)+[A-Z][A-Za-z0-9]*(?:\\.[A-Z][A-Za-z0-9]*)*)`");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");

    @Test
    void namedClassesExist() throws IOException {
        Set<String> known = new TreeSet<>();
        for (String name : CompiledClasses.names()) {
            known.add(name.replace('$', '.'));
        }
        Set<String> missing = new TreeSet<>();
        int named = 0;
        Matcher matcher = CLASS.matcher(Files.readString(Path.of("docs/architecture.md")));
        while (matcher.find()) {
            named++;
            if (!known.contains("dev.sovereign." + matcher.group(1))) {
                missing.add(matcher.group(1));
            }
        }
        assertTrue(named >= 15, named + " classes named, expected at least 15");
        assertEquals(Set.of(), missing);
    }

    @Test
    void linkedFilesExist() throws IOException {
        Set<String> missing = new TreeSet<>();
        int links = 0;
        List<Path> pages =
                new ArrayList<>(
                        List.of(
                                Path.of("README.md"),
                                Path.of("CONTRIBUTING.md"),
                                Path.of("examples/debian/README.md")));
        try (Stream<Path> walk = Files.walk(Path.of("docs"))) {
            walk.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        for (Path page : pages) {
            Matcher matcher = LINK.matcher(Files.readString(page));
            while (matcher.find()) {
                String target = matcher.group(1);
                if (target.contains("://")) {
                    continue;
                }
                links++;
                Path parent = page.toAbsolutePath().getParent();
                if (parent == null || !Files.exists(parent.resolve(target))) {
                    missing.add(page + " links to " + target);
                }
            }
        }
        assertTrue(links >= 10, links + " links found, expected at least 10");
        assertEquals(Set.of(), missing);
    }
}
