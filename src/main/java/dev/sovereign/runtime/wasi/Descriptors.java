package dev.sovereign.runtime.wasi;

import dev.sovereign.runtime.pack.Capability;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;

/// What a run has open, by number: the three streams, then what was granted, then what it opened.
final class Descriptors implements AutoCloseable {

    /// Open at once: each takes a descriptor of the daemon.
    static final int MAX = 64;

    sealed interface Open {}

    static final class Input implements Open {
        final byte[] bytes;
        int position;

        Input(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    /// @param limit bytes kept
    /// @param ends whether more ends the run; else it is dropped
    record Output(ByteArrayOutputStream bytes, int limit, boolean ends) implements Open {}

    record OpenFolder(Folder folder) implements Open {}

    static final class OpenFile implements Open {
        final SeekableByteChannel channel;
        final Capability.Files granted;
        final boolean readable;
        final boolean writable;
        boolean append;

        OpenFile(
                SeekableByteChannel channel,
                Capability.Files granted,
                boolean readable,
                boolean writable,
                boolean append) {
            this.channel = channel;
            this.granted = granted;
            this.readable = readable;
            this.writable = writable;
            this.append = append;
        }
    }

    private final @Nullable Open[] table = new @Nullable Open[MAX];

    /// Puts it at the lowest free number.
    int add(Open open) throws WasiFailure {
        for (int fd = 0; fd < MAX; fd++) {
            if (table[fd] == null) {
                table[fd] = open;
                return fd;
            }
        }
        close(open);
        throw new WasiFailure(Errno.MFILE);
    }

    /// Whether one more would fit: asked before a file is made.
    void requireRoom() throws WasiFailure {
        for (Open open : table) {
            if (open == null) {
                return;
            }
        }
        throw new WasiFailure(Errno.MFILE);
    }

    Open get(int fd) throws WasiFailure {
        Open open = fd < 0 || fd >= MAX ? null : table[fd];
        if (open == null) {
            throw new WasiFailure(Errno.BADF);
        }
        return open;
    }

    void close(int fd) throws WasiFailure {
        Open open = get(fd);
        table[fd] = null;
        close(open);
    }

    /// Both must be open; `to` then is what `from` was.
    void move(int from, int to) throws WasiFailure {
        Open moved = get(from);
        Open replaced = get(to);
        if (from != to) {
            table[to] = moved;
            table[from] = null;
            close(replaced);
        }
    }

    private static void close(Open open) throws WasiFailure {
        try {
            switch (open) {
                case OpenFolder folder -> folder.folder().close();
                case OpenFile file -> file.channel.close();
                case Input _, Output _ -> {}
            }
        } catch (IOException failure) {
            throw new WasiFailure(Errno.IO);
        }
    }

    @Override
    public void close() {
        for (int fd = 0; fd < MAX; fd++) {
            Open open = table[fd];
            table[fd] = null;
            if (open != null) {
                try {
                    close(open);
                } catch (WasiFailure ignored) {
                    // nobody is left to be told; what was written was written before
                }
            }
        }
    }
}
