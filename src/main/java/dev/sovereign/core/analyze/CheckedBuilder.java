package dev.sovereign.core.analyze;

import dev.sovereign.core.analyze.CheckedProgram.Directive;
import dev.sovereign.core.analyze.CheckedProgram.Facts;
import dev.sovereign.core.analyze.CheckedProgram.Pattern;
import dev.sovereign.core.analyze.CheckedProgram.Query;
import dev.sovereign.core.analyze.CheckedProgram.Relation;
import dev.sovereign.core.analyze.CheckedProgram.Rule;
import dev.sovereign.core.analyze.CheckedProgram.Stratum;
import dev.sovereign.core.analyze.CheckedProgram.Subsumption;
import dev.sovereign.core.analyze.CheckedProgram.Variable;
import dev.sovereign.core.analyze.Drafts.DraftAggregate;
import dev.sovereign.core.analyze.Drafts.DraftAtom;
import dev.sovereign.core.analyze.Drafts.DraftBranch;
import dev.sovereign.core.analyze.Drafts.DraftCall;
import dev.sovereign.core.analyze.Drafts.DraftCompare;
import dev.sovereign.core.analyze.Drafts.DraftConstant;
import dev.sovereign.core.analyze.Drafts.DraftLiteral;
import dev.sovereign.core.analyze.Drafts.DraftNil;
import dev.sovereign.core.analyze.Drafts.DraftRange;
import dev.sovereign.core.analyze.Drafts.DraftRecord;
import dev.sovereign.core.analyze.Drafts.DraftRule;
import dev.sovereign.core.analyze.Drafts.DraftTerm;
import dev.sovereign.core.analyze.Drafts.DraftTextTest;
import dev.sovereign.core.analyze.Drafts.DraftTruth;
import dev.sovereign.core.analyze.Drafts.DraftVariable;
import dev.sovereign.core.analyze.Drafts.DraftWildcard;
import dev.sovereign.core.ast.ConstantKind;
import dev.sovereign.core.ast.FactBlock;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes the checked program once every kind is settled: leaves out what nobody asks for, numbers
/// relations anew, puts rules into strata.
final class CheckedBuilder {

    private final List<RelationTable.Entry> entries;
    private final TypeTable types;
    private final Slots slots;
    private final List<DraftRule> rules;
    private final List<Analyzer.FactBlockOf> blocks;
    private final List<Analyzer.PatternOf> patterns;
    private final List<Analyzer.DirectiveOf> directives;
    private final List<Query> queries;
    private final Strata strata;
    private final Faults faults;

    /// New id of each entry; -1 when it is left out.
    private int[] ids = {};

    CheckedBuilder(
            List<RelationTable.Entry> entries,
            TypeTable types,
            Slots slots,
            List<DraftRule> rules,
            List<Analyzer.FactBlockOf> blocks,
            List<Analyzer.PatternOf> patterns,
            List<Analyzer.DirectiveOf> directives,
            List<Query> queries,
            Strata strata,
            Faults faults) {
        this.entries = entries;
        this.types = types;
        this.slots = slots;
        this.rules = rules;
        this.blocks = blocks;
        this.patterns = patterns;
        this.directives = directives;
        this.queries = queries;
        this.strata = strata;
        this.faults = faults;
    }

    /// @param onlyQueries keep only what the queries need
    CheckedProgram build(boolean onlyQueries) {
        number(onlyQueries);
        List<Relation> relations = new ArrayList<>();
        for (RelationTable.Entry entry : entries) {
            if (ids[entry.id] >= 0) {
                relations.add(relation(entry));
            }
        }
        List<Facts> facts = new ArrayList<>();
        for (Analyzer.FactBlockOf of : blocks) {
            if (ids[of.relation()] >= 0) {
                facts.add(facts(of));
            }
        }
        List<Directive> kept = new ArrayList<>();
        for (Analyzer.DirectiveOf directive : directives) {
            if (ids[directive.relation()] >= 0) {
                kept.add(
                        new Directive(
                                directive.kind(),
                                ids[directive.relation()],
                                directive.parameters(),
                                directive.span()));
            }
        }
        List<Query> asked = new ArrayList<>();
        for (Query query : queries) {
            asked.add(new Query(ids[query.relation()], query.span()));
        }
        List<Pattern> matched = new ArrayList<>();
        for (Analyzer.PatternOf pattern : patterns) {
            matched.add(
                    new Pattern(
                            ids[pattern.relation()],
                            terms(pattern.rule().head),
                            variables(pattern.rule()),
                            pattern.rule().span));
        }
        return new CheckedProgram(
                relations,
                facts,
                strataOf(),
                kept,
                asked,
                matched,
                types.records(),
                types.algebraics());
    }

    private void number(boolean onlyQueries) {
        boolean[] needed = new boolean[entries.size()];
        if (onlyQueries) {
            ArrayDeque<Integer> open = new ArrayDeque<>();
            queries.forEach(query -> open.add(query.relation()));
            while (!open.isEmpty()) {
                int at = open.remove();
                if (!needed[at]) {
                    needed[at] = true;
                    strata.edges(at).forEach(edge -> open.add(edge.used()));
                }
            }
        } else {
            Arrays.fill(needed, true);
        }
        ids = new int[entries.size()];
        int next = 0;
        for (RelationTable.Entry entry : entries) {
            ids[entry.id] = needed[entry.id] && entry.shaped ? next++ : -1;
        }
    }

    private Relation relation(RelationTable.Entry entry) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < entry.slots.length; i++) {
            columns.add(
                    new Column(
                            entry.columnNames.get(i),
                            slots.type(entry.slots[i]),
                            slots.kind(entry.slots[i])));
        }
        return new Relation(
                ids[entry.id],
                entry.name,
                columns,
                entry.qualifiers,
                entry.choices,
                entry.external,
                entry.query,
                entry.sizeLimit,
                entry.declared != null ? entry.declared : entry.external ? null : entry.used);
    }

    private Facts facts(Analyzer.FactBlockOf of) {
        FactBlock block = of.block();
        RelationTable.Entry entry = entries.get(of.relation());
        List<long[]> columns = new ArrayList<>();
        for (int column = 0; column < block.arity(); column++) {
            long[] values = block.column(column);
            if (block.kinds().get(column) == ConstantKind.NUMBER
                    && slots.kind(entry.slots[column]) == Kind.FLOAT) {
                long[] floats = new long[block.count()];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = Double.doubleToRawLongBits((double) values[i]);
                }
                values = floats;
            }
            columns.add(values);
        }
        return new Facts(ids[of.relation()], block.count(), columns, block.symbols());
    }

    private List<Stratum> strataOf() {
        Map<Integer, List<DraftRule>> byHead = new HashMap<>();
        for (DraftRule rule : rules) {
            byHead.computeIfAbsent(rule.relation, _ -> new ArrayList<>()).add(rule);
        }
        List<Stratum> all = new ArrayList<>();
        for (List<Integer> members : strata.components()) {
            List<Integer> relations = new ArrayList<>();
            List<Rule> derivations = new ArrayList<>();
            List<Subsumption> subsumptions = new ArrayList<>();
            boolean limited = false;
            for (int member : members) {
                if (ids[member] < 0) {
                    continue;
                }
                relations.add(ids[member]);
                limited |= entries.get(member).sizeLimit != null;
                for (DraftRule rule : byHead.getOrDefault(member, List.of())) {
                    if (rule.dominated == null) {
                        derivations.add(rule(rule));
                    } else {
                        subsumptions.add(subsumption(rule, rule.dominated));
                    }
                }
            }
            if (!derivations.isEmpty() || !subsumptions.isEmpty() || limited) {
                all.add(
                        new Stratum(
                                relations, derivations, subsumptions, strata.isRecursive(members)));
            }
        }
        return all;
    }

    private Rule rule(DraftRule rule) {
        return new Rule(
                ids[rule.relation],
                terms(rule.head),
                literals(rule.body),
                variables(rule),
                rule.span,
                rule.plan);
    }

    private Subsumption subsumption(DraftRule rule, List<DraftTerm> dominated) {
        return new Subsumption(
                ids[rule.relation],
                terms(dominated),
                terms(rule.head),
                literals(rule.body),
                variables(rule),
                rule.span);
    }

    private List<Variable> variables(DraftRule rule) {
        List<Variable> variables = new ArrayList<>(rule.variables.size());
        rule.variables.forEach(
                name -> variables.add(new Variable(name.name(), slots.kind(name.slot()))));
        return variables;
    }

    private List<Literal> literals(List<DraftLiteral> drafts) {
        List<Literal> literals = new ArrayList<>(drafts.size());
        for (DraftLiteral draft : drafts) {
            literals.add(
                    switch (draft) {
                        case DraftAtom atom ->
                                atom.negated()
                                        ? new Literal.Negative(
                                                ids[atom.relation()],
                                                terms(atom.arguments()),
                                                atom.span())
                                        : new Literal.Positive(
                                                ids[atom.relation()],
                                                terms(atom.arguments()),
                                                atom.span());
                        case DraftCompare compare ->
                                new Literal.Compare(
                                        compare.comparison(),
                                        slots.kind(compare.left().slot()),
                                        term(compare.left()),
                                        term(compare.right()),
                                        compare.span());
                        case DraftTextTest test ->
                                test.match()
                                        ? new Literal.Match(
                                                test.negated(),
                                                term(test.pattern()),
                                                term(test.text()),
                                                test.span())
                                        : new Literal.Contains(
                                                test.negated(),
                                                term(test.pattern()),
                                                term(test.text()),
                                                test.span());
                        case DraftTruth truth -> new Literal.Truth(truth.value(), truth.span());
                        case DraftRange range ->
                                new Literal.Range(
                                        range.result(),
                                        slots.kind(range.slot()),
                                        term(range.from()),
                                        term(range.to()),
                                        termOrNull(range.step()),
                                        range.span());
                        case DraftAggregate aggregate ->
                                new Literal.Aggregate(
                                        aggregate.result(),
                                        aggregate.operator(),
                                        slots.kind(aggregate.slot()),
                                        termOrNull(aggregate.target()),
                                        literals(aggregate.body()),
                                        aggregate.outer(),
                                        aggregate.span());
                    });
        }
        return literals;
    }

    private List<Term> terms(List<DraftTerm> drafts) {
        List<Term> terms = new ArrayList<>(drafts.size());
        drafts.forEach(draft -> terms.add(term(draft)));
        return terms;
    }

    private @Nullable Term termOrNull(@Nullable DraftTerm draft) {
        return draft == null ? null : term(draft);
    }

    private Term term(DraftTerm draft) {
        Kind kind = slots.kind(draft.slot());
        return switch (draft) {
            case DraftVariable variable -> new Term.Variable(variable.id(), kind);
            case DraftWildcard _ -> new Term.Wildcard(kind);
            case DraftConstant constant -> constant(constant, kind);
            case DraftNil _ -> new Term.Constant(Kind.RECORD, 0, null);
            case DraftRecord record ->
                    new Term.RecordInit(slots.type(record.slot()), terms(record.arguments()));
            case DraftBranch branch ->
                    new Term.BranchInit(branch.type(), branch.tag(), terms(branch.arguments()));
            case DraftCall call ->
                    new Term.Call(
                            call.functor(),
                            slots.kind(call.operands()),
                            kind,
                            terms(call.arguments()));
        };
    }

    private Term constant(DraftConstant constant, Kind kind) {
        long bits = constant.written().bits();
        if (constant.written().kind() == ConstantKind.NUMBER) {
            if (kind == Kind.FLOAT) {
                bits = Double.doubleToRawLongBits((double) bits);
            } else if (kind == Kind.UNSIGNED && bits < 0) {
                faults.error(AnalysisCode.TYPE, constant.span(), bits + " is no unsigned", null);
            }
        }
        return new Term.Constant(kind, bits, constant.written().symbol());
    }
}
