package dev.sovereign.cli.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Build;
import dev.sovereign.protocol.Codec;
import dev.sovereign.protocol.FrameBuffer;
import dev.sovereign.protocol.FrameReader;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Message;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

class QuickNamesTest {

    private static final Request.Names ASKED = new Request.Names("relations", "e");

    private Path root;
    private Home home;
    private ServerSocketChannel listening;

    @BeforeEach
    void listen() throws IOException {
        root = Files.createTempDirectory(Path.of("/tmp"), "names");
        home = Home.of(root.toString(), Map.of());
        Files.createDirectories(
                home.runtime(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listening.bind(UnixDomainSocketAddress.of(home.socket()));
    }

    @AfterEach
    void clean() throws IOException {
        listening.close();
        Files.deleteIfExists(home.socket());
        try (var paths = Files.walk(root)) {
            for (Path path : paths.toList().reversed()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void readsWhatOurWriterWrites() throws IOException {
        for (List<String> names :
                List.of(List.<String>of(), List.of("edge"), List.of("edge", "größer", "@m.辺"))) {
            FrameBuffer frame = encoded(new Response.NameList(names));
            assertEquals(
                    names,
                    QuickNames.names(
                            frame.bytes(),
                            FrameBuffer.HEADER_BYTES,
                            frame.size() - FrameBuffer.HEADER_BYTES));
        }
    }

    @Test
    void leavesEscapesAndEverythingElseToTheParser() throws IOException {
        assertNull(read(encoded(new Response.NameList(List.of("a\"b")))));
        assertNull(read(encoded(new Response.NameList(List.of("edge", "a\tb")))));
        assertNull(read(encoded(new Response.Done())));
        assertNull(QuickNames.names(new byte[0], 0, 0));
    }

    /// Whatever is changed, cut or added: null or names, never an exception.
    @Test
    void survivesAnyBytes() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        FrameBuffer frame = encoded(new Response.NameList(List.of("edge", "trusts", "x")));
        int count = Integer.getInteger("sovereign.fuzz.count", 20_000);
        for (int i = 0; i < count; i++) {
            byte[] bytes = frame.bytes().clone();
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                byte with = random.nextBoolean() ? (byte) random.nextInt() : (byte) '"';
                bytes[random.nextInt(frame.size())] = with;
            }
            int offset = random.nextInt(frame.size());
            int length = random.nextInt(frame.size() - offset + 1);
            boolean whole = random.nextBoolean();
            try {
                QuickNames.names(
                        bytes,
                        whole ? FrameBuffer.HEADER_BYTES : offset,
                        whole ? frame.size() - FrameBuffer.HEADER_BYTES : length);
            } catch (RuntimeException thrown) {
                throw new AssertionError("seed " + seed + ", round " + i, thrown);
            }
        }
    }

    @Test
    void asksOnceAndTakesTheAnswer() throws Exception {
        List<Message> heard = new ArrayList<>();
        Thread daemon = answer(heard, new Response.NameList(List.of("edge", "even")));
        assertEquals(List.of("edge", "even"), QuickNames.ask(home, ASKED, 10_000));
        daemon.join();
        assertEquals(List.of(Build.hello(0), new Message.Ask(1, ASKED)), heard);
    }

    @Test
    void leavesAFailureToTheUsualWay() throws Exception {
        Thread daemon = answer(new ArrayList<>(), new Response.Done());
        assertNull(QuickNames.ask(home, ASKED, 10_000));
        daemon.join();
    }

    @Test
    void hasNoNamesFromADaemonThatIsSilent() {
        assertEquals(List.of(), QuickNames.ask(home, ASKED, 20));
    }

    @Test
    void leavesWhatHasToBeEscapedAndAnAbsentDaemonToTheUsualWay() throws IOException {
        assertNull(QuickNames.ask(home, new Request.Names("relations", "a\"b"), 10_000));
        listening.close(); // as a daemon that was killed leaves it
        assertNull(QuickNames.ask(home, ASKED, 10_000));
        Files.delete(home.socket());
        assertEquals(List.of(), QuickNames.ask(home, ASKED, 10_000));
    }

    private static @Nullable List<String> read(FrameBuffer frame) {
        return QuickNames.names(
                frame.bytes(), FrameBuffer.HEADER_BYTES, frame.size() - FrameBuffer.HEADER_BYTES);
    }

    private static FrameBuffer encoded(Response response) throws IOException {
        FrameBuffer frame = new FrameBuffer(Bounds.RESPONSE_FRAME_BYTES);
        Codec.encode(new Message.Answer(1, response), frame);
        return frame;
    }

    /// A daemon for one caller, which reads and writes with the codec that the real one has.
    private Thread answer(List<Message> heard, Response response) {
        return Thread.ofVirtual()
                .start(() -> {
                    try (SocketChannel channel = listening.accept()) {
                        FrameReader reader = new FrameReader(channel, Bounds.REQUEST_FRAME_BYTES);
                        for (int i = 0; i < 2 && reader.next(); i++) {
                            heard.add(
                                    Codec.fromCaller(
                                            reader.bytes(), reader.offset(), reader.length()));
                        }
                        FrameBuffer hello = new FrameBuffer(Bounds.RESPONSE_FRAME_BYTES);
                        Codec.encode(Build.hello(7), hello);
                        write(channel, hello);
                        write(channel, encoded(response));
                    } catch (IOException broken) {
                        throw new IllegalStateException(broken);
                    }
                });
    }

    private static void write(SocketChannel channel, FrameBuffer frame) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(frame.bytes(), 0, frame.size());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
