package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// A file system in memory whose power can be cut: what was forced stays, and of the rest any part
/// may be lost, torn at sectors, or have come in another order. Can also be full, or fail to write
/// or force.
final class SimFiles implements FileLayer {

    /// Thrown by everything once the power is gone.
    static final class PowerCut extends IOException {
        private static final long serialVersionUID = 1L;

        PowerCut() {
            super("power cut");
        }
    }

    private static final int SECTOR = 512;

    private static final class Disk {
        byte[] bytes = new byte[0];
        int size;

        Disk copy() {
            Disk copy = new Disk();
            copy.bytes = Arrays.copyOf(bytes, size);
            copy.size = size;
            return copy;
        }

        void write(long position, byte[] from, int offset, int length) {
            int end = Math.toIntExact(position + length);
            if (bytes.length < end) {
                bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
            }
            System.arraycopy(from, offset, bytes, (int) position, length);
            size = Math.max(size, end);
        }

        void truncate(long length) {
            if (length < size) {
                Arrays.fill(bytes, (int) length, size, (byte) 0);
                size = (int) length;
            }
        }
    }

    /// A write, or a truncation when `bytes` is null.
    @SuppressWarnings("ArrayRecordComponent")
    private record Pending(long position, byte @Nullable [] bytes) {}

    private static final class Node {
        final Disk now = new Disk();
        Disk durable = new Disk();
        final List<Pending> pending = new ArrayList<>();
    }

    /// A change of one name, of a file or of a folder with all in it: `to` null deletes, `from`
    /// null creates.
    private record NameChange(@Nullable String from, @Nullable String to, @Nullable Node node) {}

    private final TreeMap<String, Node> names = new TreeMap<>();
    private final TreeMap<String, Node> durableNames = new TreeMap<>();
    private final List<NameChange> nameChanges = new ArrayList<>();
    private final Set<String> directories = new TreeSet<>();
    private final Set<String> locked = new HashSet<>();
    private final String id;

    private long operations;
    private long cutAt = Long.MAX_VALUE;
    private long failAt = Long.MAX_VALUE;
    private @Nullable String failure;
    private long capacity = Long.MAX_VALUE;
    private boolean dead;

    private static int ids;

    SimFiles() {
        synchronized (SimFiles.class) {
            id = "sim" + ++ids;
        }
    }

    /// Cuts the power at the `n`th changing operation from now.
    synchronized void cutAfter(long n) {
        cutAt = operations + n;
    }

    /// Lets the `n`th changing operation from now, and all that follow until [#heal], fail.
    synchronized void failAfter(long n, String message) {
        failAt = operations + n;
        failure = message;
    }

    synchronized void heal() {
        failAt = Long.MAX_VALUE;
        capacity = Long.MAX_VALUE;
    }

    /// Bytes that all files together may have.
    synchronized void capacity(long bytes) {
        capacity = bytes;
    }

    synchronized long operations() {
        return operations;
    }

    synchronized long used() {
        return names.values().stream().mapToLong(n -> n.now.size).sum();
    }

    /// What is found when the power is back.
    synchronized SimFiles afterPowerCut(RandomGenerator random) {
        dead = true;
        SimFiles next = new SimFiles();
        TreeMap<String, Node> found = new TreeMap<>(durableNames);
        boolean ordered = random.nextBoolean();
        int keep = ordered ? random.nextInt(nameChanges.size() + 1) : nameChanges.size();
        for (int i = 0; i < keep; i++) {
            if (ordered || random.nextBoolean()) {
                apply(nameChanges.get(i), found);
            }
        }
        Map<Node, Node> copies = new HashMap<>();
        found.forEach((name, node) -> {
            Node copy = copies.computeIfAbsent(node, n -> survive(n, random));
            next.names.put(name, copy);
            next.durableNames.put(name, copy);
            for (Path at = Path.of(name).getParent(); at != null; at = at.getParent()) {
                next.directories.add(at.toString());
            }
        });
        return next;
    }

    /// What is found after the process, and nothing else, was killed.
    synchronized SimFiles afterKill() {
        dead = true;
        SimFiles next = new SimFiles();
        next.directories.addAll(directories);
        names.forEach((name, node) -> {
            Node copy = new Node();
            copy.now.write(0, node.now.bytes, 0, node.now.size);
            copy.durable = node.durable.copy();
            copy.pending.addAll(node.pending);
            next.names.put(name, copy);
        });
        next.durableNames.putAll(next.names);
        return next;
    }

    private static Node survive(Node node, RandomGenerator random) {
        Disk disk = node.durable.copy();
        int mode = random.nextInt(3);
        int prefix = random.nextInt(node.pending.size() + 1);
        for (int i = 0; i < node.pending.size(); i++) {
            Pending change = node.pending.get(i);
            boolean take =
                    switch (mode) {
                        case 0 -> false;
                        case 1 -> i < prefix;
                        default -> random.nextBoolean();
                    };
            byte[] bytes = change.bytes;
            if (bytes == null) {
                if (take) {
                    disk.truncate(change.position);
                }
            } else if (take) {
                disk.write(change.position, bytes, 0, bytes.length);
            } else if (mode != 0 && random.nextInt(3) == 0) {
                tear(disk, change.position, bytes, random);
            }
        }
        Node copy = new Node();
        copy.now.write(0, disk.bytes, 0, disk.size);
        copy.durable = disk;
        return copy;
    }

    /// Some of the sectors of a write arrive.
    private static void tear(Disk disk, long position, byte[] bytes, RandomGenerator random) {
        int at = 0;
        while (at < bytes.length) {
            int end =
                    (int)
                            Math.min(
                                    bytes.length,
                                    ((position + at) / SECTOR + 1) * SECTOR - position);
            if (random.nextBoolean()) {
                disk.write(position + at, bytes, at, end - at);
            }
            at = end;
        }
    }

    private static void apply(NameChange change, Map<String, Node> names) {
        if (change.from == null) {
            names.put(String.valueOf(change.to), java.util.Objects.requireNonNull(change.node));
            return;
        }
        for (String name : new ArrayList<>(names.keySet())) {
            if (name.equals(change.from) || name.startsWith(change.from + "/")) {
                Node node = java.util.Objects.requireNonNull(names.remove(name));
                if (change.to != null) {
                    names.put(change.to + name.substring(change.from.length()), node);
                }
            }
        }
    }

    /// A file's content; for tests that damage it.
    synchronized byte[] bytes(Path path) {
        Node node = java.util.Objects.requireNonNull(names.get(key(path)), path.toString());
        return Arrays.copyOf(node.now.bytes, node.now.size);
    }

    /// Replaces a file's content, as by somebody from outside.
    synchronized void put(Path path, byte[] bytes) {
        Node node = new Node();
        node.now.write(0, bytes, 0, bytes.length);
        node.durable = node.now.copy();
        names.put(key(path), node);
        durableNames.put(key(path), node);
    }

    synchronized void remove(Path path) {
        names.remove(key(path));
        durableNames.remove(key(path));
    }

    /// Another file system with the same files.
    synchronized SimFiles copy() {
        SimFiles next = new SimFiles();
        next.directories.addAll(directories);
        names.forEach((name, node) ->
                next.put(Path.of(name), Arrays.copyOf(node.now.bytes, node.now.size)));
        return next;
    }

    private void name(NameChange change) {
        String created = change.from == null ? change.to : null;
        if (created != null) {
            // A folder of that name that was deleted or moved is gone before a new one can hold
            // this file.
            nameChanges.removeIf(before -> {
                boolean above = before.from != null && created.startsWith(before.from + "/");
                if (above) {
                    apply(before, durableNames);
                }
                return above;
            });
        }
        nameChanges.add(change);
        apply(change, names);
    }

    private void change() throws IOException {
        if (dead || operations >= cutAt) {
            dead = true;
            throw new PowerCut();
        }
        operations++;
        if (operations > failAt) {
            throw new IOException(failure);
        }
    }

    private void read() throws PowerCut {
        if (dead) {
            throw new PowerCut();
        }
    }

    private static String key(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    @Override
    public synchronized File open(Path path, Mode mode) throws IOException {
        read();
        String key = key(path);
        Node node = names.get(key);
        if (mode == Mode.CREATE) {
            if (node != null) {
                throw new FileAlreadyExistsException(key);
            }
            change();
            node = new Node();
            name(new NameChange(null, key, node));
        } else if (node == null) {
            throw new FileNotFoundException(key);
        }
        return new SimFile(node);
    }

    private final class SimFile implements File {
        private final Node node;

        SimFile(Node node) {
            this.node = node;
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            synchronized (SimFiles.this) {
                SimFiles.this.read();
                if (position >= node.now.size) {
                    return -1;
                }
                int count = (int) Math.min(into.remaining(), node.now.size - position);
                into.put(node.now.bytes, (int) position, count);
                return count;
            }
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            synchronized (SimFiles.this) {
                byte[] bytes = new byte[from.remaining()];
                from.get(bytes);
                long growth = Math.max(0, position + bytes.length - node.now.size);
                IOException refused = null;
                try {
                    change();
                    if (growth > 0 && used() + growth > capacity) {
                        throw new IOException("No space left on device");
                    }
                } catch (IOException failed) {
                    refused = failed;
                    bytes = Arrays.copyOf(bytes, bytes.length / 2); // an unknown part got through
                    if (growth > 0 && used() + growth > capacity) {
                        throw failed;
                    }
                }
                node.pending.add(new Pending(position, bytes));
                node.now.write(position, bytes, 0, bytes.length);
                if (refused != null) {
                    throw refused;
                }
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (SimFiles.this) {
                SimFiles.this.read();
                return node.now.size;
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (SimFiles.this) {
                change();
                node.pending.add(new Pending(size, null));
                node.now.truncate(size);
            }
        }

        @Override
        public void force(boolean metadata) throws IOException {
            synchronized (SimFiles.this) {
                change();
                node.durable = node.now.copy();
                node.pending.clear();
            }
        }

        @Override
        public void close() {}
    }

    @Override
    public synchronized boolean exists(Path path) {
        return names.containsKey(key(path)) || directories.contains(key(path));
    }

    @Override
    public synchronized long size(Path path) throws IOException {
        read();
        Node node = names.get(key(path));
        return node == null ? 0 : node.now.size;
    }

    @Override
    public synchronized List<String> list(Path directory) throws IOException {
        read();
        String prefix = key(directory) + "/";
        TreeSet<String> found = new TreeSet<>();
        for (String name : names.keySet()) {
            if (name.startsWith(prefix)) {
                found.add(name.substring(prefix.length()).split("/", -1)[0]);
            }
        }
        for (String name : directories) {
            if (name.startsWith(prefix)) {
                found.add(name.substring(prefix.length()).split("/", -1)[0]);
            }
        }
        return new ArrayList<>(found);
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        read();
        for (Path at = directory.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            directories.add(at.toString());
        }
    }

    @Override
    public synchronized void move(Path from, Path to) throws IOException {
        change();
        String source = key(from);
        String target = key(to);
        if (directories.remove(source)) {
            directories.add(target);
            name(new NameChange(source, target, null));
            return;
        }
        if (!names.containsKey(source)) {
            throw new FileNotFoundException(source);
        }
        name(new NameChange(source, target, null));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        change();
        String key = key(path);
        directories.removeIf(d -> d.equals(key) || d.startsWith(key + "/"));
        if (names.keySet().stream().anyMatch(n -> n.equals(key) || n.startsWith(key + "/"))) {
            name(new NameChange(key, null, null));
        }
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        change();
        // Stronger than asked for would hide faults, so only this folder's names become durable.
        String prefix = key(directory) + "/";
        List<NameChange> rest = new ArrayList<>();
        for (NameChange change : nameChanges) {
            if (isIn(prefix, change.from) || isIn(prefix, change.to)) {
                apply(change, durableNames);
            } else {
                rest.add(change);
            }
        }
        nameChanges.clear();
        nameChanges.addAll(rest);
    }

    /// Also what lies deeper when a folder was moved or deleted as a whole.
    private static boolean isIn(String prefix, @Nullable String name) {
        return name != null && name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0;
    }

    @Override
    public boolean othersCanRead(Path path) {
        return false;
    }

    @Override
    public synchronized @Nullable Closeable lock(Path path) throws IOException {
        read();
        String key = key(path);
        return locked.add(key)
                ? () -> {
                    synchronized (this) {
                        locked.remove(key);
                    }
                }
                : null;
    }

    @Override
    public String h2Name(Path path) {
        return SimH2Path.name(id, this, path);
    }
}
