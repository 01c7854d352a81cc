package dev.sovereign.core.provenance;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Functor;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.ast.AggregateOperator;
import dev.sovereign.core.data.RecordTable;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Tuples, literals and values as people read them, in the language's own syntax.
final class Rendering {

    /// Values nested deeper are shown as `…`: a list made of records may be as long as memory
    /// allows.
    private static final int MAX_DEPTH = 32;

    /// Links of a chain that are spelled out; the pairs stand beside it anyway.
    private static final int MAX_CHAIN = 8;

    /// Gives a variable of a rule its value.
    interface Bindings {
        /// Null when the instance gives it none, as one that is local to an aggregate.
        @Nullable Long bits(int variable);
    }

    private final Model model;

    Rendering(Model model) {
        this.model = model;
    }

    // ---- values ----

    List<@Nullable Object> values(int relation, long[] tuple) {
        List<@Nullable Object> values = new ArrayList<>(tuple.length);
        List<Column> columns = model.relation(relation).columns();
        for (int i = 0; i < tuple.length; i++) {
            values.add(value(columns.get(i).kind(), columns.get(i).type(), tuple[i], 0));
        }
        return values;
    }

    private @Nullable Object value(Kind kind, String type, long bits, int depth) {
        if (depth > MAX_DEPTH) {
            return "…";
        }
        return switch (kind) {
            case NUMBER -> bits;
            case UNSIGNED ->
                    bits >= 0 ? (Object) bits : new BigInteger(Long.toUnsignedString(bits));
            case FLOAT -> Double.longBitsToDouble(bits);
            case SYMBOL -> model.symbols().text(bits);
            case RECORD -> record(type, bits, depth);
            case ADT -> branch(type, bits, depth);
        };
    }

    private @Nullable Object record(String type, long bits, int depth) {
        CheckedProgram.RecordType record = model.program().records().get(type);
        if (bits == RecordTable.NIL) {
            return null;
        }
        return record == null ? "record " + bits : fields(record.fields(), bits, 0, depth);
    }

    private Object branch(String type, long bits, int depth) {
        CheckedProgram.AlgebraicType algebraic = model.program().algebraics().get(type);
        if (algebraic == null) {
            return "branch " + bits;
        }
        CheckedProgram.Branch branch =
                algebraic.branches().get((int) model.records().field(bits, 0));
        return Map.of("$" + branch.name(), fields(branch.fields(), bits, 1, depth));
    }

    private List<@Nullable Object> fields(List<Column> columns, long bits, int from, int depth) {
        List<@Nullable Object> values = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            values.add(
                    value(
                            columns.get(i).kind(),
                            columns.get(i).type(),
                            model.records().field(bits, from + i),
                            depth + 1));
        }
        return values;
    }

    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "nil";
            case String symbol -> quoted(symbol);
            case List<?> record ->
                    record.stream()
                            .map(Rendering::text)
                            .collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> branch -> {
                Map.Entry<?, ?> only = branch.entrySet().iterator().next();
                List<?> fields = (List<?>) only.getValue();
                yield only.getKey()
                        + (fields.isEmpty()
                                ? ""
                                : fields.stream()
                                        .map(Rendering::text)
                                        .collect(Collectors.joining(", ", "(", ")")));
            }
            default -> value.toString();
        };
    }

    static String quoted(String symbol) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < symbol.length(); i++) {
            char c = symbol.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\r' -> text.append("\\r");
                default -> text.append(c);
            }
        }
        return text.append('"').toString();
    }

    // ---- tuples and literals ----

    String tuple(int relation, long[] tuple) {
        return model.relation(relation).name()
                + values(relation, tuple).stream()
                        .map(Rendering::text)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    /// What a question asks, with the values of one answer.
    String query(@Nullable Derivation answer) {
        if (!(answer instanceof Derivation.Instance instance)) {
            throw new IllegalStateException("an answer is derived by its question");
        }
        Backward rule = instance.rule();
        return rule.body().stream()
                .map(literal ->
                        literal(
                                literal,
                                rule.rule().variables(),
                                id ->
                                        rule.hasValue(id)
                                                ? rule.valueOf(id, instance.values())
                                                : null))
                .collect(Collectors.joining(", "));
    }

    /// How the pairs of a chain lead from one value to another: `1 ~ 2 ~ 3`.
    String chain(int relation, long[] from, Goal[] pairs) {
        Column column = model.relation(relation).columns().getFirst();
        StringBuilder text = new StringBuilder();
        long at = from[0];
        text.append(text(value(column.kind(), column.type(), at, 0)));
        if (from[0] == from[1]) {
            return text + " ~ " + text;
        }
        for (int i = 0; i < pairs.length; i++) {
            if (i == MAX_CHAIN && pairs.length > MAX_CHAIN + 1) {
                text.append(" ~ … ~ ")
                        .append(text(value(column.kind(), column.type(), from[1], 0)));
                break;
            }
            at = pairs[i].tuple[0] == at ? pairs[i].tuple[1] : pairs[i].tuple[0];
            text.append(" ~ ").append(text(value(column.kind(), column.type(), at, 0)));
        }
        return text.toString();
    }

    String literal(Literal literal, List<CheckedProgram.Variable> names, Bindings bindings) {
        return new Literals(names, bindings).text(literal);
    }

    /// One rule's literals.
    private final class Literals {
        private final List<CheckedProgram.Variable> names;
        private final Bindings bindings;

        Literals(List<CheckedProgram.Variable> names, Bindings bindings) {
            this.names = names;
            this.bindings = bindings;
        }

        String text(Literal literal) {
            return switch (literal) {
                case Literal.Positive atom -> atom(atom.relation(), atom.arguments());
                case Literal.Negative atom -> "no " + atom(atom.relation(), atom.arguments());
                case Literal.Compare compare ->
                        term(compare.left())
                                + " "
                                + compare.comparison().sign()
                                + " "
                                + term(compare.right());
                case Literal.Match match ->
                        (match.negated() ? "not " : "")
                                + "match("
                                + term(match.pattern())
                                + ", "
                                + term(match.text())
                                + ")";
                case Literal.Contains contains ->
                        (contains.negated() ? "not " : "")
                                + "contains("
                                + term(contains.part())
                                + ", "
                                + term(contains.text())
                                + ")";
                case Literal.Truth truth -> truth.value() ? "true" : "false";
                case Literal.Range range ->
                        variable(range.result(), range.kind())
                                + " in range("
                                + term(range.from())
                                + ", "
                                + term(range.to())
                                + (range.step() == null ? "" : ", " + term(range.step()))
                                + ")";
                case Literal.Aggregate aggregate -> aggregate(aggregate);
            };
        }

        /// `count = 3: { edge(1, _) }`.
        private String aggregate(Literal.Aggregate aggregate) {
            Term target = aggregate.target();
            return aggregate.operator().word()
                    + (target == null || aggregate.operator() == AggregateOperator.COUNT
                            ? ""
                            : " " + term(target))
                    + " = "
                    + variable(aggregate.result(), aggregate.kind())
                    + ": { "
                    + aggregate.body().stream().map(this::text).collect(Collectors.joining(", "))
                    + " }";
        }

        private String atom(int relation, List<Term> arguments) {
            return model.relation(relation).name()
                    + arguments.stream()
                            .map(this::term)
                            .collect(Collectors.joining(", ", "(", ")"));
        }

        private String variable(int id, Kind kind) {
            Long bits = bindings.bits(id);
            if (bits != null && kind != Kind.RECORD && kind != Kind.ADT) {
                return Rendering.text(value(kind, "", bits, 0));
            }
            String name = id < names.size() ? names.get(id).name() : "#";
            return name.startsWith("#") ? "_" : name;
        }

        private String term(Term term) {
            return switch (term) {
                case Term.Variable variable -> variable(variable.id(), variable.kind());
                case Term.Wildcard _ -> "_";
                case Term.Constant constant -> {
                    String symbol = constant.symbol();
                    yield symbol != null
                            ? quoted(symbol)
                            : Rendering.text(value(constant.kind(), "", constant.bits(), 0));
                }
                case Term.Call call -> call(call);
                case Term.RecordInit record -> list("[", record.arguments(), "]");
                case Term.BranchInit branch -> {
                    CheckedProgram.AlgebraicType type =
                            model.program().algebraics().get(branch.type());
                    String name = type == null ? "?" : type.branches().get(branch.tag()).name();
                    yield "$"
                            + name
                            + (branch.arguments().isEmpty()
                                    ? ""
                                    : list("(", branch.arguments(), ")"));
                }
            };
        }

        private String call(Term.Call call) {
            String word = call.functor().word();
            if (call.functor() == Functor.OUTER
                    && call.arguments().getFirst() instanceof Term.Constant name) {
                return word
                        + name.symbol()
                        + list("(", call.arguments().subList(1, call.arguments().size()), ")");
            }
            boolean infix =
                    call.arguments().size() == 2
                            && call.functor() != Functor.CAT
                            && !Character.isLetter(word.charAt(0));
            return infix
                    ? "("
                            + term(call.arguments().get(0))
                            + " "
                            + word
                            + " "
                            + term(call.arguments().get(1))
                            + ")"
                    : word + list("(", call.arguments(), ")");
        }

        private String list(String open, List<Term> terms, String close) {
            return terms.stream().map(this::term).collect(Collectors.joining(", ", open, close));
        }
    }
}
