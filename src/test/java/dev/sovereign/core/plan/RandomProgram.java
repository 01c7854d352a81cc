package dev.sovereign.core.plan;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.Facts;
import dev.sovereign.core.analyze.CheckedProgram.Query;
import dev.sovereign.core.analyze.CheckedProgram.RecordType;
import dev.sovereign.core.analyze.CheckedProgram.Relation;
import dev.sovereign.core.analyze.CheckedProgram.Rule;
import dev.sovereign.core.analyze.CheckedProgram.Stratum;
import dev.sovereign.core.analyze.CheckedProgram.Subsumption;
import dev.sovereign.core.analyze.CheckedProgram.Variable;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Functor;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.ast.AggregateOperator;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.ast.Qualifier;
import dev.sovereign.core.ast.Source;
import dev.sovereign.core.ast.Span;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Makes random checked programs over small numbers: facts, layers of mutually recursive relations
/// with negation, aggregates, comparisons and arithmetic over lower layers, and queries with
/// constants. Safe and stratified by construction; evaluation ends because values stay small.
public final class RandomProgram {

    private static final Span SPAN = new Span(new Source("random.dl", "random"), 0, 6);
    private static final int DOMAIN = 8;
    private static final String RECORD = "R";

    /// Those that bind nothing.
    private static final List<Comparison> COMPARISONS =
            List.of(
                    Comparison.NOT_EQUAL,
                    Comparison.LESS,
                    Comparison.LESS_OR_EQUAL,
                    Comparison.GREATER,
                    Comparison.GREATER_OR_EQUAL);

    /// Those that stay with integers.
    private static final List<AggregateOperator> OPERATORS =
            List.of(
                    AggregateOperator.COUNT,
                    AggregateOperator.SUM,
                    AggregateOperator.MIN,
                    AggregateOperator.MAX);

    private final RandomGenerator random;
    private final List<Relation> relations = new ArrayList<>();
    private final List<Facts> facts = new ArrayList<>();
    private final List<Stratum> strata = new ArrayList<>();

    /// Relations below the layer at hand.
    private int complete;

    private final List<Variable> variables = new ArrayList<>();

    private final boolean rich;

    private RandomProgram(RandomGenerator random, boolean rich) {
        this.random = random;
        this.rich = rich;
    }

    /// Of numbers and plain relations.
    public static CheckedProgram of(RandomGenerator random) {
        return new RandomProgram(random, false).make();
    }

    /// With records, equivalences and subsumption besides.
    public static CheckedProgram rich(RandomGenerator random) {
        return new RandomProgram(random, true).make();
    }

    private CheckedProgram make() {
        int given = 2 + random.nextInt(3);
        for (int i = 0; i < given; i++) {
            int relation = relation("e" + i, 1 + random.nextInt(3), false);
            addFacts(relation, random.nextInt(14));
        }
        complete = relations.size();
        int layers = 1 + random.nextInt(4);
        for (int layer = 0; layer < layers; layer++) {
            List<Integer> own = new ArrayList<>();
            int size = 1 + random.nextInt(2);
            for (int i = 0; i < size; i++) {
                own.add(
                        rich && random.nextInt(3) == 0
                                ? special("s" + layer + "_" + i)
                                : relation("p" + layer + "_" + i, 1 + random.nextInt(3), false));
            }
            boolean best = rich && random.nextInt(4) == 0;
            List<Rule> rules = new ArrayList<>();
            for (int relation : own) {
                if (random.nextInt(6) == 0 && !best && isOfNumbers(relation)) {
                    addFacts(relation, 1 + random.nextInt(3));
                }
                int count = 1 + random.nextInt(3);
                for (int i = 0; i < count; i++) {
                    rules.add(rule(relation, own, random.nextBoolean() && !best));
                }
            }
            List<Subsumption> subsumptions = new ArrayList<>();
            if (best) {
                own.stream().filter(this::canBeBest).map(this::best).forEach(subsumptions::add);
            }
            strata.add(new Stratum(own, rules, subsumptions, true));
            complete = relations.size();
        }
        List<Query> queries = new ArrayList<>();
        int asked = 1 + random.nextInt(2);
        for (int i = 0; i < asked; i++) {
            int relation = relation("?" + i, 1 + random.nextInt(2), true);
            strata.add(
                    new Stratum(
                            List.of(relation),
                            List.of(rule(relation, List.of(), false)),
                            List.of(),
                            false));
            queries.add(new Query(relation, SPAN));
        }
        return new CheckedProgram(
                relations,
                facts,
                strata,
                List.of(),
                queries,
                List.of(),
                Map.of(RECORD, new RecordType(RECORD, List.of(number("a"), number("b")))),
                Map.of());
    }

    private static Column number(String name) {
        return new Column(name, "number", Kind.NUMBER);
    }

    /// An equivalence, or a relation with a column of records.
    private int special(String name) {
        boolean equivalence = random.nextBoolean();
        List<Column> columns =
                equivalence
                        ? List.of(number("x"), number("y"))
                        : List.of(number("x"), new Column("r", RECORD, Kind.RECORD));
        relations.add(
                new Relation(
                        relations.size(),
                        name,
                        columns,
                        equivalence ? Set.of(Qualifier.EQREL) : Set.of(),
                        List.of(),
                        false,
                        false,
                        null,
                        SPAN));
        return relations.size() - 1;
    }

    private boolean isOfNumbers(int relation) {
        return relations.get(relation).columns().stream()
                .allMatch(column -> column.kind() == Kind.NUMBER);
    }

    private boolean canBeBest(int relation) {
        return relations.get(relation).arity() >= 2
                && isOfNumbers(relation)
                && relations.get(relation).qualifiers().isEmpty();
    }

    /// Of the tuples that agree in all but the last column the one with the least, or the greatest,
    /// stays; or any that is dominated in two columns goes.
    private Subsumption best(int relation) {
        List<Variable> named = new ArrayList<>();
        List<Term> dominated = new ArrayList<>();
        List<Term> dominating = new ArrayList<>();
        int arity = relations.get(relation).arity();
        boolean two = arity == 3 && random.nextBoolean();
        List<Literal> body = new ArrayList<>();
        for (int i = 0; i < arity; i++) {
            int one = named.size();
            named.add(new Variable("a" + i, Kind.NUMBER));
            dominated.add(of(one));
            if (i + 1 < arity && !(two && i == 1)) {
                dominating.add(of(one));
                continue;
            }
            int other = named.size();
            named.add(new Variable("b" + i, Kind.NUMBER));
            dominating.add(of(other));
            boolean least = random.nextBoolean();
            body.add(
                    new Literal.Compare(
                            Comparison.LESS_OR_EQUAL,
                            Kind.NUMBER,
                            of(least ? other : one),
                            of(least ? one : other),
                            SPAN));
        }
        return new Subsumption(relation, dominated, dominating, body, named, SPAN);
    }

    private int relation(String name, int arity, boolean query) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < arity; i++) {
            columns.add(new Column("c" + i, "number", Kind.NUMBER));
        }
        relations.add(
                new Relation(
                        relations.size(),
                        name,
                        columns,
                        Set.of(),
                        List.of(),
                        false,
                        query,
                        null,
                        SPAN));
        return relations.size() - 1;
    }

    private void addFacts(int relation, int count) {
        if (count == 0) {
            return;
        }
        List<long[]> columns = new ArrayList<>();
        for (int i = 0; i < relations.get(relation).arity(); i++) {
            columns.add(random.longs(count, 0, DOMAIN).toArray());
        }
        facts.add(new Facts(relation, count, columns, List.of()));
    }

    private Rule rule(int relation, List<Integer> own, boolean recursive) {
        variables.clear();
        int pool = 2 + random.nextInt(3);
        for (int i = 0; i < pool; i++) {
            variable("v" + i);
        }
        List<Literal> body = new ArrayList<>();
        Set<Integer> bound = new TreeSet<>();
        int atoms = 1 + random.nextInt(3);
        for (int i = 0; i < atoms; i++) {
            int used =
                    recursive && !own.isEmpty() && random.nextInt(2) == 0
                            ? own.get(random.nextInt(own.size()))
                            : random.nextInt(complete);
            body.add(positive(used, pool, bound));
        }
        if (bound.isEmpty()) {
            body.add(new Literal.Positive(0, wholeAtom(0, bound), SPAN));
        }
        for (int extra = random.nextInt(3); extra > 0; extra--) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    int used = random.nextInt(complete);
                    body.add(new Literal.Negative(used, known(used, bound), SPAN));
                }
                case 1 ->
                        body.add(
                                new Literal.Compare(
                                        COMPARISONS.get(random.nextInt(COMPARISONS.size())),
                                        Kind.NUMBER,
                                        term(bound),
                                        term(bound),
                                        SPAN));
                case 2 -> {
                    int made = variable("m" + variables.size());
                    Term sum = call(Functor.ADD, term(bound), term(bound));
                    body.add(
                            new Literal.Compare(
                                    Comparison.EQUAL,
                                    Kind.NUMBER,
                                    of(made),
                                    call(Functor.BIT_AND, sum, constant(DOMAIN - 1)),
                                    SPAN));
                    bound.add(made);
                }
                default -> aggregate(body, bound);
            }
        }
        if (random.nextInt(4) == 0) {
            java.util.Collections.reverse(body);
        }
        List<Term> head = new ArrayList<>();
        for (int i = 0; i < relations.get(relation).arity(); i++) {
            if (isRecord(relation, i)) {
                head.add(new Term.RecordInit(RECORD, List.of(term(bound), term(bound))));
                continue;
            }
            head.add(
                    random.nextInt(8) == 0
                            ? call(
                                    Functor.BIT_AND,
                                    call(Functor.ADD, term(bound), constant(1)),
                                    constant(DOMAIN - 1))
                            : term(bound));
        }
        return new Rule(relation, head, body, variables, SPAN, List.of());
    }

    private Literal positive(int relation, int pool, Set<Integer> bound) {
        List<Term> arguments = new ArrayList<>();
        for (int i = 0; i < relations.get(relation).arity(); i++) {
            if (isRecord(relation, i)) {
                arguments.add(
                        random.nextInt(5) == 0
                                ? new Term.Wildcard(Kind.RECORD)
                                : new Term.RecordInit(
                                        RECORD, List.of(field(pool, bound), field(pool, bound))));
                continue;
            }
            int choice = random.nextInt(10);
            if (choice == 0) {
                arguments.add(new Term.Wildcard(Kind.NUMBER));
            } else if (choice == 1) {
                arguments.add(constant(random.nextInt(DOMAIN)));
            } else {
                int variable = random.nextInt(pool);
                bound.add(variable);
                arguments.add(of(variable));
            }
        }
        return new Literal.Positive(relation, arguments, SPAN);
    }

    private boolean isRecord(int relation, int column) {
        return relations.get(relation).columns().get(column).kind() == Kind.RECORD;
    }

    private Term field(int pool, Set<Integer> bound) {
        if (random.nextInt(5) == 0) {
            return new Term.Wildcard(Kind.NUMBER);
        }
        int variable = random.nextInt(pool);
        bound.add(variable);
        return of(variable);
    }

    private List<Term> wholeAtom(int relation, Set<Integer> bound) {
        List<Term> arguments = new ArrayList<>();
        for (int i = 0; i < relations.get(relation).arity(); i++) {
            bound.add(0);
            arguments.add(of(0));
        }
        return arguments;
    }

    private List<Term> known(int relation, Set<Integer> bound) {
        List<Term> arguments = new ArrayList<>();
        for (int i = 0; i < relations.get(relation).arity(); i++) {
            if (isRecord(relation, i)) {
                arguments.add(
                        random.nextInt(3) == 0
                                ? new Term.Wildcard(Kind.RECORD)
                                : new Term.RecordInit(RECORD, List.of(term(bound), term(bound))));
                continue;
            }
            arguments.add(random.nextInt(3) == 0 ? new Term.Wildcard(Kind.NUMBER) : term(bound));
        }
        return arguments;
    }

    private void aggregate(List<Literal> body, Set<Integer> bound) {
        int result = variable("a" + variables.size());
        int local = variable("l" + variables.size());
        int used = random.nextInt(complete);
        Set<Integer> outer = new TreeSet<>();
        List<Term> arguments = new ArrayList<>();
        boolean has = false;
        for (int i = 0; i < relations.get(used).arity(); i++) {
            int choice = isRecord(used, i) ? -1 : random.nextInt(4);
            if (choice < 0) {
                arguments.add(new Term.Wildcard(Kind.RECORD));
            } else if (choice == 0) {
                arguments.add(new Term.Wildcard(Kind.NUMBER));
            } else if (choice == 1 || has) {
                int variable = (int) bound.toArray()[random.nextInt(bound.size())];
                outer.add(variable);
                arguments.add(of(variable));
            } else {
                has = true;
                arguments.add(of(local));
            }
        }
        List<Literal> inner = new ArrayList<>();
        inner.add(new Literal.Positive(used, arguments, SPAN));
        if (has && random.nextInt(3) == 0) {
            int other = random.nextInt(complete);
            List<Term> negated = new ArrayList<>();
            for (int i = 0; i < relations.get(other).arity(); i++) {
                negated.add(
                        i == 0
                                ? of(local)
                                : new Term.Wildcard(relations.get(other).columns().get(i).kind()));
            }
            inner.add(new Literal.Negative(other, negated, SPAN));
        }
        AggregateOperator operator =
                has ? OPERATORS.get(random.nextInt(OPERATORS.size())) : AggregateOperator.COUNT;
        body.add(
                new Literal.Aggregate(
                        result,
                        operator,
                        Kind.NUMBER,
                        operator == AggregateOperator.COUNT ? null : of(local),
                        inner,
                        List.copyOf(outer),
                        SPAN));
        // counts and sums stay small: they come from lower layers
        int cut = variable("k" + variables.size());
        body.add(
                new Literal.Compare(
                        Comparison.EQUAL,
                        Kind.NUMBER,
                        of(cut),
                        call(Functor.BIT_AND, of(result), constant(DOMAIN - 1)),
                        SPAN));
        bound.add(cut);
    }

    private int variable(String name) {
        variables.add(new Variable(name, Kind.NUMBER));
        return variables.size() - 1;
    }

    private Term term(Set<Integer> bound) {
        return random.nextInt(6) == 0
                ? constant(random.nextInt(DOMAIN))
                : of((int) bound.toArray()[random.nextInt(bound.size())]);
    }

    private static Term of(int variable) {
        return new Term.Variable(variable, Kind.NUMBER);
    }

    private static Term constant(long value) {
        return new Term.Constant(Kind.NUMBER, value, null);
    }

    private static Term call(Functor functor, Term a, Term b) {
        return new Term.Call(functor, Kind.NUMBER, Kind.NUMBER, List.of(a, b));
    }
}
