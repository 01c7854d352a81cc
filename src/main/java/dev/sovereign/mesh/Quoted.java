package dev.sovereign.mesh;

/// Text from outside, made fit for an error message: cut, and without control characters.
final class Quoted {

    /// Guess: longer than any PeerId or usual address, shorter than a screen.
    private static final int MAX_CHARS = 120;

    private Quoted() {}

    static String of(String text) {
        StringBuilder quoted = new StringBuilder();
        text.codePoints()
                .limit(MAX_CHARS)
                .map(c ->
                        Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                                ? '\ufffd'
                                : c)
                .forEach(quoted::appendCodePoint);
        return text.codePointCount(0, text.length()) > MAX_CHARS
                ? quoted.append('…').toString()
                : quoted.toString();
    }
}
