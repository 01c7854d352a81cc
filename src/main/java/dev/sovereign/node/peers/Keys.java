package dev.sovereign.node.peers;

import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.IdentityFile;
import dev.sovereign.mesh.SwarmKey;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The key files of a home: `identity.key` and `swarm.key` in the config folder, `swarm.key` also
/// beside the program. Both the daemon and a command may use one at the same time: files appear
/// whole.
public final class Keys {

    /// How long listeners accept the key before the present one when nothing else is configured.
    public static final Duration GRACE = Duration.ofDays(7);

    private final Path identityFile;
    private final Path ownFile;
    private final @Nullable Path besideProgram;
    private final Duration grace;
    private final InstantSource clock;

    /// @param program the launcher; null when it is not known
    /// @param grace how long the key before is accepted after a rotation
    public Keys(Home home, @Nullable Path program, Duration grace, InstantSource clock) {
        this.identityFile = home.config().resolve("identity.key");
        this.ownFile = home.config().resolve("swarm.key");
        Path folder = program == null ? null : program.toAbsolutePath().getParent();
        this.besideProgram = folder == null ? null : folder.resolve("swarm.key");
        this.grace = grace;
        this.clock = clock;
    }

    /// The keys of the network.
    ///
    /// @param path of the present key; null when there is none
    /// @param keys newest first, at most two; empty when there is none
    /// @param previousUntil when the second ends
    record Ring(@Nullable Path path, List<SwarmKey> keys, @Nullable Instant previousUntil) {
        Ring {
            keys = List.copyOf(keys);
        }
    }

    /// Reads the swarm key and the one before it.
    ///
    /// @throws SovereignException when one of them is no key, or can be read by others
    Ring ring() {
        Path path = ownFile;
        SwarmKey present = SwarmKey.read(path);
        if (present == null && besideProgram != null) {
            path = besideProgram;
            present = SwarmKey.read(path);
        }
        if (present == null) {
            return new Ring(null, List.of(), null);
        }
        List<SwarmKey> keys = new ArrayList<>(List.of(present));
        Instant until = previousUntil(path);
        SwarmKey before = until == null ? null : SwarmKey.read(previous(path));
        if (before == null || before.equals(present)) {
            return new Ring(path, keys, null);
        }
        keys.add(before);
        return new Ring(path, keys, until);
    }

    private static Path previous(Path swarmKey) {
        return swarmKey.resolveSibling("swarm.key.previous");
    }

    /// Null when there is no key before, or it has had its time, which begins when it was put
    /// aside.
    private @Nullable Instant previousUntil(Path swarmKey) {
        BasicFileAttributes is = attributes(previous(swarmKey));
        if (is == null) {
            return null;
        }
        Instant until = is.lastModifiedTime().toInstant().plus(grace);
        return clock.instant().isBefore(until) ? until : null;
    }

    /// Changes when one of the files does: what the daemon compares to notice a new key.
    String stamp() {
        StringBuilder stamp = new StringBuilder();
        append(stamp, identityFile);
        append(stamp, ownFile);
        append(stamp, previous(ownFile));
        if (besideProgram != null) {
            append(stamp, besideProgram);
            append(stamp, previous(besideProgram));
        }
        Instant until = previousUntil(Files.exists(ownFile) ? ownFile : orOwn(besideProgram));
        return stamp.append(until != null).toString();
    }

    private Path orOwn(@Nullable Path path) {
        return path == null ? ownFile : path;
    }

    private static void append(StringBuilder stamp, Path file) {
        BasicFileAttributes is = attributes(file);
        if (is == null) {
            stamp.append("-\n");
        } else {
            stamp.append(is.fileKey()).append(' ');
            stamp.append(is.lastModifiedTime().to(TimeUnit.NANOSECONDS)).append(' ');
            stamp.append(is.size()).append('\n');
        }
    }

    /// Null for a file that is not there, or cannot be looked at. Every `status` asks this some
    /// five times: an exception for each missing file would cost more than all of the answer.
    private static @Nullable BasicFileAttributes attributes(Path file) {
        try {
            return file.getFileSystem()
                    .provider()
                    .readAttributesIfExists(file, BasicFileAttributes.class);
        } catch (IOException unreadable) {
            return null;
        }
    }

    /// The node's identity, made when there is none.
    Identity identity() {
        return IdentityFile.readOrCreate(identityFile, new SecureRandom());
    }

    /// The node's identity; null when there is none yet.
    @Nullable Identity identityIfThere() {
        return IdentityFile.read(identityFile);
    }

    /// `key show`.
    public Response.Keys show() {
        return shown(ring(), identityIfThere());
    }

    /// `key id`.
    public Response.Keys id() {
        return shown(new Ring(null, List.of(), null), identity());
    }

    /// `key new`.
    ///
    /// @param out where to; null is the home
    public Response.Keys create(@Nullable String out) {
        SwarmKey key = SwarmKey.generate(new SecureRandom());
        Path file = out == null ? ownFile : Path.of(out);
        key.write(file, false);
        return shown(
                new Ring(file, List.of(key), null), out == null ? identity() : identityIfThere());
    }

    /// `key rotate`: the key before it is accepted for the grace period.
    ///
    /// @param from a file with the new key; null makes one
    public Response.Keys rotate(@Nullable String from) {
        Ring now = ring();
        Path path = now.path();
        if (path == null) {
            throw new SovereignException(
                    PeerError.ROTATE,
                    "there is no swarm key to rotate",
                    "`sovereign key new` makes the first");
        }
        SwarmKey present = now.keys().getFirst();
        SwarmKey next = from == null ? SwarmKey.generate(new SecureRandom()) : read(Path.of(from));
        if (next.equals(present)) {
            throw new SovereignException(
                    PeerError.ROTATE,
                    "\"" + from + "\" holds the present swarm key already",
                    "without --from a fresh key is made");
        }
        // this order: a crash between leaves the present key twice, which is the present state
        present.write(previous(path), true);
        next.write(path, true);
        return show();
    }

    private static SwarmKey read(Path file) {
        SwarmKey key = SwarmKey.read(file);
        if (key == null) {
            throw new SovereignException(
                    PeerError.ROTATE, "there is no file \"" + file + "\"", null);
        }
        return key;
    }

    private static Response.Keys shown(Ring ring, @Nullable Identity identity) {
        Instant until = ring.previousUntil();
        return new Response.Keys(
                ring.path() == null ? null : ring.path().toString(),
                ring.keys().isEmpty() ? null : ring.keys().getFirst().fingerprint(),
                ring.keys().size() < 2 ? null : ring.keys().get(1).fingerprint(),
                until == null ? null : until.toEpochMilli(),
                identity == null ? null : identity.peerId().toString());
    }
}
