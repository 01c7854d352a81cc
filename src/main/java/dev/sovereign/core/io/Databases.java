package dev.sovereign.core.io;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.Relation;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.error.Where;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// Reads and writes relations in SQLite files as Soufflé lays them out: a table `_name` of
/// integers, a table `__SymbolTable` of the symbols that some of them stand for, and a view `name`
/// with the symbols in their place. What is read is the table or view `name`, whoever made it.
///
/// The driver is loaded by name, so that only a program that asks for SQLite needs it on its class
/// path.
public final class Databases {

    private static final String DRIVER = "org.sqlite.JDBC";

    /// Rows that are sent to SQLite together.
    private static final int BATCH = 10_000;

    private Databases() {}

    /// Adds the rows of a table or view to `rows`.
    public static void read(
            CheckedProgram.Relation relation,
            String table,
            Path file,
            Relation rows,
            Values values,
            Runnable eachRow)
            throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new java.nio.file.NoSuchFileException(file.toString());
        }
        try (Connection database = open(file);
                Statement statement = database.createStatement();
                ResultSet found = statement.executeQuery("SELECT * FROM " + quoted(table))) {
            int width = found.getMetaData().getColumnCount();
            if (width < relation.arity()) {
                throw fault(
                        file,
                        0,
                        "the table has "
                                + width
                                + " columns, relation "
                                + relation.name()
                                + " has "
                                + relation.arity());
            }
            CellParser cells = values.parser();
            long[] tuple = new long[relation.arity()];
            for (int row = 1; found.next(); row++) {
                eachRow.run();
                for (int column = 0; column < tuple.length; column++) {
                    Column of = relation.columns().get(column);
                    String text = found.getString(column + 1);
                    byte[] bytes = (text == null ? "" : text).getBytes(StandardCharsets.UTF_8);
                    // SQLite has no unsigned: large ones are negative there
                    boolean isTaken =
                            (of.kind() == Kind.UNSIGNED && bytes.length > 0 && bytes[0] == '-')
                                    ? cells.parse(Kind.NUMBER, bytes, 0, bytes.length)
                                    : cells.parse(of, bytes, 0, bytes.length);
                    if (!isTaken) {
                        throw fault(
                                file,
                                row,
                                "\""
                                        + FactFiles.shortened(text == null ? "NULL" : text)
                                        + "\" is no "
                                        + of.kind().word()
                                        + " (column "
                                        + of.name()
                                        + " of "
                                        + relation.name()
                                        + ")");
                    }
                    tuple[column] = cells.value();
                }
                rows.addIfAbsent(tuple);
            }
        } catch (SQLException failure) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    /// Replaces what the file holds of a relation.
    ///
    /// @param table what the relation is called there
    /// @param order the rows to write, in this order
    public static void write(
            CheckedProgram.Relation relation,
            String table,
            Path file,
            Extent extent,
            int[] order,
            Values values)
            throws IOException {
        try (Connection database = open(file)) {
            database.setAutoCommit(false);
            createTables(relation, table, database);
            rows(relation, table, database, extent, order, values);
            database.commit();
        } catch (SQLException failure) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private static void createTables(
            CheckedProgram.Relation relation, String name, Connection database)
            throws SQLException {
        String table = quoted("_" + name);
        List<String> columns = new ArrayList<>();
        List<String> shown = new ArrayList<>();
        StringBuilder from = new StringBuilder(table);
        List<String> where = new ArrayList<>();
        for (int i = 0; i < relation.arity(); i++) {
            Column column = relation.columns().get(i);
            columns.add(quoted(Integer.toString(i)) + affinity(column.kind()));
            String here = table + "." + quoted(Integer.toString(i));
            if (column.kind() == Kind.SYMBOL) {
                String symbols = quoted("_symtab_" + i);
                from.append(", \"__SymbolTable\" AS ").append(symbols);
                where.add(here + " = " + symbols + ".id");
                here = symbols + ".symbol";
            }
            shown.add(here + " AS " + quoted(column.name()));
        }
        try (Statement statement = database.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS \"__SymbolTable\""
                            + " (id INTEGER PRIMARY KEY, symbol TEXT UNIQUE)");
            if (columns.isEmpty()) {
                return;
            }
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS "
                            + table
                            + " ("
                            + String.join(", ", columns)
                            + ")");
            statement.execute("DELETE FROM " + table);
            statement.execute(
                    "CREATE VIEW IF NOT EXISTS "
                            + quoted(name)
                            + " AS SELECT "
                            + String.join(", ", shown)
                            + " FROM "
                            + from
                            + (where.isEmpty() ? "" : " WHERE " + String.join(" AND ", where)));
        }
    }

    private static String affinity(Kind kind) {
        return switch (kind) {
            case NUMBER, UNSIGNED, SYMBOL -> " INTEGER";
            case FLOAT -> " REAL";
            case RECORD, ADT -> " TEXT";
        };
    }

    private static void rows(
            CheckedProgram.Relation relation,
            String table,
            Connection database,
            Extent extent,
            int[] order,
            Values values)
            throws SQLException, IOException {
        if (relation.arity() == 0) {
            return;
        }
        Map<Long, Long> symbols = new HashMap<>();
        String places = "?, ".repeat(relation.arity() - 1) + "?";
        try (PreparedStatement insert =
                        database.prepareStatement(
                                "INSERT INTO " + quoted("_" + table) + " VALUES (" + places + ")");
                PreparedStatement symbol =
                        database.prepareStatement(
                                "INSERT INTO \"__SymbolTable\"(symbol) VALUES (?)"
                                        + " ON CONFLICT(symbol) DO UPDATE SET symbol = symbol"
                                        + " RETURNING id")) {
            int waiting = 0;
            for (int row : order) {
                for (int i = 0; i < relation.arity(); i++) {
                    Column column = relation.columns().get(i);
                    long bits = extent.value(i, row);
                    switch (column.kind()) {
                        case NUMBER, UNSIGNED -> insert.setLong(i + 1, bits);
                        case FLOAT -> insert.setDouble(i + 1, Double.longBitsToDouble(bits));
                        case SYMBOL -> insert.setLong(i + 1, symbol(symbol, bits, symbols, values));
                        case RECORD, ADT -> insert.setString(i + 1, values.text(column, bits));
                    }
                }
                insert.addBatch();
                if (++waiting == BATCH) {
                    insert.executeBatch();
                    waiting = 0;
                }
            }
            insert.executeBatch();
        }
    }

    private static long symbol(
            PreparedStatement insert, long bits, Map<Long, Long> known, Values values)
            throws SQLException {
        Long id = known.get(bits);
        if (id == null) {
            insert.setString(1, values.symbols().text(bits));
            try (ResultSet found = insert.executeQuery()) {
                found.next();
                id = found.getLong(1);
            }
            known.put(bits, id);
        }
        return id;
    }

    private static Connection open(Path file) throws SQLException {
        Driver driver;
        try {
            driver =
                    Class.forName(DRIVER)
                            .asSubclass(Driver.class)
                            .getDeclaredConstructor()
                            .newInstance();
        } catch (ReflectiveOperationException missing) {
            throw new SovereignException(
                    IoError.IO_UNSUPPORTED,
                    "SQLite is not among the libraries of this command",
                    "use `sovereign run`, which has it",
                    missing);
        }
        Properties settings = new Properties();
        settings.setProperty("synchronous", "OFF");
        settings.setProperty("journal_mode", "MEMORY");
        Connection database = driver.connect("jdbc:sqlite:" + file.toAbsolutePath(), settings);
        if (database == null) {
            throw new SQLException("the driver refuses " + file);
        }
        return database;
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static SovereignException fault(Path file, int row, String message) {
        return new SovereignException(
                List.of(
                        Diagnostic.error(
                                IoError.BAD_ROW,
                                message,
                                null,
                                new Where(file.toString(), row, 0, 0, null))));
    }
}
