package dev.sovereign.core.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A symbol table as small as it can be. Thread-safe.
final class SimpleSymbols implements Symbols {

    private final Map<String, Long> ids = new HashMap<>();
    private final List<String> texts = new ArrayList<>();

    @Override
    public synchronized long intern(String text) {
        return ids.computeIfAbsent(
                text,
                fresh -> {
                    texts.add(fresh);
                    return texts.size() - 1L;
                });
    }

    @Override
    public synchronized long find(String text) {
        return ids.getOrDefault(text, -1L);
    }

    @Override
    public synchronized String text(long id) {
        return texts.get((int) id);
    }
}
