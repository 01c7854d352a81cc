package dev.sovereign.finance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Makes chains of regtest, where work costs two hashes a block: real headers with real work, from
/// the genesis block on.
public final class RegtestMiner {
    private RegtestMiner() {}

    private static final int SECONDS = 600;

    /// A transaction with one input, a payment and an OP_RETURN; its signature is filler.
    public static byte[] payment(PaymentAddress address, long sats, Payload payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {2, 0, 0, 0, 1});
        byte[] outpoint = new byte[36];
        outpoint[0] = 7;
        out.writeBytes(outpoint);
        out.writeBytes(new byte[] {1, 0x51, -1, -1, -1, -1, 2});
        output(out, sats, address.script());
        output(out, 0, payload.script());
        out.writeBytes(new byte[4]);
        return out.toByteArray();
    }

    private static void output(ByteArrayOutputStream out, long sats, byte[] script) {
        out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(sats).array());
        out.write(script.length);
        out.writeBytes(script);
    }

    /// A proof of `raw` at position 1 of a block of two, and the whole chain around it.
    ///
    /// @param blocks after the genesis block
    /// @param height of the block with the transaction
    public static ProofFile mined(byte[] raw, int blocks, int height) {
        Hash txid;
        try {
            txid = RawTransaction.parse(raw).txid();
        } catch (MalformedException impossible) {
            throw new IllegalArgumentException(impossible);
        }
        Hash sibling = Hash.twice(new byte[] {1});
        MerkleProof proof = new MerkleProof(height, 1, List.of(sibling));
        Hash root = Hash.twice(sibling.wire(), txid.wire());
        byte[] headers = new byte[(blocks + 1) * Header.BYTES];
        Header genesis = Network.REGTEST.genesis();
        System.arraycopy(genesis.bytes(), 0, headers, 0, Header.BYTES);
        Hash parent = genesis.hash();
        for (int at = 1; at <= blocks; at++) {
            Header header =
                    mine(parent, at == height ? root : Hash.ZERO, genesis.time() + at * SECONDS);
            System.arraycopy(header.bytes(), 0, headers, at * Header.BYTES, Header.BYTES);
            parent = header.hash();
        }
        return new ProofFile(
                Network.REGTEST,
                raw,
                proof,
                null,
                0,
                headers,
                new ProofFile.Anchor(0, genesis.hash()));
    }

    private static Header mine(Hash parent, Hash root, int time) {
        for (int nonce = 0; ; nonce++) {
            Header header = new Header(4, parent, root, time, Network.REGTEST.limitBits(), nonce);
            // below the limit 7fffff00…, as a number
            if (header.hash().w3() >>> 40 < 0x7fffff) {
                return header;
            }
        }
    }
}
