package dev.sovereign.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.protocol.Response;

import org.junit.jupiter.api.Test;

import java.util.List;

class DashboardTest {

    private static Response.Heartbeat beat(long pid, long seconds, long tx, long resident) {
        return new Response.Heartbeat(
                "0.1.0",
                "0123456789abcdef",
                pid,
                seconds * 1_000,
                "ready",
                null,
                new Response.Mesh(true, List.of("/ip4/10.0.0.7/tcp/4747"), 2, 0, "ab12", List.of()),
                new Response.License("none", "mainnet"),
                new Response.Knowledge(12_345, 7, 3, tx),
                new Response.Store(
                        "/home/alice/a store with a very long path/indeed", 1 << 20, false),
                new Response.Skills(1, 0),
                List.of(
                        new Response.ActorState("knowledge", "running", 0, null),
                        new Response.ActorState(
                                "mesh", "restarting", 2, "no\u001b[2Jroute to \n host 世界世界世界世界")),
                new Response.Memory(resident, 9 << 20),
                new Response.Machine("Linux", 2, 8L << 30));
    }

    private static Dashboard board(int beats) {
        Dashboard board = new Dashboard(true, false);
        for (int i = 0; i < beats; i++) {
            board.add(beat(7, i, (long) i * i, (60L + i) << 20));
        }
        return board;
    }

    @Test
    void everyLineFitsAnyWidth() {
        for (int columns : new int[] {20, 24, 40, 80, 200}) {
            for (int beats : new int[] {1, 2, 50, 300}) {
                for (String line : board(beats).lines(columns)) {
                    assertTrue(Display.width(line) <= columns, columns + ": \"" + line + "\"");
                    assertFalse(
                            line.contains("\u001b"), "what a peer said moves no cursor: " + line);
                }
            }
        }
    }

    @Test
    void aFrameIsWrittenOverTheFormerOneAndNeverScrolls() {
        String frame = board(3).frame(80, 10);
        assertTrue(frame.startsWith("\u001b[?2026h\u001b[H"), frame);
        assertTrue(frame.endsWith("\u001b[J\u001b[?2026l"), frame);
        assertEquals(9, frame.chars().filter(c -> c == '\n').count(), "ten lines, nine ends");
        assertFalse(frame.contains("\u001b[2J"), "clearing first would flicker");
    }

    @Test
    void aRateIsWhatWasAddedEachSecond() {
        // transactions 0, 1, 4, 9: 1, 3 and 5 a second
        String line = line(board(4), "tx/s");
        assertTrue(line.endsWith(" 5.0"), line);
        assertTrue(line.contains("▂▅█"), line);
    }

    @Test
    void anotherDaemonBeginsAnew() {
        Dashboard board = board(4);
        board.add(beat(8, 0, 9, 60 << 20));
        assertFalse(line(board, "tx/s").contains("█"));
    }

    @Test
    void whatWasKnownStaysWhileTheDaemonIsAway() {
        Dashboard board = board(4);
        board.missing("the daemon is gone");
        assertEquals("the daemon is gone", board.lines(80).getFirst());
        assertTrue(line(board, "facts").contains("12,345"));
        board.add(beat(7, 5, 9, 60 << 20));
        assertTrue(board.lines(80).getFirst().startsWith("sovereign  ready"));
    }

    private static String line(Dashboard board, String name) {
        return board.lines(80).stream()
                .filter(one -> one.startsWith(name + " "))
                .findFirst()
                .orElseThrow();
    }
}
