package dev.sovereign.finance;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// Proof files as JSON, in one order only. Reading refuses what it does not know: a file of a newer
/// version may mean something else.
public final class ProofJson {
    private ProofJson() {}

    private static final String FORMAT = "sovereign-license-proof";
    private static final int VERSION = 1;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(4)
                                    .maxStringLength(FinanceLimits.MAX_PROOF_BYTES)
                                    .maxNameLength(32)
                                    .maxNumberLength(20)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    /// @throws MalformedException saying what is wrong, and where in the file
    public static ProofFile read(byte[] json) throws MalformedException {
        if (json.length > FinanceLimits.MAX_PROOF_BYTES) {
            throw new MalformedException(
                    "a proof file of "
                            + json.length
                            + " bytes; the limit is "
                            + FinanceLimits.MAX_PROOF_BYTES);
        }
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
            Parts parts = new Parts();
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedException("a proof file is one JSON object");
            }
            for (String name = in.nextName(); name != null; name = in.nextName()) {
                switch (name) {
                    case "format" -> parts.format = text(in, name);
                    case "version" -> parts.version = number(in, name);
                    case "network" -> parts.network = text(in, name);
                    case "tx" -> parts.raw = hex(in, name);
                    case "block" -> block(in, parts);
                    case "coinbase" -> coinbase(in, parts);
                    case "headers" -> headers(in, parts);
                    case "anchor" -> anchor(in, parts);
                    default -> throw unknown(name);
                }
            }
            if (in.nextToken() != null) {
                throw new MalformedException("something follows the proof");
            }
            return parts.toProof();
        } catch (JacksonException broken) {
            throw new MalformedException("this is not JSON: " + broken.getOriginalMessage());
        }
    }

    private static final class Parts {
        @Nullable String format;
        int version = -1;
        @Nullable String network;
        byte @Nullable [] raw;
        int height = -1;
        int position = -1;
        @Nullable List<Hash> branch;
        byte @Nullable [] coinbaseRaw;
        @Nullable List<Hash> coinbaseBranch;
        int start = -1;
        byte @Nullable [] headers;
        int anchorHeight = -1;
        @Nullable Hash anchorHash;

        ProofFile toProof() throws MalformedException {
            if (!FORMAT.equals(format)) {
                throw new MalformedException("its \"format\" is not \"" + FORMAT + "\"");
            }
            if (version != VERSION) {
                throw new MalformedException(
                        "its version is " + version + "; this program reads version " + VERSION);
            }
            Network of = network == null ? null : Network.ofWord(network);
            if (of == null) {
                throw new MalformedException("its \"network\" is none that is known");
            }
            byte[] transaction = need(raw, "tx");
            List<Hash> siblings = need(branch, "block.branch");
            byte[] all = need(headers, "headers.data");
            Hash hash = need(anchorHash, "anchor.hash");
            if (height < 0 || position < 0 || start < 0 || anchorHeight < 0) {
                throw new MalformedException("a height or position is missing");
            }
            ProofFile.Coinbase first = null;
            if (coinbaseRaw != null || coinbaseBranch != null) {
                first =
                        new ProofFile.Coinbase(
                                need(coinbaseRaw, "coinbase.tx"),
                                new MerkleProof(
                                        height, 0, need(coinbaseBranch, "coinbase.branch")));
            }
            try {
                return new ProofFile(
                        of,
                        transaction,
                        new MerkleProof(height, position, siblings),
                        first,
                        start,
                        all,
                        new ProofFile.Anchor(anchorHeight, hash));
            } catch (IllegalArgumentException wrong) {
                throw new MalformedException(String.valueOf(wrong.getMessage()));
            }
        }

        private static <T> T need(@Nullable T value, String name) throws MalformedException {
            if (value == null) {
                throw new MalformedException("\"" + name + "\" is missing");
            }
            return value;
        }
    }

    private static void block(JsonParser in, Parts parts) throws MalformedException {
        open(in, "block");
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "height" -> parts.height = number(in, name);
                case "pos" -> parts.position = number(in, name);
                case "branch" -> parts.branch = branch(in);
                default -> throw unknown("block." + name);
            }
        }
    }

    private static void coinbase(JsonParser in, Parts parts) throws MalformedException {
        open(in, "coinbase");
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "tx" -> parts.coinbaseRaw = hex(in, name);
                case "branch" -> parts.coinbaseBranch = branch(in);
                default -> throw unknown("coinbase." + name);
            }
        }
    }

    private static void headers(JsonParser in, Parts parts) throws MalformedException {
        open(in, "headers");
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "start" -> parts.start = number(in, name);
                case "data" -> parts.headers = base64(in, name);
                default -> throw unknown("headers." + name);
            }
        }
    }

    private static void anchor(JsonParser in, Parts parts) throws MalformedException {
        open(in, "anchor");
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "height" -> parts.anchorHeight = number(in, name);
                case "hash" -> parts.anchorHash = hash(text(in, name), name);
                default -> throw unknown("anchor." + name);
            }
        }
    }

    private static List<Hash> branch(JsonParser in) throws MalformedException {
        if (in.nextToken() != JsonToken.START_ARRAY) {
            throw new MalformedException("\"branch\" is no array");
        }
        List<Hash> branch = new ArrayList<>();
        for (JsonToken token = in.nextToken();
                token != JsonToken.END_ARRAY;
                token = in.nextToken()) {
            if (token != JsonToken.VALUE_STRING || branch.size() > FinanceLimits.MAX_BRANCH) {
                throw new MalformedException(
                        "\"branch\" holds at most " + FinanceLimits.MAX_BRANCH + " hashes");
            }
            branch.add(hash(in.getString(), "branch"));
        }
        return branch;
    }

    private static void open(JsonParser in, String name) throws MalformedException {
        if (in.nextToken() != JsonToken.START_OBJECT) {
            throw new MalformedException("\"" + name + "\" is no object");
        }
    }

    private static String text(JsonParser in, String name) throws MalformedException {
        if (in.nextToken() != JsonToken.VALUE_STRING) {
            throw new MalformedException("\"" + name + "\" is no text");
        }
        return in.getString();
    }

    /// 0 to 2^31-1, written as an integer.
    private static int number(JsonParser in, String name) throws MalformedException {
        if (in.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            String digits = in.getString();
            if (digits.length() <= 10 && digits.charAt(0) != '-') {
                long value = Long.parseLong(digits);
                if (value <= Integer.MAX_VALUE) {
                    return (int) value;
                }
            }
        }
        throw new MalformedException("\"" + name + "\" is no whole number from 0 to 2147483647");
    }

    private static byte[] hex(JsonParser in, String name) throws MalformedException {
        String text = text(in, name);
        if (text.length() > 2 * FinanceLimits.MAX_TRANSACTION_BYTES) {
            throw new MalformedException("\"" + name + "\" is longer than any transaction may be");
        }
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException wrong) {
            throw new MalformedException("\"" + name + "\" is not hex");
        }
    }

    private static Hash hash(String text, String name) throws MalformedException {
        try {
            return Hash.ofShown(text);
        } catch (IllegalArgumentException wrong) {
            throw new MalformedException("\"" + name + "\" is not 64 hex digits");
        }
    }

    private static byte[] base64(JsonParser in, String name) throws MalformedException {
        try {
            return Base64.getDecoder().decode(text(in, name));
        } catch (IllegalArgumentException wrong) {
            throw new MalformedException("\"" + name + "\" is not base64");
        }
    }

    private static MalformedException unknown(String name) {
        String shown =
                name.codePoints()
                        .map(c -> c < ' ' || c > '~' ? '?' : c)
                        .limit(40)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
        return new MalformedException("\"" + shown + "\" is not part of a proof file");
    }

    /// The one text of a proof: every field in its place, no blanks, a newline at the end.
    public static byte[] write(ProofFile proof) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(proof.headers().length * 2);
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            out.writeStartObject();
            out.writeStringProperty("format", FORMAT);
            out.writeNumberProperty("version", VERSION);
            out.writeStringProperty("network", proof.network().word());
            out.writeStringProperty("tx", HexFormat.of().formatHex(proof.raw()));
            out.writeObjectPropertyStart("block");
            out.writeNumberProperty("height", proof.proof().height());
            out.writeNumberProperty("pos", proof.proof().position());
            branch(out, proof.proof());
            out.writeEndObject();
            ProofFile.Coinbase coinbase = proof.coinbase();
            if (coinbase != null) {
                out.writeObjectPropertyStart("coinbase");
                out.writeStringProperty("tx", HexFormat.of().formatHex(coinbase.raw()));
                branch(out, coinbase.proof());
                out.writeEndObject();
            }
            out.writeObjectPropertyStart("headers");
            out.writeNumberProperty("start", proof.start());
            out.writeStringProperty("data", Base64.getEncoder().encodeToString(proof.headers()));
            out.writeEndObject();
            out.writeObjectPropertyStart("anchor");
            out.writeNumberProperty("height", proof.anchor().height());
            out.writeStringProperty("hash", proof.anchor().hash().toString());
            out.writeEndObject();
            out.writeEndObject();
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    private static void branch(JsonGenerator out, MerkleProof proof) {
        out.writeArrayPropertyStart("branch");
        for (Hash sibling : proof.branch()) {
            out.writeString(sibling.toString());
        }
        out.writeEndArray();
    }
}
