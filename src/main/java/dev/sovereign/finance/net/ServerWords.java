package dev.sovereign.finance.net;

/// Words of a server, made fit for a terminal: printable ASCII, the rest escaped, cut.
public final class ServerWords {
    private ServerWords() {}

    /// Of license.md section 7.
    static final int SHOWN_CHARS = 200;

    /// At most [#SHOWN_CHARS] characters, all of them printable.
    public static String shown(String words) {
        StringBuilder out = new StringBuilder(Math.min(words.length(), SHOWN_CHARS) + 8);
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            String piece = c >= ' ' && c <= '~' ? String.valueOf(c) : "\\u%04x".formatted((int) c);
            if (out.length() + piece.length() > SHOWN_CHARS - 3) {
                return out.append("...").toString();
            }
            out.append(piece);
        }
        return out.toString();
    }
}
