package dev.sovereign.cli;

/// How text looks on a terminal: how many cells it takes, and without anything that the terminal
/// would obey. Text from the store is data of strangers.
final class Display {

    private static final char ESCAPE = '\u001b';
    private static final int VARIATION_EMOJI = 0xFE0F;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    /// First and last of each run of code points that take two cells: East Asian Width W and F of
    /// Unicode 15, without combining marks; unassigned gaps closed.
    private static final int[] WIDE = {
        0x1100, 0x115F, 0x231A, 0x231B, 0x2329, 0x232A, 0x23E9, 0x23EC, 0x23F0, 0x23F0, 0x23F3,
        0x23F3, 0x25FD, 0x25FE, 0x2614, 0x2615, 0x2648, 0x2653, 0x267F, 0x267F, 0x2693, 0x2693,
        0x26A1, 0x26A1, 0x26AA, 0x26AB, 0x26BD, 0x26BE, 0x26C4, 0x26C5, 0x26CE, 0x26CE, 0x26D4,
        0x26D4, 0x26EA, 0x26EA, 0x26F2, 0x26F3, 0x26F5, 0x26F5, 0x26FA, 0x26FA, 0x26FD, 0x26FD,
        0x2705, 0x2705, 0x270A, 0x270B, 0x2728, 0x2728, 0x274C, 0x274C, 0x274E, 0x274E, 0x2753,
        0x2755, 0x2757, 0x2757, 0x2795, 0x2797, 0x27B0, 0x27B0, 0x27BF, 0x27BF, 0x2B1B, 0x2B1C,
        0x2B50, 0x2B50, 0x2B55, 0x2B55, 0x2E80, 0x3029, 0x302E, 0x303E, 0x3041, 0x3096, 0x309B,
        0x3247, 0x3250, 0x4DBF, 0x4E00, 0xA4C6, 0xA960, 0xA97C, 0xAC00, 0xD7A3, 0xF900, 0xFAD9,
        0xFE10, 0xFE19, 0xFE30, 0xFE6B, 0xFF01, 0xFF60, 0xFFE0, 0xFFE6, 0x16FE0, 0x16FE3, 0x16FF0,
        0x1B2FB, 0x1F004, 0x1F004, 0x1F0CF, 0x1F0CF, 0x1F18E, 0x1F18E, 0x1F191, 0x1F19A, 0x1F200,
        0x1F320, 0x1F32D, 0x1F335, 0x1F337, 0x1F37C, 0x1F37E, 0x1F393, 0x1F3A0, 0x1F3CA, 0x1F3CF,
        0x1F3D3, 0x1F3E0, 0x1F3F0, 0x1F3F4, 0x1F3F4, 0x1F3F8, 0x1F43E, 0x1F440, 0x1F440, 0x1F442,
        0x1F4FC, 0x1F4FF, 0x1F53D, 0x1F54B, 0x1F54E, 0x1F550, 0x1F567, 0x1F57A, 0x1F57A, 0x1F595,
        0x1F596, 0x1F5A4, 0x1F5A4, 0x1F5FB, 0x1F64F, 0x1F680, 0x1F6C5, 0x1F6CC, 0x1F6CC, 0x1F6D0,
        0x1F6D2, 0x1F6D5, 0x1F6DF, 0x1F6EB, 0x1F6EC, 0x1F6F4, 0x1F6FC, 0x1F7E0, 0x1F7F0, 0x1F90C,
        0x1F93A, 0x1F93C, 0x1F945, 0x1F947, 0x1F9FF, 0x1FA70, 0x1FAF6, 0x20000, 0x3FFFD
    };

    private Display() {}

    /// Cells that `text` takes when printed; it holds no control characters.
    static int width(CharSequence text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) >= 0x7f) {
                return wideWidth(text, i);
            }
        }
        return length;
    }

    /// Cells of one code point that stands alone: 0, 1 or 2.
    static int width(int codePoint) {
        if (codePoint < 0x300) {
            return codePoint == 0xAD ? 0 : 1;
        }
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT
                || (codePoint >= 0x1160 && codePoint <= 0x11FF)) {
            return 0;
        }
        return isWide(codePoint) ? 2 : 1;
    }

    private static int wideWidth(CharSequence text, int asciiPrefix) {
        int width = asciiPrefix;
        int last = asciiPrefix > 0 ? 1 : 0;
        boolean joined = false;
        for (int i = asciiPrefix; i < text.length(); ) {
            int codePoint = Character.codePointAt(text, i);
            i += Character.charCount(codePoint);
            if (codePoint == VARIATION_EMOJI && last == 1) {
                width++;
                last = 2;
            } else if (codePoint == ZERO_WIDTH_JOINER && last == 2) {
                joined = true;
            } else if (joined) {
                joined = false; // one picture with the one before
            } else {
                int cells = width(codePoint);
                width += cells;
                last = cells == 0 ? last : cells;
            }
        }
        return width;
    }

    private static boolean isWide(int codePoint) {
        int low = 0;
        int high = WIDE.length / 2 - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (codePoint < WIDE[2 * middle]) {
                high = middle - 1;
            } else if (codePoint > WIDE[2 * middle + 1]) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    /// The text with every control character shown instead of obeyed: tab, newline and return as
    /// backslash escapes, others as `\x1b` or `\u202e`. Bidirectional overrides and lone surrogates
    /// count as controls.
    static String visible(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                return escaped(text, i);
            }
        }
        return text;
    }

    private static String escaped(String text, int from) {
        StringBuilder shown = new StringBuilder(text.length() + 16).append(text, 0, from);
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isControl(c)) {
                shown.append(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                shown.append(c).append(text.charAt(++i));
            } else {
                switch (c) {
                    case '\t' -> shown.append("\\t");
                    case '\n' -> shown.append("\\n");
                    case '\r' -> shown.append("\\r");
                    default -> appendHex(shown, c);
                }
            }
        }
        return shown.toString();
    }

    /// Like [#visible] for text of several lines: newline and tab stay.
    static String visibleText(String text) {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '\n' && c != '\t' && isControl(c)) {
                break;
            }
            i++;
        }
        if (i == text.length()) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16);
        int done = 0;
        for (i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\t') {
                shown.append(visible(text.substring(done, i))).append(c);
                done = i + 1;
            }
        }
        return shown.append(visible(text.substring(done))).toString();
    }

    /// The source line of a caret: like [#visible], but each character stays one character, so that
    /// columns still fit, and tabs stay.
    static String visibleLine(String line) {
        StringBuilder shown = null;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c != '\t' && isControl(c) && !Character.isSurrogate(c)) {
                if (shown == null) {
                    shown = new StringBuilder(line);
                }
                shown.setCharAt(i, c < 0x20 ? (char) (0x2400 + c) : '\uFFFD');
            }
        }
        return shown == null ? line : shown.toString();
    }

    private static boolean isControl(char c) {
        return c < 0x20
                || (c >= 0x7f && c < 0xa0)
                || (c >= 0x200e && c <= 0x200f)
                || (c >= 0x2028 && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069)
                || Character.isSurrogate(c)
                || c == 0xfeff;
    }

    private static void appendHex(StringBuilder to, char c) {
        String digits = Integer.toHexString(c);
        if (c < 0x100) {
            to.append("\\x").append(digits.length() == 1 ? "0" : "").append(digits);
        } else {
            to.append("\\u").repeat('0', 4 - digits.length()).append(digits);
        }
    }

    /// The longest beginning of `text` that takes at most `cells` cells.
    static String clip(String text, int cells) {
        if (width(text) <= cells) {
            return text;
        }
        int end = 0;
        int width = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            int next = width + width(codePoint);
            if (next > cells) {
                break;
            }
            width = next;
            end += Character.charCount(codePoint);
        }
        return text.substring(0, end);
    }

    /// `text` in a color or style of SGR codes such as `1;31`.
    static String styled(String text, String codes, boolean color) {
        return color ? ESCAPE + "[" + codes + "m" + text + ESCAPE + "[0m" : text;
    }
}
