package dev.sovereign.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The package map of docs/architecture.md, as directions that dependencies may take. Each check
/// says how many classes it looked at: a check that examines nothing looks exactly like one that
/// passes.
class PackageMapTest {

    private static final String ROOT = "dev.sovereign";

    /// What each part may know of the others; a part that is missing here may not exist.
    private static final java.util.Map<String, Set<String>> MAY_USE =
            java.util.Map.of(
                    "", Set.of("cli", "node", "protocol", "error", "core"),
                    "error", Set.of(),
                    "protocol", Set.of("error"),
                    "cli", Set.of("protocol", "error"),
                    "node", Set.of("protocol", "error", "mesh", "finance", "core", "runtime"),
                    "mesh", Set.of("error"),
                    "finance", Set.of("error"),
                    "core", Set.of("error"),
                    "runtime", Set.of("error"));

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes = CompiledClasses.imported();
    }

    /// The first package below the root; empty for the root itself.
    private static String part(JavaClass type) {
        String name = type.getPackageName();
        if (name.equals(ROOT)) {
            return "";
        }
        String below = name.substring(ROOT.length() + 1);
        int dot = below.indexOf('.');
        return dot < 0 ? below : below.substring(0, dot);
    }

    private static boolean ours(JavaClass type) {
        return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
    }

    private static void assertImported(int atLeast, String within) {
        long count =
                classes.stream()
                        .filter(type ->
                                type.getPackageName().equals(within)
                                        || type.getPackageName().startsWith(within + "."))
                        .count();
        assertTrue(
                count >= atLeast,
                within + ": " + count + " classes imported, expected at least " + atLeast);
    }

    @Test
    void everyClassFileIsImported() {
        assertEquals(
                CompiledClasses.names().size(),
                classes.stream()
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .count());
        assertImported(100, ROOT);
    }

    @Test
    void partsKnowOnlyWhatTheMapAllows() {
        assertImported(100, ROOT);
        Set<String> faults = new TreeSet<>();
        for (JavaClass type : classes) {
            Set<String> allowed = MAY_USE.get(part(type));
            if (allowed == null) {
                faults.add(type.getName() + " is in a package that the map does not have");
                continue;
            }
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(PackageMapTest::ours)
                    .filter(target -> !part(target).equals(part(type)))
                    .filter(target -> !allowed.contains(part(target)))
                    .forEach(target -> faults.add(type.getName() + " uses " + target.getName()));
        }
        assertEquals(Set.of(), faults);
    }

    @Test
    void nothingDependsOnMain() {
        assertImported(100, ROOT);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .check(classes);
    }

    @Test
    void eachLibraryHasOneImporter() {
        assertImported(100, ROOT);
        assertUsedOnlyBy("org.h2", "core.store");
        assertUsedOnlyBy("java.sql", "core.store", "core.io");
        assertUsedOnlyBy("org.sqlite", "core.io");
        assertUsedOnlyBy("org.jline", "cli.repl");
        assertUsedOnlyBy("picocli", "cli");
        assertUsedOnlyBy("tools.jackson", "core.io", "protocol", "finance", "runtime", "mesh");
        assertUsedOnlyBy("org.bitcoinj", "finance");
        assertUsedOnlyBy("com.google.zxing", "cli");
        assertUsedOnlyBy("com.dylibso", "runtime.wasm");
        assertUsedOnlyBy("oshi", "node.machine");
        assertUsedOnlyBy("com.sun.jna", "node.machine");
    }

    private static void assertUsedOnlyBy(String library, String... parts) {
        String[] packages = new String[parts.length];
        for (int i = 0; i < parts.length; i++) {
            packages[i] = ROOT + "." + parts[i] + "..";
        }
        noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library + "..")
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void coreKnowsNoNetworkAndNoTerminal() {
        assertImported(50, ROOT + ".core");
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "picocli..", "org.jline..")
                .check(classes);
    }

    @Test
    void packagesOfCoreFormNoCycle() {
        assertImported(50, ROOT + ".core");
        slices().matching(ROOT + ".core.(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void onlyTheCommandLineWritesToStandardOutput() {
        assertImported(100, ROOT);
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".cli..", ROOT)
                .should()
                .accessField(System.class, "out")
                .check(classes);
    }

    @Test
    void nobodyReachesIntoTheJdk() {
        assertImported(100, ROOT);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("sun..", "jdk.internal..", "com.sun..")
                .check(classes);
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        assertImported(100, ROOT);
        Set<String> packages =
                classes.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        Set<String> described =
                classes.stream()
                        .filter(type -> type.getSimpleName().equals("package-info"))
                        .map(JavaClass::getPackageName)
                        .collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>(packages);
        missing.removeAll(described);
        assertEquals(Set.of(), missing);
        for (String helper : List.of("util", "utils", "common", "helper", "helpers")) {
            assertTrue(packages.stream().noneMatch(name -> name.endsWith("." + helper)), helper);
        }
    }
}
