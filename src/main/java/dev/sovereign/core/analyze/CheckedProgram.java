package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Qualifier;
import dev.sovereign.core.ast.Span;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// A program in which every name is resolved, every type known and every rule safe.
///
/// @param relations a relation's id is its position
/// @param facts facts of constants, at most a few blocks a relation
/// @param strata in the order of evaluation: the strongly connected components of relations that
///   have rules, subsumptions or a size limit; a relation that is in none has facts or input only
/// @param directives `.input`, `.output` and `.printsize` in the order written, one relation each
/// @param queries in the order written; each is a relation of its own with a stratum of its own
/// @param patterns atoms with variables among facts, as `retract` takes; only in mode FACTS
/// @param records declared record types by name
/// @param algebraics declared algebraic types by name
public record CheckedProgram(
        List<Relation> relations,
        List<Facts> facts,
        List<Stratum> strata,
        List<Directive> directives,
        List<Query> queries,
        List<Pattern> patterns,
        Map<String, RecordType> records,
        Map<String, AlgebraicType> algebraics) {

    public CheckedProgram {
        relations = List.copyOf(relations);
        facts = List.copyOf(facts);
        strata = List.copyOf(strata);
        directives = List.copyOf(directives);
        queries = List.copyOf(queries);
        patterns = List.copyOf(patterns);
        records = Map.copyOf(records);
        algebraics = Map.copyOf(algebraics);
    }

    /// @param id position in [CheckedProgram#relations]
    /// @param name as shown: `path`, `graph.path` (component instance), `@family.parent` (module);
    ///   unique
    /// @param choices keys by column, from `choice-domain`: of the tuples that agree in a key only
    ///   the first stays
    /// @param external whether the catalog knows it under this name: its tuples there belong to it,
    ///   besides what facts and rules add
    /// @param query whether it stands for a query; its name is then no identifier
    /// @param sizeLimit evaluation of its stratum stops once it holds so many; null is none
    /// @param declared where it is declared, or first used when nobody declared it; null when only
    ///   the catalog knows it
    public record Relation(
            int id,
            String name,
            List<Column> columns,
            Set<Qualifier> qualifiers,
            List<List<Integer>> choices,
            boolean external,
            boolean query,
            @Nullable Long sizeLimit,
            @Nullable Span declared) {
        public Relation {
            columns = List.copyOf(columns);
            qualifiers = Set.copyOf(qualifiers);
            choices = List.copyOf(choices);
        }

        public int arity() {
            return columns.size();
        }
    }

    /// Rows of constants, already of the kinds of the relation's columns.
    ///
    /// @param count rows
    /// @param columns one array a column, at least `count` long, not to be written to; a symbol is
    ///   its position in `symbols`
    /// @param symbols distinct strings, shared by blocks of one text
    public record Facts(int relation, int count, List<long[]> columns, List<String> symbols) {
        public Facts {
            columns = List.copyOf(columns);
        }
    }

    /// Relations that depend on each other, and what derives them.
    ///
    /// @param recursive whether a rule's body uses a relation of this stratum
    public record Stratum(
            List<Integer> relations,
            List<Rule> rules,
            List<Subsumption> subsumptions,
            boolean recursive) {
        public Stratum {
            relations = List.copyOf(relations);
            rules = List.copyOf(rules);
            subsumptions = List.copyOf(subsumptions);
        }
    }

    /// A variable of a rule: its number is its position in the rule's list.
    ///
    /// @param name as written; of a made one, a text that is no identifier, such as `#1`
    public record Variable(String name, Kind kind) {}

    /// `head :- body.`, one head, a conjunction; several come from one written rule when that has
    /// several heads or `;`.
    ///
    /// @param arguments of the head: variables, constants, functor calls; no wildcards
    /// @param body in the order written, hoisted aggregates and ranges before what uses them; empty
    ///   for a fact that is not all constants. Safe: some order of it binds every variable before
    ///   use
    /// @param span of the written rule: proofs show it, limits name it
    /// @param plan orders of the atoms of the body, from `.plan`; a hint
    public record Rule(
            int relation,
            List<Term> arguments,
            List<Literal> body,
            List<Variable> variables,
            Span span,
            List<Item.PlanOrder> plan) {
        public Rule {
            arguments = List.copyOf(arguments);
            body = List.copyOf(body);
            variables = List.copyOf(variables);
            plan = List.copyOf(plan);
        }
    }

    /// `relation(dominated) <= relation(dominating) :- body.`: a tuple that matches `dominated`
    /// goes when another one, different from it, matches `dominating` and the body holds.
    public record Subsumption(
            int relation,
            List<Term> dominated,
            List<Term> dominating,
            List<Literal> body,
            List<Variable> variables,
            Span span) {
        public Subsumption {
            dominated = List.copyOf(dominated);
            dominating = List.copyOf(dominating);
            body = List.copyOf(body);
            variables = List.copyOf(variables);
        }
    }

    /// @param kind INPUT, OUTPUT or PRINTSIZE
    /// @param parameters as written, such as `IO`, `filename`, `delimiter`; later ones win
    public record Directive(
            Item.DirectiveKind kind, int relation, Map<String, String> parameters, Span span) {
        public Directive {
            parameters = Map.copyOf(parameters);
        }
    }

    /// A question: its answers are the tuples of its relation.
    ///
    /// @param relation its columns are the answer's, in order of first use; without columns the
    ///   answer is yes (one empty tuple) or no
    /// @param span of the query as written, without its `?`
    public record Query(int relation, Span span) {}

    /// An atom that stands for all tuples that match it. Equal variables are equal values.
    ///
    /// @param arguments constants, variables and wildcards
    public record Pattern(int relation, List<Term> arguments, List<Variable> variables, Span span) {
        public Pattern {
            arguments = List.copyOf(arguments);
            variables = List.copyOf(variables);
        }
    }

    public record RecordType(String name, List<Column> fields) {
        public RecordType {
            fields = List.copyOf(fields);
        }
    }

    /// @param branches a branch's tag is its position; sorted by name
    public record AlgebraicType(String name, List<Branch> branches) {
        public AlgebraicType {
            branches = List.copyOf(branches);
        }
    }

    public record Branch(String name, List<Column> fields) {
        public Branch {
            fields = List.copyOf(fields);
        }
    }
}
