package dev.sovereign.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The class files of the program itself, without tests and libraries.
final class CompiledClasses {

    private CompiledClasses() {}

    /// The folder that `Main` was compiled to.
    static Path root() {
        try {
            return Path.of(
                    dev.sovereign.Main.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static JavaClasses imported() {
        return new ClassFileImporter().importPath(root());
    }

    /// Names of all top-level and nested classes, as `Class.forName` takes them.
    static List<String> names() {
        Path root = root();
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.map(file -> root.relativize(file).toString())
                    .filter(name -> name.startsWith("dev") && name.endsWith(".class"))
                    .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
                    .filter(name -> !name.endsWith("package-info"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
