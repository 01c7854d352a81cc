package dev.sovereign.cli.service;

import java.nio.file.Path;
import java.util.List;

/// PowerShell scripts that register the daemon with the Task Scheduler: at log on, as the user,
/// again when it fails. A service of the service control manager would need a program that speaks
/// its protocol and would run as another account, which the daemon would refuse to talk to.
public final class WindowsTask {
    private WindowsTask() {}

    public static String register(Plan plan) {
        StringBuilder out = new StringBuilder("# made by `sovereign daemon install`\r\n");
        out.append("$ErrorActionPreference = 'Stop'\r\n");
        StringBuilder script = new StringBuilder();
        variable(script, "SOVEREIGN_MANIFEST", plan.manifest().toString());
        variable(script, "SOVEREIGN_JAVA_OPTS", plan.javaOptions());
        Path root = plan.root();
        if (root != null) {
            variable(script, "SOVEREIGN_HOME", root.toString());
        }
        script.append("& ").append(quoted(plan.launcher().toString()));
        Plan.arguments().forEach(word -> script.append(' ').append(word));
        script.append("; exit $LASTEXITCODE");
        out.append("$command = ").append(quoted(script.toString())).append("\r\n");
        // encoded: no quoting between PowerShell, the Task Scheduler and PowerShell again
        out.append(
                "$encoded ="
                    + " [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($command))\r\n");
        out.append("$action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument (");
        out.append(
                "'-NoLogo -NoProfile -NonInteractive -WindowStyle Hidden -EncodedCommand ' +"
                        + " $encoded)\r\n");
        out.append("$user = [Security.Principal.WindowsIdentity]::GetCurrent().Name\r\n");
        out.append("$trigger = New-ScheduledTaskTrigger -AtLogOn -User $user\r\n");
        out.append(
                "$settings = New-ScheduledTaskSettingsSet -RestartCount 5 -RestartInterval"
                        + " (New-TimeSpan -Minutes 1)");
        out.append(
                " -ExecutionTimeLimit ([TimeSpan]::Zero) -AllowStartIfOnBatteries"
                        + " -DontStopIfGoingOnBatteries");
        out.append(" -MultipleInstances IgnoreNew\r\n");
        out.append("Register-ScheduledTask -TaskName ").append(quoted(plan.name()));
        out.append(" -Action $action -Trigger $trigger -Settings $settings -Force | Out-Null\r\n");
        out.append("Start-ScheduledTask -TaskName ").append(quoted(plan.name())).append("\r\n");
        return out.toString();
    }

    public static List<String> remove(String name) {
        return powershell(
                "-Command", "Unregister-ScheduledTask -Confirm:$false -TaskName " + quoted(name));
    }

    /// Runs a script that was written to a file.
    public static List<String> run(Path file) {
        return powershell("-ExecutionPolicy", "Bypass", "-File", file.toString());
    }

    private static List<String> powershell(String... words) {
        java.util.ArrayList<String> line =
                new java.util.ArrayList<>(
                        List.of("powershell.exe", "-NoLogo", "-NoProfile", "-NonInteractive"));
        line.addAll(List.of(words));
        return line;
    }

    private static void variable(StringBuilder out, String name, String value) {
        out.append("$env:").append(name).append(" = ").append(quoted(value)).append("; ");
    }

    /// A single-quoted string: only the quote itself is special (about_Quoting_Rules), and its
    /// typographic forms, which PowerShell takes for it.
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("'");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'' || (c >= 0x2018 && c <= 0x201b)) {
                out.append(c);
            }
            out.append(c);
        }
        return out.append('\'').toString();
    }
}
