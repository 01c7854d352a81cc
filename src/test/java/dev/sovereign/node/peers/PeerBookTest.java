package dev.sovereign.node.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.mesh.PeerId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class PeerBookTest {

    private static final PeerId DESK = peer(1);
    private static final PeerId LAPTOP = peer(2);
    private static final Multiaddr PLACE = Multiaddr.of("/ip4/192.0.2.7/tcp/4747");

    @TempDir Path folder;

    private static PeerId peer(int number) {
        byte[] seed = new byte[32];
        seed[0] = (byte) number;
        seed[1] = (byte) (number >> 8);
        return Identity.ofSeed(seed).peerId();
    }

    private Path file() {
        return folder.resolve("peers");
    }

    private PeerBook book() {
        return PeerBook.load(file());
    }

    private static String code(Runnable refused) {
        return assertThrows(SovereignException.class, refused::run).first().code();
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        PeerBook book = book();
        book.allow(DESK, "desk", PLACE.withPeer(DESK));
        book.allow(LAPTOP, null, null);
        book.deny(LAPTOP);
        book.allow(DESK, null, Multiaddr.of("/dns/desk.example/tcp/1"));

        assertEquals(book.entries(), book().entries());
        assertEquals(
                List.of(
                        new PeerBook.Entry(
                                DESK,
                                "desk",
                                true,
                                List.of(Multiaddr.of("/dns/desk.example/tcp/1"), PLACE)),
                        new PeerBook.Entry(LAPTOP, null, false, List.of())),
                book().entries());
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        book.remove(LAPTOP);
        assertEquals(1, book().entries().size());
    }

    @Test
    void peersAreFoundByNameAndById() {
        PeerBook book = book();
        book.allow(DESK, "desk", null);
        assertEquals(DESK, book.find("desk"));
        assertEquals(DESK, book.find(DESK.toString()));
        assertEquals(LAPTOP, book.find(LAPTOP.toString()));
        assertNull(book.find("laptop"));
    }

    @Test
    void namesAreOfOnePeerAndPlain() {
        PeerBook book = book();
        book.allow(DESK, "desk", null);
        assertEquals("mesh.peer-name", code(() -> book.allow(LAPTOP, "desk", null)));
        for (String name :
                List.of("", "a b", "-x", "a\nb", "ä", "x".repeat(64), LAPTOP.toString())) {
            assertEquals("mesh.peer-name", code(() -> book.allow(LAPTOP, name, null)), name);
        }
        book.allow(DESK, "desk", null);
        assertEquals(1, book().entries().size());
    }

    @Test
    void whatPeersAnnounceIsBoundedAndNeverLocal() {
        PeerBook book = book();
        book.allow(DESK, "desk", PLACE);
        List<Multiaddr> announced = new ArrayList<>();
        announced.add(Multiaddr.of("/ip4/127.0.0.1/tcp/1"));
        announced.add(Multiaddr.of("/ip4/169.254.1.1/tcp/1"));
        announced.add(Multiaddr.of("/ip6/fe80::1/tcp/1"));
        announced.add(Multiaddr.of("/dns/localhost/tcp/1"));
        announced.add(Multiaddr.of("/p2p/" + DESK + "/p2p-circuit"));
        for (int i = 0; i < 100; i++) {
            announced.add(Multiaddr.of("/ip4/198.51.100." + i + "/tcp/4747/p2p/" + DESK));
        }
        book.learn(DESK, announced);
        PeerBook.Entry entry = book().entries().getFirst();
        assertEquals(PeerBook.MAX_ADDRESSES, entry.addresses().size());
        assertEquals(PLACE, entry.addresses().getFirst());
        assertEquals("/ip4/198.51.100.0/tcp/4747", entry.addresses().get(1).toString());
        book.learn(LAPTOP, announced);
        book.deny(DESK);
        book.learn(DESK, List.of(Multiaddr.of("/ip4/203.0.113.1/tcp/1")));
        assertEquals(1, book().entries().size(), "strangers are not kept");
        assertEquals(PeerBook.MAX_ADDRESSES, book().entries().getFirst().addresses().size());
    }

    @Test
    void aBookThatIsFullTakesNoMore() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < PeerBook.MAX_PEERS; i++) {
            lines.append("allowed ").append(peer(i)).append(" -\n");
        }
        Files.writeString(file(), lines);
        PeerBook book = book();
        assertEquals(PeerBook.MAX_PEERS, book.entries().size());
        assertEquals(
                "mesh.peer-book-full",
                code(() -> book.allow(peer(PeerBook.MAX_PEERS), null, null)));
        book.deny(peer(3));
    }

    @Test
    void aBookThatCannotBeReadNamesTheLine() throws IOException {
        Files.writeString(file(), "# a comment\n\nallowed " + DESK + " desk\nat /ip4/1.2.3\n");
        SovereignException refused = assertThrows(SovereignException.class, this::book);
        assertEquals("mesh.peer-book", refused.first().code());
        assertEquals(true, refused.first().message().contains("line 4"));
    }

    @Test
    void hostileBooksAreReadOrRefused() throws IOException {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        Random random = new Random(seed);
        String model = "allowed " + DESK + " desk\nat " + PLACE + "\ndenied " + LAPTOP + " -\n";
        int count = Integer.getInteger("sovereign.fuzz.count", 300);
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder(model);
            for (int edits = random.nextInt(4); edits > 0; edits--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(32, 127));
            }
            Files.writeString(file(), text);
            try {
                book().entries();
            } catch (SovereignException refused) {
                assertEquals("mesh.peer-book", refused.first().code());
            } catch (RuntimeException defect) {
                throw new AssertionError("seed " + seed + ": " + text, defect);
            }
        }
    }
}
