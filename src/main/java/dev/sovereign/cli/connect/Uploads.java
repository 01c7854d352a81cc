package dev.sovereign.cli.connect;

import dev.sovereign.cli.Listener;
import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Message;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The files that the daemon wants for one request. For the thread of the call.
final class Uploads implements AutoCloseable {

    private final long id;
    private final Wire wire;
    private final Listener listener;
    private final List<Upload> open = new ArrayList<>();
    private byte @Nullable [] buffer;

    Uploads(long id, Wire wire, Listener listener) {
        this.id = id;
        this.wire = wire;
        this.listener = listener;
    }

    void wanted(Response.Wanted wanted) throws IOException {
        InputStream in;
        try {
            in = listener.open(wanted);
        } catch (IOException unreadable) {
            wire.send(new Message.FileFailed(id, wanted.handle(), reason(unreadable)));
            return;
        }
        open.add(new Upload(wanted.handle(), in));
    }

    void credit(Message.Credit credit) {
        Upload upload = find(credit.handle());
        if (upload != null) {
            upload.credit += credit.bytes();
        }
    }

    void closed(int handle) throws IOException {
        Upload upload = find(handle);
        if (upload != null) {
            open.remove(upload);
            upload.in.close();
        }
    }

    /// Sends one chunk of the first file that may go on; false when none may.
    boolean advance() throws IOException {
        for (int i = 0; i < open.size(); i++) {
            Upload upload = open.get(i);
            if (upload.credit > 0) {
                sendChunk(upload);
                return true;
            }
        }
        return false;
    }

    private void sendChunk(Upload upload) throws IOException {
        if (buffer == null) {
            buffer = new byte[Bounds.FILE_CHUNK_BYTES];
        }
        int count;
        try {
            count = upload.in.read(buffer, 0, (int) Math.min(buffer.length, upload.credit));
        } catch (IOException unreadable) {
            wire.send(new Message.FileFailed(id, upload.handle, reason(unreadable)));
            closed(upload.handle);
            return;
        }
        if (count < 0) {
            wire.send(new Message.FileChunk(id, upload.handle, new byte[0], true));
            closed(upload.handle);
            return;
        }
        upload.credit -= count;
        byte[] bytes = count == buffer.length ? buffer : Arrays.copyOf(buffer, count);
        wire.send(new Message.FileChunk(id, upload.handle, bytes, false));
    }

    private @Nullable Upload find(int handle) {
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i).handle == handle) {
                return open.get(i);
            }
        }
        return null;
    }

    @Override
    public void close() {
        for (int i = 0; i < open.size(); i++) {
            try {
                open.get(i).in.close();
            } catch (IOException ignored) {
                // it was only read
            }
        }
        open.clear();
    }

    private static String reason(IOException unreadable) {
        if (unreadable instanceof NoSuchFileException
                || unreadable instanceof FileNotFoundException) {
            return "no such file";
        }
        if (unreadable instanceof AccessDeniedException) {
            return "permission denied";
        }
        return String.valueOf(unreadable.getMessage());
    }

    private static final class Upload {
        final int handle;
        final InputStream in;
        long credit;

        Upload(int handle, InputStream in) {
            this.handle = handle;
            this.in = in;
        }
    }
}
