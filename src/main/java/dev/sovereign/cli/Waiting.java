package dev.sovereign.cli;

import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

/// Shows on a terminal that something takes long: after a second, one line that is drawn over and
/// wiped away before anything else is written. Does nothing elsewhere.
///
/// A thread of its own draws, so that time goes on where nothing is reported; `lock` guards all
/// state and every write of that line.
final class Waiting {

    private static final long QUIET_MILLIS = 1_000;
    private static final long REDRAW_MILLIS = 200;
    private static final int BAR_CELLS = 24;

    private static final Waiting NONE = new Waiting(null);

    private final Object lock = new Object();
    private final @Nullable Streams streams;
    private final long started = System.nanoTime();
    private Response.@Nullable Progress progress;
    private boolean drawn;
    private boolean stopped;

    private Waiting(@Nullable Streams streams) {
        this.streams = streams;
    }

    static Waiting start(Invocation call) {
        Streams streams = call.streams;
        if (!streams.errIsTerminal
                || call.globals.quiet()
                || "dumb".equals(streams.environment.get("TERM"))) {
            return NONE;
        }
        Waiting waiting = new Waiting(streams);
        Thread painter = new Thread(waiting::paint, "waiting");
        painter.setDaemon(true);
        painter.start();
        return waiting;
    }

    /// Takes a report; it is drawn when its time comes.
    void show(Response.Progress report) {
        synchronized (lock) {
            progress = report;
        }
    }

    /// Wipes the line away before something else is written; it may come again.
    void clear() {
        if (streams != null) {
            synchronized (lock) {
                wipe();
            }
        }
    }

    /// Wipes the line away for good: the answer has begun, or the end has come.
    void stop() {
        if (streams != null) {
            synchronized (lock) {
                wipe();
                stopped = true;
                lock.notifyAll();
            }
        }
    }

    private void wipe() {
        Streams terminal = streams;
        if (drawn && terminal != null) {
            terminal.err.print("\r\u001b[K").flush();
            drawn = false;
        }
    }

    private void paint() {
        Streams terminal = streams;
        if (terminal == null) {
            return;
        }
        try {
            synchronized (lock) {
                long pause = QUIET_MILLIS;
                while (!stopped) {
                    lock.wait(pause);
                    long elapsed = (System.nanoTime() - started) / 1_000_000;
                    if (!stopped && elapsed >= QUIET_MILLIS) {
                        String line = line(progress, elapsed / 1_000);
                        int columns = terminal.columns();
                        terminal.err.print("\r" + Display.clip(line, columns - 1) + "\u001b[K");
                        terminal.err.flush();
                        drawn = true;
                        pause = REDRAW_MILLIS;
                    } else {
                        pause = Math.max(1, QUIET_MILLIS - elapsed);
                    }
                }
            }
        } catch (InterruptedException | Out.Closed gone) {
            // nobody watches any more
        }
    }

    static String line(Response.@Nullable Progress progress, long seconds) {
        if (progress == null) {
            return "working … " + seconds + " s";
        }
        StringBuilder text = new StringBuilder(Display.visible(progress.what())).append(' ');
        boolean bytes = progress.unit().equals("bytes");
        if (progress.total() > 0) {
            double share = Math.min(1, (double) progress.done() / progress.total());
            int full = (int) (share * BAR_CELLS);
            text.append('[').repeat('#', full).repeat('.', BAR_CELLS - full).append("] ");
            text.append((int) (share * 100)).append("% ");
        }
        text.append(bytes ? Amounts.bytes(progress.done()) : Amounts.grouped(progress.done()));
        if (progress.total() > 0) {
            text.append(" of ");
            text.append(
                    bytes ? Amounts.bytes(progress.total()) : Amounts.grouped(progress.total()));
        }
        if (!bytes) {
            text.append(' ').append(Display.visible(progress.unit()));
        }
        return text.append(", ").append(seconds).append(" s").toString();
    }
}
