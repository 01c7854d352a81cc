package dev.sovereign.core.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

final class SymbolTableTest {

    @Test
    void numbersStringsInTheOrderOfFirstUse() {
        SymbolTable table = new SymbolTable();
        for (int i = 0; i < 20_000; i++) {
            assertEquals(i, table.intern("s" + i));
        }
        for (int i = 0; i < 20_000; i++) {
            assertEquals(i, table.intern("s" + i));
            assertEquals("s" + i, table.text(i));
        }
        assertEquals(SymbolTable.NONE, table.find("t"));
        assertEquals(20_000, table.size());
    }

    @Test
    void knowsBytesAndStringsAsTheSame() {
        SymbolTable table = new SymbolTable();
        for (String text : new String[] {"", "a", "über", "日本", "😀", "tab\tand\nline", "\0"}) {
            byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
            long id = table.intern(bytes, 1, bytes.length - 1);
            assertEquals(id, table.intern(text));
            assertEquals(text, table.text(id));
        }
    }

    @Test
    void keepsWhatAForkAddsToItself() {
        SymbolTable table = new SymbolTable();
        long a = table.intern("a");
        SymbolTable fork = table.fork();
        long late = table.intern("late");
        assertEquals(a, fork.intern("a"));
        long own = fork.intern("own");
        assertTrue(own < 0);
        assertEquals("own", fork.text(own));
        assertEquals(own, fork.intern("own".getBytes(StandardCharsets.UTF_8), 0, 3));
        long forked = fork.intern("late");
        assertTrue(forked < 0, "the fork is older than that symbol");
        assertEquals("late", fork.text(forked));
        assertEquals("late", table.text(late));
        assertEquals(SymbolTable.NONE, table.find("own"));
        assertEquals("a", fork.text(a));
    }

    @Test
    void ordersByCodePoint() {
        assertTrue(SymbolTable.compare("a", "b") < 0);
        assertTrue(SymbolTable.compare("a", "ab") < 0);
        assertTrue(SymbolTable.compare("Z", "a") < 0);
        // U+FF5E comes before U+1F600, whose surrogates would come before it
        assertTrue(SymbolTable.compare("～", "😀") < 0);
        assertTrue(SymbolTable.compare("😀", "～") > 0);
        assertTrue(SymbolTable.compare("😀", "😁") < 0);
        assertEquals(0, SymbolTable.compare("ü", "ü"));
    }
}
