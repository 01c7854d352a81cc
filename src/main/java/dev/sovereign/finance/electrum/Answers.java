package dev.sovereign.finance.electrum;

import dev.sovereign.finance.FinanceLimits;
import dev.sovereign.finance.Hash;
import dev.sovereign.finance.Header;
import dev.sovereign.finance.MerkleProof;
import dev.sovereign.finance.net.ServerException;
import dev.sovereign.finance.net.ServerWords;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Reads what servers answer. Each method is an [Incoming.Shape]: it takes one value and makes a
/// record of it that holds its bounds, or says what is wrong. Fields nobody asks for are skipped.
final class Answers {
    private Answers() {}

    /// Entries of a history; ElectrumX stops at about 10,000.
    static final int HISTORY_ENTRIES = 20_000;

    /// Headers in one answer; servers send 2,016.
    static final int HEADERS = 2_016;

    private static final int VERSION_CHARS = 256;
    private static final int HASH_CHARS = 2 * Hash.BYTES;

    /// Digits that surely fit a long.
    private static final int LONG_DIGITS = 18;

    /// What `server.version` answers.
    ///
    /// @param software printable
    record Version(String software, ProtocolVersion protocol) {}

    /// What `server.features` answers, as far as it counts.
    ///
    /// @param hashFunction null since 1.7, and where servers leave it out
    record Features(Hash genesis, @Nullable String hashFunction) {}

    static Version version(JsonParser parser) throws ServerException {
        expect(parser, JsonToken.START_ARRAY, "a version");
        parser.nextToken();
        String software = Incoming.text(parser, VERSION_CHARS, "a version");
        parser.nextToken();
        ProtocolVersion protocol =
                ProtocolVersion.parse(Incoming.text(parser, VERSION_CHARS, "a version"));
        return new Version(ServerWords.shown(software), protocol);
    }

    static Features features(JsonParser parser) throws ServerException {
        expect(parser, JsonToken.START_OBJECT, "features");
        Hash genesis = null;
        String function = null;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "genesis_hash" -> genesis = hash(parser);
                case "hash_function" -> function = Incoming.text(parser, VERSION_CHARS, "a name");
                default -> parser.skipChildren();
            }
        }
        if (genesis == null) {
            throw ServerException.fault("the server does not say which chain it serves");
        }
        return new Features(genesis, function);
    }

    /// Any value, unread: of `server.ping`, of a subscription.
    static Boolean ignored(JsonParser parser) {
        parser.skipChildren();
        return true;
    }

    static ServerTip tip(JsonParser parser) throws ServerException {
        expect(parser, JsonToken.START_OBJECT, "a tip");
        int height = -1;
        byte[] header = null;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "height" -> height = height(parser);
                case "hex" -> header = hex(parser, Header.BYTES, "a header");
                default -> parser.skipChildren();
            }
        }
        if (height < 0 || header == null || header.length != Header.BYTES) {
            throw ServerException.fault("the server sent a tip without height or header");
        }
        return new ServerTip(height, Header.of(header));
    }

    /// Of a notification: the tip alone in an array.
    static ServerTip tips(JsonParser parser) throws ServerException {
        expect(parser, JsonToken.START_ARRAY, "a tip");
        parser.nextToken();
        return tip(parser);
    }

    /// Headers in a row, both as one text (up to 1.5) and as a list of texts (from 1.6).
    ///
    /// @param asked at most this many
    /// @return a multiple of [Header#BYTES]
    static byte[] headers(JsonParser parser, int asked) throws ServerException {
        expect(parser, JsonToken.START_OBJECT, "headers");
        byte[] headers = null;
        long count = -1;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "hex" -> headers = hex(parser, asked * Header.BYTES, "headers");
                case "headers" -> headers = headerList(parser, asked);
                case "count" -> count = integer(parser, 0, asked, "a count");
                default -> parser.skipChildren();
            }
        }
        if (headers == null || headers.length != count * Header.BYTES) {
            throw ServerException.fault(
                    "the server sent "
                            + (headers == null ? "no" : headers.length)
                            + " bytes of headers and says that it sent "
                            + count);
        }
        return headers;
    }

    private static byte[] headerList(JsonParser parser, int asked) throws ServerException {
        expect(parser, JsonToken.START_ARRAY, "headers");
        byte[] all = new byte[asked * Header.BYTES];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (count == asked) {
                throw ServerException.fault("the server sent more than " + asked + " headers");
            }
            byte[] one = hex(parser, Header.BYTES, "a header");
            if (one.length != Header.BYTES) {
                throw ServerException.fault("the server sent a header of " + one.length + " bytes");
            }
            System.arraycopy(one, 0, all, count * Header.BYTES, Header.BYTES);
            count++;
        }
        return java.util.Arrays.copyOf(all, count * Header.BYTES);
    }

    /// A list (up to 1.6), or an object with a list in `history` (from 1.7).
    static List<HistoryEntry> history(JsonParser parser) throws ServerException {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            return entries(parser);
        }
        expect(parser, JsonToken.START_OBJECT, "a history");
        List<HistoryEntry> entries = null;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            if (name.equals("history")) {
                expect(parser, JsonToken.START_ARRAY, "a history");
                entries = entries(parser);
            } else {
                parser.skipChildren();
            }
        }
        if (entries == null) {
            throw ServerException.fault("the server sent a history without entries");
        }
        return entries;
    }

    private static List<HistoryEntry> entries(JsonParser parser) throws ServerException {
        List<HistoryEntry> entries = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (entries.size() == HISTORY_ENTRIES) {
                throw ServerException.fault(
                        "the server sent a history of more than " + HISTORY_ENTRIES + " entries");
            }
            entries.add(entry(parser));
        }
        return entries;
    }

    private static HistoryEntry entry(JsonParser parser) throws ServerException {
        expect(parser, JsonToken.START_OBJECT, "an entry of a history");
        Hash txid = null;
        int height = -2;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "tx_hash" -> txid = hash(parser);
                case "height" -> height = (int) integer(parser, -1, Integer.MAX_VALUE, "a height");
                default -> parser.skipChildren();
            }
        }
        if (txid == null || height < -1) {
            throw ServerException.fault("the server sent an entry without txid or height");
        }
        return new HistoryEntry(txid, height);
    }

    static byte[] transaction(JsonParser parser) throws ServerException {
        return hex(parser, FinanceLimits.MAX_TRANSACTION_BYTES, "a transaction");
    }

    /// @param asked the height that the question named
    static MerkleProof branch(JsonParser parser, int asked) throws ServerException {
        expect(parser, JsonToken.START_OBJECT, "a Merkle proof");
        List<Hash> siblings = null;
        int height = -1;
        int position = -1;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "merkle" -> siblings = siblings(parser);
                case "block_height" -> height = height(parser);
                case "pos" -> position = (int) integer(parser, 0, Integer.MAX_VALUE, "a position");
                default -> parser.skipChildren();
            }
        }
        if (siblings == null || position < 0) {
            throw ServerException.fault("the server sent a Merkle proof without its parts");
        }
        if (height != asked) {
            throw ServerException.fault(
                    "the server was asked about height " + asked + " and answers for " + height);
        }
        if (position >>> siblings.size() != 0) {
            throw ServerException.fault(
                    "the server says position "
                            + position
                            + " above "
                            + siblings.size()
                            + " siblings");
        }
        return new MerkleProof(height, position, siblings);
    }

    /// @param height that the question named
    static ServerCoinbase coinbase(JsonParser parser, int height) throws ServerException {
        expect(parser, JsonToken.START_OBJECT, "a coinbase");
        Hash txid = null;
        List<Hash> siblings = null;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "tx_hash" -> txid = hash(parser);
                case "merkle" -> siblings = siblings(parser);
                default -> parser.skipChildren();
            }
        }
        if (txid == null || siblings == null) {
            throw ServerException.fault("the server sent a coinbase without txid or proof");
        }
        return new ServerCoinbase(txid, new MerkleProof(height, 0, siblings));
    }

    private static List<Hash> siblings(JsonParser parser) throws ServerException {
        expect(parser, JsonToken.START_ARRAY, "a branch");
        List<Hash> siblings = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (siblings.size() == FinanceLimits.MAX_BRANCH) {
                throw ServerException.fault(
                        "the server sent a branch of more than "
                                + FinanceLimits.MAX_BRANCH
                                + " hashes");
            }
            siblings.add(hash(parser));
        }
        return siblings;
    }

    private static Hash hash(JsonParser parser) throws ServerException {
        String text = Incoming.text(parser, HASH_CHARS, "a hash");
        try {
            return Hash.ofShown(text);
        } catch (IllegalArgumentException wrong) {
            throw ServerException.fault(
                    "the server sent \"" + ServerWords.shown(text) + "\" for a hash");
        }
    }

    private static byte[] hex(JsonParser parser, int bytes, String what) throws ServerException {
        String text = Incoming.text(parser, 2 * bytes, what);
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException wrong) {
            throw ServerException.fault("the server sent " + what + " that is not hex");
        }
    }

    private static int height(JsonParser parser) throws ServerException {
        return (int) integer(parser, 0, Integer.MAX_VALUE, "a height");
    }

    /// An exact integer: no fraction, no exponent, and whatever its length read as it stands.
    static long integer(JsonParser parser, long least, long most, String what)
            throws ServerException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw ServerException.fault("the server sent " + what + " that is no whole number");
        }
        BigInteger value =
                parser.getStringLength() <= LONG_DIGITS
                        ? BigInteger.valueOf(parser.getLongValue())
                        : parser.getBigIntegerValue();
        if (value.bitLength() >= Long.SIZE
                || value.longValueExact() < least
                || value.longValueExact() > most) {
            throw ServerException.fault(
                    "the server sent "
                            + what
                            + " of "
                            + value
                            + ", not in "
                            + least
                            + " to "
                            + most);
        }
        return value.longValueExact();
    }

    private static void expect(JsonParser parser, JsonToken token, String what)
            throws ServerException {
        if (parser.currentToken() != token) {
            throw ServerException.fault(
                    "the server was asked for " + what + " and sent something else");
        }
    }
}
