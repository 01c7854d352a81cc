package dev.sovereign.core.store;

import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The log files of one generation: names, headers, keys. Any thread.
final class LogFiles {

    static final String SUFFIX = ".log";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final FileLayer files;
    private final Path directory;
    private final byte[] storeId;
    private final byte @Nullable [] logKey;
    private final Map<Integer, LogFormat.FileHeader> headers = new ConcurrentHashMap<>();

    LogFiles(FileLayer files, Path directory, byte[] storeId, byte @Nullable [] logKey) {
        this.files = files;
        this.directory = directory;
        this.storeId = storeId;
        this.logKey = logKey;
    }

    FileLayer files() {
        return files;
    }

    Path directory() {
        return directory;
    }

    boolean encrypted() {
        return logKey != null;
    }

    Path path(int number) {
        String digits =
                String.valueOf(number); // String.format would load locales: 15 ms of a start
        return directory.resolve("0".repeat(Math.max(0, 6 - digits.length())) + digits + SUFFIX);
    }

    /// A name for messages: generation folder and file.
    String name(int number) {
        return directory.getFileName() + "/" + path(number).getFileName();
    }

    /// Numbers of the files that are there, ascending.
    List<Integer> numbers() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (String name : files.list(directory)) {
            if (name.matches("[0-9]{6,9}\\.log")) {
                numbers.add(Integer.valueOf(name.substring(0, name.length() - SUFFIX.length())));
            }
        }
        numbers.sort(null);
        return numbers;
    }

    long bytes() throws IOException {
        long bytes = 0;
        for (int number : numbers()) {
            bytes += files.size(path(number));
        }
        return bytes;
    }

    /// Makes a file with its header, and one grain of zeros for the records to come; durable on
    /// return.
    FileLayer.File create(int number, long firstTx) throws IOException {
        byte[] salt = new byte[LogFormat.SALT_BYTES];
        RANDOM.nextBytes(salt);
        LogFormat.FileHeader header =
                new LogFormat.FileHeader(
                        LogFormat.VERSION, encrypted(), number, storeId, salt, firstTx);
        FileLayer.File file = files.open(path(number), FileLayer.Mode.CREATE);
        try {
            ByteBuffer grain = ByteBuffer.allocate(LogFormat.GRAIN_BYTES);
            grain.put(header.serialize()).rewind();
            file.write(grain, 0);
            file.force(true);
            files.forceDirectory(directory);
        } catch (IOException | RuntimeException failure) {
            file.close();
            throw failure;
        }
        headers.put(number, header);
        return file;
    }

    void delete(int number) throws IOException {
        headers.remove(number);
        files.delete(path(number));
        files.forceDirectory(directory);
    }

    FileLayer.File open(int number, FileLayer.Mode mode) throws IOException {
        return files.open(path(number), mode);
    }

    /// The header of a file that should be there.
    ///
    /// @throws SovereignException when it is damaged, another store's, or newer
    LogFormat.FileHeader header(int number) throws IOException {
        LogFormat.FileHeader known = headers.get(number);
        if (known != null) {
            return known;
        }
        if (!files.exists(path(number))) {
            throw damaged(number, 0, "the file is missing");
        }
        byte[] bytes = new byte[LogFormat.FileHeader.BYTES];
        int length = 0;
        try (FileLayer.File file = open(number, FileLayer.Mode.READ)) {
            int more = 0;
            while (more >= 0 && length < bytes.length) {
                more = file.read(ByteBuffer.wrap(bytes, length, bytes.length - length), length);
                length += Math.max(0, more);
            }
        }
        LogFormat.FileHeader header;
        try {
            header = LogFormat.FileHeader.parse(bytes, length);
        } catch (NewerException newer) {
            throw Refusals.newer(directory.resolve(path(number)), newer.version());
        } catch (MalformedException malformed) {
            throw damaged(number, 0, malformed.getMessage());
        }
        if (header.number() != number
                || header.encrypted() != encrypted()
                || !java.util.Arrays.equals(header.storeId(), storeId)) {
            throw damaged(number, 0, "the file belongs to another store or place");
        }
        headers.put(number, header);
        return header;
    }

    /// Decrypts one file's records; null when they are in the clear.
    @Nullable RecordDecryption decryption(int number) throws IOException {
        byte[] key = logKey;
        return key == null ? null : new RecordDecryption(key, header(number).salt());
    }

    /// A cipher for records that this process appends in a new epoch.
    @Nullable RecordCipher cipher(byte[] epochSalt) {
        byte[] key = logKey;
        return key == null ? null : new RecordCipher(key, epochSalt);
    }

    SovereignException damaged(int number, long offset, @Nullable String why) {
        return Refusals.damaged(name(number), offset, why);
    }
}
