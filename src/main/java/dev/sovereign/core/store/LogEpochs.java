package dev.sovereign.core.store;

import java.io.IOException;
import java.util.Arrays;

/// Reads the salts that epochs of one file begin with.
final class LogEpochs {

    private LogEpochs() {}

    /// @param offset of an EPOCH record
    static byte[] salt(LogFiles log, int number, long offset) throws IOException {
        try (FileLayer.File file = log.open(number, FileLayer.Mode.READ)) {
            RecordReader reader =
                    new RecordReader(
                            RecordReader.source(file, offset), log.header(number).salt(), offset);
            String why = reader.next();
            if (why == null
                    && (reader.type() != LogFormat.EPOCH
                            || reader.bodyLength() != LogFormat.SALT_BYTES)) {
                why = "the record there begins no epoch";
            }
            if (why != null) {
                throw log.damaged(number, offset, why);
            }
            return Arrays.copyOfRange(
                    reader.array(), reader.bodyAt(), reader.bodyAt() + reader.bodyLength());
        }
    }
}
