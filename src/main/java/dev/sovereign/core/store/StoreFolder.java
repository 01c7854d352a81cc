package dev.sovereign.core.store;

import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/// What lies in a store's folder, and its keys beside.
///
///     lock                 held while a process has the store open
///     store.manifest       says which generation counts
///     g3/000001.log …      the log (LogFormat)
///     g3/state.mv.db       H2, which follows from the log
///     kept/                what was cut off, replaced or found broken
final class StoreFolder {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final FileLayer files;
    private final Path directory;
    private final Path keyFile;

    StoreFolder(FileLayer files, Path directory, Path keyFile) {
        this.files = files;
        this.directory = directory;
        this.keyFile = keyFile;
    }

    FileLayer files() {
        return files;
    }

    Path directory() {
        return directory;
    }

    Path kept() {
        return directory.resolve(LogTail.KEPT);
    }

    Path generation(int number) {
        return directory.resolve(Manifest.folder(number));
    }

    Closeable lock() throws IOException {
        files.createDirectories(directory);
        Closeable lock = files.lock(directory.resolve("lock"));
        if (lock == null) {
            throw new SovereignException(
                    StoreError.LOCKED,
                    "the store in \"" + directory + "\" is open in another process",
                    "use the running daemon, or `sovereign daemon stop`");
        }
        return lock;
    }

    /// Numbers of the generations whose folders are there, ascending.
    List<Integer> generations() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (String name : files.list(directory)) {
            if (name.matches("g[1-9][0-9]{0,8}")) {
                numbers.add(Integer.valueOf(name.substring(1)));
            }
        }
        numbers.sort(null);
        return numbers;
    }

    static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    Manifest manifest(byte[] storeId, int generation, @Nullable StoreKey key) {
        if (key == null) {
            return new Manifest(
                    LogFormat.VERSION, storeId, generation, new byte[0], new byte[0], "");
        }
        byte[] salt = randomBytes(LogFormat.SALT_BYTES);
        return new Manifest(
                LogFormat.VERSION, storeId, generation, salt, key.check(salt), key.fingerprint());
    }

    LogFiles log(Manifest manifest, @Nullable StoreKey key) {
        return new LogFiles(
                files,
                generation(manifest.generation()),
                manifest.storeId(),
                key == null ? null : key.logKey(manifest.salt()));
    }

    StateKeeper state(
            Manifest manifest,
            @Nullable StoreKey key,
            LogFiles log,
            StoreOptions options,
            Symbols symbols) {
        return new StateKeeper(
                log,
                kept(),
                manifest.storeId(),
                key == null ? null : key.h2Password(manifest.salt()),
                options,
                symbols);
    }

    interface Content {
        void write(LogFiles log, LogWriter writer) throws IOException;
    }

    /// Makes the files of a generation that the manifest does not name yet, durably.
    ///
    /// @return its end
    LogTail writeGeneration(
            Manifest manifest, @Nullable StoreKey key, StoreOptions options, Content content)
            throws IOException {
        Path target = generation(manifest.generation());
        files.delete(target);
        files.createDirectories(target);
        LogFiles log = log(manifest, key);
        log.create(1, 1).close();
        LogWriter writer =
                new LogWriter(log, options.segmentBytes(), 1, LogFormat.FileHeader.BYTES, 0, 0);
        try {
            content.write(log, writer);
        } finally {
            writer.close();
        }
        files.forceDirectory(target);
        files.forceDirectory(directory);
        return LogTail.find(log, kept(), options.clock().instant(), true);
    }

    /// Removes the files of a generation that does not count.
    void discard(int generation) throws IOException {
        files.delete(generation(generation));
        files.forceDirectory(directory);
    }

    /// The key of a store; null when it is not encrypted. Finishes a change of keys that was
    /// interrupted.
    ///
    /// @throws SovereignException when it is missing, wrong, or readable by others
    @Nullable StoreKey key(Manifest manifest) throws IOException {
        if (!manifest.encrypted()) {
            return null;
        }
        StoreKey present = StoreKey.read(files, keyFile);
        if (present != null && present.opens(manifest.salt(), manifest.check())) {
            return present;
        }
        if (files.exists(newKeyFile())) {
            StoreKey fresh = StoreKey.read(files, newKeyFile());
            if (fresh != null && fresh.opens(manifest.salt(), manifest.check())) {
                adoptNewKey();
                return fresh;
            }
        }
        if (present == null) {
            throw new SovereignException(
                    StoreError.KEY_MISSING,
                    "the store is encrypted with key "
                            + manifest.fingerprint()
                            + " and there is no key file \""
                            + keyFile
                            + "\"",
                    "put the key file back in its place; without it nobody can read the store");
        }
        throw new SovereignException(
                StoreError.KEY_WRONG,
                "the store is encrypted with key "
                        + manifest.fingerprint()
                        + ", and \""
                        + keyFile
                        + "\" holds key "
                        + present.fingerprint(),
                "put the right key file back in its place");
    }

    /// A key that opens `salt` and `check`, the present one or an older one kept beside it; null
    /// when there is none.
    @Nullable StoreKey keyFor(byte[] salt, byte[] check, String fingerprint) {
        for (Path path : List.of(keyFile, newKeyFile(), oldKeyFile(fingerprint))) {
            StoreKey key = StoreKey.read(files, path);
            if (key != null && key.opens(salt, check)) {
                return key;
            }
        }
        return null;
    }

    Path keyFile() {
        return keyFile;
    }

    private Path newKeyFile() {
        return keyFile.resolveSibling(keyFile.getFileName() + ".new");
    }

    private Path oldKeyFile(String fingerprint) {
        return keyFile.resolveSibling(keyFile.getFileName() + "." + fingerprint);
    }

    StoreKey keyMadeWhenMissing() throws IOException {
        StoreKey present = StoreKey.read(files, keyFile);
        if (present == null) {
            present = StoreKey.random();
            writeKey(present, keyFile);
        }
        return present;
    }

    /// Makes a key beside the present one; [#adoptNewKey] lets it take its place.
    StoreKey newKey() throws IOException {
        StoreKey fresh = StoreKey.random();
        writeKey(fresh, newKeyFile());
        return fresh;
    }

    /// Puts `key` in the key file's place, if another or none is there.
    void installKey(StoreKey key) throws IOException {
        StoreKey present = StoreKey.read(files, keyFile);
        if (present == null || !present.fingerprint().equals(key.fingerprint())) {
            writeKey(key, newKeyFile());
            adoptNewKey();
        }
    }

    private void writeKey(StoreKey key, Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            files.createDirectories(parent);
        }
        key.write(files, path);
    }

    /// The new key takes the key file's place; the old one stays under its fingerprint.
    void adoptNewKey() throws IOException {
        StoreKey present = StoreKey.read(files, keyFile);
        if (present != null) {
            files.move(keyFile, oldKeyFile(present.fingerprint()));
        }
        files.move(newKeyFile(), keyFile);
        Path parent = keyFile.toAbsolutePath().getParent();
        if (parent != null) {
            files.forceDirectory(parent);
        }
    }
}
