package dev.sovereign.node.peers;

import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.mesh.PeerId;
import dev.sovereign.mesh.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who may stay, what we call them, and where they were seen: the file `peers` of the home. Any
/// thread; each change is on disk when its method returns.
///
/// One line a peer, `allowed|denied PEERID NAME`, with `-` for no name; below it one line for each
/// address, `at MULTIADDR`. Words are separated by single spaces, `#` begins a comment.
final class PeerBook {

    /// A person's machines and those of friends; one entry takes at most 20 KiB.
    static final int MAX_PEERS = 1_000;

    /// specs/mesh.md, 7.
    static final int MAX_ADDRESSES = 64;

    private static final long MAX_FILE_BYTES = 32 << 20;

    /// @param name null when nobody has named it
    /// @param allowed false is denied: refused without asking
    /// @param addresses without `/p2p`; what a person said first
    record Entry(PeerId peer, @Nullable String name, boolean allowed, List<Multiaddr> addresses) {
        Entry {
            addresses = List.copyOf(addresses);
        }
    }

    private final Path file;

    /// Guarded by `this`.
    private Map<PeerId, Entry> entries;

    private PeerBook(Path file, Map<PeerId, Entry> entries) {
        this.file = file;
        this.entries = entries;
    }

    /// @throws SovereignException [PeerError#BOOK] with the line that cannot be read
    static PeerBook load(Path file) {
        try {
            if (!Files.exists(file)) {
                return new PeerBook(file, Map.of());
            }
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IOException("it has over " + MAX_FILE_BYTES + " bytes");
            }
            return new PeerBook(file, parse(Files.readAllLines(file)));
        } catch (IOException unreadable) {
            throw new SovereignException(
                    PeerError.BOOK,
                    "cannot read the book of peers \"" + file + "\": " + unreadable.getMessage(),
                    "mend that line, or move the file away and add the peers again",
                    unreadable);
        }
    }

    private static Map<PeerId, Entry> parse(List<String> lines) throws IOException {
        Map<PeerId, Entry> entries = new LinkedHashMap<>();
        Entry last = null;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            try {
                String[] words = line.split(" ", -1);
                if (words.length == 2 && words[0].equals("at") && last != null) {
                    List<Multiaddr> addresses = new ArrayList<>(last.addresses());
                    addresses.add(Multiaddr.parse(words[1]));
                    last = new Entry(last.peer(), last.name(), last.allowed(), addresses);
                } else if (words.length == 3
                        && (words[0].equals("allowed") || words[0].equals("denied"))) {
                    last =
                            new Entry(
                                    PeerId.parse(words[1]),
                                    words[2].equals("-") ? null : words[2],
                                    words[0].equals("allowed"),
                                    List.of());
                } else {
                    throw new MalformedException("it is neither a peer nor an address");
                }
                entries.put(last.peer(), last);
            } catch (MalformedException malformed) {
                throw new IOException("line " + (i + 1) + ": " + malformed.getMessage(), malformed);
            }
        }
        return entries;
    }

    synchronized List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    synchronized @Nullable Entry entry(PeerId peer) {
        return entries.get(peer);
    }

    /// The peer of a name or PeerId; null when it is neither a name here nor a PeerId at all.
    synchronized @Nullable PeerId find(String nameOrId) {
        for (Entry entry : entries.values()) {
            if (nameOrId.equals(entry.name())) {
                return entry.peer();
            }
        }
        try {
            return PeerId.parse(nameOrId);
        } catch (MalformedException noPeerId) {
            return null;
        }
    }

    /// Lets a peer stay.
    ///
    /// @param name null keeps what it has
    /// @param address null adds none; otherwise put before those it has
    synchronized void allow(PeerId peer, @Nullable String name, @Nullable Multiaddr address) {
        if (name != null) {
            checkName(name, peer);
        }
        Entry before = entries.get(peer);
        Set<Multiaddr> addresses = new LinkedHashSet<>();
        if (address != null) {
            addresses.add(address.withoutPeer());
        }
        if (before != null) {
            addresses.addAll(before.addresses());
        }
        put(
                new Entry(
                        peer,
                        name != null || before == null ? name : before.name(),
                        true,
                        addresses.stream().limit(MAX_ADDRESSES).toList()));
    }

    synchronized void deny(PeerId peer) {
        Entry before = entries.get(peer);
        put(
                new Entry(
                        peer,
                        before == null ? null : before.name(),
                        false,
                        before == null ? List.of() : before.addresses()));
    }

    /// @return false when it was not there
    synchronized boolean remove(PeerId peer) {
        if (!entries.containsKey(peer)) {
            return false;
        }
        Map<PeerId, Entry> fewer = new LinkedHashMap<>(entries);
        fewer.remove(peer);
        save(fewer);
        return true;
    }

    /// Takes what an allowed peer says about itself: behind what is known, never in its place.
    synchronized void learn(PeerId peer, List<Multiaddr> announced) {
        Entry before = entries.get(peer);
        if (before == null || !before.allowed()) {
            return;
        }
        Set<Multiaddr> addresses = new LinkedHashSet<>(before.addresses());
        for (Multiaddr address : announced) {
            Multiaddr place = address.withoutPeer();
            if (addresses.size() < MAX_ADDRESSES
                    && place.endpoint() != null
                    && !place.isLocalOnly()) {
                addresses.add(place);
            }
        }
        if (addresses.size() > before.addresses().size()) {
            put(new Entry(peer, before.name(), true, List.copyOf(addresses)));
        }
    }

    private void checkName(String name, PeerId peer) {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}") || isPeerId(name)) {
            throw new SovereignException(
                    PeerError.NAME,
                    "\"" + name + "\" is no name for a peer",
                    "letters, digits, \"_\", \".\" and \"-\", 63 at most, and no PeerId");
        }
        for (Entry entry : entries.values()) {
            if (name.equals(entry.name()) && !entry.peer().equals(peer)) {
                throw new SovereignException(
                        PeerError.NAME,
                        "\"" + name + "\" is the name of " + entry.peer() + " already",
                        "choose another, or `sovereign peer remove " + name + "` first");
            }
        }
    }

    private static boolean isPeerId(String text) {
        try {
            PeerId.parse(text);
            return true;
        } catch (MalformedException none) {
            return false;
        }
    }

    private void put(Entry entry) {
        if (!entries.containsKey(entry.peer()) && entries.size() >= MAX_PEERS) {
            throw new SovereignException(
                    PeerError.BOOK_FULL,
                    "the book holds " + MAX_PEERS + " peers, the most it can",
                    "`sovereign peer remove PEER` makes room");
        }
        Map<PeerId, Entry> more = new LinkedHashMap<>(entries);
        more.put(entry.peer(), entry);
        save(more);
    }

    /// Beside it, forced, renamed; only then is it what holds.
    private void save(Map<PeerId, Entry> next) {
        StringBuilder text = new StringBuilder("# peers of this node; see `sovereign help peer`\n");
        for (Entry entry : next.values()) {
            text.append(entry.allowed() ? "allowed " : "denied ").append(entry.peer());
            text.append(' ').append(entry.name() == null ? "-" : entry.name()).append('\n');
            for (Multiaddr address : entry.addresses()) {
                text.append("at ").append(address).append('\n');
            }
        }
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(beside);
            Files.createFile(
                    beside,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(beside, text, StandardCharsets.UTF_8);
            try (FileChannel written = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(
                    beside,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            throw new SovereignException(
                    PeerError.BOOK,
                    "cannot write the book of peers \"" + file + "\": " + unwritable.getMessage(),
                    "free space, or mend its permissions",
                    unwritable);
        }
        entries = next;
    }
}
