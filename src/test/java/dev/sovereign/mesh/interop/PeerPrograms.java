package dev.sovereign.mesh.interop;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Other implementations of libp2p, built from `src/test/interop` into `target/interop` when their
/// sources are newer than what is there: packages come from the package managers' own caches or
/// registries, which takes a minute or two the first time.
enum PeerPrograms {
    JS("npm", "npm ci --no-audit --no-fund --loglevel=error") {
        @Override
        List<String> start(Path built) {
            return List.of("node", built.resolve("peer.mjs").toString());
        }
    },
    GO("go", "go build -trimpath -o peer .") {
        @Override
        List<String> start(Path built) {
            return List.of(built.resolve("peer").toString());
        }
    },
    RUST("cargo", "cargo build --release --locked --quiet") {
        @Override
        List<String> start(Path built) {
            return List.of(built.resolve("target/release/peer").toString());
        }
    },
    /// The daemon of kubo as it is, which is no program of ours and speaks no lines.
    KUBO("go", "go build -trimpath -o ipfs github.com/ipfs/kubo/cmd/ipfs") {
        @Override
        List<String> start(Path built) {
            return List.of(built.resolve("ipfs").toString());
        }
    };

    private static final Path SOURCES = Path.of("src/test/interop");
    private static final Path BUILT = Path.of("target/interop");
    private static final long MOST_MINUTES = 40;

    private final String tool;
    private final String build;

    PeerPrograms(String tool, String build) {
        this.tool = tool;
        this.build = build;
    }

    abstract List<String> start(Path built);

    private String folder() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// Whether the tool is missing here; under `CI=true` that is a failure.
    private void requireTool() throws InterruptedException {
        boolean there;
        try {
            Process version =
                    new ProcessBuilder(tool, tool.equals("go") ? "version" : "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            there = version.waitFor() == 0;
        } catch (IOException missing) {
            there = false;
        }
        if (!there) {
            String skipped = "no " + tool + " here to build the " + folder() + " peer";
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(skipped);
            }
            Assumptions.abort(skipped);
        }
    }

    /// Builds if need be.
    ///
    /// @param key `-` for a peer without a swarm key
    LineProcess launch(String key) throws IOException, InterruptedException {
        Path built = built();
        List<String> command = new java.util.ArrayList<>(start(built.toAbsolutePath()));
        command.add(key);
        LineProcess peer = new LineProcess(command, BUILT.resolve(folder() + ".err"));
        peer.awaitEvent("ready", 30);
        return peer;
    }

    Path built() throws IOException, InterruptedException {
        requireTool();
        Path sources = SOURCES.resolve(folder());
        Path built = BUILT.resolve(folder());
        Path stamp = built.resolve("built");
        String wanted = digest(sources);
        if (Files.exists(stamp) && Files.readString(stamp).equals(wanted)) {
            return built;
        }
        Files.createDirectories(built);
        Files.deleteIfExists(stamp);
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = built.resolve(sources.relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path log = BUILT.resolve(folder() + ".log");
        Process building =
                new ProcessBuilder(build.split(" "))
                        .directory(built.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(new java.io.File("/dev/null"))
                        .redirectOutput(log.toFile())
                        .start();
        if (!building.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
            building.destroyForcibly();
        }
        if (building.waitFor() != 0) {
            throw new IOException("cannot build " + sources + ":\n" + Files.readString(log));
        }
        Files.writeString(stamp, wanted);
        return built;
    }

    private static String digest(Path sources) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                digest.update(file.toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK has no SHA-256", missing);
        }
    }
}
