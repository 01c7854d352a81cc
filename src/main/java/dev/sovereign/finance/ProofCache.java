package dev.sovereign.finance;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The proof that a home has, in a file beside its headers. There is no note that says "licensed":
/// the proof is judged anew each time. Written aside and renamed, so it is the old one or the new
/// one, never half of either.
public final class ProofCache {

    private final Path file;

    public ProofCache(Path folder, Network network) {
        this.file = folder.resolve("proof-" + network + ".json");
    }

    public Path file() {
        return file;
    }

    /// @return null when there is none
    /// @throws MalformedException if the file is no proof
    /// @throws IOException if it cannot be read
    public @Nullable ProofFile load() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return ProofJson.read(in.readNBytes(FinanceLimits.MAX_PROOF_BYTES + 1));
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    /// Replaces what is there.
    public void save(ProofFile proof) throws IOException {
        AtomicFile.replace(file, ProofJson.write(proof));
    }
}
