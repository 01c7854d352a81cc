package dev.sovereign.cli;

/// What this program calls itself: said by the launcher, which knows the files that it runs.
record Version(String version, String build) {

    static Version ofProgram() {
        return new Version(
                System.getProperty("sovereign.version", "0.1.0"),
                System.getProperty("sovereign.build", "development"));
    }
}
