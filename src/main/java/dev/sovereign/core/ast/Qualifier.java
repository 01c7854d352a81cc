package dev.sovereign.core.ast;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/// The words after a relation's attributes.
public enum Qualifier {
    OVERRIDABLE,
    INLINE,
    NO_INLINE,
    MAGIC,
    NO_MAGIC,
    BRIE,
    BTREE,
    BTREE_DELETE,
    EQREL,
    /// Old spelling of `.input`.
    INPUT,
    /// Old spelling of `.output`.
    OUTPUT,
    /// Old spelling of `.printsize`.
    PRINTSIZE;

    /// As written in a program.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The qualifier of a word; null when it is none.
    public static @Nullable Qualifier ofWord(String word) {
        for (Qualifier qualifier : values()) {
            if (qualifier.word().equals(word)) {
                return qualifier;
            }
        }
        return null;
    }
}
