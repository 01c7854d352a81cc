package dev.sovereign.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sovereign.error.ErrorKind;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Response;

import org.junit.jupiter.api.Test;

import java.util.List;

class AmountsTest {

    @Test
    void readsDurations() {
        assertNull(Amounts.duration("--timeout", null));
        assertEquals(250, Amounts.duration("--timeout", "250ms"));
        assertEquals(10_000, Amounts.duration("--timeout", "10s"));
        assertEquals(120_000, Amounts.duration("--timeout", "2m"));
        assertEquals(3_600_000, Amounts.duration("--timeout", "1h"));
    }

    @Test
    void readsSizes() {
        assertEquals(1, Amounts.size("--max-memory", "1"));
        assertEquals(2048, Amounts.size("--max-memory", "2k"));
        assertEquals(3L << 30, Amounts.size("--max-memory", "3G"));
    }

    @Test
    void refusesWhatIsNoAmount() {
        for (String text :
                List.of(
                        "",
                        "s",
                        "5",
                        "-1s",
                        "1.5s",
                        "0s",
                        "1 s",
                        "9999999999999999999s",
                        "999999999999999d")) {
            SovereignException refused =
                    assertThrows(
                            SovereignException.class, () -> Amounts.duration("--timeout", text));
            assertEquals(ErrorKind.USAGE, refused.first().kind(), text);
        }
        for (String text : List.of("", "k", "x", "1kb", "-1", "0", "9999999999t")) {
            assertThrows(SovereignException.class, () -> Amounts.size("--max-memory", text), text);
        }
    }

    @Test
    void writesForPeople() {
        assertEquals("1,023 B".replace(",", ""), Amounts.bytes(1023));
        assertEquals("1.5 KiB", Amounts.bytes(1536));
        assertEquals("20.0 MiB", Amounts.bytes(20L << 20));
        assertEquals("7.9 EiB", Amounts.bytes(Long.MAX_VALUE));
        assertEquals("0", Amounts.grouped(0));
        assertEquals("999", Amounts.grouped(999));
        assertEquals("-1,000", Amounts.grouped(-1000));
        assertEquals("1,234,567", Amounts.grouped(1_234_567));
        assertEquals("850 ms", Amounts.lasted(850));
        assertEquals("3 m 5 s", Amounts.lasted(185_000));
        assertEquals("4 d 1 h", Amounts.lasted(4 * 86_400_000L + 3_600_000));
    }

    @Test
    void drawsProgress() {
        assertEquals("working … 3 s", Waiting.line(null, 3));
        assertEquals(
                "import [############............] 50% 1.0 KiB of 2.0 KiB, 2 s",
                Waiting.line(new Response.Progress("import", 1024, 2048, "bytes"), 2));
        assertEquals(
                "check 1,500 transactions, 2 s",
                Waiting.line(new Response.Progress("check", 1500, 0, "transactions"), 2));
        assertEquals(
                "check [########################] 100% 9 of 5 rows, 2 s",
                Waiting.line(new Response.Progress("check", 9, 5, "rows"), 2));
    }

    @Test
    void offersTheNearestNames() {
        List<String> names = List.of("query", "status", "store", "log", "config", "completion");
        assertEquals(List.of("query"), Usage.nearest("qurey", names));
        assertEquals(List.of("status"), Usage.nearest("stat", names));
        assertEquals(List.of("completion"), Usage.nearest("comp", names));
        assertEquals(List.of("store"), Usage.nearest("stoer", names));
        assertEquals(List.of(), Usage.nearest("xyzzy", names));
        assertEquals(List.of(), Usage.nearest("x", names));
    }
}
