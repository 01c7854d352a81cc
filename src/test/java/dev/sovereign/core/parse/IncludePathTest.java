package dev.sovereign.core.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sovereign.core.ast.Source;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class IncludePathTest {

    @TempDir private Path folder;

    private Source main;
    private IncludePath path;

    @BeforeEach
    void files() throws IOException {
        for (String file : List.of("app/both.dl", "one/both.dl", "one/a.dl", "two/a.dl")) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.writeString(folder.resolve(file), "// " + file);
        }
        Files.createDirectories(folder.resolve("app/a.dl")); // a folder is no file
        main = new Source(folder.resolve("app/main.dl").toString(), "");
        path =
                new IncludePath(
                        List.of(folder.resolve("one").toString(), folder.resolve("two") + "/"));
    }

    private String included(String name) throws IOException {
        return path.resolve(main, name).text();
    }

    @Test
    void whatLiesBesideTheFileComesFirstThenFoldersInTheirOrder() throws IOException {
        assertEquals("// app/both.dl", included("both.dl"));
        assertEquals("// one/a.dl", included("a.dl"));
        assertEquals("// two/a.dl", included("../two/a.dl"));
    }

    @Test
    void whatIsIncludedIncludesFromItsOwnFolder() throws IOException {
        Files.writeString(folder.resolve("two/x.dl"), "// two/x.dl");
        Source inner = path.resolve(main, "x.dl");
        assertEquals("// two/a.dl", path.resolve(inner, "a.dl").text());
    }

    @Test
    void anAbsoluteNameIsLookedForInOnePlace() {
        assertEquals(
                List.of("/x/a.dl"), IncludePath.places("/app/main.dl", "/x/a.dl", List.of("one")));
    }

    @Test
    void aTextWithoutAFolderIncludesFromTheWorkingFolder() {
        assertEquals(List.of("a.dl", "one/a.dl"), IncludePath.places("-", "a.dl", List.of("one")));
    }

    @Test
    void whatIsNowhereNamesTheFolders() {
        String message = assertThrows(IOException.class, () -> included("c.dl")).getMessage();
        assertEquals(
                "no such file, nor in " + folder.resolve("one") + ", " + folder.resolve("two/"),
                String.valueOf(message).replaceAll("/$", ""));
    }
}
