package dev.sovereign.finance.p2p;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.Header;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.net.Dialer;
import dev.sovereign.finance.net.Endpoint;
import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;
import dev.sovereign.finance.net.ServerWords;

import org.bitcoinj.base.BitcoinNetwork;
import org.bitcoinj.base.Sha256Hash;
import org.bitcoinj.core.Block;
import org.bitcoinj.core.BlockLocator;
import org.bitcoinj.core.GetHeadersMessage;
import org.bitcoinj.core.HeadersMessage;
import org.bitcoinj.core.InventoryItem;
import org.bitcoinj.core.InventoryMessage;
import org.bitcoinj.core.Message;
import org.bitcoinj.core.Peer;
import org.bitcoinj.core.PeerAddress;
import org.bitcoinj.core.PeerGroup;
import org.bitcoinj.net.BlockingClientManager;
import org.bitcoinj.utils.Threading;
import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/// One peer of the Bitcoin network that the user named. One thread at a time asks it.
public final class PeerConnection implements AutoCloseable {

    /// Milliseconds for one answer, and for connection and greeting together.
    public static final int ANSWER_MILLIS = 20_000;

    /// What we say that we speak. bitcoinj's own 70013 does not go with the `sendaddrv2` that it
    /// sends: btcd hangs up on that, and bitcoinj calls again for ever.
    private static final int VERSION = 70_016;

    /// Of the protocol: headers in one message.
    private static final int HEADERS = 2_000;

    /// A group, with sockets of ours.
    private static final class Group extends PeerGroup {
        Group(BitcoinNetwork network, DialedSockets sockets) {
            super(network, null, new BlockingClientManager(sockets));
        }
    }

    private final Group group;
    private final Peer peer;
    private final Runnable news;
    private final AtomicReference<@Nullable CompletableFuture<HeadersMessage>> wanted;
    private volatile boolean ended;

    private PeerConnection(
            Group group,
            Peer peer,
            Runnable news,
            AtomicReference<@Nullable CompletableFuture<HeadersMessage>> wanted) {
        this.group = group;
        this.peer = peer;
        this.news = news;
        this.wanted = wanted;
    }

    /// Connects, and waits for the peer's greeting.
    ///
    /// @param news told when the peer speaks of a new block; on bitcoinj's thread
    /// @throws ServerException when nobody answers in time, or bitcoinj does not know the network
    public static PeerConnection open(
            Network network, Endpoint endpoint, Dialer dialer, Runnable news)
            throws ServerException, InterruptedException {
        Group group = new Group(parameters(network), new DialedSockets(dialer, endpoint));
        // in this order: a new agent makes a new greeting
        group.setUserAgent("sovereign", "1");
        group.getVersionMessage().clientVersion = VERSION;
        group.setUseLocalhostPeerWhenPossible(false);
        group.setDiscoverPeersViaP2P(false);
        group.setBloomFilteringEnabled(false);
        group.setRequiredServices(0);
        // a place to call, which the sockets do not look at
        group.addAddress(PeerAddress.simple(InetAddress.getLoopbackAddress(), endpoint.port()));
        group.setMaxConnections(1);
        var wanted = new AtomicReference<@Nullable CompletableFuture<HeadersMessage>>();
        boolean open = false;
        try {
            Future<?> _ = group.startAsync();
            List<Peer> peers =
                    await(group.waitForPeers(1), "the peer did not answer", endpoint.toString());
            PeerConnection connection = new PeerConnection(group, peers.getFirst(), news, wanted);
            // others than this executor are never asked, without a word
            group.addPreMessageReceivedEventListener(
                    Threading.SAME_THREAD, (_, message) -> connection.received(message));
            group.addDisconnectedEventListener(Threading.SAME_THREAD, (_, _) -> connection.broke());
            open = true;
            return connection;
        } finally {
            if (!open) {
                Future<?> _ = group.stopAsync();
            }
        }
    }

    private static BitcoinNetwork parameters(Network network) throws ServerException {
        return switch (network) {
            case MAINNET -> BitcoinNetwork.MAINNET;
            case TESTNET -> BitcoinNetwork.TESTNET;
            case SIGNET -> BitcoinNetwork.SIGNET;
            case REGTEST -> BitcoinNetwork.REGTEST;
            case TESTNET4 ->
                    throw new ServerException(
                            ServerError.OTHER_NETWORK,
                            "peers of testnet4 cannot be asked",
                            "name an Electrum server in license.electrum instead",
                            null);
        };
    }

    /// Height of its last block when it greeted us, as it says.
    public int bestHeight() {
        return Math.clamp(peer.getBestHeight(), 0, Integer.MAX_VALUE);
    }

    /// Headers that follow `parent` in the peer's chain; from its first block on when it does not
    /// know that one; none at its tip.
    ///
    /// @return at most 2,000 headers of 80 bytes, unchecked
    public byte[] headersAfter(Hash parent) throws ServerException, InterruptedException {
        CompletableFuture<HeadersMessage> answer = new CompletableFuture<>();
        wanted.set(answer);
        BlockLocator locator = new BlockLocator(List.of(sha(parent)));
        try {
            Future<?> _ =
                    peer.sendMessage(new GetHeadersMessage(VERSION, locator, Sha256Hash.ZERO_HASH));
            List<Block> blocks = await(answer, "the peer sent no headers", "").getBlockHeaders();
            if (blocks.size() > HEADERS) {
                throw ServerException.fault("the peer sent " + blocks.size() + " headers at once");
            }
            byte[] headers = new byte[blocks.size() * Header.BYTES];
            for (int i = 0; i < blocks.size(); i++) {
                byte[] one = PeerBlock.header(blocks.get(i)).bytes();
                System.arraycopy(one, 0, headers, i * Header.BYTES, Header.BYTES);
            }
            return headers;
        } finally {
            wanted.set(null);
        }
    }

    /// The block with this hash.
    ///
    /// @throws ServerException when the peer has none, or sends another
    public PeerBlock block(Hash hash) throws ServerException, InterruptedException {
        return PeerBlock.checked(
                await(peer.getBlock(sha(hash)), "the peer sent no block " + hash, ""), hash);
    }

    private static Sha256Hash sha(Hash hash) {
        return Sha256Hash.wrapReversed(hash.wire());
    }

    /// @return null swallows the message: bitcoinj has no chain to put it into
    private @Nullable Message received(Message message) {
        if (message instanceof HeadersMessage headers) {
            CompletableFuture<HeadersMessage> answer = wanted.get();
            if (answer != null) {
                answer.complete(headers);
            } else {
                news.run();
            }
            return null;
        }
        if (message instanceof InventoryMessage inventory) {
            for (InventoryItem item : inventory.getItems()) {
                if (item.type == InventoryItem.Type.BLOCK
                        || item.type == InventoryItem.Type.WITNESS_BLOCK) {
                    news.run();
                    break;
                }
            }
            return null;
        }
        return message;
    }

    private void broke() {
        ended = true;
        CompletableFuture<HeadersMessage> answer = wanted.get();
        if (answer != null) {
            answer.completeExceptionally(
                    new ServerException(ServerError.UNREACHABLE, "the peer hung up"));
        }
        close();
    }

    /// Whether the peer hung up, or we did.
    public boolean hasEnded() {
        return ended;
    }

    private static <T> T await(Future<T> answer, String otherwise, String whom)
            throws ServerException, InterruptedException {
        try {
            return answer.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new ServerException(
                    ServerError.TIMEOUT,
                    (whom.isEmpty() ? "" : whom + ": ")
                            + otherwise
                            + " within "
                            + ANSWER_MILLIS / 1_000
                            + " s",
                    null,
                    late);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ServerException why) {
                throw new ServerException(why.error(), why.words(), why.hint(), why);
            }
            throw new ServerException(
                    ServerError.UNREACHABLE,
                    otherwise + ": " + ServerWords.shown(String.valueOf(failed.getCause())),
                    null,
                    failed);
        }
    }

    /// Hangs up. Idempotent; does not wait for bitcoinj's threads.
    @Override
    public void close() {
        ended = true;
        if (group.isRunning()) {
            Future<?> _ = group.stopAsync();
        }
    }
}
