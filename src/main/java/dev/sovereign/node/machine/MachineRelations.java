package dev.sovereign.node.machine;

import static dev.sovereign.core.SystemRelation.number;
import static dev.sovereign.core.SystemRelation.symbol;

import dev.sovereign.core.SystemRelation;
import dev.sovereign.core.analyze.Column;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The machine's relations: names and columns, which cost a daemon next to nothing. [Machine], and
/// with it OSHI, is loaded by the first question that needs a row.
///
/// Units: times are milliseconds since 1970, durations milliseconds, sizes bytes, shares percent or
/// thousandths as the name says; -1 is "the system does not say". docs/machine.md has them all.
public final class MachineRelations {

    private static final Map<String, List<Column>> COLUMNS =
            new TreeMap<>(
                    Map.of(
                            "sys_os",
                            List.of(
                                    symbol("family"),
                                    symbol("version"),
                                    symbol("architecture"),
                                    symbol("host"),
                                    number("booted"),
                                    number("now"),
                                    number("today"),
                                    number("load_thousandths")),
                            "sys_cpu",
                            List.of(
                                    number("cpu"),
                                    symbol("model"),
                                    number("megahertz"),
                                    number("busy_thousandths"),
                                    number("busy"),
                                    number("idle")),
                            "sys_memory",
                            List.of(
                                    symbol("kind"),
                                    number("total"),
                                    number("used"),
                                    number("free")),
                            "sys_disk",
                            List.of(
                                    symbol("mount"),
                                    symbol("device"),
                                    symbol("type"),
                                    number("total"),
                                    number("used"),
                                    number("free")),
                            "sys_folder",
                            List.of(
                                    symbol("path"),
                                    symbol("parent"),
                                    symbol("mount"),
                                    number("bytes"),
                                    number("own_bytes"),
                                    number("files"),
                                    number("complete")),
                            "sys_process",
                            List.of(
                                    number("pid"),
                                    number("parent"),
                                    symbol("user"),
                                    symbol("name"),
                                    symbol("path"),
                                    symbol("state"),
                                    number("started"),
                                    number("cpu"),
                                    number("resident"),
                                    number("threads")),
                            "sys_socket",
                            List.of(
                                    symbol("protocol"),
                                    symbol("address"),
                                    number("port"),
                                    symbol("remote"),
                                    number("remote_port"),
                                    symbol("state"),
                                    number("pid")),
                            "sys_interface",
                            List.of(
                                    symbol("name"),
                                    symbol("address"),
                                    symbol("state"),
                                    number("bits_per_second"),
                                    number("received"),
                                    number("sent")),
                            "sys_battery",
                            List.of(
                                    symbol("name"),
                                    symbol("state"),
                                    number("percent"),
                                    number("health_percent"),
                                    number("cycles"),
                                    number("milliwatts"),
                                    number("left")),
                            "sys_sensor",
                            List.of(symbol("name"), symbol("kind"), number("value"))));

    private MachineRelations() {}

    /// @param natives a folder of this node for what OSHI's access to the system unpacks; made when
    ///   it is needed
    public static List<SystemRelation> all(Path natives) {
        List<SystemRelation> all = new ArrayList<>();
        COLUMNS.forEach((name, columns) ->
                all.add(new SystemRelation(name, columns, new Sampled(name, natives))));
        return all;
    }

    /// A class of its own rather than ten lambdas: each of those would be a class made at start.
    private record Sampled(String relation, Path natives) implements SystemRelation.Rows {
        @Override
        public void forEach(Consumer<Object[]> row) {
            Machine.at(natives).rows(relation, row);
        }
    }
}
