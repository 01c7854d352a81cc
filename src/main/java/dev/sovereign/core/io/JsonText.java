package dev.sovereign.core.io;

import tools.jackson.core.io.JsonStringEncoder;

/// Text as a JSON string. Stateless.
public final class JsonText {

    private JsonText() {}

    /// Appends the text in quotes, escaped where JSON demands it.
    public static void quote(StringBuilder to, CharSequence text) {
        to.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, to);
        to.append('"');
    }
}
