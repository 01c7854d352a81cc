package dev.sovereign.mesh.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

class WireTest {

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    /// The examples of multiformats/unsigned-varint, and the largest value.
    @Test
    void varintsAreThoseOfTheSpecification() throws IOException {
        String[][] pairs = {
            {"0", "00"},
            {"1", "01"},
            {"127", "7f"},
            {"128", "8001"},
            {"255", "ff01"},
            {"300", "ac02"},
            {"16384", "808001"},
            {"9223372036854775807", "ffffffffffffffff7f"}
        };
        for (String[] pair : pairs) {
            long value = Long.parseLong(pair[0]);
            byte[] bytes = hex(pair[1]);
            assertArrayEquals(bytes, Varint.bytes(value));
            assertEquals(bytes.length, Varint.size(value));
            assertEquals(value, Varint.read(ByteBuffer.wrap(bytes)));
            assertEquals(value, Varint.read(new ByteArrayInputStream(bytes), Long.MAX_VALUE));
        }
    }

    @Test
    void varintsThatAreNotMinimalOrTooLongAreRefused() {
        for (String text :
                List.of("8000", "ff00", "808000", "ffffffffffffffffff01", "80808080808080808000")) {
            assertThrows(
                    MalformedException.class, () -> Varint.read(ByteBuffer.wrap(hex(text))), text);
            assertThrows(
                    MalformedException.class,
                    () -> Varint.read(new ByteArrayInputStream(hex(text)), Long.MAX_VALUE),
                    text);
        }
        assertThrows(MalformedException.class, () -> Varint.read(ByteBuffer.wrap(hex("80"))));
        assertThrows(
                EOFException.class, () -> Varint.read(new ByteArrayInputStream(hex("80")), 300));
    }

    @Test
    void aLengthOverTheBoundIsRefusedBeforeItsLastByte() throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(hex("ffff7f00"));
        assertThrows(MalformedException.class, () -> Varint.read(in, 1024));
        assertEquals(2, in.available(), "the third byte is not waited for");
        assertEquals(1024, Varint.read(new ByteArrayInputStream(hex("8008")), 1024));
        assertThrows(
                MalformedException.class,
                () -> Varint.read(new ByteArrayInputStream(hex("8108")), 1024));
    }

    @Test
    void aMessageIsReadAsItWasWritten() throws MalformedException {
        byte[] message =
                new ProtobufWriter()
                        .varint(1, 150)
                        .string(2, "testing")
                        .message(3, new ProtobufWriter().varint(1, -1L))
                        .bytes(4, new byte[300])
                        .toBytes();
        // the first three are the examples of protobuf's own page
        assertEquals(
                "089601" + "120774657374696e67" + "1a0b08ffffffffffffffffff01" + "22ac02",
                HexFormat.of().formatHex(message, 0, 28));

        ProtobufReader reader = new ProtobufReader(message);
        assertTrue(reader.next());
        assertEquals(1, reader.field());
        assertEquals(150, reader.varint());
        assertTrue(reader.next());
        assertEquals("testing", reader.string(7));
        assertTrue(reader.next());
        ProtobufReader inner = new ProtobufReader(reader.message(100));
        assertTrue(inner.next());
        assertEquals(-1L, inner.varint());
        assertFalse(inner.next());
        assertTrue(reader.next());
        reader.skip();
        assertFalse(reader.next());
    }

    @Test
    void unknownFieldsOfEveryWireTypeArePassedOver() throws MalformedException {
        ProtobufReader reader =
                new ProtobufReader(
                        hex("0801" + "1102030405060708" + "09" + "1a0161" + "2501020304"));
        for (int field = 1; field <= 4; field++) {
            assertTrue(reader.next());
            assertEquals(field, reader.field());
            reader.skip();
        }
        assertFalse(reader.next());
    }

    @Test
    void malformedMessagesAreRefused() {
        for (String text :
                List.of(
                        "08",
                        "80",
                        "0880",
                        "12",
                        "1205616263",
                        "12ffffffffffffffffff01",
                        "0001",
                        "0b",
                        "0c",
                        "0e",
                        "0f",
                        "1101",
                        "1501",
                        "08ffffffffffffffffff02",
                        "08ffffffffffffffffffff01",
                        "f8ffffffff0f00")) {
            assertThrows(
                    MalformedException.class,
                    () -> {
                        ProtobufReader reader = new ProtobufReader(hex(text));
                        while (reader.next()) {
                            reader.skip();
                        }
                    },
                    text);
        }
        assertThrows(
                MalformedException.class,
                () -> {
                    ProtobufReader reader = new ProtobufReader(hex("1202c328"));
                    reader.next();
                    reader.string(10);
                },
                "not UTF-8");
        assertThrows(
                MalformedException.class,
                () -> {
                    ProtobufReader reader = new ProtobufReader(hex("1203616263"));
                    reader.next();
                    reader.bytes(2);
                },
                "over the bound of its reader");
        assertThrows(
                MalformedException.class,
                () -> {
                    ProtobufReader reader = new ProtobufReader(hex("0801"));
                    reader.next();
                    reader.bytes(2);
                },
                "another wire type");
    }

    @Test
    void hostileMessagesAreReadOrRefused() {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] model =
                new ProtobufWriter()
                        .varint(1, 1)
                        .bytes(2, "abc".getBytes(StandardCharsets.UTF_8))
                        .message(3, new ProtobufWriter().string(1, "x").varint(2, 1L << 62))
                        .toBytes();
        int count = Integer.getInteger("sovereign.fuzz.count", 100_000);
        int whole = 0;
        for (int i = 0; i < count; i++) {
            byte[] bytes = Arrays.copyOf(model, random.nextInt(1, model.length + 3));
            for (int edits = random.nextInt(4); edits > 0; edits--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                ProtobufReader reader = new ProtobufReader(bytes);
                while (reader.next()) {
                    switch (random.nextInt(3)) {
                        case 0 -> reader.varint();
                        case 1 -> assertTrue(reader.bytes(8).length <= 8);
                        default -> reader.skip();
                    }
                }
                whole++;
            } catch (MalformedException refused) {
                // as it should
            } catch (RuntimeException defect) {
                throw new AssertionError(
                        "seed " + seed + ", " + HexFormat.of().formatHex(bytes), defect);
            }
        }
        assertTrue(whole > count / 100, "hardly any message survived: " + whole);
    }
}
