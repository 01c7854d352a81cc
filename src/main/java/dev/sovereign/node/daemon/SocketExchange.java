package dev.sovereign.node.daemon;

import dev.sovereign.error.SovereignException;
import dev.sovereign.node.Exchange;
import dev.sovereign.node.NodeError;
import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Codec;
import dev.sovereign.protocol.FrameBuffer;
import dev.sovereign.protocol.Message;
import dev.sovereign.protocol.Pieces;
import dev.sovereign.protocol.ProtocolException;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One request under way on a [Connection].
public final class SocketExchange implements Exchange {

    private final Connection connection;
    private final long id;

    /// Of the thread that runs the request.
    private final FrameBuffer frame = new FrameBuffer(Bounds.RESPONSE_FRAME_BYTES);

    /// Guarded by `this`, like the fields below.
    private final Map<Integer, Upload> uploads = new HashMap<>();

    private final List<Runnable> hooks = new ArrayList<>();
    private int lastHandle;

    private volatile boolean cancelled;

    SocketExchange(Connection connection, long id) {
        this.connection = connection;
        this.id = id;
    }

    @Override
    public void send(Response response) throws InterruptedException {
        switch (response) {
            case Response.Closing _ ->
                    throw new IllegalArgumentException("the closing response is returned");
            case Response.Wanted _ ->
                    throw new IllegalArgumentException("files are asked for by want()");
            case Response.Rows rows -> Pieces.of(rows, this::transmit);
            case Response.Chunk chunk -> Pieces.of(chunk, this::transmit);
            case Response.Text text -> Pieces.of(text, this::transmit);
            case Response.ProofSteps steps -> transmit(steps);
            case Response.Columns columns -> transmit(columns);
            case Response.Note note -> transmit(note);
            case Response.Progress progress -> transmit(progress);
            case Response.MeshEvent event -> transmit(event);
        }
    }

    private void transmit(Response response) throws InterruptedException {
        if (cancelled) {
            throw new InterruptedException("cancelled");
        }
        transmit(new Message.Answer(id, response));
    }

    private void transmit(Message.FromNode message) throws InterruptedException {
        try {
            Codec.encode(message, frame);
        } catch (ProtocolException tooLarge) {
            throw new SovereignException(List.of(tooLarge.diagnostic()));
        }
        try {
            connection.write(frame);
        } catch (IOException gone) {
            cancel();
            throw new InterruptedException("the caller is gone");
        }
    }

    /// Sends the closing response; the caller being gone is no matter then.
    void close(Response.Closing closing) {
        Response.Closing said = closing;
        for (int attempt = 0; attempt < 2; attempt++) {
            try {
                Codec.encode(new Message.Answer(id, said), frame);
                connection.write(frame);
                return;
            } catch (ProtocolException tooLarge) {
                said = new Response.Failure(List.of(tooLarge.diagnostic()));
            } catch (IOException gone) {
                return;
            }
        }
    }

    @Override
    public InputStream want(String name, @Nullable String fromProgram)
            throws IOException, InterruptedException {
        int handle;
        Upload upload;
        synchronized (this) {
            if (uploads.size() >= Bounds.OPEN_FILES) {
                throw new SovereignException(
                        NodeError.FILE_UNREADABLE,
                        "cannot read \"" + name + "\": more than " + Bounds.OPEN_FILES + " files",
                        "read fewer files at once");
            }
            handle = ++lastHandle;
            upload = new Upload(new Granter(handle));
            uploads.put(handle, upload);
            if (cancelled) {
                upload.cancel();
            }
        }
        transmit(new Response.Wanted(handle, name, fromProgram));
        upload.open();
        String refusal = upload.awaitOpen();
        if (refusal != null) {
            forget(handle);
            throw new SovereignException(
                    NodeError.FILE_UNREADABLE, "cannot read \"" + name + "\": " + refusal);
        }
        return upload;
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    @Override
    public void onCancel(Runnable hook) {
        synchronized (this) {
            if (!cancelled) {
                hooks.add(hook);
                return;
            }
        }
        hook.run();
    }

    /// Any thread may cancel; never blocks. Hooks that fail are no reason not to run the others.
    public void cancel() {
        List<Runnable> run;
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            run = List.copyOf(hooks);
            hooks.clear();
            uploads.values().forEach(Upload::cancel);
        }
        for (Runnable hook : run) {
            try {
                hook.run();
            } catch (RuntimeException failure) {
                connection.log().error("a cancel hook failed", failure);
            }
        }
    }

    /// Null when the handler has closed it already.
    synchronized @Nullable Upload upload(int handle) {
        return uploads.get(handle);
    }

    private synchronized void forget(int handle) {
        uploads.remove(handle);
    }

    private final class Granter implements Upload.Caller {
        private final int handle;

        Granter(int handle) {
            this.handle = handle;
        }

        @Override
        public void grant(long bytes) throws InterruptedException {
            transmit(new Message.Credit(id, handle, bytes));
        }

        @Override
        public void closed(boolean tell) {
            forget(handle);
            if (!tell) {
                return;
            }
            try {
                transmit(new Message.FileClose(id, handle));
            } catch (InterruptedException gone) {
                // then it has stopped already
            }
        }
    }
}
