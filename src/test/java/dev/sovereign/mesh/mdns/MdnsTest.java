package dev.sovereign.mesh.mdns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.mesh.PeerId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The service on a LAN of this test's own: 192.0.2.0/24, whose machines hear what goes to all when
/// they have joined, as on a real one. Real multicast is in MeshIT.
@Timeout(60)
class MdnsTest {

    private static final String NETWORK = "45fc986bbc9388a11d939df26f730f0c";
    private static final Duration WAIT = Duration.ofMillis(400);

    private final SecureRandom random = new SecureRandom();
    private final List<Plug> lan = new CopyOnWriteArrayList<>();
    private final List<String> sent = new CopyOnWriteArrayList<>();

    /// One machine's place on it.
    private final class Plug implements Link {

        final InetSocketAddress own;
        final BlockingQueue<Packet> in = new LinkedBlockingQueue<>();
        volatile boolean joined;
        volatile boolean closed;

        Plug(int host, int port) {
            own = new InetSocketAddress(InetAddress.ofLiteral("192.0.2." + host), port);
            lan.add(this);
        }

        @Override
        public void join() {
            joined = true;
        }

        @Override
        public void send(byte[] packet, @Nullable InetSocketAddress to) {
            sent.add((to == null ? "all" : to.toString()) + " " + packet.length);
            for (Plug plug : lan) {
                if (to == null ? plug.joined : plug.own.equals(to)) {
                    plug.in.add(new Packet(packet, own));
                }
            }
        }

        @Override
        public Packet receive() throws IOException {
            try {
                Packet next = in.take();
                if (closed) {
                    throw new IOException("closed");
                }
                return next;
            } catch (InterruptedException stop) {
                throw new IOException(stop);
            }
        }

        @Override
        public boolean isNear(InetAddress address) {
            return Lan.same(address.getAddress(), own.getAddress().getAddress(), 24);
        }

        @Override
        public void close() {
            closed = true;
            lan.remove(this);
            in.add(new Packet(new byte[0], own));
        }
    }

    private final class Machine implements AutoCloseable {
        final PeerId peer = Identity.generate(random).peerId();
        final BlockingQueue<Mdns.Found> found = new LinkedBlockingQueue<>();
        final Mdns mdns;

        Machine(int host, Set<String> networks, String... addresses) {
            List<Multiaddr> own = new ArrayList<>();
            for (String address : addresses) {
                own.add(Multiaddr.of(address));
            }
            mdns =
                    Mdns.start(
                            List.of(new Plug(host, Mdns.PORT)),
                            peer,
                            () -> networks,
                            () -> own,
                            found::add,
                            random);
        }

        Mdns.@Nullable Found next() throws InterruptedException {
            return found.poll(5, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            mdns.close();
        }
    }

    private List<Mdns.Found> ask(Set<String> networks) throws Exception {
        return Mdns.ask(
                List.of(new Plug(9, 40_000)),
                Identity.generate(random).peerId(),
                networks,
                WAIT,
                random);
    }

    @Test
    void whoAsksLearnsWhoIsThereAndSoDoAllOthers() throws Exception {
        try (Machine one = new Machine(1, Set.of(NETWORK), "/ip4/192.0.2.1/tcp/4747");
                Machine two = new Machine(2, Set.of(NETWORK), "/ip4/192.0.2.2/tcp/4747");
                Machine three = new Machine(3, Set.of(NETWORK), "/ip4/192.0.2.3/tcp/4747")) {
            one.mdns.ask();
            Mdns.Found first = one.next();
            Mdns.Found second = one.next();
            assertTrue(first != null && second != null);
            assertEquals(Set.of(two.peer, three.peer), Set.of(first.peer(), second.peer()));
            Mdns.Found heard = two.next(); // of one or three, which answered to all
            assertTrue(heard != null && heard.addresses().size() == 1);
            assertEquals(Duration.ofSeconds(Mdns.TTL_SECONDS), heard.holds());
        }
    }

    @Test
    void askingAloneHearsWhoAnswers() throws Exception {
        try (Machine one =
                        new Machine(
                                1,
                                Set.of(NETWORK),
                                "/ip4/127.0.0.1/tcp/4747",
                                "/ip4/192.0.2.1/tcp/4747",
                                "/ip4/192.0.2.1/tcp/4748");
                Machine other = new Machine(2, Set.of("0".repeat(32)), "/ip4/192.0.2.2/tcp/1")) {
            List<Mdns.Found> found = ask(Set.of(NETWORK));
            assertEquals(List.of(one.peer), found.stream().map(Mdns.Found::peer).toList());
            assertEquals(
                    List.of(
                            Multiaddr.of("/ip4/192.0.2.1/tcp/4747"),
                            Multiaddr.of("/ip4/192.0.2.1/tcp/4748")),
                    found.getFirst().addresses());
            assertTrue(other.found.isEmpty(), "nothing of another network");
            assertEquals(List.of(), ask(Set.of("1".repeat(32))));
        }
    }

    /// During a rotation a machine is found under both keys.
    @Test
    void bothNetworksOfARotationAreAnswered() throws Exception {
        String newer = "f".repeat(32);
        try (Machine one = new Machine(1, Set.of(NETWORK, newer), "/ip4/192.0.2.1/tcp/4747")) {
            for (Set<String> asked :
                    List.of(Set.of(NETWORK), Set.of(newer), Set.of(NETWORK, newer))) {
                assertEquals(one.peer, ask(asked).getFirst().peer());
            }
        }
    }

    @Test
    void claimsThatLeadElsewhereAreNotTaken() throws Exception {
        try (Machine victim = new Machine(1, Set.of(NETWORK), "/ip4/192.0.2.1/tcp/4747")) {
            PeerId liar = Identity.generate(random).peerId();
            String service = Mdns.service(NETWORK);
            List<String> claims = new ArrayList<>();
            for (String address :
                    List.of(
                            "/ip4/127.0.0.1/tcp/22",
                            "/ip4/198.51.100.1/tcp/80",
                            "/ip4/169.254.1.1/tcp/1",
                            "/dns/a.example/tcp/1",
                            "/ip4/192.0.2.66/tcp/666")) {
                claims.add("dnsaddr=" + address + "/p2p/" + liar);
            }
            claims.add("dnsaddr=/ip4/192.0.2.66/tcp/1");
            claims.add("dnsaddr=/ip4/192.0.2.66/tcp/1/p2p/" + victim.peer);
            claims.add("dnsaddr=nonsense");
            claims.add("something else");
            byte[] lie =
                    new DnsMessage(
                                    0,
                                    true,
                                    List.of(),
                                    List.of(
                                            new DnsMessage.Pointer(service, 9_999, "x." + service),
                                            new DnsMessage.Text("x." + service, 9_999, claims),
                                            new DnsMessage.Text("y." + service, 9, claims)))
                            .toBytes();
            new Plug(66, Mdns.PORT).send(lie, null);
            Mdns.Found found = victim.next();
            assertTrue(found != null);
            assertEquals(liar, found.peer());
            assertEquals(List.of(Multiaddr.of("/ip4/192.0.2.66/tcp/666")), found.addresses());
            assertEquals(Duration.ofSeconds(Mdns.TTL_SECONDS), found.holds());

            // from a machine that is not on the link
            Plug far = new Plug(66, Mdns.PORT);
            for (Plug plug : lan) {
                plug.in.add(
                        new Link.Packet(
                                lie,
                                new InetSocketAddress(
                                        InetAddress.ofLiteral("198.51.100.1"), Mdns.PORT)));
            }
            far.close();
            assertNull(victim.found.poll(300, TimeUnit.MILLISECONDS));
        }
    }

    @Test
    void aFloodOfQuestionsGetsFewAnswersThatFitAPacket() throws Exception {
        String[] addresses = new String[60];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = "/ip4/192.0.2.1/tcp/" + (1_000 + i);
        }
        try (Machine one = new Machine(1, Set.of(NETWORK), addresses)) {
            Plug asker = new Plug(7, Mdns.PORT);
            asker.join();
            byte[] question =
                    new DnsMessage(
                                    0,
                                    false,
                                    List.of(
                                            new DnsMessage.Question(
                                                    Mdns.service(NETWORK), DnsMessage.PTR, false)),
                                    List.of())
                            .toBytes();
            for (int i = 0; i < 500; i++) {
                asker.send(question, null);
            }
            // what the machine hears after those has been dealt with after those
            assertFalse(ask(Set.of(NETWORK)).isEmpty());
            List<String> answers =
                    sent.stream()
                            .filter(each -> !each.equals("all " + question.length))
                            .filter(each -> each.startsWith("all"))
                            .toList();
            // one answer, and the question of ask(), which is as long but for its top bit
            assertTrue(answers.size() <= 2, answers.toString());
            for (String each : sent) {
                int length = Integer.parseInt(each.substring(each.indexOf(' ') + 1));
                assertTrue(length <= 1_440, each);
            }
            assertTrue(one.found.isEmpty());
        }
    }
}
