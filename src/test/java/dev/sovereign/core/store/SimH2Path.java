package dev.sovereign.core.store;

import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Lets H2 keep its files in a [SimFiles]: `sovsim:sim7/absolute/path`.
final class SimH2Path extends FilePath {

    private static final String SCHEME = "sovsim";
    private static final Map<String, SimFiles> LAYERS = new ConcurrentHashMap<>();

    static String name(String id, SimFiles layer, Path path) {
        if (LAYERS.isEmpty()) {
            FilePath.register(new SimH2Path());
        }
        LAYERS.put(id, layer);
        return SCHEME + ":" + id + path.toAbsolutePath();
    }

    private static SimH2Path of(String name) {
        SimH2Path path = new SimH2Path();
        path.name = name;
        return path;
    }

    private SimFiles layer() {
        String rest = name.substring(SCHEME.length() + 1);
        SimFiles layer = LAYERS.get(rest.substring(0, rest.indexOf('/')));
        if (layer == null) {
            throw new IllegalStateException("no layer for " + name);
        }
        return layer;
    }

    private Path path() {
        return Path.of(name.substring(name.indexOf('/')));
    }

    @Override
    public long size() {
        try {
            return layer().size(path());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void moveTo(FilePath other, boolean atomicReplace) {
        try {
            layer().move(path(), ((SimH2Path) other).path());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public boolean createFile() {
        try (FileLayer.File _ = layer().open(path(), FileLayer.Mode.CREATE)) {
            return true;
        } catch (IOException there) {
            return false;
        }
    }

    @Override
    public boolean exists() {
        return layer().exists(path());
    }

    @Override
    public void delete() {
        try {
            layer().delete(path());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public List<FilePath> newDirectoryStream() {
        try {
            return layer().list(path()).stream().map(n -> (FilePath) of(name + "/" + n)).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public FilePath toRealPath() {
        return this;
    }

    @Override
    public @Nullable FilePath getParent() {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? null : of(name.substring(0, slash));
    }

    @Override
    public boolean isDirectory() {
        return !isRegularFile() && exists();
    }

    @Override
    public boolean isRegularFile() {
        try (FileLayer.File _ = layer().open(path(), FileLayer.Mode.READ)) {
            return true;
        } catch (IOException missing) {
            return false;
        }
    }

    @Override
    public boolean isAbsolute() {
        return true;
    }

    @Override
    public long lastModified() {
        return 0;
    }

    @Override
    public boolean canWrite() {
        return true;
    }

    @Override
    public void createDirectory() {
        try {
            layer().createDirectories(path());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        if (!exists()) {
            createFile();
        }
        return new Channel(layer().open(path(), FileLayer.Mode.WRITE));
    }

    @Override
    public boolean setReadOnly() {
        return false;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FilePath getPath(String path) {
        return of(path);
    }

    private static final class Channel extends FileBaseDefault {
        private final FileLayer.File file;

        Channel(FileLayer.File file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public synchronized int read(ByteBuffer into, long position) throws IOException {
            return file.read(into, position);
        }

        @Override
        public synchronized int write(ByteBuffer from, long position) throws IOException {
            int length = from.remaining();
            file.write(from, position);
            return length;
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            return new FileLock(this, position, size, shared) {
                @Override
                public boolean isValid() {
                    return true;
                }

                @Override
                public void release() {}
            };
        }

        @Override
        public void force(boolean metadata) throws IOException {
            file.force(metadata);
        }
    }
}
