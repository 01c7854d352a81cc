package dev.sovereign.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

final class PageTest {

    @TempDir Path folder;

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    private Page page(String pager, int rows) {
        return new Page(screen, progress, pager, rows, 10);
    }

    private static void write(java.io.OutputStream to, String text) throws IOException {
        to.write(text.getBytes(UTF_8));
        to.flush();
    }

    @Test
    void whatFitsTheScreenIsSimplyShown() throws IOException {
        try (Page page = page("cat > " + folder.resolve("paged"), 5)) {
            write(page, "1\n2\n");
            write(page.words(), "2 rows\n");
            assertEquals("", screen.toString(UTF_8));
        }
        assertEquals("1\n2\n2 rows\n", screen.toString(UTF_8));
        assertFalse(Files.exists(folder.resolve("paged")));
    }

    @Test
    void whatDoesNotFitGoesToThePagerWithTheWordsAboutIt() throws IOException {
        try (Page page = page("cat > " + folder.resolve("paged"), 4)) {
            write(page, "1\n2\n3\n");
            write(page, "4\n");
            write(page.words(), "4 rows\n");
            write(page.words(), "\rworking");
        }
        assertEquals("", screen.toString(UTF_8));
        assertEquals("", progress.toString(UTF_8)); // it would be drawn over the pager
        assertEquals("1\n2\n3\n4\n4 rows\n", Files.readString(folder.resolve("paged")));
    }

    @Test
    void aLineThatIsWiderThanTheScreenTakesSeveral() throws IOException {
        try (Page page = page("cat > " + folder.resolve("paged"), 4)) {
            write(page, "äöüäöüäöü0äöüäöüäöü0äöüäöüäöü0a");
        }
        assertEquals("äöüäöüäöü0äöüäöüäöü0äöüäöüäöü0a", Files.readString(folder.resolve("paged")));
    }

    @Test
    void aPagerThatIsNotThereLosesNothingOfTheFirstScreen() throws IOException {
        try (Page page = page("no-such-pager-here 2>/dev/null", 3)) {
            write(page, "1\n2\n");
        } catch (IOException gone) {
            // the shell that looked for it had ended already: what it was given is shown all the
            // same
        }
        assertEquals("1\n2\n", screen.toString(UTF_8));
    }

    @Test
    void whoeverLeavesThePagerEndsTheAnswer() {
        assertThrows(
                IOException.class,
                () -> {
                    try (Page page = page("true", 2)) {
                        for (int i = 0; i < 1_000; i++) {
                            write(page, "a line that is longer than the screen\n".repeat(100));
                        }
                    }
                });
    }

    @Test
    void progressIsDrawnWhileNothingIsPaged() throws IOException {
        try (Page page = page("false", 9)) {
            write(page.words(), "\rworking");
            assertEquals("\rworking", progress.toString(UTF_8));
        }
    }

    @Test
    void theEnvironmentChoosesThePager() {
        assertEquals("less", Page.command(Map.of()));
        assertEquals("most -s", Page.command(Map.of("PAGER", "most -s")));
        assertEquals("", Page.command(Map.of("PAGER", "cat")));
        assertEquals("", Page.command(Map.of("PAGER", "")));
    }
}
