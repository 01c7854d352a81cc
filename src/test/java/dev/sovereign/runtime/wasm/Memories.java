package dev.sovereign.runtime.wasm;

/// Memories for tests of hosts.
public final class Memories {
    private Memories() {}

    public static Memory of(int pages) {
        return new Memory(pages, pages, -1);
    }
}
