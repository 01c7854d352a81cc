package dev.sovereign.cli;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/// What completion offers where a value stands. Kept in the command model as picocli's completion
/// candidates, which are words; these kinds are words that only the shell or the daemon knows.
enum Complete implements Iterable<String> {
    NOTHING,
    FILE,
    FOLDER,
    /// Names of relations, when a daemon runs.
    RELATION,
    /// Names of modules of rules, when a daemon runs.
    MODULE,
    /// Names of installed skills, when a daemon runs.
    SKILL,
    /// Names of peers, when a daemon runs.
    PEER,
    /// Keys of the configuration.
    KEY;

    static Iterable<String> words(String... words) {
        return List.of(words);
    }

    @Override
    public Iterator<String> iterator() {
        return Collections.emptyIterator();
    }
}
