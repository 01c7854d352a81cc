package dev.sovereign.core.store;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// Puts a backup in a store's place.
///
/// The backup becomes a new generation beside the present one, is verified there as `store check`
/// verifies, and only then does the manifest name it. The old generation moves with a copy of its
/// manifest to `kept/<time>-store`, which is a whole store folder again.
final class Restore {

    private static final String KEPT_STORE = "store";

    private final StoreFolder folder;
    private final StoreOptions options;
    private final String sourceName;
    private final Progress progress;

    Restore(StoreFolder folder, StoreOptions options, String sourceName, Progress progress) {
        this.folder = folder;
        this.options = options;
        this.sourceName = sourceName;
        this.progress = progress;
    }

    /// @return where the old store went; null when there was none
    @Nullable Path run(InputStream backup) throws IOException {
        Manifest old = oldManifest();
        List<Integer> present = folder.generations();
        int number =
                Math.max(
                                old == null ? 0 : old.generation(),
                                present.isEmpty() ? 0 : present.getLast())
                        + 1;
        Manifest[] made = new Manifest[1];
        StoreKey[] key = new StoreKey[1];
        try {
            LogWriter[] writer = new LogWriter[1];
            long count;
            try {
                count =
                        BackupFile.read(
                                backup,
                                header -> {
                                    key[0] = backupKey(header);
                                    return key[0];
                                },
                                header -> {
                                    StoreKey target = targetKey(old, key[0]);
                                    key[0] = target;
                                    made[0] = folder.manifest(header.storeId(), number, target);
                                    writer[0] = begin(made[0], target);
                                    return writer[0]::record;
                                });
            } catch (MalformedException why) {
                throw BackupFile.refuse(sourceName, why);
            } finally {
                if (writer[0] != null) {
                    writer[0].close();
                }
            }
            verify(made[0], key[0], writer[0].end(), count);
        } catch (IOException | RuntimeException failure) {
            folder.discard(number);
            throw failure;
        }
        return replace(made[0], key[0]);
    }

    private LogWriter begin(Manifest manifest, @Nullable StoreKey key) throws IOException {
        Path target = folder.generation(manifest.generation());
        folder.files().delete(target);
        folder.files().createDirectories(target);
        LogFiles log = folder.log(manifest, key);
        log.create(1, 1).close();
        return new LogWriter(log, options.segmentBytes(), 1, LogFormat.FileHeader.BYTES, 0, 0);
    }

    private @Nullable Manifest oldManifest() throws IOException {
        if (!folder.files().exists(folder.directory().resolve(Manifest.FILE))) {
            return null;
        }
        try {
            return Manifest.read(folder.files(), folder.directory());
        } catch (NewerException newer) {
            throw Refusals.newer(folder.directory().resolve(Manifest.FILE), newer.version());
        } catch (MalformedException damaged) {
            return null; // the store that a backup is to replace
        }
    }

    private StoreKey backupKey(BackupFile.Header header) {
        StoreKey key = folder.keyFor(header.keySalt(), header.keyCheck(), header.fingerprint());
        if (key == null) {
            throw new SovereignException(
                    StoreError.KEY_MISSING,
                    "backup \""
                            + sourceName
                            + "\" is encrypted with key "
                            + header.fingerprint()
                            + ", which is neither \""
                            + folder.keyFile()
                            + "\" nor beside it",
                    "put that key file beside it as \""
                            + folder.keyFile().getFileName()
                            + "."
                            + header.fingerprint()
                            + "\"");
        }
        return key;
    }

    /// What was encrypted stays so, under the key that is in use; a restored store is never less
    /// protected than the backup was.
    private @Nullable StoreKey targetKey(@Nullable Manifest old, @Nullable StoreKey backupKey)
            throws IOException {
        if (old != null && old.encrypted()) {
            StoreKey present = folder.keyFor(old.salt(), old.check(), old.fingerprint());
            if (present != null) {
                return present;
            }
            if (backupKey == null) {
                return folder.key(old); // refuses, and says which key is missing
            }
        }
        return backupKey;
    }

    private void verify(Manifest manifest, @Nullable StoreKey key, Position end, long count)
            throws IOException {
        StoreCheck check = new StoreCheck(folder.log(manifest, key), manifest.storeId(), progress);
        List<Diagnostic> problems = check.log(end);
        if (!problems.isEmpty() || check.lastTx() != count) {
            throw BackupFile.refuse(
                    sourceName,
                    new MalformedException(
                            problems.isEmpty()
                                    ? "it holds "
                                            + check.lastTx()
                                            + " transactions where it says "
                                            + count
                                    : problems.getFirst().message()));
        }
    }

    private @Nullable Path replace(Manifest made, @Nullable StoreKey key) throws IOException {
        FileLayer files = folder.files();
        Path manifestFile = folder.directory().resolve(Manifest.FILE);
        boolean hasOld = files.exists(manifestFile) || folder.generations().size() > 1;
        Path aside = null;
        if (hasOld) {
            files.createDirectories(folder.kept());
            aside =
                    folder.kept()
                            .resolve(
                                    KeptNames.name(
                                            files,
                                            folder.kept(),
                                            options.clock().instant(),
                                            KEPT_STORE));
            files.createDirectories(aside);
            if (files.exists(manifestFile)) {
                copy(manifestFile, aside.resolve(Manifest.FILE));
            }
            files.forceDirectory(aside);
            files.forceDirectory(folder.kept());
        }
        if (key != null) {
            folder.installKey(key);
        }
        files.forceDirectory(folder.generation(made.generation()));
        made.write(files, folder.directory());
        if (aside != null) {
            for (int number : folder.generations()) {
                if (number != made.generation()) {
                    files.move(folder.generation(number), aside.resolve(Manifest.folder(number)));
                }
            }
            files.forceDirectory(aside);
            files.forceDirectory(folder.directory());
        }
        return aside;
    }

    private void copy(Path from, Path to) throws IOException {
        FileLayer files = folder.files();
        try (FileLayer.File source = files.open(from, FileLayer.Mode.READ);
                FileLayer.File target = files.open(to, FileLayer.Mode.CREATE)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(source.size(), 1 << 16));
            while (bytes.hasRemaining() && source.read(bytes, bytes.position()) > 0) {}
            target.write(bytes.flip(), 0);
            target.force(true);
        }
    }

    /// Moves a generation that a restore replaced to where its manifest was put, if the restore was
    /// interrupted before that.
    ///
    /// @return false when no restore wanted to keep it
    static boolean finishKeeping(StoreFolder folder, int number) throws IOException {
        FileLayer files = folder.files();
        for (String name : files.list(folder.kept()).reversed()) {
            Path aside = folder.kept().resolve(name);
            if (name.endsWith("-" + KEPT_STORE)
                    && files.exists(aside.resolve(Manifest.FILE))
                    && !files.exists(aside.resolve(Manifest.folder(number)))
                    && isManifestOf(files, aside, number)) {
                files.move(folder.generation(number), aside.resolve(Manifest.folder(number)));
                files.forceDirectory(aside);
                files.forceDirectory(folder.directory());
                return true;
            }
        }
        return false;
    }

    private static boolean isManifestOf(FileLayer files, Path aside, int number)
            throws IOException {
        try {
            return Manifest.read(files, aside).generation() == number;
        } catch (MalformedException unknown) {
            return true; // a damaged store that was replaced: keep what there is
        }
    }
}
