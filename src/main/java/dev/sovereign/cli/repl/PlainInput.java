package dev.sovereign.cli.repl;

import dev.sovereign.cli.Out;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// Inputs from a pipe, a file, or a terminal that can do no more than lines. Statements go over
/// lines until they are complete; the end of input ends the last one.
final class PlainInput implements Input {

    /// A longer unfinished input is not looked through again for every line, or reading it would
    /// take time in proportion to its square.
    private static final int SHORT_CHARS = 16 << 10;

    private final InputStream in;
    private final Out out;
    private final boolean prompts;
    private int line;
    private boolean ended;

    /// @param prompts whether somebody types
    PlainInput(InputStream in, Out out, boolean prompts) {
        this.in = new BufferedInputStream(in);
        this.out = out;
        this.prompts = prompts;
    }

    @Override
    public @Nullable Typed next() {
        StringBuilder text = new StringBuilder();
        int first = line + 1;
        int looked = 0;
        while (!ended) {
            prompt(text.isEmpty() ? Repl.PROMPT : Repl.CONTINUATION);
            String read = readLine();
            if (read == null) {
                ended = true;
                break;
            }
            boolean blank = read.isBlank();
            if (text.isEmpty() && blank) {
                first = line + 1;
                continue;
            }
            if (blank && prompts) {
                break; // an empty line ends what has no end
            }
            if (text.length() + read.length() > MAX_CHARS) {
                throw new TooLong();
            }
            text.append(read).append('\n');
            boolean look = text.length() < SHORT_CHARS || text.length() > looked + looked / 8;
            if (look || mayEnd(read)) {
                looked = text.length();
                if (Splitter.isComplete(text.toString())) {
                    break;
                }
            }
        }
        if (ended && prompts) {
            out.newline();
            out.flush();
        }
        String whole = text.toString().stripTrailing();
        if (whole.isEmpty()) {
            return null;
        }
        String name = prompts ? Typed.INPUT : "-";
        return new Typed(name, whole, prompts ? 1 : first, 0);
    }

    private static boolean mayEnd(String line) {
        String end = line.stripTrailing();
        char last = end.charAt(end.length() - 1);
        return last == '.' || last == '?' || last == '}';
    }

    private void prompt(String text) {
        if (prompts) {
            out.print(text).flush();
        }
    }

    /// The next line without its end; null at the end of input.
    private @Nullable String readLine() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try {
            int b = in.read();
            if (b < 0) {
                return null;
            }
            while (b >= 0 && b != '\n') {
                bytes.write(b);
                if (bytes.size() > MAX_CHARS) {
                    throw new TooLong();
                }
                b = in.read();
            }
        } catch (IOException broken) {
            return null; // a terminal that has gone ends the input as well
        }
        line++;
        String text = bytes.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /// Ctrl-C at the prompt: the terminal has dropped the line.
    void interrupted() {
        out.print("\n" + Repl.PROMPT).flush();
    }

    @Override
    public InputStream rest() {
        return in;
    }

    @Override
    public void say(String words) {
        // whatever it is, the next answer will tell
    }

    @Override
    public void offer(String text) {
        throw new SovereignException(
                ReplError.NOT_HERE, "an input cannot be edited on a terminal like this");
    }

    @Override
    public void close() {}
}
