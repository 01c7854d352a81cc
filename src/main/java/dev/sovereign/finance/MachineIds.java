package dev.sovereign.finance;

import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the id of this machine where the Rust crate machine-uid 0.5.4 finds it, so that two nodes
/// of one machine agree (license.md, section 2). OSHI would be the wrong source: without root it
/// says `unknown` on Linux.
///
/// @param id what the license binds to
/// @param from where it was found
/// @param others what else this machine reports; only for hints
/// @param notes what a person should know about it; quotes no id
public record MachineIds(MachineId id, String from, List<MachineId> others, List<String> notes) {

    /// The setting that overrides detection.
    private static final String SETTING = "license.machine-id";

    private static final Path DBUS = Path.of("/var/lib/dbus/machine-id");
    private static final Path ETC = Path.of("/etc/machine-id");

    /// More than any id, so that what is too long is refused rather than cut.
    private static final int MAX_BYTES = 4096;

    private static final int COMMAND_SECONDS = 5;

    private static final Pattern REGISTRY =
            Pattern.compile("MachineGuid\\s+REG_SZ\\s+(\\S.*?)\\s*$", Pattern.MULTILINE);

    public MachineIds {
        others = List.copyOf(others);
        notes = List.copyOf(notes);
    }

    /// @param configured the setting `license.machine-id`; null detects
    /// @throws SovereignException `license.machine-id`, naming the file or command that was read
    public static MachineIds find(@Nullable String configured) {
        if (configured != null) {
            return new MachineIds(
                    MachineId.of(configured, SETTING),
                    SETTING,
                    List.of(),
                    List.of("the setting overrides what this machine reports"));
        }
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (os.startsWith("linux")) {
            return linux(DBUS, ETC);
        }
        if (os.startsWith("mac")) {
            return reported(
                    ofIoreg(output("ioreg", "-rd1", "-c", "IOPlatformExpertDevice")), "ioreg");
        }
        if (os.startsWith("windows")) {
            String answer =
                    output(
                            "reg",
                            "query",
                            "HKLM\\SOFTWARE\\Microsoft\\Cryptography",
                            "/v",
                            "MachineGuid",
                            "/reg:64");
            return reported(ofRegistry(answer), "the registry");
        }
        Path hostId = Path.of("/etc/hostid");
        String text = read(hostId);
        return text != null
                ? reported(text, hostId.toString())
                : reported(output("kenv", "-q", "smbios.system.uuid"), "kenv");
    }

    /// The first file that can be read counts, even when it is empty.
    static MachineIds linux(Path first, Path second) {
        String one = read(first);
        String two = read(second);
        if (one == null && two == null) {
            throw new SovereignException(
                    LicenseError.MACHINE_ID,
                    "this machine has neither \"" + first + "\" nor \"" + second + "\"",
                    "make one with systemd-machine-id-setup, or set license.machine-id");
        }
        MachineIds found =
                one != null
                        ? reported(one, first.toString())
                        : reported(java.util.Objects.requireNonNull(two), second.toString());
        if (one == null || two == null || trim(one).equals(trim(two))) {
            return found;
        }
        List<MachineId> others = new ArrayList<>();
        try {
            others.add(reported(two, second.toString()).id());
        } catch (SovereignException unusable) {
            // it is no id; that both differ is said below
        }
        return new MachineIds(
                found.id(),
                found.from(),
                others,
                List.of(first + " and " + second + " differ; the first counts"));
    }

    private static MachineIds reported(String text, String from) {
        String trimmed = trim(text);
        if (trimmed.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new SovereignException(
                    LicenseError.MACHINE_ID,
                    "the machine id from " + from + " is not printable ASCII",
                    "set license.machine-id");
        }
        return new MachineIds(MachineId.of(trimmed, from), from, List.of(), List.of());
    }

    /// Off both ends what the crate takes off there and ASCII has.
    private static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    /// Null when the file cannot be read as text, which is what lets the second one count.
    private static @Nullable String read(Path file) {
        // no channel: the first of those loads the JDK's network library
        try (InputStream in = new FileInputStream(file.toFile())) {
            return decode(in.readNBytes(MAX_BYTES));
        } catch (IOException unreadable) {
            return null;
        }
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /// The text after the last `=` of the first line with `IOPlatformUUID`, without quotes and
    /// blanks.
    static String ofIoreg(String answer) {
        for (String line : answer.split("\n", -1)) {
            if (line.contains("IOPlatformUUID")) {
                String value = line.substring(line.lastIndexOf('=') + 1);
                return value.replace("\"", "").strip();
            }
        }
        return "";
    }

    static String ofRegistry(String answer) {
        Matcher found = REGISTRY.matcher(answer);
        return found.find() ? found.group(1) : "";
    }

    private static String output(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(false)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.getOutputStream().close();
            try (InputStream in = process.getInputStream()) {
                byte[] bytes = in.readNBytes(16 * MAX_BYTES);
                if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
                return new String(bytes, StandardCharsets.UTF_8);
            }
        } catch (IOException missing) {
            throw new SovereignException(
                    LicenseError.MACHINE_ID,
                    "cannot run \"" + command[0] + "\" to find the machine id",
                    "set license.machine-id",
                    missing);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new SovereignException(
                    LicenseError.MACHINE_ID, "interrupted while finding the machine id");
        }
    }
}
