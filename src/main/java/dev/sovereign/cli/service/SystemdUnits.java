package dev.sovereign.cli.service;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A socket unit and a service unit. The socket listens from login or boot on, so that the first
/// callers wait instead of starting a daemon of their own; the service says when it is ready.
///
/// What a node cannot do without: the network, its own home, processes and disks to look at (so
/// neither `ProtectProc` nor `ProcSubset` nor `PrivateUsers` in a system unit: `sys_process` would
/// be empty), memory that is written and then executed (the JIT).
public final class SystemdUnits {

    /// Everything the daemon and the JVM do is in it; what it lacks is answered with EPERM rather
    /// than a kill, because the JVM tries to raise its limit of files and goes on without.
    private static final String CALLS = "@system-service";

    private SystemdUnits() {}

    /// Which manager, and what it may do.
    public sealed interface Manager {
        /// The system's, which starts us as `user`.
        record Global(String user) implements Manager {}

        /// The user's own.
        ///
        /// @param namespaces whether users may make namespaces here; without, the sandbox has no
        ///   file system of its own
        record Own(boolean namespaces) implements Manager {}
    }

    /// The files by name.
    public static Map<String, String> files(Plan plan, Manager manager) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(plan.name() + ".socket", socket(plan, manager));
        files.put(plan.name() + ".service", service(plan, manager));
        return files;
    }

    private static String socket(Plan plan, Manager manager) {
        List<String> lines = new ArrayList<>();
        lines.add("# made by `sovereign daemon install`");
        lines.add("[Unit]");
        lines.add("Description=Socket of Sovereign");
        lines.add("");
        lines.add("[Socket]");
        lines.add("ListenStream=" + specifier(plan.socket().toString()));
        lines.add("SocketMode=0600");
        lines.add("DirectoryMode=0700");
        lines.add("Backlog=512");
        lines.add("RemoveOnStop=yes");
        if (manager instanceof Manager.Global global) {
            lines.add("SocketUser=" + specifier(global.user()));
        }
        lines.add("");
        lines.add("[Install]");
        lines.add("WantedBy=sockets.target");
        return String.join("\n", lines) + "\n";
    }

    private static String service(Plan plan, Manager manager) {
        List<String> lines = new ArrayList<>();
        lines.add("# made by `sovereign daemon install`");
        lines.add("[Unit]");
        lines.add("Description=Sovereign, a local-first agent runtime");
        lines.add("Requires=" + plan.name() + ".socket");
        lines.add("After=" + plan.name() + ".socket");
        lines.add("StartLimitIntervalSec=300");
        lines.add("StartLimitBurst=5");
        lines.add("");
        lines.add("[Service]");
        lines.add("Type=notify");
        lines.add("ExecStart=" + command(plan));
        lines.add("Environment=" + assignment("SOVEREIGN_MANIFEST", plan.manifest().toString()));
        lines.add("Environment=" + assignment("SOVEREIGN_JAVA_OPTS", plan.javaOptions()));
        Path root = plan.root();
        if (root != null) {
            lines.add("Environment=" + assignment("SOVEREIGN_HOME", root.toString()));
        }
        lines.add("Restart=on-failure");
        lines.add("RestartSec=2");
        lines.add("# the daemon drains for 3 s and closes its store");
        lines.add("TimeoutStopSec=20");
        lines.add("# ended by SIGTERM a JVM says 143");
        lines.add("SuccessExitStatus=143");
        if (manager instanceof Manager.Global global) {
            lines.add("User=" + specifier(global.user()));
        }
        lines.add("");
        lines.addAll(simple());
        boolean sandbox =
                switch (manager) {
                    case Manager.Global _ -> true;
                    case Manager.Own own -> own.namespaces();
                };
        if (sandbox) {
            lines.addAll(sandbox(plan, manager));
        }
        lines.add("");
        lines.add("[Install]");
        lines.add(
                "WantedBy="
                        + switch (manager) {
                            case Manager.Global _ -> "multi-user.target";
                            case Manager.Own _ -> "default.target";
                        });
        lines.add("Also=" + plan.name() + ".socket");
        return String.join("\n", lines) + "\n";
    }

    /// What needs no privilege of the manager.
    private static List<String> simple() {
        return List.of(
                "UMask=0077",
                "NoNewPrivileges=yes",
                "LockPersonality=yes",
                "RestrictRealtime=yes",
                "RestrictSUIDSGID=yes",
                "RestrictNamespaces=yes",
                "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
                "SystemCallArchitectures=native",
                "SystemCallFilter=" + CALLS,
                "SystemCallFilter=~@privileged @resources",
                "SystemCallErrorNumber=EPERM");
    }

    private static List<String> sandbox(Plan plan, Manager manager) {
        List<String> lines = new ArrayList<>();
        if (manager instanceof Manager.Own) {
            lines.add("# a user's manager may build the rest only in a user namespace");
            lines.add("PrivateUsers=yes");
        } else {
            lines.add("RemoveIPC=yes");
            lines.add("KeyringMode=private");
        }
        lines.addAll(
                List.of(
                        "CapabilityBoundingSet=",
                        "AmbientCapabilities=",
                        "PrivateDevices=yes",
                        "PrivateMounts=yes",
                        "ProtectClock=yes",
                        "ProtectControlGroups=yes",
                        "ProtectHostname=yes",
                        "ProtectKernelLogs=yes",
                        "ProtectKernelModules=yes",
                        "ProtectKernelTunables=yes",
                        "ProtectSystem=strict"));
        // a home or a program below these would be hidden
        Set<Path> shown = new LinkedHashSet<>();
        for (Path needed :
                List.of(folder(plan.launcher()), folder(plan.manifest()), plan.javaHome())) {
            if (isPersonal(needed)) {
                shown.add(needed);
            }
        }
        boolean personal =
                !shown.isEmpty() || plan.writable().stream().anyMatch(SystemdUnits::isPersonal);
        lines.add(personal ? "ProtectHome=tmpfs" : "ProtectHome=yes");
        for (Path path : shown) {
            lines.add("BindReadOnlyPaths=" + quoted(path.toString()));
        }
        boolean temporary = false;
        for (Path path : plan.writable()) {
            String bound = quoted(path.toString());
            lines.add((isPersonal(path) ? "BindPaths=" : "ReadWritePaths=") + bound);
            temporary |= path.startsWith("/tmp") || path.startsWith("/var/tmp");
        }
        lines.add(temporary ? "PrivateTmp=no" : "PrivateTmp=yes");
        return lines;
    }

    private static Path folder(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    /// Below what `ProtectHome` hides (systemd.exec(5)).
    private static boolean isPersonal(Path path) {
        return path.startsWith("/home") || path.startsWith("/root") || path.startsWith("/run/user");
    }

    private static String command(Plan plan) {
        StringBuilder line =
                new StringBuilder(quoted(plan.launcher().toString()).replace("$", "$$"));
        for (String argument : Plan.arguments()) {
            line.append(' ').append(argument);
        }
        return line.toString();
    }

    private static String assignment(String name, String value) {
        return quoted(name + "=" + value);
    }

    /// In double quotes, as systemd.syntax(7) reads them.
    private static String quoted(String text) {
        return '"' + specifier(text.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
    }

    private static String specifier(String text) {
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("a control character in \"" + text + "\"");
        }
        return text.replace("%", "%%");
    }

    /// What `systemctl` is to do with the files once they are there.
    public static List<List<String>> enable(Plan plan, Manager manager) {
        return List.of(
                control(manager, "daemon-reload"),
                control(manager, "enable", plan.name() + ".socket", plan.name() + ".service"),
                control(manager, "restart", plan.name() + ".socket"),
                control(manager, "restart", plan.name() + ".service"));
    }

    /// Before the files are removed.
    public static List<List<String>> disable(String name, Manager manager) {
        return List.of(control(manager, "disable", "--now", name + ".socket", name + ".service"));
    }

    public static List<String> reload(Manager manager) {
        return control(manager, "daemon-reload");
    }

    private static List<String> control(Manager manager, @Nullable String... words) {
        List<String> line = new ArrayList<>(List.of("systemctl"));
        if (manager instanceof Manager.Own) {
            line.add("--user");
        }
        for (String word : words) {
            if (word != null) {
                line.add(word);
            }
        }
        return line;
    }
}
