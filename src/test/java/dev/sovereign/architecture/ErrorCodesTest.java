package dev.sovereign.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.error.ErrorCode;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// docs/errors.md lists exactly the codes of the program and of the launcher.
class ErrorCodesTest {

    private static final Pattern ROW =
            Pattern.compile("^\\| `?([a-z]+\\.[a-z0-9-]+)`? \\| ([a-z]+) \\| (.+) \\| (.+) \\|$");

    private static final Pattern LAUNCHER = Pattern.compile("\\bfail \".*\" ([a-z-]+)");

    @Test
    void errorsPageListsEveryCodeWithItsKind() throws IOException {
        Map<String, String> inProgram = new TreeMap<>();
        int enums = 0;
        for (String name : CompiledClasses.names()) {
            Class<?> type = load(name);
            if (type.isEnum() && ErrorCode.class.isAssignableFrom(type)) {
                enums++;
                for (Object constant : type.getEnumConstants()) {
                    ErrorCode code = (ErrorCode) constant;
                    String before = inProgram.put(code.code(), code.kind().word());
                    assertTrue(before == null, code.code() + " stands in two enums");
                }
            }
        }
        assertTrue(enums >= 4, enums + " enums of error codes found, expected at least 4");
        Matcher launcher = LAUNCHER.matcher(Files.readString(Path.of("sovereign")));
        while (launcher.find()) {
            inProgram.put("launcher." + launcher.group(1), "refused");
        }

        Map<String, String> onPage = new TreeMap<>();
        List<String> order = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("docs/errors.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                onPage.put(row.group(1), row.group(2).replace("warning", "user"));
                order.add(row.group(1));
            } else {
                assertTrue(
                        !line.startsWith("| ") || line.startsWith("| code"), "not a row: " + line);
            }
        }
        assertEquals(lines(inProgram), lines(onPage), "docs/errors.md against the enums");
        assertEquals(order.stream().sorted().distinct().toList(), order, "rows are sorted by code");
    }

    private static String lines(Map<String, String> codes) {
        StringBuilder text = new StringBuilder();
        codes.forEach((code, kind) -> text.append(code).append(' ').append(kind).append('\n'));
        return text.toString();
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ErrorCodesTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
