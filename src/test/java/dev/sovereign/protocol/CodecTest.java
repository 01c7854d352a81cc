package dev.sovereign.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class CodecTest {

    @Test
    void writesWhatTheDocumentShows() throws ProtocolException {
        FrameBuffer frame = new FrameBuffer(Bounds.REQUEST_FRAME_BYTES);
        Codec.encode(new Message.Ask(1, new Request.RelationsOf("edge")), frame);
        String json =
                "{\"type\":\"ask\",\"id\":1,\"kind\":\"relations-of\",\"body\":{\"name\":\"edge\"}}";
        assertEquals(json, new String(frame.bytes(), 4, frame.size() - 4, UTF_8));
        assertEquals(json.length(), frame.bytes()[3]);
    }

    @Test
    void readsFieldsInAnyOrderAndIgnoresUnknownOnes() throws ProtocolException {
        Message message =
                fromCaller(
                        "{\"body\":{\"x\":[{}],\"name\":null},\"later\":1,\"kind\":\"relations-of\",\"id\":3,\"type\":\"ask\"}");
        assertEquals(new Message.Ask(3, new Request.RelationsOf(null)), message);
    }

    @Test
    void readsMissingListsFlagsAndNullablesAsEmptyFalseAndNull() throws ProtocolException {
        Message message =
                fromCaller(
                        "{\"type\":\"ask\",\"id\":1,\"kind\":\"query\",\"body\":{\"text\":\"a(X)?\",\"limits\":{}}}");
        assertEquals(
                new Message.Ask(
                        1,
                        new Request.Query(
                                "a(X)?", List.of(), null, null, false, Request.Limits.NONE)),
                message);
    }

    @Test
    void answersAnUnknownRequestByName() throws ProtocolException {
        Message.Unreadable unknown =
                assertInstanceOf(
                        Message.Unreadable.class,
                        fromCaller("{\"type\":\"ask\",\"id\":9,\"kind\":\"fly\",\"body\":{}}"));
        assertEquals(9, unknown.id());
        assertEquals("protocol.unknown-request", unknown.diagnostic().code());
        assertTrue(unknown.diagnostic().message().contains("\"fly\""));
    }

    @Test
    void saysWhichFieldIsWrong() throws ProtocolException {
        Message.Unreadable wrong =
                assertInstanceOf(
                        Message.Unreadable.class,
                        fromCaller(
                                "{\"type\":\"ask\",\"id\":9,\"kind\":\"stop\",\"body\":{\"drainMillis\":\"5\"}}"));
        assertEquals("protocol.malformed", wrong.diagnostic().code());
        assertTrue(wrong.diagnostic().message().contains("\"drainMillis\""), wrong.toString());
    }

    @Test
    void refusesWhatIsNotOneObject() {
        for (String bad :
                new String[] {
                    "",
                    "[]",
                    "1",
                    "{}x",
                    "{} {}",
                    "{",
                    "{\"a\":1,\"a\":2}",
                    "{\"type\":7}",
                    "{'a':1}",
                    "{\"a\":NaN}",
                    "\u0000"
                }) {
            assertThrows(ProtocolException.class, () -> fromCaller(bad), bad);
        }
    }

    @Test
    void refusesDeepNestingLongNumbersAndTooManyTokens() {
        String deep = "{\"type\":\"x\",\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
        assertThrows(ProtocolException.class, () -> fromCaller(deep));
        String digits = "{\"type\":\"x\",\"a\":" + "9".repeat(5_000) + "}";
        assertThrows(ProtocolException.class, () -> fromCaller(digits));
        String tokens = "{\"type\":\"x\",\"a\":[" + "[],".repeat(300_000) + "[]]}";
        assertThrows(ProtocolException.class, () -> fromCaller(tokens));
    }

    @Test
    void refusesToWriteMoreThanAFrameHolds() {
        FrameBuffer frame = new FrameBuffer(Bounds.REQUEST_FRAME_BYTES);
        Request<?> huge =
                new Request.RulesAdd(
                        "m", new Request.Program("p", "x".repeat(Bounds.REQUEST_FRAME_BYTES)));
        ProtocolException refused =
                assertThrows(
                        ProtocolException.class,
                        () -> Codec.encode(new Message.Ask(1, huge), frame));
        assertEquals(ProtocolError.FRAME_TOO_LARGE, refused.error());
    }

    @Test
    void refusesToWriteDeeperThanTheOtherEndReads() {
        List<@Nullable Object> nested = new ArrayList<>();
        for (int i = 0; i < 2 * Bounds.DEPTH; i++) {
            List<@Nullable Object> outer = new ArrayList<>();
            outer.add(nested);
            nested = outer;
        }
        Response rows = new Response.Rows(List.of(nested));
        FrameBuffer frame = new FrameBuffer(Bounds.RESPONSE_FRAME_BYTES);
        assertThrows(
                ProtocolException.class, () -> Codec.encode(new Message.Answer(1, rows), frame));
    }

    @Test
    void aClosingResponseFromTheFutureIsAFailure() throws ProtocolException {
        byte[] bytes =
                "{\"type\":\"answer\",\"id\":4,\"closing\":true,\"kind\":\"new\",\"body\":{}}"
                        .getBytes(UTF_8);
        Message.Answer answer =
                assertInstanceOf(Message.Answer.class, Codec.fromNode(bytes, 0, bytes.length));
        assertInstanceOf(Response.Failure.class, answer.response());
        byte[] streamed =
                "{\"type\":\"answer\",\"id\":4,\"kind\":\"new\",\"body\":{}}".getBytes(UTF_8);
        assertInstanceOf(Message.Unknown.class, Codec.fromNode(streamed, 0, streamed.length));
    }

    private static Message fromCaller(String json) throws ProtocolException {
        byte[] bytes = json.getBytes(UTF_8);
        return Codec.fromCaller(bytes, 0, bytes.length);
    }
}
