package dev.sovereign.core.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Numbers and layouts of the log's files, which backups share. All fixed-width numbers are
/// big-endian. The whole format with its reasons: docs/store.md.
final class LogFormat {

    /// Of the log, the manifest and the backup together. Raise it with any change that an older
    /// program would misread, and add a [Migration].
    static final int VERSION = 1;

    /// Largest body of one record as stored, and largest when unpacked: a string of the largest
    /// size and what surrounds it.
    static final int MAX_BODY_BYTES = 20 << 20;

    /// Largest string, in UTF-8 bytes. A guess: no symbol is a file.
    static final int MAX_STRING_BYTES = 16 << 20;

    /// A writer begins a new record when one has this many bytes of payload.
    static final int RECORD_BYTES = 64 << 10;

    /// Files grow in steps that are multiples of this, except at an orderly end; so a file of
    /// another size was cut by somebody else.
    static final int GRAIN_BYTES = 64 << 10;

    /// Largest step that a file grows by.
    static final int MAX_STEP_BYTES = 4 << 20;

    /// Offsets within one file are 32 bits; far above any sensible segment size.
    static final long MAX_SEGMENT_BYTES = 1L << 31;

    static final int HASH_BYTES = 32;
    static final int SALT_BYTES = 32;
    static final int STORE_ID_BYTES = 16;

    // Types of records. The numbers are on disk.
    /// Body: the salt of a new epoch, in the clear.
    static final int EPOCH = 1;

    /// Body: some of a transaction.
    static final int TRANSACTION = 2;

    /// Body: several whole transactions.
    static final int PACK = 3;

    /// No body: the log goes on in the next file.
    static final int SEAL = 4;

    /// No body: everything before was forced and the store was closed in good order.
    static final int CLOSE = 5;

    // Flags of records.
    /// A transaction begins here; an unfinished one before it is void.
    static final int FIRST = 1;

    /// A transaction ends here, and with this record takes effect.
    static final int LAST = 2;

    /// The body is a 32-bit length and a raw DEFLATE stream of that many bytes.
    static final int COMPRESSED = 4;

    private LogFormat() {}

    /// What one file of the log begins with.
    ///
    ///     offset size
    ///          0    8  "SVRNLOG" and a newline
    ///          8    2  format version
    ///         10    2  flags: 1 encrypted
    ///         12    4  number of the file, from 1
    ///         16   16  store id
    ///         32   32  random salt: of the checksums in this file, and of its first epoch
    ///         64    8  number of the first transaction that may end in this file
    ///         72    4  CRC-32C of bytes 0 to 71
    ///
    /// @param salt 32 bytes; never changed
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    record FileHeader(
            int version, boolean encrypted, int number, byte[] storeId, byte[] salt, long firstTx) {

        static final int BYTES = 76;

        private static final byte[] MAGIC = {'S', 'V', 'R', 'N', 'L', 'O', 'G', '\n'};

        ByteBuffer serialize() {
            ByteBuffer out = ByteBuffer.allocate(BYTES);
            out.put(MAGIC)
                    .putShort((short) version)
                    .putShort((short) (encrypted ? 1 : 0))
                    .putInt(number)
                    .put(storeId)
                    .put(salt)
                    .putLong(firstTx);
            out.putInt(crc(out.array(), 72));
            return out.flip();
        }

        /// @throws NewerException when a newer program wrote it
        static FileHeader parse(byte[] bytes, int length) throws MalformedException {
            if (length < BYTES) {
                throw new MalformedException(
                        "the file header has " + length + " bytes, expected " + BYTES);
            }
            ByteBuffer in = ByteBuffer.wrap(bytes);
            byte[] magic = new byte[MAGIC.length];
            in.get(magic);
            if (!Arrays.equals(magic, MAGIC)) {
                throw new MalformedException("the file does not begin as a log file does");
            }
            int version = Short.toUnsignedInt(in.getShort());
            int flags = Short.toUnsignedInt(in.getShort());
            int number = in.getInt();
            byte[] storeId = new byte[STORE_ID_BYTES];
            in.get(storeId);
            byte[] salt = new byte[SALT_BYTES];
            in.get(salt);
            long firstTx = in.getLong();
            if (in.getInt() != crc(bytes, 72)) {
                throw new MalformedException("the file header fails its checksum");
            }
            if (version > VERSION) {
                throw new NewerException(version);
            }
            return new FileHeader(version, (flags & 1) != 0, number, storeId, salt, firstTx);
        }

        private static int crc(byte[] bytes, int length) {
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, length);
            return (int) crc.getValue();
        }
    }

    /// Layout of the header of every record; its body follows.
    ///
    ///     offset size
    ///          0    2  "SV"
    ///          2    1  type
    ///          3    1  flags
    ///          4    4  length of the body as stored
    ///          8    4  epoch: offset of the EPOCH record whose key encrypts this one; 0 is the file's own salt
    ///         12    8  number of the record in this file, from 0
    ///         20    8  transaction: the one that this is part of; of a PACK the first
    ///         28    4  forced: everything in this file below this offset had been forced when this was written
    ///         32    4  CRC-32C of the file's salt, bytes 0 to 31, and the body as stored
    ///
    /// Encryption binds bytes 0 to 27.
    static final int RECORD_HEADER_BYTES = 36;

    static final int BOUND_BYTES = 28;
    static final int FORCED_AT = 28;
    static final int CRC_AT = 32;
    static final byte MAGIC_0 = 'S';
    static final byte MAGIC_1 = 'V';

    /// Checksum of the record whose header begins at `at` in `bytes`.
    static int recordCrc(CRC32C crc, byte[] salt, byte[] bytes, int at, int bodyLength) {
        crc.reset();
        crc.update(salt, 0, salt.length);
        crc.update(bytes, at, CRC_AT);
        crc.update(bytes, at + RECORD_HEADER_BYTES, bodyLength);
        return (int) crc.getValue();
    }

    static boolean isEncryptable(int type) {
        return type == TRANSACTION || type == PACK;
    }
}
