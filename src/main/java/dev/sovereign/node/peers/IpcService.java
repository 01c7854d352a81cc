package dev.sovereign.node.peers;

import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.PeerId;
import dev.sovereign.mesh.Stream;
import dev.sovereign.node.Exchange;
import dev.sovereign.node.Log;
import dev.sovereign.node.RequestHandler;
import dev.sovereign.node.daemon.Connection;
import dev.sovereign.node.daemon.Host;
import dev.sovereign.node.daemon.SocketExchange;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Answers what peers ask over [#PROTOCOL]: the frames of the local socket, each request as the
/// policy allows. A request that is under way when the policy changes is asked about again, and
/// ends when it is no longer allowed.
final class IpcService {

    static final String PROTOCOL = "/sovereign/ipc/1.0.0";

    /// Streams of one connection that may ask at once; each may have several requests under way.
    static final int MAX_INBOUND = 8;

    /// How often a request that is under way looks whether anything was changed.
    private static final long RECHECK_MILLIS = 200;

    /// For an answer that was withdrawn to end by itself, before its stream is reset.
    private static final long WITHDRAW_MILLIS = 300;

    private final RequestHandler node;
    private final Policy policy;
    private final Refused refused;
    private final LongSupplier newestTx;
    private final InstantSource clock;
    private final Log log;

    /// @param node answers once the policy has allowed it
    /// @param newestTx number of the newest transaction: what a policy can depend on
    IpcService(
            RequestHandler node,
            Policy policy,
            Refused refused,
            LongSupplier newestTx,
            InstantSource clock,
            Log log) {
        this.node = node;
        this.policy = policy;
        this.refused = refused;
        this.newestTx = newestTx;
        this.clock = clock;
        this.log = log;
    }

    /// Serves one stream until the peer has ended it.
    void serve(Stream stream) {
        PeerId peer = stream.connection().peer();
        StreamLink link = new StreamLink(stream);
        new Connection(link, new Peer(peer, link), "of " + peer).run();
    }

    private final class Peer implements Host {

        private final PeerId peer;
        private final StreamLink link;

        Peer(PeerId peer, StreamLink link) {
            this.peer = peer;
            this.link = link;
        }

        @Override
        public Log log() {
            return log;
        }

        @Override
        public long pid() {
            return 0;
        }

        @Override
        public boolean begin(SocketExchange exchange, boolean stop) {
            return true; // it ends with its connection, which ends with the mesh
        }

        @Override
        public void end(SocketExchange exchange) {}

        @Override
        public void ended(Connection connection) {}

        @Override
        public Response.Closing handle(Request<?> request, Exchange exchange)
                throws IOException, InterruptedException {
            Policy.Needs needs;
            try {
                needs = Policy.needs(request);
            } catch (SovereignException never) {
                if (never.first().code().equals(PeerError.NOT_FOR_PEERS.code())) {
                    refused.add(
                            clock.millis(), peer, word(request), Set.of(""), never.first().code());
                }
                throw never;
            }
            long tx = newestTx.getAsLong();
            if (!policy.allows(peer, needs)) {
                throw refuse(needs, "may not ask this");
            }
            Withdrawal withdrawal = new Withdrawal(needs, (SocketExchange) exchange, tx);
            Thread.ofVirtual().name("policy-of " + peer).start(withdrawal);
            try {
                return answer(request, new WithoutFiles(exchange));
            } catch (InterruptedException | IOException | RuntimeException ended) {
                if (withdrawal.happened) {
                    throw refuse(needs, "may no longer ask this");
                }
                throw ended;
            } finally {
                withdrawal.done.countDown();
            }
        }

        private Response.Closing answer(Request<?> request, Exchange out)
                throws IOException, InterruptedException {
            if (!(request instanceof Request.Why)) {
                return node.handle(request, out);
            }
            VisibleProof proof =
                    new VisibleProof(out, relation -> policy.allowsProof(peer, relation));
            Response.Closing closing = node.handle(request, proof);
            proof.end();
            return closing;
        }

        private SovereignException refuse(Policy.Needs needs, String why) {
            refused.add(
                    clock.millis(), peer, needs.word(), needs.relations(), PeerError.POLICY.code());
            return new SovereignException(
                    PeerError.POLICY,
                    "the policy of that node: this peer " + why,
                    "on that node a rule of the module policy has to derive may(\""
                            + peer
                            + "\", \""
                            + needs.word()
                            + "\", RELATION) for each relation that is named");
        }

        private String word(Request<?> request) {
            return request.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
        }

        /// Watches over one request: cancels it when the policy, changed meanwhile, says no.
        private final class Withdrawal implements Runnable {

            private final Policy.Needs needs;
            private final SocketExchange exchange;
            private final CountDownLatch done = new CountDownLatch(1);
            private volatile boolean happened;
            private long tx;

            Withdrawal(Policy.Needs needs, SocketExchange exchange, long tx) {
                this.needs = needs;
                this.exchange = exchange;
                this.tx = tx;
            }

            @Override
            public void run() {
                try {
                    while (!done.await(RECHECK_MILLIS, TimeUnit.MILLISECONDS)) {
                        long now = newestTx.getAsLong();
                        if (now == tx) {
                            continue;
                        }
                        tx = now;
                        if (!policy.allows(peer, needs)) {
                            happened = true;
                            exchange.cancel();
                            if (!done.await(WITHDRAW_MILLIS, TimeUnit.MILLISECONDS)) {
                                link.reset("the policy no longer allows it");
                            }
                            return;
                        }
                    }
                } catch (InterruptedException ending) {
                    exchange.cancel();
                }
            }
        }
    }

    /// The exchange of a peer: it is asked for no files, whatever a program names.
    private record WithoutFiles(Exchange exchange) implements Exchange {

        @Override
        public void send(Response response) throws InterruptedException {
            exchange.send(response);
        }

        @Override
        public InputStream want(String name, @Nullable String fromProgram) {
            throw new SovereignException(
                    PeerError.NOT_FOR_PEERS, "files are not taken from a peer", null);
        }

        @Override
        public boolean cancelled() {
            return exchange.cancelled();
        }

        @Override
        public void onCancel(Runnable hook) {
            exchange.onCancel(hook);
        }
    }
}
