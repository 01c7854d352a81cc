package dev.sovereign.core.analyze;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;

/// What is known besides the programs at hand: relations of the store and of the system. Asked from
/// the thread that analyzes; must not change meanwhile.
public interface Catalog {

    /// Knows nothing: for `run` and `check`.
    Catalog EMPTY =
            new Catalog() {
                @Override
                public @Nullable Known find(String relation) {
                    return null;
                }

                @Override
                public Collection<String> names() {
                    return List.of();
                }
            };

    /// The relation of this name; null when there is none. Names of the system's start with `sys_`.
    @Nullable Known find(String relation);

    /// All names, for "did you mean".
    Collection<String> names();

    /// A relation with tuples of its own outside the program.
    ///
    /// @param columns types are `number`, `unsigned`, `float` or `symbol`
    /// @param readOnly whether facts and rules may not add to it: the system's relations
    record Known(String name, List<Column> columns, boolean readOnly) {
        public Known {
            columns = List.copyOf(columns);
        }
    }
}
