package dev.sovereign.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

/// The files as text; what systemd itself says of them is in ServiceIT.
class ServiceFilesTest {

    private static Plan plan(String launcher, @Nullable String root) {
        Path home = Path.of(root == null ? "/home/alice/.local/share/sovereign" : root);
        return new Plan(
                "sovereign",
                Path.of(launcher),
                Path.of("/opt/sovereign/lib/current.env"),
                "-Xms8m -Xmx512m",
                root == null ? null : home,
                home.resolve("run/daemon.sock"),
                home.resolve("log/daemon.out"),
                List.of(home),
                Path.of("/usr/lib/jvm/jdk-25"));
    }

    private static String service(Plan plan, SystemdUnits.Manager manager) {
        return SystemdUnits.files(plan, manager).getOrDefault("sovereign.service", "");
    }

    @Test
    void pathsAreQuotedForSystemd() {
        String unit =
                service(
                        plan("/opt/a b/$x/\"100%\"/sovereign", "/srv/the node's"),
                        new SystemdUnits.Manager.Own(false));
        assertTrue(
                unit.contains(
                        "ExecStart=\"/opt/a b/$$x/\\\"100%%\\\"/sovereign\" daemon run --idle 0\n"),
                unit);
        assertTrue(unit.contains("Environment=\"SOVEREIGN_HOME=/srv/the node's\"\n"), unit);
    }

    @Test
    void aPathThatWouldBeginANewLineIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        service(
                                plan("/opt/x\nExecStartPre=/bin/evil/sovereign", null),
                                new SystemdUnits.Manager.Own(false)));
    }

    @Test
    void theSocketIsTheOwnersAlone() {
        String socket =
                SystemdUnits.files(
                                plan("/opt/bin/sovereign", "/srv/node"),
                                new SystemdUnits.Manager.Global("alice"))
                        .getOrDefault("sovereign.socket", "");
        assertTrue(socket.contains("ListenStream=/srv/node/run/daemon.sock\n"), socket);
        assertTrue(socket.contains("SocketMode=0600\n"), socket);
        assertTrue(socket.contains("DirectoryMode=0700\n"), socket);
        assertTrue(socket.contains("SocketUser=alice\n"), socket);
    }

    /// Without namespaces a user's manager fails to start a unit that asks for them.
    @Test
    void withoutNamespacesAUserUnitAsksForNone() {
        String unit =
                service(plan("/opt/bin/sovereign", null), new SystemdUnits.Manager.Own(false));
        for (String word :
                List.of("PrivateUsers", "ProtectSystem", "PrivateTmp", "CapabilityBoundingSet")) {
            assertFalse(unit.contains(word), word);
        }
        assertTrue(unit.contains("NoNewPrivileges=yes\n"), unit);
        assertTrue(unit.contains("SystemCallFilter=@system-service\n"), unit);
    }

    @Test
    void aHomeThatTheSandboxHidesIsShownAgain() {
        String hidden =
                service(
                        plan("/home/alice/src/sovereign", null),
                        new SystemdUnits.Manager.Own(true));
        assertTrue(hidden.contains("ProtectHome=tmpfs\n"), hidden);
        assertTrue(hidden.contains("BindReadOnlyPaths=\"/home/alice/src\"\n"), hidden);
        assertTrue(hidden.contains("BindPaths=\"/home/alice/.local/share/sovereign\"\n"), hidden);
        String elsewhere =
                service(
                        plan("/opt/bin/sovereign", "/srv/node"),
                        new SystemdUnits.Manager.Global("alice"));
        assertTrue(elsewhere.contains("ProtectHome=yes\n"), elsewhere);
        assertTrue(elsewhere.contains("ReadWritePaths=\"/srv/node\"\n"), elsewhere);
        assertFalse(elsewhere.contains("BindPaths"), elsewhere);
    }

    /// What `sys_process` and the JIT need; and what must never be given up for them.
    @Test
    void whatANodeNeedsIsLeftOpenAndNothingElse() {
        String unit =
                service(
                        plan("/opt/bin/sovereign", "/srv/node"),
                        new SystemdUnits.Manager.Global("alice"));
        for (String word :
                List.of("ProtectProc", "ProcSubset", "MemoryDenyWriteExecute", "PrivateNetwork")) {
            assertFalse(unit.contains(word), word);
        }
        for (String line :
                List.of(
                        "Type=notify",
                        "CapabilityBoundingSet=",
                        "ProtectSystem=strict",
                        "PrivateDevices=yes",
                        "SystemCallErrorNumber=EPERM",
                        "UMask=0077")) {
            assertTrue(unit.contains("\n" + line + "\n"), line);
        }
    }

    @Test
    void theLaunchdAgentIsAPropertyListWithTheWordsAsTheyAre() throws Exception {
        String text = LaunchdAgent.file(plan("/Users/a & b/<x>/sovereign", "/Users/a & b/home"));
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        Document list =
                factory.newDocumentBuilder()
                        .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        NodeList strings = list.getElementsByTagName("string");
        List<String> values = new ArrayList<>();
        for (int i = 0; i < strings.getLength(); i++) {
            values.add(strings.item(i).getTextContent());
        }
        assertEquals(
                List.of(
                        "dev.sovereign",
                        "/Users/a & b/<x>/sovereign",
                        "daemon",
                        "run",
                        "--idle",
                        "0",
                        "/opt/sovereign/lib/current.env",
                        "-Xms8m -Xmx512m",
                        "/Users/a & b/home"),
                values.subList(0, 9));
        assertEquals("Background", values.get(9));
    }

    @Test
    void powerShellReadsNoWordAsCode() {
        String text =
                WindowsTask.register(plan("C:/it's ‘here’; Remove-Item x/sovereign.ps1", null));
        // quoted for the inner command, and that once more for the outer one
        assertTrue(
                text.contains(
                        "& ''C:/it''''s ‘‘‘‘here’’’’; Remove-Item x/sovereign.ps1'' daemon run"
                                + " --idle 0"),
                text);
        assertTrue(text.contains("-EncodedCommand"), text);
        assertEquals(
                List.of(
                        "-Command",
                        "Unregister-ScheduledTask -Confirm:$false -TaskName 'sovereign'"),
                WindowsTask.remove("sovereign").subList(4, 6));
    }
}
