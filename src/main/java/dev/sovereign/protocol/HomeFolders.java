package dev.sovereign.protocol;

import dev.sovereign.error.SovereignException;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/// Makes the folders of a [Home] and refuses those that others could tamper with.
public final class HomeFolders {
    private HomeFolders() {}

    private static final String PRIVATE = "rwx------";

    /// Makes data, state and runtime folders, readable by us alone where they are new; that of the
    /// configuration too, where it can be made.
    ///
    /// @throws SovereignException `home.foreign` or `home.unusable`, nothing half made that matters
    public static void prepare(Home home) {
        UserPrincipal us = ownUser(home.data());
        make(home.data(), us);
        make(home.state(), us);
        makePrivate(home.runtime(), us);
        try {
            Files.createDirectories(home.config(), onlyUs()); // swarm.key is copied to it by hand
        } catch (IOException notNeededYet) {
            // whoever writes to it or reads from it says what is wrong with it
        }
    }

    /// Refuses a runtime folder that is not ours alone; one that does not exist is fine.
    ///
    /// @throws SovereignException `home.foreign`
    public static void checkRuntime(Home home) {
        if (Files.exists(home.runtime(), LinkOption.NOFOLLOW_LINKS)) {
            checkPrivate(home.runtime(), ownUser(home.runtime()));
        }
    }

    /// Turns what a file system says into the one line a user needs.
    public static SovereignException unusable(Path place, IOException broke) {
        return new SovereignException(
                HomeError.UNUSABLE,
                "cannot use \"" + place + "\": " + reason(broke),
                "free space or mend its permissions, or choose another folder with --home or"
                        + " SOVEREIGN_HOME",
                broke);
    }

    private static String reason(IOException broke) {
        if (broke instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (broke instanceof NoSuchFileException) {
            return "no such folder";
        }
        if (broke instanceof FileAlreadyExistsException) {
            return "it is not a folder";
        }
        if (broke instanceof FileSystemException system && system.getReason() != null) {
            return lowerFirst(system.getReason());
        }
        return lowerFirst(String.valueOf(broke.getMessage()));
    }

    private static String lowerFirst(String text) {
        return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }

    private static void make(Path folder, UserPrincipal us) {
        try {
            Files.createDirectories(folder, onlyUs());
            UserPrincipal owner = Files.getOwner(folder);
            if (!owner.equals(us)) {
                throw foreign(folder, "belongs to " + owner.getName());
            }
        } catch (IOException broke) {
            throw unusable(folder, broke);
        }
    }

    private static void makePrivate(Path folder, UserPrincipal us) {
        Path parent = folder.getParent();
        // /tmp/sovereign-UID/HASH: others may write to /tmp, so both levels have to be ours
        if (parent != null && folder.startsWith("/tmp") && parent.getNameCount() == 2) {
            makePrivate(parent, us);
        }
        try {
            Files.createDirectories(folder, onlyUs());
        } catch (IOException broke) {
            throw unusable(folder, broke);
        }
        checkPrivate(folder, us);
    }

    private static void checkPrivate(Path folder, UserPrincipal us) {
        try {
            PosixFileAttributes attributes =
                    Files.readAttributes(
                            folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isDirectory()) {
                throw foreign(folder, "is not a folder");
            }
            if (!attributes.owner().equals(us)) {
                throw foreign(folder, "belongs to " + attributes.owner().getName());
            }
            Set<PosixFilePermission> permissions = attributes.permissions();
            if (!PosixFilePermissions.toString(permissions).endsWith("------")) {
                throw foreign(folder, "is open to others");
            }
        } catch (IOException broke) {
            throw unusable(folder, broke);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> onlyUs() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE));
    }

    private static SovereignException foreign(Path folder, String why) {
        return new SovereignException(
                HomeError.FOREIGN,
                "the folder \"" + folder + "\" " + why,
                "it has to be yours with mode 0700: remove it, or choose another with --home or"
                        + " SOVEREIGN_HOME");
    }

    private static UserPrincipal ownUser(Path near) {
        try {
            Path self = Path.of("/proc/self");
            if (Files.exists(self)) {
                return Files.getOwner(self);
            }
            return near.getFileSystem()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByName(System.getProperty("user.name", ""));
        } catch (IOException unknown) {
            throw new SovereignException(
                    HomeError.UNUSABLE, "cannot tell who we are: " + unknown, null, unknown);
        }
    }
}
