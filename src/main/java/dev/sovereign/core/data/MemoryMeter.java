package dev.sovereign.core.data;

/// Is told of every larger allocation before it happens, and of what is given up. Called by the
/// thread that writes.
@FunctionalInterface
public interface MemoryMeter {

    /// Refuses nothing.
    MemoryMeter NONE = _ -> {};

    /// Long copies call in with 0 bytes after each 65,536 slots, so that whoever measures may end
    /// the work there.
    int PAUSE_MASK = 0xFFFF;

    /// @param bytes about to be allocated; negative when given up
    /// @throws RuntimeException to refuse; nothing was allocated or changed then
    void allocating(long bytes);
}
