package dev.sovereign.cli;

import dev.sovereign.protocol.Response;

/// The heartbeat in the text exposition format 0.0.4 of Prometheus.
final class Prometheus {
    private Prometheus() {}

    static void print(Out out, Response.Heartbeat beat) {
        head(out, "sovereign_info", "gauge", "Version and build; always 1.");
        out.line(
                "sovereign_info{version=\""
                        + escaped(beat.version())
                        + "\",build=\""
                        + escaped(beat.build())
                        + "\"} 1");
        head(out, "sovereign_uptime_seconds", "gauge", "Time since the daemon started.");
        long millis = beat.uptimeMillis();
        out.line("sovereign_uptime_seconds " + millis / 1_000 + "." + digits(millis % 1_000));
        gauge(out, "sovereign_ready", "1 when the state is ready.", "ready".equals(beat.state()));
        gauge(out, "sovereign_facts", "Stored facts.", beat.knowledge().facts());
        gauge(out, "sovereign_relations", "Known relations.", beat.knowledge().relations());
        gauge(out, "sovereign_rules", "Rules of all modules.", beat.knowledge().rules());
        head(out, "sovereign_transactions_total", "counter", "Transactions of this store.");
        out.line("sovereign_transactions_total " + beat.knowledge().tx());
        gauge(out, "sovereign_store_bytes", "Size of the store.", beat.store().bytes());
        gauge(out, "sovereign_store_encrypted", "1 when encrypted.", beat.store().encrypted());
        gauge(out, "sovereign_mesh_connections", "Open.", beat.mesh().connections());
        head(out, "sovereign_mesh_refused_total", "counter", "Refused connections.");
        out.line("sovereign_mesh_refused_total " + beat.mesh().refused());
        gauge(out, "sovereign_skills_installed", "Installed skills.", beat.skills().installed());
        gauge(out, "sovereign_skills_running", "Running skills.", beat.skills().running());
        gauge(
                out,
                "sovereign_resident_bytes",
                "Memory as the system counts it.",
                beat.memory().residentBytes());
        gauge(out, "sovereign_heap_used_bytes", "Heap in use.", beat.memory().heapUsedBytes());
        head(out, "sovereign_actor_up", "gauge", "1 when the part runs.");
        for (Response.ActorState actor : beat.actors()) {
            actor(out, "sovereign_actor_up", actor, actor.state().equals("running") ? 1 : 0);
        }
        head(out, "sovereign_actor_restarts_total", "counter", "Restarts of the part.");
        for (Response.ActorState actor : beat.actors()) {
            actor(out, "sovereign_actor_restarts_total", actor, actor.restarts());
        }
    }

    private static void actor(Out out, String name, Response.ActorState actor, long value) {
        out.line(name + "{actor=\"" + escaped(actor.name()) + "\"} " + value);
    }

    private static void gauge(Out out, String name, String help, boolean value) {
        gauge(out, name, help, value ? 1 : 0);
    }

    private static void gauge(Out out, String name, String help, long value) {
        head(out, name, "gauge", help);
        out.line(name + " " + value);
    }

    private static void head(Out out, String name, String type, String help) {
        out.line("# HELP " + name + " " + help);
        out.line("# TYPE " + name + " " + type);
    }

    private static String digits(long millis) {
        return millis < 10 ? "00" + millis : millis < 100 ? "0" + millis : Long.toString(millis);
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
