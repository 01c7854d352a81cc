package dev.sovereign.finance.sync;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.Header;
import dev.sovereign.finance.electrum.ElectrumSession;
import dev.sovereign.finance.electrum.ServerTip;
import dev.sovereign.finance.net.ServerException;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// The headers of an Electrum server, some answers ahead of who walks along them.
final class ElectrumHeaders implements HeaderSource {

    /// Headers of one answer; servers send no more.
    private static final int CHUNK = 2_016;

    /// Answers asked for ahead: enough to fill a line of 100 ms, and 1 MB of memory.
    private static final int AHEAD = 3;

    private record Asked(int height, CompletableFuture<byte[]> answer) {}

    private final ElectrumSession session;
    private final ServerTip tip;
    private final ArrayDeque<Asked> ahead = new ArrayDeque<>();

    ElectrumHeaders(ElectrumSession session, ServerTip tip) {
        this.session = session;
        this.tip = tip;
    }

    @Override
    public Hash tipHash() {
        return tip.header().hash();
    }

    @Override
    public int tipHeight() {
        return tip.height();
    }

    @Override
    public byte[] headers(int height, Hash parent) throws ServerException, InterruptedException {
        if (height > tip.height()) {
            return new byte[0];
        }
        byte[] answer;
        if (!ahead.isEmpty() && ahead.getFirst().height() == height) {
            answer = answer(ahead.removeFirst());
        } else {
            ahead.clear();
            answer = session.headers(height, count(height));
        }
        if (answer.length == CHUNK * Header.BYTES) {
            // somebody walks here, rather than looking for a fork
            fill(height + CHUNK);
        }
        return answer;
    }

    private void fill(int from) {
        int next = ahead.isEmpty() ? from : ahead.getLast().height() + CHUNK;
        while (ahead.size() < AHEAD && next <= tip.height()) {
            ahead.addLast(new Asked(next, ask(next)));
            next += CHUNK;
        }
    }

    private CompletableFuture<byte[]> ask(int height) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("headers-" + height)
                .start(() -> {
                    try {
                        answer.complete(session.headers(height, count(height)));
                    } catch (ServerException | InterruptedException | RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                });
        return answer;
    }

    private int count(int height) {
        return Math.min(CHUNK, tip.height() - height + 1);
    }

    private static byte[] answer(Asked asked) throws ServerException, InterruptedException {
        try {
            return asked.answer().get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ServerException why) {
                throw new ServerException(why.error(), why.words(), why.hint(), why);
            }
            throw new IllegalStateException("cannot ask for headers", failed.getCause());
        }
    }
}
