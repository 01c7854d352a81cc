package dev.sovereign.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The committed codec and JSON Schema are what [ProtocolTool] makes of the records.
class ProtocolToolTest {

    @Test
    void generatedFilesAreCurrent() throws IOException {
        Map<Path, String> files = ProtocolTool.files();
        assertEquals(5, files.size());
        for (Map.Entry<Path, String> file : files.entrySet()) {
            assertEquals(
                    withoutLayout(file.getValue()),
                    withoutLayout(Files.readString(file.getKey())),
                    file.getKey() + " is not what ProtocolTool writes: run it again");
        }
    }

    /// The formatter moves white space only.
    private static String withoutLayout(String text) {
        return text.replaceAll("\\s+", "");
    }
}
