/// Values and tuples in memory: symbols as ids ([dev.sovereign.core.data.SymbolTable]), tuples as
/// columns of 64-bit values ([dev.sovereign.core.data.Relation]) with hash indexes over some of
/// their columns, and read-only views of them ([dev.sovereign.core.data.Extent]).
///
/// The processor's caches decide how fast a join is: a relation of two columns that one evaluation
/// derives keeps its pairs by value (`PairSet`) and finds them through lists
/// ([dev.sovereign.core.data.Adjacency]); what a round found is the end of such a list.
///
/// Everything is append-only: a row, once written, never changes or moves (but for the rows of the
/// round that is being ended, which nobody has numbered), so that a reader who knows how many rows
/// there were when it began needs no lock. One thread writes a relation or a symbol table; a
/// *shared* relation and a symbol table may be read by any thread meanwhile, if its writer
/// publishes the number of rows safely (a volatile field). What grows says so beforehand to a
/// [dev.sovereign.core.data.MemoryMeter], which may refuse.
@NullMarked
package dev.sovereign.core.data;

import org.jspecify.annotations.NullMarked;
