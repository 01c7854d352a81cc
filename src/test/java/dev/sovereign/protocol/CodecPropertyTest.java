package dev.sovereign.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Every record comes back from its frame as it went in.
class CodecPropertyTest {

    private static final int ROUNDS = 50;

    private final long seed = Long.getLong("sovereign.seed", System.nanoTime());
    private final Samples samples = new Samples(new Random(seed));

    @Test
    void everyRequestComesBack() throws ProtocolException {
        List<Class<?>> kinds = ProtocolTool.requests();
        assertTrue(kinds.size() > 20, "found only " + kinds.size());
        Set<String> names = new HashSet<>();
        for (Class<?> kind : kinds) {
            assertTrue(names.add(ProtocolTool.kind(kind)), "two of kind " + kind);
            for (int i = 0; i < ROUNDS; i++) {
                Request<?> request = (Request<?>) samples.of(kind);
                Message.Ask back =
                        assertInstanceOf(
                                Message.Ask.class,
                                toNode(new Message.Ask(i + 1, request)),
                                words());
                assertEquals(i + 1, back.id());
                assertEquals(request, back.request(), words());
            }
        }
    }

    @Test
    void everyResponseComesBack() throws ProtocolException {
        List<Class<?>> kinds = ProtocolTool.responses();
        assertTrue(kinds.size() > 15, "found only " + kinds.size());
        for (Class<?> kind : kinds) {
            for (int i = 0; i < ROUNDS; i++) {
                Response response = (Response) samples.of(kind);
                Message.Answer back =
                        assertInstanceOf(
                                Message.Answer.class,
                                toCaller(new Message.Answer(7, response)),
                                words());
                if (response instanceof Response.Chunk chunk) {
                    assertArrayEquals(
                            chunk.bytes(), ((Response.Chunk) back.response()).bytes(), words());
                } else {
                    assertEquals(response, back.response(), words());
                }
            }
        }
    }

    @Test
    void everyOtherMessageComesBack() throws ProtocolException {
        List<Message.FromCaller> toNode =
                List.of(
                        new Message.Hello(1, "0.1", "b", 5),
                        new Message.Cancel(Long.MAX_VALUE),
                        new Message.FileFailed(2, 3, "gone"));
        for (Message.FromCaller message : toNode) {
            assertEquals(message, toNode(message));
        }
        byte[] bytes = {0, 1, -1};
        Message.FileChunk chunk =
                (Message.FileChunk) toNode(new Message.FileChunk(2, 3, bytes, true));
        assertArrayEquals(bytes, chunk.bytes());
        assertTrue(chunk.end());
        List<Message.FromNode> toCaller =
                List.of(
                        new Message.Hello(1, "0.1", "b", 5),
                        new Message.Credit(1, 2, 3),
                        new Message.FileClose(1, 2),
                        new Message.Bye(),
                        new Message.Broken(
                                List.of(
                                        new ProtocolException(ProtocolError.VIOLATION, "no")
                                                .diagnostic())));
        for (Message.FromNode message : toCaller) {
            assertEquals(message, toCaller(message));
        }
    }

    private static Message toNode(Message message) throws ProtocolException {
        FrameBuffer frame = new FrameBuffer(Bounds.REQUEST_FRAME_BYTES);
        Codec.encode(message, frame);
        return Codec.fromCaller(frame.bytes(), 4, frame.size() - 4);
    }

    private static Message toCaller(Message message) throws ProtocolException {
        FrameBuffer frame = new FrameBuffer(Bounds.RESPONSE_FRAME_BYTES);
        Codec.encode(message, frame);
        return Codec.fromNode(frame.bytes(), 4, frame.size() - 4);
    }

    private String words() {
        return "repeat with -Dsovereign.seed=" + seed;
    }
}
