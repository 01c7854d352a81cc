package dev.sovereign.runtime.wasi;

import dev.sovereign.runtime.pack.Capability;
import dev.sovereign.runtime.wasm.Caller;
import dev.sovereign.runtime.wasm.Memory;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The `fd_…` and `path_…` functions.
final class Files implements AutoCloseable {

    /// Adds a function to the table.
    interface Table {
        void define(String name, String parameters, WasiHost.Call call);
    }

    private static final int TYPE_UNKNOWN = 0;
    private static final int TYPE_FOLDER = 3;
    private static final int TYPE_FILE = 4;
    private static final int TYPE_LINK = 7;

    private static final int FLAG_APPEND = 1;
    private static final int CREATE = 1;
    private static final int DIRECTORY = 2;
    private static final int EXCLUSIVE = 4;
    private static final int TRUNCATE = 8;

    private static final long RIGHT_READ = 1L << 1;
    private static final long RIGHT_WRITE = 1L << 6;

    /// Everything of version 1 but sockets.
    private static final long ALL_RIGHTS = (1L << 28) - 1;

    private static final int STAT_BYTES = 64;
    private static final int ENTRY_BYTES = 24;

    private final Access access;
    private final Descriptors table = new Descriptors();
    private long written;

    Files(Settings settings, Access access, ByteArrayOutputStream out, ByteArrayOutputStream log) {
        this.access = access;
        try {
            table.add(new Descriptors.Input(settings.input()));
            table.add(new Descriptors.Output(out, settings.outputBytes(), true));
            table.add(new Descriptors.Output(log, WasiHost.LOG_BYTES, false));
            for (Capability.Files granted : settings.files()) {
                Folder folder = Folder.granted(granted);
                if (folder != null) {
                    table.add(new Descriptors.OpenFolder(folder));
                }
            }
        } catch (WasiFailure full) {
            table.close();
            throw new IllegalArgumentException("more granted folders than descriptors", full);
        }
    }

    void define(Table functions) {
        functions.define("fd_advise", "illi", (_, v) -> file(v));
        functions.define("fd_allocate", "ill", (_, v) -> resize(v, v[1] + v[2], false));
        functions.define("fd_close", "i", (_, v) -> table.close((int) v[0]));
        functions.define("fd_datasync", "i", (_, v) -> sync(v));
        functions.define("fd_sync", "i", (_, v) -> sync(v));
        functions.define("fd_fdstat_get", "ii", this::fdstat);
        functions.define("fd_fdstat_set_flags", "ii", this::setFlags);
        functions.define("fd_fdstat_set_rights", "ill", (_, v) -> requireOpen((int) v[0]));
        functions.define("fd_filestat_get", "ii", this::fdFilestat);
        functions.define("fd_filestat_set_size", "il", (_, v) -> resize(v, v[1], true));
        functions.define("fd_filestat_set_times", "illi", (_, v) -> notSupported(v));
        functions.define("fd_read", "iiii", (c, v) -> read(c, v, -1, (int) v[3]));
        functions.define("fd_pread", "iiili", (c, v) -> read(c, v, offset(v[3]), (int) v[4]));
        functions.define("fd_write", "iiii", (c, v) -> write(c, v, -1, (int) v[3]));
        functions.define("fd_pwrite", "iiili", (c, v) -> write(c, v, offset(v[3]), (int) v[4]));
        functions.define("fd_prestat_get", "ii", this::prestat);
        functions.define("fd_prestat_dir_name", "iii", this::prestatName);
        functions.define("fd_readdir", "iiili", this::readdir);
        functions.define("fd_renumber", "ii", (_, v) -> table.move((int) v[0], (int) v[1]));
        functions.define("fd_seek", "ilii", this::seek);
        functions.define("fd_tell", "ii", (c, v) -> seek(c, new long[] {v[0], 0, 1, v[1]}));
        functions.define("path_create_directory", "iii", (_, v) -> notSupported(v));
        functions.define(
                "path_filestat_get",
                "iiiii",
                (c, v) ->
                        stat(
                                c.memory(),
                                (int) v[4],
                                folder(v[0]).attributes(path(c, v[2], v[3]), (v[1] & 1) != 0)));
        functions.define("path_filestat_set_times", "iiiilli", (_, v) -> notSupported(v));
        functions.define("path_link", "iiiiiii", (_, v) -> notSupported(v));
        functions.define("path_open", "iiiiillii", this::open);
        functions.define("path_readlink", "iiiiii", (_, v) -> notSupported(v));
        functions.define("path_symlink", "iiiii", (_, v) -> notSupported(new long[] {v[2]}));
        functions.define(
                "path_remove_directory",
                "iii",
                (c, v) -> folder(v[0]).deleteFolder(path(c, v[1], v[2])));
        functions.define(
                "path_rename",
                "iiiiii",
                (c, v) ->
                        folder(v[0])
                                .rename(path(c, v[1], v[2]), folder(v[3]), path(c, v[4], v[5])));
        functions.define(
                "path_unlink_file", "iii", (c, v) -> folder(v[0]).deleteFile(path(c, v[1], v[2])));
    }

    @Override
    public void close() {
        table.close();
    }

    // ---- what a number stands for ----

    void requireOpen(int fd) throws WasiFailure {
        table.get(fd);
    }

    private void notSupported(long[] values) throws WasiFailure {
        requireOpen((int) values[0]);
        throw new WasiFailure(Errno.NOTSUP);
    }

    private Folder folder(long fd) throws WasiFailure {
        if (table.get((int) fd) instanceof Descriptors.OpenFolder(Folder folder)) {
            requireGranted(folder.grant());
            return folder;
        }
        throw new WasiFailure(Errno.NOTDIR);
    }

    private Descriptors.OpenFile file(long[] values) throws WasiFailure {
        return switch (table.get((int) values[0])) {
            case Descriptors.OpenFile file -> {
                requireGranted(file.granted);
                yield file;
            }
            case Descriptors.OpenFolder _ -> throw new WasiFailure(Errno.ISDIR);
            case Descriptors.Input _, Descriptors.Output _ -> throw new WasiFailure(Errno.SPIPE);
        };
    }

    private void requireGranted(Capability.Files granted) throws WasiFailure {
        if (!access.holds(granted)) {
            throw new WasiFailure(Errno.NOTCAPABLE);
        }
    }

    private static String path(Caller caller, long address, long length) throws WasiFailure {
        Memory memory = caller.memory();
        memory.check((int) address, (int) length);
        if ((int) length > Folder.MAX_PATH_BYTES) {
            throw new WasiFailure(Errno.NAMETOOLONG);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(memory.read((int) address, (int) length)))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw new WasiFailure(Errno.ILSEQ);
        }
    }

    private static long offset(long value) throws WasiFailure {
        if (value < 0) {
            throw new WasiFailure(Errno.INVAL);
        }
        return value;
    }

    // ---- opening ----

    private void open(Caller caller, long[] values) throws WasiFailure {
        Folder folder = folder(values[0]);
        boolean follow = (values[1] & 1) != 0;
        String path = path(caller, values[2], values[3]);
        int flags = (int) values[4];
        long rights = values[5];
        int result = (int) values[8];
        caller.memory().check(result, 4);
        table.requireRoom();
        boolean write = (rights & RIGHT_WRITE) != 0;
        boolean read = (rights & RIGHT_READ) != 0 || !write;
        boolean directory = (flags & DIRECTORY) != 0;
        if (directory && (flags & (CREATE | EXCLUSIVE | TRUNCATE)) != 0) {
            throw new WasiFailure(Errno.INVAL);
        }
        if ((flags & (CREATE | TRUNCATE)) == 0) {
            BasicFileAttributes present = folder.attributes(path, follow);
            if (present.isSymbolicLink()) {
                throw new WasiFailure(Errno.LOOP);
            }
            if (present.isDirectory()) {
                Folder opened = folder.folder(path);
                caller.memory().writeInt(result, table.add(new Descriptors.OpenFolder(opened)));
                return;
            }
            if (directory) {
                throw new WasiFailure(Errno.NOTDIR);
            }
        }
        boolean append = ((int) values[7] & FLAG_APPEND) != 0;
        SeekableByteChannel channel =
                folder.file(
                        path,
                        new Folder.How(
                                read,
                                write,
                                append,
                                (flags & CREATE) != 0,
                                (flags & EXCLUSIVE) != 0,
                                (flags & TRUNCATE) != 0));
        int fd = table.add(new Descriptors.OpenFile(channel, folder.grant(), read, write, append));
        caller.memory().writeInt(result, fd);
    }

    private void prestat(Caller caller, long[] values) throws WasiFailure {
        byte[] name = prestatName(values[0]);
        int at = (int) values[1];
        caller.memory().writeInt(at, 0);
        caller.memory().writeInt(at + 4, name.length);
    }

    private void prestatName(Caller caller, long[] values) throws WasiFailure {
        byte[] name = prestatName(values[0]);
        if ((int) values[2] < name.length) {
            throw new WasiFailure(Errno.NAMETOOLONG);
        }
        caller.memory().write((int) values[1], name);
    }

    private byte[] prestatName(long fd) throws WasiFailure {
        String name =
                table.get((int) fd) instanceof Descriptors.OpenFolder(Folder folder)
                        ? folder.name()
                        : null;
        if (name == null) {
            throw new WasiFailure(Errno.BADF);
        }
        return name.getBytes(StandardCharsets.UTF_8);
    }

    // ---- reading and writing ----

    /// @param position -1 is the file's own, which then moves on
    private void read(Caller caller, long[] values, long position, int result)
            throws WasiFailure, InterruptedException {
        Descriptors.Open open = table.get((int) values[0]);
        Memory memory = caller.memory();
        memory.check(result, 4);
        long total = 0;
        int vectors = vectors(memory, values);
        for (int i = 0; i < vectors; i++) {
            int length = memory.readInt((int) values[1] + 8 * i + 4);
            int address = memory.check(memory.readInt((int) values[1] + 8 * i), length);
            int count =
                    switch (open) {
                        case Descriptors.Input input -> {
                            if (position >= 0) {
                                throw new WasiFailure(Errno.SPIPE);
                            }
                            int part = Math.min(length, input.bytes.length - input.position);
                            memory.write(address, input.bytes, input.position, part);
                            input.position += part;
                            yield part;
                        }
                        case Descriptors.OpenFile file -> {
                            requireGranted(file.granted);
                            if (!file.readable) {
                                throw new WasiFailure(Errno.BADF);
                            }
                            yield readFile(
                                    caller,
                                    file,
                                    address,
                                    length,
                                    position < 0 ? -1 : position + total);
                        }
                        case Descriptors.OpenFolder _ -> throw new WasiFailure(Errno.ISDIR);
                        case Descriptors.Output _ -> throw new WasiFailure(Errno.BADF);
                    };
            WasiHost.charge(caller, count);
            total += count;
            if (count < length) {
                break;
            }
        }
        memory.writeInt(result, (int) Math.min(total, Integer.MAX_VALUE));
    }

    private static int readFile(
            Caller caller, Descriptors.OpenFile file, int address, int length, long position)
            throws WasiFailure, InterruptedException {
        int done = 0;
        try {
            while (done < length) {
                WasiHost.requireTime(caller);
                int step = Math.min(length - done, WasiHost.STEP_BYTES);
                ByteBuffer part = ByteBuffer.wrap(caller.memory().bytes, address + done, step);
                int count =
                        position < 0
                                ? file.channel.read(part)
                                : channel(file).read(part, position + done);
                if (count <= 0) {
                    break;
                }
                done += count;
            }
        } catch (IOException failure) {
            throw Folder.failure(failure);
        }
        return done;
    }

    private void write(Caller caller, long[] values, long position, int result)
            throws WasiFailure, InterruptedException {
        Descriptors.Open open = table.get((int) values[0]);
        Memory memory = caller.memory();
        memory.check(result, 4);
        long total = 0;
        int vectors = vectors(memory, values);
        for (int i = 0; i < vectors; i++) {
            int length = memory.readInt((int) values[1] + 8 * i + 4);
            int address = memory.check(memory.readInt((int) values[1] + 8 * i), length);
            WasiHost.charge(caller, length);
            switch (open) {
                case Descriptors.Output(var bytes, int limit, boolean ends) -> {
                    if (position >= 0) {
                        throw new WasiFailure(Errno.SPIPE);
                    }
                    int room = limit - bytes.size();
                    if (ends && length > room) {
                        throw WasiHost.outputLimit(limit);
                    }
                    bytes.write(memory.bytes, address, Math.min(length, room));
                }
                case Descriptors.OpenFile file -> {
                    requireGranted(file.granted);
                    if (!file.writable) {
                        throw new WasiFailure(Errno.BADF);
                    }
                    writeFile(caller, file, address, length, position < 0 ? -1 : position + total);
                }
                case Descriptors.OpenFolder _ -> throw new WasiFailure(Errno.ISDIR);
                case Descriptors.Input _ -> throw new WasiFailure(Errno.BADF);
            }
            total += length;
        }
        memory.writeInt(result, (int) Math.min(total, Integer.MAX_VALUE));
    }

    private void writeFile(
            Caller caller, Descriptors.OpenFile file, int address, int length, long position)
            throws WasiFailure, InterruptedException {
        spend(length);
        int done = 0;
        try {
            long at = file.append ? file.channel.size() : position;
            if (at < 0) {
                at = file.channel.position();
            }
            requireSize(at + length);
            while (done < length) {
                WasiHost.requireTime(caller);
                int step = Math.min(length - done, WasiHost.STEP_BYTES);
                ByteBuffer part = ByteBuffer.wrap(caller.memory().bytes, address + done, step);
                done += channel(file).write(part, at + done);
            }
            if (position < 0) {
                file.channel.position(at + done);
            }
        } catch (IOException failure) {
            throw Folder.failure(failure);
        }
    }

    /// The file systems of the JDK give file channels, which can read and write at a place.
    private static FileChannel channel(Descriptors.OpenFile file) throws WasiFailure {
        if (file.channel instanceof FileChannel channel) {
            return channel;
        }
        throw new WasiFailure(Errno.NOTSUP);
    }

    private void spend(long bytes) throws WasiFailure {
        if (bytes > WasiHost.WRITTEN_BYTES - written) {
            throw new WasiFailure(Errno.NOSPC);
        }
        written += bytes;
    }

    /// A file with holes is no larger on the disk, but it is for whoever reads it.
    private static void requireSize(long size) throws WasiFailure {
        if (size < 0 || size > WasiHost.WRITTEN_BYTES) {
            throw new WasiFailure(Errno.FBIG);
        }
    }

    private static int vectors(Memory memory, long[] values) throws WasiFailure {
        int count = (int) values[2];
        if (count < 0 || count > WasiHost.MAX_VECTORS) {
            throw new WasiFailure(Errno.INVAL);
        }
        memory.check((int) values[1], count * 8);
        return count;
    }

    private void seek(Caller caller, long[] values) throws WasiFailure {
        SeekableByteChannel channel = file(values).channel;
        caller.memory().check((int) values[3], 8);
        try {
            long base =
                    switch ((int) values[2]) {
                        case 0 -> 0;
                        case 1 -> channel.position();
                        case 2 -> channel.size();
                        default -> throw new WasiFailure(Errno.INVAL);
                    };
            long goal = base + values[1];
            if (goal < 0) {
                throw new WasiFailure(Errno.INVAL);
            }
            channel.position(goal);
            caller.memory().writeLong((int) values[3], goal);
        } catch (IOException failure) {
            throw Folder.failure(failure);
        }
    }

    private void resize(long[] values, long size, boolean mayShrink) throws WasiFailure {
        Descriptors.OpenFile file = file(values);
        if (!file.writable) {
            throw new WasiFailure(Errno.BADF);
        }
        if (values[1] < 0 || size < 0) {
            throw new WasiFailure(Errno.INVAL);
        }
        requireSize(size);
        try {
            long before = file.channel.size();
            if (size > before) {
                spend(size - before);
                channel(file).write(ByteBuffer.allocate(1), size - 1);
            } else if (mayShrink) {
                long position = file.channel.position();
                file.channel.truncate(size);
                file.channel.position(position);
            }
        } catch (IOException failure) {
            throw Folder.failure(failure);
        }
    }

    private void sync(long[] values) throws WasiFailure {
        try {
            channel(file(values)).force(true);
        } catch (IOException failure) {
            throw Folder.failure(failure);
        }
    }

    /// Bytes that can be read or written without waiting.
    long ready(int fd, boolean toRead) throws WasiFailure {
        return switch (table.get(fd)) {
            case Descriptors.Input input when toRead -> input.bytes.length - input.position;
            case Descriptors.Output output when !toRead -> output.limit() - output.bytes().size();
            case Descriptors.OpenFile file -> {
                try {
                    yield toRead ? Math.max(0, file.channel.size() - file.channel.position()) : 1;
                } catch (IOException failure) {
                    throw Folder.failure(failure);
                }
            }
            case Descriptors.Input _, Descriptors.Output _, Descriptors.OpenFolder _ ->
                    throw new WasiFailure(Errno.BADF);
        };
    }

    // ---- what is said about files ----

    private void fdstat(Caller caller, long[] values) throws WasiFailure {
        int type;
        int flags = 0;
        long rights;
        switch (table.get((int) values[0])) {
            case Descriptors.Input _ -> {
                type = TYPE_UNKNOWN;
                rights = RIGHT_READ;
            }
            case Descriptors.Output _ -> {
                type = TYPE_UNKNOWN;
                rights = RIGHT_WRITE;
            }
            case Descriptors.OpenFolder _ -> {
                type = TYPE_FOLDER;
                rights = ALL_RIGHTS;
            }
            case Descriptors.OpenFile file -> {
                type = TYPE_FILE;
                flags = file.append ? FLAG_APPEND : 0;
                rights = ALL_RIGHTS;
                rights &= file.readable ? -1 : ~RIGHT_READ;
                rights &= file.writable ? -1 : ~RIGHT_WRITE;
            }
        }
        Memory memory = caller.memory();
        int at = memory.check((int) values[1], 24);
        memory.fill(at, 24, (byte) 0);
        memory.writeByte(at, (byte) type);
        memory.writeShort(at + 2, (short) flags);
        memory.writeLong(at + 8, rights);
        memory.writeLong(at + 16, type == TYPE_FOLDER ? ALL_RIGHTS : 0);
    }

    private void setFlags(Caller caller, long[] values) throws WasiFailure {
        switch (table.get((int) values[0])) {
            case Descriptors.OpenFile file -> file.append = ((int) values[1] & FLAG_APPEND) != 0;
            case Descriptors.Input _, Descriptors.Output _ -> {} // never waits as it is
            case Descriptors.OpenFolder _ -> throw new WasiFailure(Errno.BADF);
        }
    }

    private void fdFilestat(Caller caller, long[] values) throws WasiFailure {
        Memory memory = caller.memory();
        switch (table.get((int) values[0])) {
            case Descriptors.Input _, Descriptors.Output _ ->
                    memory.fill(memory.check((int) values[1], STAT_BYTES), STAT_BYTES, (byte) 0);
            case Descriptors.OpenFolder(Folder folder) -> {
                requireGranted(folder.grant());
                stat(memory, (int) values[1], folder.attributes());
            }
            case Descriptors.OpenFile file -> {
                requireGranted(file.granted);
                int at = memory.check((int) values[1], STAT_BYTES);
                memory.fill(at, STAT_BYTES, (byte) 0);
                memory.writeByte(at + 16, (byte) TYPE_FILE);
                memory.writeLong(at + 24, 1);
                try {
                    memory.writeLong(at + 32, file.channel.size());
                } catch (IOException failure) {
                    throw Folder.failure(failure);
                }
            }
        }
    }

    private static void stat(Memory memory, int address, BasicFileAttributes attributes) {
        int at = memory.check(address, STAT_BYTES);
        memory.fill(at, STAT_BYTES, (byte) 0);
        memory.writeLong(at + 8, number(attributes, ""));
        memory.writeByte(at + 16, (byte) type(attributes));
        memory.writeLong(at + 24, 1);
        memory.writeLong(at + 32, attributes.size());
        memory.writeLong(at + 40, nanos(attributes.lastAccessTime()));
        memory.writeLong(at + 48, nanos(attributes.lastModifiedTime()));
        memory.writeLong(at + 56, nanos(attributes.lastModifiedTime()));
    }

    private static long nanos(FileTime time) {
        return time.to(TimeUnit.NANOSECONDS);
    }

    private static int type(@Nullable BasicFileAttributes attributes) {
        if (attributes == null) {
            return TYPE_UNKNOWN;
        }
        if (attributes.isSymbolicLink()) {
            return TYPE_LINK;
        }
        return attributes.isDirectory()
                ? TYPE_FOLDER
                : attributes.isRegularFile() ? TYPE_FILE : TYPE_UNKNOWN;
    }

    /// Tells files apart without saying what the machine's inode numbers are; never 0.
    private static long number(@Nullable BasicFileAttributes attributes, String name) {
        Object key = attributes == null ? null : attributes.fileKey();
        long hash = 0xcbf29ce484222325L;
        String text = key == null ? name : key.toString();
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash | 1;
    }

    private void readdir(Caller caller, long[] values) throws WasiFailure {
        Folder folder = folder(values[0]);
        Memory memory = caller.memory();
        int length = (int) values[2];
        int address = memory.check((int) values[1], length);
        memory.check((int) values[4], 4);
        long cookie = values[3];
        List<Folder.Entry> entries = folder.entries(cookie == 0);
        int used = 0;
        for (long at = Math.max(0, cookie); at < entries.size() && used < length; at++) {
            Folder.Entry entry = entries.get((int) at);
            byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
            ByteBuffer bytes =
                    ByteBuffer.allocate(ENTRY_BYTES + name.length)
                            .order(java.nio.ByteOrder.LITTLE_ENDIAN);
            boolean dots = at < 2;
            bytes.putLong(at + 1).putLong(number(entry.attributes(), entry.name()));
            bytes.putInt(name.length);
            bytes.put((byte) (dots ? TYPE_FOLDER : type(entry.attributes())));
            bytes.position(ENTRY_BYTES).put(name);
            int part = Math.min(bytes.capacity(), length - used);
            memory.write(address + used, bytes.array(), 0, part);
            used += part;
        }
        WasiHost.charge(caller, used);
        memory.writeInt((int) values[4], used);
    }
}
