package dev.sovereign.cli.service;

import java.nio.file.Path;
import java.util.List;

/// A property list for launchd, which starts the daemon at login and again when it fails. launchd
/// hands sockets over by a call of its own (`launch_activate_socket`), which we do not speak: the
/// daemon makes its socket itself.
public final class LaunchdAgent {
    private LaunchdAgent() {}

    public static String label(Plan plan) {
        return "dev." + plan.name().replace('-', '.');
    }

    public static String file(Plan plan) {
        StringBuilder out = new StringBuilder();
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        out.append("<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\"");
        out.append(" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n");
        out.append("<!-- made by `sovereign daemon install` -->\n");
        out.append("<plist version=\"1.0\">\n<dict>\n");
        key(out, "Label").append(string(label(plan))).append('\n');
        key(out, "ProgramArguments").append("<array>\n");
        out.append("    ").append(string(plan.launcher().toString())).append('\n');
        for (String argument : Plan.arguments()) {
            out.append("    ").append(string(argument)).append('\n');
        }
        out.append("  </array>\n");
        key(out, "EnvironmentVariables").append("<dict>\n");
        variable(out, "SOVEREIGN_MANIFEST", plan.manifest().toString());
        variable(out, "SOVEREIGN_JAVA_OPTS", plan.javaOptions());
        Path root = plan.root();
        if (root != null) {
            variable(out, "SOVEREIGN_HOME", root.toString());
        }
        out.append("  </dict>\n");
        key(out, "RunAtLoad").append("<true/>\n");
        key(out, "KeepAlive").append("<dict><key>SuccessfulExit</key><false/></dict>\n");
        key(out, "ThrottleInterval").append("<integer>5</integer>\n");
        key(out, "ExitTimeOut").append("<integer>20</integer>\n");
        key(out, "ProcessType").append("<string>Background</string>\n");
        key(out, "Umask").append("<integer>63</integer>\n"); // 077, which a plist has no octal for
        key(out, "StandardErrorPath").append(string(plan.log().toString())).append('\n');
        key(out, "StandardOutPath").append(string(plan.log().toString())).append('\n');
        return out.append("</dict>\n</plist>\n").toString();
    }

    /// @param file where the property list lies
    /// @param uid whose session
    public static List<List<String>> load(Plan plan, Path file, String uid) {
        return List.of(
                List.of("launchctl", "bootstrap", "gui/" + uid, file.toString()),
                List.of("launchctl", "enable", "gui/" + uid + "/" + label(plan)));
    }

    public static List<String> unload(Plan plan, String uid) {
        return List.of("launchctl", "bootout", "gui/" + uid + "/" + label(plan));
    }

    private static StringBuilder key(StringBuilder out, String name) {
        return out.append("  <key>").append(name).append("</key>");
    }

    private static void variable(StringBuilder out, String name, String value) {
        out.append("    <key>").append(name).append("</key>").append(string(value)).append('\n');
    }

    private static String string(String text) {
        return "<string>"
                + text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                + "</string>";
    }
}
