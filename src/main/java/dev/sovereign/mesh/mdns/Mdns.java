package dev.sovereign.mesh.mdns;

import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.mesh.PeerId;
import dev.sovereign.mesh.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Asks the LAN who else is of our network, and answers when others ask: service
/// `_p2p-FINGERPRINT._udp.local`, whose instances have TXT strings `dnsaddr=MULTIADDR`. What is
/// heard is a claim of anybody on the LAN.
///
/// Any thread may call; what was found is reported on the thread that reads.
public final class Mdns implements AutoCloseable {

    /// Of multicast DNS.
    public static final int PORT = 5353;

    /// How long an answer of ours holds.
    static final int TTL_SECONDS = 120;

    /// RFC 6762, 6.7: for who asks from another port, and so does not follow what changes.
    private static final int LEGACY_TTL_SECONDS = 10;

    /// No answer may have to be split: Ethernet's 1,500 bytes less the headers of IPv6.
    private static final int MAX_ANSWER_BYTES = 1_440;

    /// Of those, names and lengths for one network: a question, a pointer and a text.
    private static final int NAME_BYTES = 450;

    /// Taken from one packet.
    private static final int MAX_PEERS = 32;

    private static final int MAX_ADDRESSES = 16;

    /// RFC 6762, 6: the same answer goes to all at most once a second.
    private static final long SAME_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Answers to one asker alone; they cost the LAN nothing, but us a packet each. Ours.
    private static final long ALONE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /// RFC 6762, 6: a delay for an answer that others give at the same time.
    private static final int MIN_DELAY_MILLIS = 20;

    private static final int MAX_DELAY_MILLIS = 120;

    private static final String DNSADDR = "dnsaddr=";

    /// Somebody says to be a member.
    ///
    /// @param addresses at which it says to listen, on our links, without its PeerId
    /// @param holds for how long
    public record Found(PeerId peer, List<Multiaddr> addresses, Duration holds) {
        public Found {
            addresses = List.copyOf(addresses);
        }
    }

    private final List<Link> links;
    private final PeerId self;
    private final Supplier<Set<String>> networks;
    private final @Nullable Supplier<List<Multiaddr>> own;
    private final Consumer<Found> found;
    private final RandomGenerator random;
    private final String instance;
    private final AtomicLong lastToAll = new AtomicLong(System.nanoTime() - SAME_NANOS);
    private final AtomicLong lastAlone = new AtomicLong(System.nanoTime() - ALONE_NANOS);

    private Mdns(
            List<Link> links,
            PeerId self,
            Supplier<Set<String>> networks,
            @Nullable Supplier<List<Multiaddr>> own,
            Consumer<Found> found,
            RandomGenerator random) {
        this.links = links;
        this.self = self;
        this.networks = networks;
        this.own = own;
        this.found = found;
        this.random = random;
        this.instance = name(random);
        for (Link link : links) {
            Thread.ofVirtual().name("mesh-mdns").start(() -> read(link));
        }
    }

    /// Asks and answers, until it is closed.
    ///
    /// @param networks fingerprints of our swarm keys
    /// @param own where others may reach us
    /// @throws IOException when this machine has no multicast at all
    public static Mdns start(
            PeerId self,
            Supplier<Set<String>> networks,
            Supplier<List<Multiaddr>> own,
            Consumer<Found> found,
            RandomGenerator random)
            throws IOException {
        return start(Lan.open(PORT), self, networks, own, found, random);
    }

    static Mdns start(
            List<Link> links,
            PeerId self,
            Supplier<Set<String>> networks,
            Supplier<List<Multiaddr>> own,
            Consumer<Found> found,
            RandomGenerator random) {
        links.forEach(Link::join);
        return new Mdns(links, self, networks, own, found, random);
    }

    /// Asks once and listens for a while; answers nobody.
    public static List<Found> ask(
            PeerId self, Set<String> networks, Duration wait, RandomGenerator random)
            throws IOException, InterruptedException {
        return ask(Lan.open(0), self, networks, wait, random);
    }

    static List<Found> ask(
            List<Link> links,
            PeerId self,
            Set<String> networks,
            Duration wait,
            RandomGenerator random)
            throws IOException, InterruptedException {
        Map<PeerId, Found> all = new LinkedHashMap<>();
        Consumer<Found> keep =
                each -> {
                    synchronized (all) {
                        if (all.size() < MAX_PEERS * links.size()) {
                            all.putIfAbsent(each.peer(), each);
                        }
                    }
                };
        try (Mdns asking = new Mdns(links, self, () -> networks, null, keep, random)) {
            long until = System.nanoTime() + wait.toNanos();
            asking.ask();
            synchronized (all) {
                for (long left = wait.toNanos(); left > 0; left = until - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(all, left);
                }
                return new ArrayList<>(all.values());
            }
        }
    }

    /// specs/mesh.md, 9: 32 to 63 lower-case letters and digits.
    private static String name(RandomGenerator random) {
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(32, 64); i > 0; i--) {
            name.append("abcdefghijklmnopqrstuvwxyz0123456789".charAt(random.nextInt(36)));
        }
        return name.toString();
    }

    static String service(String fingerprint) {
        return "_p2p-" + fingerprint + "._udp.local";
    }

    /// Asks everybody. Whoever answers is reported.
    public void ask() {
        List<DnsMessage.Question> questions = new ArrayList<>();
        for (String network : networks.get()) {
            // alone: who answers nobody does not hear what goes to all
            questions.add(new DnsMessage.Question(service(network), DnsMessage.PTR, own == null));
        }
        byte[] packet = new DnsMessage(0, false, questions, List.of()).toBytes();
        for (Link link : links) {
            try {
                link.send(packet, null);
            } catch (IOException silent) {
                // it is closed, or its interfaces are down; asked again later
            }
        }
    }

    /// Interfaces have changed: hear the new ones, and ask.
    public void moved() {
        links.forEach(Link::join);
        ask();
    }

    private void read(Link link) {
        while (true) {
            Link.Packet packet;
            try {
                packet = link.receive();
            } catch (IOException closed) {
                return;
            }
            if (packet.bytes().length > DnsMessage.MAX_BYTES
                    || !link.isNear(packet.from().getAddress())) {
                continue;
            }
            try {
                DnsMessage message = DnsMessage.parse(packet.bytes(), packet.bytes().length);
                if (message.isResponse()) {
                    learn(message, link);
                } else if (own != null) {
                    answer(message, packet.from(), link, own);
                }
            } catch (MalformedException | InterruptedException unreadable) {
                // anybody may send anything; there is nobody to tell
            }
        }
    }

    // --- hearing

    private void learn(DnsMessage message, Link link) {
        Set<String> services = new HashSet<>();
        networks.get().forEach(network -> services.add(service(network)));
        Set<String> instances = new HashSet<>();
        for (DnsMessage.Resource resource : message.resources()) {
            if (resource instanceof DnsMessage.Pointer pointer
                    && services.contains(pointer.name())) {
                instances.add(pointer.target());
            }
        }
        Map<PeerId, List<Multiaddr>> said = new LinkedHashMap<>();
        long ttl = TTL_SECONDS;
        for (DnsMessage.Resource resource : message.resources()) {
            if (resource instanceof DnsMessage.Text text && instances.contains(text.name())) {
                ttl = Math.min(ttl, text.ttlSeconds());
                text.strings().forEach(string -> claim(string, link, said));
            }
        }
        for (Map.Entry<PeerId, List<Multiaddr>> each : said.entrySet()) {
            found.accept(new Found(each.getKey(), each.getValue(), Duration.ofSeconds(ttl)));
        }
    }

    private void claim(String string, Link link, Map<PeerId, List<Multiaddr>> said) {
        if (!string.startsWith(DNSADDR)) {
            return;
        }
        Multiaddr address;
        try {
            address = Multiaddr.parse(string.substring(DNSADDR.length()));
        } catch (MalformedException unknown) {
            return; // of a kind that we do not dial
        }
        PeerId peer = address.peer();
        Multiaddr place = address.withoutPeer();
        if (peer == null || peer.equals(self) || !isOnLink(place, link)) {
            return;
        }
        if (!said.containsKey(peer) && said.size() == MAX_PEERS) {
            return;
        }
        List<Multiaddr> places = said.computeIfAbsent(peer, _ -> new ArrayList<>());
        if (places.size() < MAX_ADDRESSES && !places.contains(place)) {
            places.add(place);
        }
    }

    /// An address of the LAN: a claim must not make us dial a machine elsewhere, or ourselves.
    private static boolean isOnLink(Multiaddr place, Link link) {
        Multiaddr.Endpoint endpoint = place.endpoint();
        if (endpoint == null || place.isLocalOnly()) {
            return false;
        }
        try {
            return link.isNear(InetAddress.ofLiteral(endpoint.host()));
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    // --- answering

    private void answer(
            DnsMessage question,
            InetSocketAddress from,
            Link link,
            Supplier<List<Multiaddr>> ownAddresses)
            throws InterruptedException {
        Map<String, DnsMessage.Question> asked = new LinkedHashMap<>();
        Set<String> services = new HashSet<>();
        networks.get().forEach(network -> services.add(service(network)));
        boolean alone = from.getPort() != PORT;
        for (DnsMessage.Question each : question.questions()) {
            if (services.contains(each.name()) && each.asksFor(DnsMessage.PTR)) {
                asked.put(each.name(), each);
                alone |= each.unicast();
            }
        }
        if (asked.isEmpty()
                || !mayAnswer(alone ? lastAlone : lastToAll, alone ? ALONE_NANOS : SAME_NANOS)) {
            return;
        }
        boolean legacy = from.getPort() != PORT;
        int ttl = legacy ? LEGACY_TTL_SECONDS : TTL_SECONDS;
        List<DnsMessage.Resource> resources = new ArrayList<>();
        for (String service : asked.keySet()) {
            resources.add(new DnsMessage.Pointer(service, ttl, instance + "." + service));
        }
        List<String> strings = strings(ownAddresses, MAX_ANSWER_BYTES / asked.size() - NAME_BYTES);
        for (String service : asked.keySet()) {
            resources.add(new DnsMessage.Text(instance + "." + service, ttl, strings));
        }
        byte[] packet =
                new DnsMessage(
                                legacy ? question.id() : 0,
                                true,
                                legacy ? List.copyOf(asked.values()) : List.of(),
                                resources)
                        .toBytes();
        if (!alone) {
            Thread.sleep(random.nextInt(MIN_DELAY_MILLIS, MAX_DELAY_MILLIS));
        }
        try {
            link.send(packet, alone ? from : null);
        } catch (IOException unreachable) {
            // whoever asked went away, or the interface did
        }
    }

    private static boolean mayAnswer(AtomicLong last, long pauseNanos) {
        long now = System.nanoTime();
        long before = last.get();
        return now - before >= pauseNanos && last.compareAndSet(before, now);
    }

    private List<String> strings(Supplier<List<Multiaddr>> ownAddresses, int most) {
        List<String> strings = new ArrayList<>();
        int room = most;
        for (Multiaddr place : ownAddresses.get()) {
            String string = DNSADDR + place.withPeer(self);
            if (!place.isLocalOnly() && string.length() <= 255 && room >= string.length() + 1) {
                strings.add(string);
                room -= string.length() + 1;
            }
        }
        return strings;
    }

    @Override
    public void close() {
        for (Link link : links) {
            try {
                link.close();
            } catch (IOException gone) {
                // then nothing is heard any more, which is what was wanted
            }
        }
    }
}
