package dev.sovereign.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DisplayTest {

    @Test
    void countsCells() {
        assertEquals(0, Display.width(""));
        assertEquals(5, Display.width("plain"));
        assertEquals(4, Display.width("汉字"));
        assertEquals(5, Display.width("a汉b字".substring(0, 3) + "c"));
        assertEquals(1, Display.width("e\u0301"));
        assertEquals(2, Display.width("한"));
        assertEquals(2, Display.width("😀"));
        assertEquals(2, Display.width("👩‍👩‍👧"));
        assertEquals(2, Display.width("❤️"));
        assertEquals(2, Display.width("Ａ"));
        assertEquals(3, Display.width("äöü"));
    }

    @Test
    void clipsWithoutCuttingACharacter() {
        assertEquals("汉", Display.clip("汉字", 3));
        assertEquals("汉字", Display.clip("汉字", 4));
        assertEquals("", Display.clip("汉字", 1));
        assertEquals("😀", Display.clip("😀😀", 3));
    }

    @Test
    void showsControlsInsteadOfObeyingThem() {
        String plain = "no control, ä 汉 😀";
        assertEquals(plain, Display.visible(plain));
        assertEquals("a\\x1b[2Jb", Display.visible("a\u001b[2Jb"));
        assertEquals("\\t\\n\\r\\x00\\x7f\\x9b", Display.visible("\t\n\r\0\u007f\u009b"));
        assertEquals("\\u202eevil", Display.visible("\u202eevil"));
        assertEquals("\\ud800", Display.visible("\ud800"));
        assertEquals("a\n\tb\\x1b\nc", Display.visibleText("a\n\tb\u001b\nc"));
    }

    @Test
    void keepsColumnsOfSourceLines() {
        assertEquals("\ta␛b", Display.visibleLine("\ta\u001bb"));
    }
}
