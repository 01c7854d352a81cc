package dev.sovereign.core.store;

import org.h2.Driver;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.zip.CRC32C;

/// What follows from the log, in one H2 database: live assertions in packed blocks, the strings they use, relations, modules,
/// authors, and how far the log has been applied, all changed in the same H2 transaction.
///
///     meta(id, data)       one row: format, store id, newest transaction, place in the log, authors, number of symbols,
///                          sum of the checksums of all blocks
///     relations(id, data)  name, columns
///     modules(id, data)    name, text, transaction; in pieces
///     symbols(id, data)    strings, 2,048 or 64 KiB to a block; in pieces; a symbol's number here is its place
///     facts(id, least, most, firsttx, lasttx, data)   up to 2,048 assertions of one relation: its columns (symbols by
///                          number), then the asserting transaction; id is relation × 2^32 + block
///
/// H2's own checksums do not cover everything, so each block is covered by one of ours, and the sum of them by
/// `meta`: lost, stale and garbled blocks are all noticed. Any exception from here means: rebuild.
///
/// One thread at a time; [StateKeeper] sees to that.
final class State implements AutoCloseable {

    static final String FILE = "state";
    static final String SUFFIX = ".mv.db";

    /// Facts in one block, as measured best in ADR 0002.
    static final int BLOCK_ROWS = 2048;

    /// H2's page cache.
    private static final int CACHE_KIB = 4096;

    /// Bytes in one row; larger strings and texts take several.
    private static final int PIECE_BYTES = 256 << 10;

    private static final int PIECES = 1 << 12;
    private static final int SYMBOLS_IN_BLOCK = 2048;
    private static final int BLOCKS_AT_ONCE = 64;
    private static final int FORMAT = 1;

    /// Retracts gathered before the blocks that hold their assertions are rewritten.
    private static final int MAX_RETRACTS = 1 << 16;

    /// Rows gathered before they are committed to H2, at the end of a transaction.
    private static final int BATCH_ROWS = 1 << 18;

    private final Connection connection;
    private final byte[] storeId;
    private final TupleCodec codec = new TupleCodec();

    private Authors authors;
    private long tx;
    private Position position = Position.START;
    private long symbolCount;
    private long digest;
    private final Map<String, Relation> relations = new HashMap<>();
    private final Map<String, Long> modules = new HashMap<>(); // name to first id
    private long nextModule;

    /// A relation's last, partly filled block is kept unpacked while rows are appended.
    private static final class Relation {
        final int id;
        List<Column> columns;
        int nextBlock;
        long[][] rows = new long[0][]; // columns, then the asserting transaction
        int rowCount;
        int rowsBlock = -1; // the block that these rows replace; -1 none

        Relation(int id, List<Column> columns) {
            this.id = id;
            this.columns = columns;
        }

        int blockRows() {
            return Math.clamp((1 << 16) / (columns.size() + 1), 1, BLOCK_ROWS);
        }
    }

    private State(Connection connection, byte[] storeId) {
        this.connection = connection;
        this.storeId = storeId;
        this.authors = new Authors(storeId);
    }

    /// Opens or creates the database.
    ///
    /// @param password H2's file password, a space, nothing; null when not encrypted
    static State open(FileLayer files, Path base, byte[] storeId, char @Nullable [] password)
            throws SQLException, MalformedException {
        String url =
                "jdbc:h2:"
                        + files.h2Name(base)
                        + ";FILE_LOCK=NO;DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=0;TRACE_LEVEL_FILE=0"
                        + ";CACHE_SIZE="
                        + CACHE_KIB
                        + (password == null ? "" : ";CIPHER=AES");
        Properties properties = new Properties();
        properties.put("user", "");
        // A char array and neither URL nor String: H2 wipes it after use.
        properties.put("password", password == null ? new char[0] : password.clone());
        Connection connection = new Driver().connect(url, properties);
        if (connection == null) {
            throw new SQLException("H2 does not know " + files.h2Name(base));
        }
        State state = new State(connection, storeId);
        try {
            connection.setAutoCommit(false);
            state.create();
            state.readMeta();
        } catch (SQLException | MalformedException | RuntimeException failure) {
            try {
                connection.close();
            } catch (SQLException alsoBroken) {
                failure.addSuppressed(alsoBroken);
            }
            throw failure;
        }
        return state;
    }

    private void create() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String table : List.of("meta", "relations", "modules", "symbols")) {
                statement.execute(
                        "CREATE TABLE IF NOT EXISTS "
                                + table
                                + "(id BIGINT PRIMARY KEY, data VARBINARY(1048576) NOT NULL)");
            }
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS facts(id BIGINT PRIMARY KEY, least BIGINT NOT NULL,"
                        + " most BIGINT NOT NULL, firsttx BIGINT NOT NULL, lasttx BIGINT NOT NULL,"
                        + " data VARBINARY(1048576) NOT NULL)");
        }
        connection.commit();
    }

    private void readMeta() throws SQLException, MalformedException {
        byte[] meta = row("meta", 1);
        if (meta == null) {
            return;
        }
        ByteInput in = checked(1, meta);
        if (in.u8() != FORMAT || !Arrays.equals(in.bytes(LogFormat.STORE_ID_BYTES), storeId)) {
            throw new MalformedException("it is another store's, or of another format");
        }
        tx = in.varint();
        position = new Position(in.count(Integer.MAX_VALUE, "a file"), in.varint());
        symbolCount = in.varint();
        digest = in.u64();
        authors = Authors.parse(storeId, in.bytes(in.count(in.remaining(), "authors")));
        readRelations();
        nextModule = in.varint();
        readModuleNames();
    }

    private void readRelations() throws SQLException, MalformedException {
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT id, data FROM relations ORDER BY id")) {
            while (rows.next()) {
                int id = rows.getInt(1);
                ByteInput in = checked(id, rows.getBytes(2));
                String name = in.string();
                int count = in.count(TupleCodec.MAX_COLUMNS, "the number of columns");
                List<Column> columns = new ArrayList<>();
                for (int c = 0; c < count; c++) {
                    ColumnKind kind = PayloadFormat.kind(in.u8());
                    String column = in.string();
                    columns.add(new Column(column, in.string(), kind));
                }
                relations.put(name, new Relation(id, List.copyOf(columns)));
            }
        }
        for (Relation relation : relations.values()) {
            long base = (long) relation.id << 32;
            try (PreparedStatement last =
                    connection.prepareStatement(
                            "SELECT MAX(id) FROM facts WHERE id >= ? AND id < ?")) {
                last.setLong(1, base);
                last.setLong(2, base + (1L << 32));
                try (ResultSet rows = last.executeQuery()) {
                    rows.next();
                    long id = rows.getLong(1);
                    relation.nextBlock = rows.wasNull() ? 0 : (int) id + 1;
                }
            }
        }
    }

    private void readModuleNames() throws SQLException, MalformedException {
        for (Map.Entry<Long, byte[]> entry : pieces("modules", 0, nextModule).entrySet()) {
            modules.put(new ByteInput(entry.getValue()).string(), entry.getKey());
        }
    }

    /// Newest transaction that is in.
    long tx() {
        return tx;
    }

    /// Where the log goes on after it.
    Position position() {
        return position;
    }

    Authors authors() {
        return authors;
    }

    /// Delivers everything, and verifies that all of it is there.
    void load(ToLongFunction<String> symbols, Replay sink) throws SQLException, MalformedException {
        long sum = 0;
        long[] ids = new long[Math.toIntExact(symbolCount)];
        int at = 0;
        long block = 0;
        while (at < ids.length) {
            byte[] bytes = piece("symbols", block);
            sum += mix("symbols", block, bytes);
            ByteInput in = new ByteInput(bytes);
            while (in.hasRemaining()) {
                if (at == ids.length) {
                    throw new MalformedException("more symbols than it says");
                }
                ids[at++] = symbols.applyAsLong(in.string());
            }
            block++;
        }
        for (Map.Entry<String, Relation> relation : relations.entrySet()) {
            sink.relation(relation.getKey(), relation.getValue().columns);
        }
        for (Map.Entry<String, Long> module : modules.entrySet()) {
            byte[] bytes = piece("modules", module.getValue());
            sum += mix("modules", module.getValue(), bytes);
            ByteInput in = new ByteInput(bytes);
            String name = in.string();
            String text = in.string();
            sink.module(name, text, in.varint());
        }
        for (Map.Entry<String, Relation> relation : relations.entrySet()) {
            sum += load(relation.getKey(), relation.getValue(), ids, sink);
        }
        if (sum != digest) {
            throw new MalformedException("blocks are missing, or older than they should be");
        }
    }

    private long load(String name, Relation relation, long[] ids, Replay sink)
            throws SQLException, MalformedException {
        long sum = 0;
        long base = (long) relation.id << 32;
        long next = base;
        int width = relation.columns.size();
        long[][] columns = new long[width + 1][BLOCK_ROWS];
        long[][] view = new long[width][];
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT id, data FROM facts WHERE id >= ? AND id < ? ORDER BY id LIMIT "
                                + BLOCKS_AT_ONCE)) {
            boolean more = true;
            while (more) {
                more = false;
                query.setLong(1, next);
                query.setLong(2, base + (1L << 32));
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        more = true;
                        long id = rows.getLong(1);
                        next = id + 1;
                        byte[] bytes = rows.getBytes(2);
                        sum += mix("facts", id, bytes);
                        int count = TupleCodec.decode(checked(id, bytes), columns);
                        for (int c = 0; c < width; c++) {
                            view[c] = columns[c];
                            if (relation.columns.get(c).kind() == ColumnKind.SYMBOL) {
                                translate(columns[c], count, ids);
                            }
                        }
                        sink.asserted(name, view, columns[width], count);
                    }
                }
            }
        }
        return sum;
    }

    private static void translate(long[] column, int count, long[] ids) throws MalformedException {
        for (int i = 0; i < count; i++) {
            if (column[i] < 0 || column[i] >= ids.length) {
                throw new MalformedException("a tuple names symbol " + column[i]);
            }
            column[i] = ids[(int) column[i]];
        }
    }

    /// Applies the log from [#position] to `end`.
    ///
    /// @param symbols the caller's, to find the numbers of strings again; only asked with `find`
    void apply(LogFiles log, Position end, Symbols symbols) throws Exception {
        if (!position.isBefore(end)) {
            return;
        }
        Applier applier = new Applier(symbols);
        try (LogCursor cursor = new LogCursor(log, position, end, false, applier)) {
            cursor.expecting(tx + 1).run();
            applier.commit(cursor.resume());
        }
    }

    /// Takes the changes of the log, one transaction after the other.
    private final class Applier implements LogVisitor, Replay {

        private final Symbols callers;
        private long[] numbers = new long[1024]; // by the caller's id; number + 1, 0 unknown
        private final Map<String, Long> strangers =
                new HashMap<>(); // strings the caller has no id for
        private final PayloadReader reader;
        private final ByteOutput newSymbols = new ByteOutput(1024);
        private int newSymbolCount;
        private long nextSymbolBlock;
        private final Map<Relation, List<long[]>> retracts = new HashMap<>();
        private int retractCount;
        private int rowsSinceCommit;
        private long present;
        private @Nullable Position recordStart;

        Applier(Symbols callers) throws SQLException, MalformedException {
            this.callers = callers;
            this.reader = new PayloadReader(this::number, authors);
            long at = 0;
            while (at < symbolCount) {
                ByteInput in = new ByteInput(piece("symbols", nextSymbolBlock++));
                while (in.hasRemaining()) {
                    remember(in.string(), at++);
                }
            }
        }

        private void remember(String text, long number) {
            long id = callers.find(text);
            if (id < 0 || id > 1 << 28) {
                strangers.put(text, number);
                return;
            }
            if (id >= numbers.length) {
                numbers = Arrays.copyOf(numbers, (int) Math.max(numbers.length * 2L, id + 1));
            }
            numbers[(int) id] = number + 1;
        }

        private long number(String text) {
            long id = callers.find(text);
            if (id >= 0 && id < numbers.length && numbers[(int) id] != 0) {
                return numbers[(int) id] - 1;
            }
            Long known = strangers.get(text);
            if (known != null) {
                return known;
            }
            long number = symbolCount++;
            remember(text, number);
            newSymbols.string(text);
            newSymbolCount++;
            try {
                if (newSymbolCount == SYMBOLS_IN_BLOCK
                        || newSymbols.size() >= LogFormat.RECORD_BYTES) {
                    writeSymbols();
                }
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
            return number;
        }

        private void writeSymbols() throws SQLException {
            if (newSymbolCount > 0) {
                writePieces("symbols", nextSymbolBlock++, newSymbols.toByteArray());
                newSymbols.clear(1024);
                newSymbolCount = 0;
            }
        }

        @Override
        public void passing(long number, Position at) {
            recordStart = at;
        }

        @Override
        public boolean begin(long number) throws MalformedException {
            Position start = recordStart;
            // Between records, and not within a pack, the place to go on from is known.
            if (rowsSinceCommit >= BATCH_ROWS && start != null) {
                try {
                    commit(start);
                } catch (SQLException failure) {
                    throw new IllegalStateException(failure);
                }
            }
            recordStart = null;
            present = number;
            reader.begin();
            return true;
        }

        @Override
        public boolean payload(ByteInput slice) throws MalformedException {
            reader.read(slice, present, this);
            return true;
        }

        @Override
        public boolean commit(
                long number, TransactionHeader header, boolean hasHashes, boolean forgotten)
                throws MalformedException {
            authors.add(number, header, hasHashes);
            tx = number;
            return true;
        }

        @Override
        public void tip(String author, byte[] hash) {
            authors.setTip(author, hash);
        }

        void commit(Position at) throws SQLException, MalformedException {
            retractGathered();
            for (Relation relation : relations.values()) {
                writeRows(relation);
            }
            writeSymbols();
            position = at;
            writeMeta();
            connection.commit();
            rowsSinceCommit = 0;
        }

        @Override
        public void relation(String name, List<Column> columns) {
            Relation relation = relations.get(name);
            if (relation == null) {
                relation = new Relation(relations.size(), columns);
                relations.put(name, relation);
            }
            relation.columns = List.copyOf(columns);
            ByteOutput out = new ByteOutput(64);
            out.string(name);
            out.varint(columns.size());
            for (Column column : columns) {
                out.u8(column.kind().code());
                out.string(column.name());
                out.string(column.type());
            }
            try {
                put("relations", relation.id, sealed(relation.id, out));
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        }

        @Override
        public void asserted(String name, long[][] columns, long[] assertingTx, int count) {
            Relation relation = known(name);
            int done = 0;
            try {
                while (done < count) {
                    reserve(relation);
                    int rows = Math.min(count - done, relation.blockRows() - relation.rowCount);
                    for (int c = 0; c < columns.length; c++) {
                        System.arraycopy(
                                columns[c], done, relation.rows[c], relation.rowCount, rows);
                    }
                    System.arraycopy(
                            assertingTx,
                            done,
                            relation.rows[columns.length],
                            relation.rowCount,
                            rows);
                    relation.rowCount += rows;
                    done += rows;
                    if (relation.rowCount == relation.blockRows()) {
                        writeRows(relation);
                        relation.rowCount = 0;
                        relation.rowsBlock = -1;
                    }
                }
            } catch (SQLException | MalformedException failure) {
                throw new IllegalStateException(failure);
            }
            rowsSinceCommit += count;
        }

        private Relation known(String name) {
            Relation relation = relations.get(name);
            if (relation == null) {
                throw new IllegalStateException("relation " + name + " is not declared in the log");
            }
            return relation;
        }

        /// Makes room for rows; takes up the last block when it is not full.
        private void reserve(Relation relation) throws SQLException, MalformedException {
            int width = relation.columns.size() + 1;
            if (relation.rows.length != width) {
                relation.rows = new long[width][relation.blockRows()];
                relation.rowCount = 0;
                int last = relation.nextBlock - 1;
                if (last >= 0) {
                    long id = ((long) relation.id << 32) + last;
                    byte[] bytes = row("facts", id);
                    if (bytes != null) {
                        long[][] columns = new long[width][relation.blockRows()];
                        int count = TupleCodec.decode(checked(id, bytes), columns);
                        if (count < relation.blockRows()) {
                            relation.rows = columns;
                            relation.rowCount = count;
                            relation.rowsBlock = last;
                        }
                    }
                }
            }
        }

        private void writeRows(Relation relation) throws SQLException, MalformedException {
            if (relation.rowCount == 0) {
                return;
            }
            if (relation.rowsBlock >= 0) {
                removeBlock(((long) relation.id << 32) + relation.rowsBlock);
            } else {
                relation.rowsBlock = relation.nextBlock++;
            }
            writeBlock(
                    ((long) relation.id << 32) + relation.rowsBlock,
                    relation.rows,
                    relation.rowCount);
        }

        @Override
        public void retracted(
                String name, long[][] columns, long[] assertingTx, int count, long by) {
            Relation relation = known(name);
            List<long[]> gathered = retracts.computeIfAbsent(relation, _ -> new ArrayList<>());
            for (int r = 0; r < count; r++) {
                long[] key = new long[columns.length + 1];
                for (int c = 0; c < columns.length; c++) {
                    key[c] = columns[c][r];
                }
                key[columns.length] = assertingTx[r];
                gathered.add(key);
            }
            retractCount += count;
            rowsSinceCommit += count;
            if (retractCount >= MAX_RETRACTS) {
                try {
                    retractGathered();
                } catch (SQLException | MalformedException failure) {
                    throw new IllegalStateException(failure);
                }
            }
        }

        private void retractGathered() throws SQLException, MalformedException {
            for (Map.Entry<Relation, List<long[]>> entry : retracts.entrySet()) {
                Relation relation = entry.getKey();
                writeRows(relation); // so that all of it is in blocks
                relation.rows = new long[0][];
                relation.rowCount = 0;
                relation.rowsBlock = -1;
                retract(relation, entry.getValue());
            }
            retracts.clear();
            retractCount = 0;
        }

        private void retract(Relation relation, List<long[]> keys)
                throws SQLException, MalformedException {
            int width = relation.columns.size();
            Set<Key> gone = new HashSet<>();
            long least = Long.MAX_VALUE;
            long most = Long.MIN_VALUE;
            long firstTx = Long.MAX_VALUE;
            long lastTx = Long.MIN_VALUE;
            for (long[] key : keys) {
                gone.add(new Key(key));
                long first = width == 0 ? 0 : key[0];
                least = Math.min(least, first);
                most = Math.max(most, first);
                firstTx = Math.min(firstTx, key[width]);
                lastTx = Math.max(lastTx, key[width]);
            }
            List<Long> candidates = new ArrayList<>();
            try (PreparedStatement query =
                    connection.prepareStatement(
                            "SELECT id FROM facts WHERE id >= ? AND id < ? AND most >= ? AND least"
                                    + " <= ? AND lasttx >= ? AND firsttx <= ?")) {
                query.setLong(1, (long) relation.id << 32);
                query.setLong(2, (relation.id + 1L) << 32);
                query.setLong(3, least);
                query.setLong(4, most);
                query.setLong(5, firstTx);
                query.setLong(6, lastTx);
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        candidates.add(rows.getLong(1));
                    }
                }
            }
            long[][] columns = new long[width + 1][BLOCK_ROWS];
            for (long id : candidates) {
                byte[] bytes = row("facts", id);
                if (bytes == null) {
                    continue;
                }
                int count = TupleCodec.decode(checked(id, bytes), columns);
                int kept = 0;
                for (int r = 0; r < count; r++) {
                    long[] key = new long[width + 1];
                    for (int c = 0; c <= width; c++) {
                        key[c] = columns[c][r];
                    }
                    if (!gone.contains(new Key(key))) {
                        for (int c = 0; c <= width; c++) {
                            columns[c][kept] = key[c];
                        }
                        kept++;
                    }
                }
                if (kept < count) {
                    removeBlock(id);
                    if (kept > 0) {
                        writeBlock(id, columns, kept);
                    }
                }
            }
        }

        @Override
        public void module(String name, String text, long by) {
            moduleRemoved(name, by);
            ByteOutput out = new ByteOutput(text.length() + 64);
            out.string(name);
            out.string(text);
            out.varint(by);
            try {
                modules.put(name, nextModule);
                writePieces("modules", nextModule++, out.toByteArray());
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        }

        @Override
        public void moduleRemoved(String name, long by) {
            Long id = modules.remove(name);
            if (id != null) {
                try {
                    digest -= mix("modules", id, piece("modules", id));
                    removePieces("modules", id);
                } catch (SQLException | MalformedException failure) {
                    throw new IllegalStateException(failure);
                }
            }
        }

        @Override
        public void through(long number) {}

        @Override
        public void restart() {
            throw new IllegalStateException("the log does not restart");
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by content, as below
    private record Key(long[] values) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key(long[] others) && Arrays.equals(values, others);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }
    }

    private void writeMeta() throws SQLException {
        ByteOutput out = new ByteOutput(256);
        out.u8(FORMAT);
        out.bytes(storeId);
        out.varint(tx);
        out.varint(position.file());
        out.varint(position.offset());
        out.varint(symbolCount);
        out.u64(digest);
        byte[] names = authors.serialize();
        out.varint(names.length);
        out.bytes(names);
        out.varint(nextModule);
        put("meta", 1, sealed(1, out));
    }

    private void writeBlock(long id, long[][] columns, int count) throws SQLException {
        int last = columns.length - 1;
        ByteOutput out = new ByteOutput(4096);
        codec.encode(out, columns, 0, count);
        byte[] bytes = sealed(id, out);
        digest += mix("facts", id, bytes);
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO facts VALUES(?, ?, ?, ?, ?, ?)")) {
            insert.setLong(1, id);
            insert.setLong(2, last == 0 ? 0 : least(columns[0], count));
            insert.setLong(3, last == 0 ? 0 : most(columns[0], count));
            insert.setLong(4, least(columns[last], count));
            insert.setLong(5, most(columns[last], count));
            insert.setBytes(6, bytes);
            insert.executeUpdate();
        }
    }

    private static long least(long[] values, int count) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            least = Math.min(least, values[i]);
        }
        return least;
    }

    private static long most(long[] values, int count) {
        long most = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            most = Math.max(most, values[i]);
        }
        return most;
    }

    private void removeBlock(long id) throws SQLException, MalformedException {
        byte[] bytes = row("facts", id);
        if (bytes == null) {
            throw new MalformedException("block " + id + " is missing");
        }
        digest -= mix("facts", id, bytes);
        remove("facts", id);
    }

    private byte @Nullable [] row(String table, long id) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT data FROM " + table + " WHERE id = ?")) {
            query.setLong(1, id);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? rows.getBytes(1) : null;
            }
        }
    }

    private void put(String table, long id, byte[] bytes) throws SQLException {
        try (PreparedStatement merge =
                connection.prepareStatement("MERGE INTO " + table + " KEY(id) VALUES(?, ?)")) {
            merge.setLong(1, id);
            merge.setBytes(2, bytes);
            merge.executeUpdate();
        }
    }

    private void remove(String table, long id) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM " + table + " WHERE id = ?")) {
            delete.setLong(1, id);
            delete.executeUpdate();
        }
    }

    /// Something of any length, over as many rows as it needs; counted into the sum.
    private void writePieces(String table, long number, byte[] bytes) throws SQLException {
        digest += mix(table, number, bytes);
        int pieces = Math.max(1, (bytes.length + PIECE_BYTES - 1) / PIECE_BYTES);
        for (int i = 0; i < pieces; i++) {
            long id = number * PIECES + i;
            ByteOutput out = new ByteOutput(PIECE_BYTES + 64);
            out.varint(pieces);
            int from = i * PIECE_BYTES;
            out.bytes(bytes, from, Math.min(PIECE_BYTES, bytes.length - from));
            put(table, id, sealed(id, out));
        }
    }

    private byte[] piece(String table, long number) throws SQLException, MalformedException {
        byte[] all = pieces(table, number, number + 1).get(number);
        if (all == null) {
            throw new MalformedException(table + " " + number + " are missing");
        }
        return all;
    }

    private Map<Long, byte[]> pieces(String table, long from, long to)
            throws SQLException, MalformedException {
        Map<Long, byte[]> found = new HashMap<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT id, data FROM "
                                + table
                                + " WHERE id >= ? AND id < ? ORDER BY id")) {
            query.setLong(1, from * PIECES);
            query.setLong(2, to * PIECES);
            try (ResultSet rows = query.executeQuery()) {
                ByteOutput joined = new ByteOutput(1024);
                int due = 0;
                while (rows.next()) {
                    long id = rows.getLong(1);
                    ByteInput in = checked(id, rows.getBytes(2));
                    int count = in.count(PIECES, "the number of pieces");
                    if (id % PIECES != due) {
                        throw new MalformedException("a piece is missing in " + table);
                    }
                    joined.bytes(in.array(), in.position(), in.remaining());
                    due++;
                    if (due == count) {
                        found.put(id / PIECES, joined.toByteArray());
                        joined = new ByteOutput(1024);
                        due = 0;
                    }
                }
                if (due != 0) {
                    throw new MalformedException("a piece is missing in " + table);
                }
            }
        }
        return found;
    }

    private void removePieces(String table, long number) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM " + table + " WHERE id >= ? AND id < ?")) {
            delete.setLong(1, number * PIECES);
            delete.setLong(2, (number + 1) * PIECES);
            delete.executeUpdate();
        }
    }

    /// Content, then CRC-32C of id and content.
    private static byte[] sealed(long id, ByteOutput content) {
        int crc = crc(id, content.array(), content.size());
        content.u32(crc);
        return content.toByteArray();
    }

    private static ByteInput checked(long id, byte @Nullable [] bytes) throws MalformedException {
        if (bytes == null || bytes.length < 4) {
            throw new MalformedException("row " + id + " is too short");
        }
        int length = bytes.length - 4;
        if (new ByteInput(bytes, length, 4).u32() != crc(id, bytes, length)) {
            throw new MalformedException("row " + id + " fails its checksum");
        }
        return new ByteInput(bytes, 0, length);
    }

    private static int crc(long id, byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        for (int shift = 56; shift >= 0; shift -= 8) {
            crc.update((int) (id >>> shift));
        }
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /// A 64-bit number for one block, to be summed up over all.
    private static long mix(String table, long id, byte[] bytes) {
        long h = crc(id, bytes, bytes.length) * 0x9E3779B97F4A7C15L + id;
        h = (h ^ (h >>> 32)) * 0xD6E8FEB86659FD93L + table.hashCode();
        return h ^ (h >>> 29);
    }

    /// Closes, giving back as much space as can be had when `compact`.
    void close(boolean compact) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(compact ? "SHUTDOWN COMPACT" : "SHUTDOWN");
        } finally {
            try {
                connection.close();
            } catch (SQLException closedByShutdown) {
                // as it should be
            }
        }
    }

    /// Closes without keeping what was not committed.
    @Override
    public void close() throws SQLException {
        connection.rollback();
        close(false);
    }
}
