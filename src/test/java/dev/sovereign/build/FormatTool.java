package dev.sovereign.build;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.JavaFormatterOptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Build tool, not a test: `FormatTool check|apply DIR...`. It runs forked on JDK 25, because
/// google-java-format parses with the javac of the JVM that runs it and Maven itself may run on 17.
final class FormatTool {

    private static final Formatter FORMATTER =
            new Formatter(
                    JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.AOSP).build());

    private FormatTool() {}

    public static void main(String[] args) throws Exception {
        boolean apply = args[0].equals("apply");
        int bad = 0;
        for (String dir : List.of(args).subList(1, args.length)) {
            for (Path file : sources(Path.of(dir))) {
                String before = Files.readString(file);
                String after = FORMATTER.formatSourceAndFixImports(before);
                if (!before.equals(after)) {
                    bad++;
                    System.err.println((apply ? "formatted " : "not formatted: ") + file);
                    if (apply) {
                        Files.writeString(file, after);
                    }
                }
            }
        }
        if (bad > 0 && !apply) {
            System.err.println("run: mvn -q process-test-classes -Dformat.mode=apply");
            System.exit(1);
        }
    }

    private static List<Path> sources(Path dir) throws IOException {
        try (Stream<Path> walk = Files.walk(dir)) {
            return walk.filter(path -> path.toString().endsWith(".java")).sorted().toList();
        }
    }
}
