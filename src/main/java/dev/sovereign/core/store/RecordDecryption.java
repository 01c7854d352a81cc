package dev.sovereign.core.store;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Finds the key of each record of one file. Not thread-safe.
final class RecordDecryption {

    private final byte[] logKey;
    private final Map<Integer, RecordCipher> epochs = new HashMap<>();

    /// @param fileSalt from the file's header, of epoch 0
    RecordDecryption(byte[] logKey, byte[] fileSalt) {
        this.logKey = logKey;
        epochs.put(0, new RecordCipher(logKey, fileSalt));
    }

    /// Reads an epoch's salt from elsewhere in the file.
    interface Epochs {
        byte[] salt(int offset) throws IOException;
    }

    /// @return bytes of plain text in `plain`, which has room for the body
    int open(RecordReader record, Epochs salts, byte[] plain) throws IOException {
        RecordCipher cipher = epochs.get(record.epoch());
        if (cipher == null) {
            cipher = new RecordCipher(logKey, salts.salt(record.epoch()));
            epochs.put(record.epoch(), cipher);
        }
        return cipher.open(
                record.array(),
                record.bodyAt(),
                record.bodyLength(),
                record.number(),
                record.bound(),
                plain);
    }
}
