package dev.sovereign.mesh.yamux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sovereign.mesh.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.util.HexFormat;

/// There are no official vectors of yamux; these headers are those that nim-libp2p's tests publish
/// (vacp2p/nim-libp2p, `tests/testyamuxheader.nim`, MIT or Apache-2.0), whose layout is that of
/// hashicorp/yamux `spec.md`.
class FrameHeaderVectorsTest {

    private static void is(String hex, FrameHeader.Type type, int flags, int stream, int length)
            throws MalformedException {
        byte[] wire = HexFormat.of().parseHex(hex);
        FrameHeader expected = new FrameHeader(type, flags, stream, length);
        assertEquals(expected, FrameHeader.parse(wire, 0));
        byte[] out = new byte[FrameHeader.BYTES];
        expected.serialize(out, 0);
        assertEquals(hex, HexFormat.of().formatHex(out));
    }

    @Test
    void headersAreThoseOfNim() throws MalformedException {
        is("000000010000000100000064", FrameHeader.Type.DATA, FrameHeader.SYN, 1, 100);
        is("0001000100000005000003e8", FrameHeader.Type.WINDOW_UPDATE, FrameHeader.SYN, 5, 1_000);
        is("000200010000000012345678", FrameHeader.Type.PING, FrameHeader.SYN, 0, 0x12345678);
        is("000300000000000000000000", FrameHeader.Type.GO_AWAY, 0, 0, 0);
        is("000300000000000000000001", FrameHeader.Type.GO_AWAY, 0, 0, 1);
        is("000300000000000000000002", FrameHeader.Type.GO_AWAY, 0, 0, 2);
        is("000000020000000100000064", FrameHeader.Type.DATA, FrameHeader.ACK, 1, 100);
        is("000000040000000100000064", FrameHeader.Type.DATA, FrameHeader.FIN, 1, 100);
        is("000000080000000100000064", FrameHeader.Type.DATA, FrameHeader.RST, 1, 100);
        is("000000030000000100000064", FrameHeader.Type.DATA, 3, 1, 100);
        is("000000050000000100000064", FrameHeader.Type.DATA, 5, 1, 100);
        is("0000000fffffffffffffffff", FrameHeader.Type.DATA, 15, -1, -1);
        is("000000000000000000000000", FrameHeader.Type.DATA, 0, 0, 0);
    }

    @Test
    void otherVersionsAndTypesAreRefused() {
        for (String hex : new String[] {"010000000000000000000000", "000400000000000000000000"}) {
            assertThrows(
                    MalformedException.class,
                    () -> FrameHeader.parse(HexFormat.of().parseHex(hex), 0));
        }
    }
}
