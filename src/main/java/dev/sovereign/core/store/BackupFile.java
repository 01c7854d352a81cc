package dev.sovereign.core.store;

import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// A backup: a header, the transactions as packed records of the log's format, and a last record that counts
/// them and holds the SHA-256 of everything before it.
///
///     offset size
///          0    8  "SVRNBKP" and a newline
///          8    2  format version
///         10    2  flags: 1 encrypted
///         12   16  store id
///         28   32  random salt of checksums and of the records' key
///         60   32  salt of what is derived from the key; zeros when not encrypted
///         92   16  key check; zeros when not encrypted
///        108    8  fingerprint of the key in ASCII; zeros when not encrypted
///        116    8  time in milliseconds
///        124    4  CRC-32C of bytes 0 to 123
///        128       records; the last is of type 6, in the clear: 8 bytes number of transactions, 32 bytes SHA-256
final class BackupFile {

    static final int HEADER_BYTES = 128;
    static final int END = 6;

    private static final int END_BODY_BYTES = 40;
    private static final byte[] MAGIC = {'S', 'V', 'R', 'N', 'B', 'K', 'P', '\n'};

    private BackupFile() {}

    /// Writes everything before `end`.
    ///
    /// @return the newest transaction in it
    static long write(
            LogFiles log,
            Manifest manifest,
            @Nullable StoreKey key,
            Position end,
            Instant now,
            OutputStream out,
            Progress progress)
            throws IOException {
        byte[] salt = StoreFolder.randomBytes(LogFormat.SALT_BYTES);
        byte[] keySalt = StoreFolder.randomBytes(LogFormat.SALT_BYTES);
        MessageDigest digest = Hashes.sha256();
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.put(MAGIC)
                .putShort((short) LogFormat.VERSION)
                .putShort((short) (key == null ? 0 : 1));
        header.put(manifest.storeId()).put(salt);
        header.put(key == null ? new byte[LogFormat.SALT_BYTES] : keySalt);
        header.put(key == null ? new byte[16] : key.check(keySalt));
        header.put(
                key == null ? new byte[8] : key.fingerprint().getBytes(StandardCharsets.US_ASCII));
        header.putLong(now.toEpochMilli());
        header.putInt(crc(header.array()));
        digest.update(header.array());
        out.write(header.array());
        Frames frames =
                new Frames(
                        salt,
                        key == null ? null : new RecordCipher(key.logKey(keySalt), salt),
                        digest,
                        out);
        LogCopy copy = new LogCopy(frames::record);
        if (Position.START.isBefore(end)) {
            try (LogCursor cursor =
                    new LogCursor(
                            log,
                            Position.START,
                            end,
                            true,
                            new ProgressVisitor(copy, "backup", log.bytes(), progress))) {
                cursor.run();
            }
        }
        copy.finish();
        ByteOutput last = new ByteOutput(END_BODY_BYTES);
        last.u64(copy.lastTx());
        last.bytes(digest.digest());
        frames.record(END, 0, copy.lastTx() + 1, last.array(), END_BODY_BYTES);
        out.flush();
        return copy.lastTx();
    }

    private static int crc(byte[] header) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, HEADER_BYTES - 4);
        return (int) crc.getValue();
    }

    /// Frames records as the log does.
    private static final class Frames {
        private final byte[] salt;
        private final @Nullable RecordCipher cipher;
        private final MessageDigest digest;
        private final OutputStream out;
        private final ByteOutput frame = new ByteOutput(LogFormat.RECORD_BYTES);
        private final CRC32C crc = new CRC32C();
        private long number;

        Frames(byte[] salt, @Nullable RecordCipher cipher, MessageDigest digest, OutputStream out) {
            this.salt = salt;
            this.cipher = cipher;
            this.digest = digest;
            this.out = out;
        }

        void record(int type, int flags, long tx, byte[] body, int length) throws IOException {
            RecordCipher encrypt = LogFormat.isEncryptable(type) ? cipher : null;
            frame.clear(LogFormat.RECORD_BYTES);
            frame.u8(LogFormat.MAGIC_0);
            frame.u8(LogFormat.MAGIC_1);
            frame.u8(type);
            frame.u8(flags);
            int stored = encrypt == null ? length : length + RecordCipher.TAG_BYTES;
            frame.u32(stored);
            frame.u32(0);
            frame.u64(number);
            frame.u64(tx);
            frame.u64(0);
            if (encrypt == null) {
                frame.bytes(body, 0, length);
            } else {
                byte[] bound = Arrays.copyOf(frame.array(), LogFormat.BOUND_BYTES);
                encrypt.seal(body, 0, length, number, bound, frame);
            }
            frame.u32At(LogFormat.CRC_AT, LogFormat.recordCrc(crc, salt, frame.array(), 0, stored));
            digest.update(frame.array(), 0, frame.size());
            out.write(frame.array(), 0, frame.size());
            number++;
        }
    }

    /// What a backup says about itself.
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    record Header(
            boolean encrypted,
            byte[] storeId,
            byte[] salt,
            byte[] keySalt,
            byte[] keyCheck,
            String fingerprint,
            long timeMillis) {}

    /// Finds the key for a backup.
    interface Keys {
        StoreKey key(Header header);
    }

    /// Reads a backup to its end, verifies its checksums, and hands on the records' bodies in the
    /// clear.
    ///
    /// @param begin hears the header first; gives where records go
    /// @return number of transactions that it says it holds
    /// @throws MalformedException saying what is wrong with it
    static long read(InputStream in, Keys keys, Begin begin) throws IOException {
        byte[] bytes = in.readNBytes(HEADER_BYTES);
        Header header = parse(bytes);
        RecordCipher cipher = null;
        if (header.encrypted()) {
            cipher = new RecordCipher(keys.key(header).logKey(header.keySalt()), header.salt());
        }
        LogCopy.Records records = begin.begin(header);
        MessageDigest digest = Hashes.sha256();
        digest.update(bytes);
        RecordReader reader = new RecordReader(in::read, header.salt(), HEADER_BYTES);
        byte[] plain = new byte[0];
        for (long number = 0; ; number++) {
            String why = reader.next();
            if (why != null || reader.number() != number) {
                throw new MalformedException(
                        "at byte "
                                + (why == null ? reader.offset() : reader.nextOffset())
                                + ": "
                                + (why == null ? "a record is missing" : why));
            }
            if (reader.type() == END) {
                long count = end(reader, digest.digest());
                if (in.read() >= 0 || reader.hasMore()) {
                    throw new MalformedException("bytes follow its end");
                }
                return count;
            }
            if (!LogFormat.isEncryptable(reader.type())) {
                throw new MalformedException(
                        "at byte " + reader.offset() + ": a record of type " + reader.type());
            }
            int start = reader.bodyAt() - LogFormat.RECORD_HEADER_BYTES;
            digest.update(
                    reader.array(), start, LogFormat.RECORD_HEADER_BYTES + reader.bodyLength());
            if (plain.length < reader.bodyLength()) {
                plain = new byte[reader.bodyLength() + reader.bodyLength() / 4];
            }
            int length = reader.bodyLength();
            if (cipher == null) {
                System.arraycopy(reader.array(), reader.bodyAt(), plain, 0, length);
            } else {
                length =
                        cipher.open(
                                reader.array(),
                                reader.bodyAt(),
                                length,
                                number,
                                reader.bound(),
                                plain);
            }
            records.record(reader.type(), reader.flags(), reader.tx(), plain, length);
        }
    }

    interface Begin {
        LogCopy.Records begin(Header header) throws IOException;
    }

    private static long end(RecordReader reader, byte[] digest) throws MalformedException {
        if (reader.bodyLength() != END_BODY_BYTES) {
            throw new MalformedException("its last record has " + reader.bodyLength() + " bytes");
        }
        ByteInput body = new ByteInput(reader.array(), reader.bodyAt(), END_BODY_BYTES);
        long count = body.u64();
        if (!Arrays.equals(digest, body.bytes(LogFormat.HASH_BYTES))) {
            throw new MalformedException("it fails its SHA-256");
        }
        return count;
    }

    private static Header parse(byte[] bytes) throws MalformedException {
        if (bytes.length < HEADER_BYTES
                || !Arrays.equals(MAGIC, Arrays.copyOf(bytes, MAGIC.length))) {
            throw new MalformedException("it does not begin as a backup does");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).position(MAGIC.length);
        int version = Short.toUnsignedInt(in.getShort());
        int flags = Short.toUnsignedInt(in.getShort());
        byte[] storeId = take(in, LogFormat.STORE_ID_BYTES);
        byte[] salt = take(in, LogFormat.SALT_BYTES);
        byte[] keySalt = take(in, LogFormat.SALT_BYTES);
        byte[] keyCheck = take(in, 16);
        String fingerprint = new String(take(in, 8), StandardCharsets.ISO_8859_1);
        long timeMillis = in.getLong();
        if (in.getInt() != crc(bytes)) {
            throw new MalformedException("its header fails its checksum");
        }
        if (version > LogFormat.VERSION) {
            throw new NewerException(version);
        }
        if ((flags & 1) != 0 && !fingerprint.matches("[0-9a-f]{8}")) {
            throw new MalformedException("it names no key");
        }
        return new Header(
                (flags & 1) != 0, storeId, salt, keySalt, keyCheck, fingerprint, timeMillis);
    }

    private static byte[] take(ByteBuffer in, int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    static SovereignException refuse(String name, MalformedException why) {
        return why instanceof NewerException newer
                ? new SovereignException(
                        StoreError.NEWER,
                        "backup \""
                                + name
                                + "\" has format version "
                                + newer.version()
                                + ", this program knows up to "
                                + LogFormat.VERSION,
                        "use a newer sovereign; nothing was changed")
                : new SovereignException(
                        StoreError.BACKUP,
                        "\"" + name + "\" is no whole backup: " + why.getMessage(),
                        "nothing was changed; try another backup");
    }
}
