package dev.sovereign.core.analyze;

import dev.sovereign.core.analyze.CheckedProgram.Query;
import dev.sovereign.core.analyze.Drafts.DraftName;
import dev.sovereign.core.analyze.Drafts.DraftRule;
import dev.sovereign.core.analyze.Drafts.DraftVariable;
import dev.sovereign.core.ast.Atom;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.ast.ConstantKind;
import dev.sovereign.core.ast.FactBlock;
import dev.sovereign.core.ast.Formula;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Name;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.ast.Qualifier;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.ast.Term;
import dev.sovereign.core.parse.Mode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Checks programs: resolves names, finds types, refuses what is unsafe or cannot be stratified.
///
/// Reads all texts first, into drafts whose kinds are open, then settles the kinds of all of them
/// together, so that a type said anywhere holds everywhere; [CheckedBuilder] makes the checked
/// program of what is left.
public final class Analyzer {

    /// Facts in a row that do not fit their relation of which each is told.
    private static final int CLASHES_SHOWN = 3;

    /// Without components, with `inline` relations as they are written.
    private final List<Program> written;

    private final List<Program> programs;
    private final Mode mode;
    private final Faults faults = new Faults();
    private final Slots slots = new Slots();
    private final TypeTable types;
    private final RelationTable relations;
    private final DeclaredFunctors functors;

    private final List<DraftRule> rules = new ArrayList<>();
    private final List<FactBlockOf> blocks = new ArrayList<>();
    private final List<PatternOf> patterns = new ArrayList<>();
    private final List<DirectiveOf> directives = new ArrayList<>();
    private final List<Query> queries = new ArrayList<>();

    /// Where the size of a relation is asked for, by its id.
    private final Map<Integer, Span> sizes = new HashMap<>();

    /// A block of facts and the relation that it is of.
    record FactBlockOf(int relation, FactBlock block) {}

    /// A pattern among facts: arguments are variables, wildcards and constants.
    record PatternOf(int relation, DraftRule rule) {}

    record DirectiveOf(
            Item.DirectiveKind kind, int relation, Map<String, String> parameters, Span span) {}

    private Analyzer(List<Program> programs, Catalog catalog, Mode mode) {
        this.written = expand(programs);
        this.programs = Inlining.expand(written, faults);
        this.mode = mode;
        this.types = new TypeTable(this.programs, faults);
        this.relations = new RelationTable(this.programs, catalog, mode, types, slots, faults);
        this.functors = new DeclaredFunctors(this.programs, faults);
    }

    /// The programs without components.
    private List<Program> expand(List<Program> written) {
        List<Program> expanded = new ArrayList<>(written.size());
        for (Program program : written) {
            faults.text(program.source());
            expanded.add(Components.expand(program, faults));
        }
        return expanded;
    }

    /// Checks texts that are evaluated together: modules, a file for this question, the question.
    ///
    /// @param programs parsed without error; those with a module name define relations of that
    ///   module
    /// @param mode [Mode#PROGRAM] for `run`, `check` and `rules add`; [Mode#QUERY] and
    ///   [Mode#PROMPT] keep of all relations only what the queries need (everything when there is
    ///   no query) and do not warn of unused relations; [Mode#FACTS] allows facts and patterns only
    public static Analysis analyze(List<Program> programs, Catalog catalog, Mode mode) {
        return new Analyzer(List.copyOf(programs), catalog, mode).analyze();
    }

    private Analysis analyze() {
        for (Program program : programs) {
            for (Item item : program.items()) {
                read(program, item);
            }
        }
        unite();
        new RecordTypes(types, slots, faults).settle(rules);
        for (FactBlockOf block : blocks) {
            kinds(block);
        }
        for (DraftRule rule : rules) {
            if (!rule.isBroken) {
                Safety.check(rule, faults);
            }
        }
        Strata strata = strata();
        counters(strata);
        plans(strata);
        strata.check(relations.entries().stream().map(entry -> entry.name).toList(), faults);
        subtypes();
        new CommonTypes(types, relations, slots, faults).check(rules);
        if (faults.anyError()) { // what looks unused may only be misspelled
            return new Analysis(null, faults.sorted());
        }
        warn();
        CheckedProgram program =
                new CheckedBuilder(
                                relations.entries(),
                                types,
                                slots,
                                rules,
                                blocks,
                                patterns,
                                directives,
                                queries,
                                strata,
                                faults)
                        .build(mode != Mode.PROGRAM && !queries.isEmpty());
        return new Analysis(faults.anyError() ? null : program, faults.sorted());
    }

    // ---- items ----

    private void read(Program program, Item item) {
        switch (item) {
            case FactBlock block -> facts(program, block);
            case Item.Rule rule -> rule(program, rule);
            case Item.Subsumption subsumption -> subsumption(program, subsumption);
            case Item.Query query -> query(program, query);
            case Item.Directive directive -> directive(program, directive);
            case Item.RelationDeclaration declaration -> qualifiers(program, declaration);
            case Item.FunctorDeclaration functor -> functor(functor);
            case Item.TypeDeclaration _, Item.Pragma _ -> {}
            case Item.ComponentDeclaration _,
                    Item.ComponentInit _,
                    Item.OverrideRelation _ -> {} // expanded
            case Item.Lattice lattice -> unsupported(lattice.span(), "a lattice");
        }
    }

    private void functor(Item.FunctorDeclaration functor) {
        List<Name> all = new ArrayList<>();
        functor.arguments().forEach(argument -> all.add(argument.type()));
        all.add(functor.result());
        for (Name type : all) {
            Kind kind = types.kind(type);
            if (kind != null && kind.isStructured() && !functor.stateful()) {
                faults.error(
                        AnalysisCode.TYPE,
                        type.span(),
                        "functor @"
                                + functor.name().text()
                                + " takes and gives no values with fields",
                        "pass the fields one by one");
            }
        }
    }

    private void unsupported(Span span, String what) {
        faults.error(
                AnalysisCode.UNSUPPORTED,
                span,
                what + " is not carried out yet",
                "write its relations and rules out");
    }

    private void facts(Program program, FactBlock block) {
        RelationTable.Entry relation = relations.head(program, block.relation(), block.arity());
        if (relation != null) {
            relation.isDerived = true;
            blocks.add(new FactBlockOf(relation.id, block));
            for (int column = 0; column < block.arity(); column++) {
                int kinds = kinds(block, column);
                if (!slots.restrict(relation.slots[column], kinds, block.span(0))) {
                    typeClash(relation, column, block, kinds);
                }
            }
        }
    }

    private static int kinds(FactBlock block, int column) {
        return switch (block.kinds().get(column)) {
            case NUMBER -> Slots.NUMERIC;
            case UNSIGNED -> Slots.bits(Kind.UNSIGNED);
            case FLOAT -> Slots.bits(Kind.FLOAT);
            case SYMBOL -> Slots.bits(Kind.SYMBOL);
        };
    }

    private void typeClash(RelationTable.Entry relation, int column, FactBlock block, int kinds) {
        int found = slots.add(kinds, null);
        String what =
                block.kinds().get(column) == ConstantKind.NUMBER ? "number" : slots.shown(found);
        // each is a fault, but the first few are enough to see it
        for (int fact = 0; fact < Math.min(block.count(), CLASHES_SHOWN); fact++) {
            faults.error(
                    AnalysisCode.TYPE,
                    block.span(fact),
                    "argument "
                            + (column + 1)
                            + " is a "
                            + what
                            + ", column "
                            + relation.columnNames.get(column)
                            + " of "
                            + relation.name
                            + " is a "
                            + slots.shown(relation.slots[column]),
                    switch (block.kinds().get(column)) {
                        case NUMBER, UNSIGNED, FLOAT ->
                                slots.shown(relation.slots[column]).equals("symbol")
                                        ? "a symbol stands in quotes"
                                        : null;
                        case SYMBOL -> "a number stands without quotes";
                    },
                    "it is so from here",
                    slots.origin(relation.slots[column]));
        }
    }

    /// A negative number cannot be unsigned.
    private void kinds(FactBlockOf of) {
        FactBlock block = of.block();
        RelationTable.Entry relation = relations.entries().get(of.relation());
        for (int column = 0; column < block.arity(); column++) {
            if (block.kinds().get(column) != ConstantKind.NUMBER
                    || slots.kind(relation.slots[column]) != Kind.UNSIGNED) {
                continue;
            }
            long[] values = block.column(column);
            for (int fact = 0; fact < block.count(); fact++) {
                if (values[fact] < 0) {
                    faults.error(
                            AnalysisCode.TYPE,
                            block.span(fact),
                            values[fact]
                                    + " is no unsigned (column "
                                    + relation.columnNames.get(column)
                                    + " of "
                                    + relation.name
                                    + ")",
                            null);
                    break;
                }
            }
        }
    }

    private void rule(Program program, Item.Rule written) {
        Formula body = written.body();
        if (mode == Mode.FACTS) {
            if (body != null) {
                faults.error(
                        AnalysisCode.NOT_A_FACT,
                        written.span(),
                        "this is a rule, not a fact",
                        "rules are stored with sovereign rules add NAME FILE");
                return;
            }
            for (Atom head : written.heads()) {
                factOrPattern(program, head, written.span());
            }
            return;
        }
        List<List<Formula>> alternatives =
                body == null ? List.of(List.of()) : Disjunctions.of(body);
        if (alternatives == null) {
            tooMany(written.span());
            return;
        }
        for (Atom head : written.heads()) {
            RelationTable.Entry relation =
                    relations.head(program, head.relation(), head.arguments().size());
            if (relation == null) {
                continue;
            }
            relation.isDerived = true;
            for (List<Formula> alternative : alternatives) {
                DraftRule rule = new DraftRule(relation.id, written.span(), written.plan());
                reader(program, rule).read(head.arguments(), alternative, relation);
                rules.add(rule);
            }
        }
    }

    private void tooMany(Span span) {
        faults.error(
                AnalysisCode.TOO_MANY_CLAUSES,
                span,
                "the alternatives of this body come to more than "
                        + Disjunctions.MAX_ALTERNATIVES
                        + " rules",
                "give parts of it names: derive them as relations of their own");
    }

    private RuleReader reader(Program program, DraftRule rule) {
        return new RuleReader(program, relations, types, slots, faults, functors, rule);
    }

    private void factOrPattern(Program program, Atom head, Span span) {
        RelationTable.Entry relation =
                relations.head(program, head.relation(), head.arguments().size());
        if (relation == null) {
            return;
        }
        boolean open = false;
        for (Term argument : head.arguments()) {
            open |= argument instanceof Term.Variable || argument instanceof Term.Wildcard;
        }
        DraftRule rule = new DraftRule(relation.id, span, List.of());
        reader(program, rule).read(head.arguments(), List.of(), relation);
        if (open) {
            patterns.add(new PatternOf(relation.id, rule));
        } else {
            relation.isDerived = true;
            rules.add(rule);
        }
    }

    private void subsumption(Program program, Item.Subsumption written) {
        Atom dominated = written.dominated();
        Atom dominating = written.dominating();
        if (!dominated.relation().shown().equals(dominating.relation().shown())) {
            faults.error(
                    AnalysisCode.SUBSUMPTION,
                    dominating.relation().span(),
                    "a subsumption compares tuples of one relation, here "
                            + dominated.relation().shown()
                            + " and "
                            + dominating.relation().shown(),
                    null);
            return;
        }
        RelationTable.Entry relation =
                relations.head(program, dominated.relation(), dominated.arguments().size());
        if (relation == null
                || relations.head(program, dominating.relation(), dominating.arguments().size())
                        == null) {
            return;
        }
        if (dominated.arguments().isEmpty()) {
            faults.error(
                    AnalysisCode.SUBSUMPTION,
                    written.span(),
                    "relation "
                            + relation.name
                            + " has no columns, so none of its tuples dominates another",
                    null,
                    "declared here",
                    relation.declared);
            return;
        }
        List<List<Formula>> alternatives = Disjunctions.of(written.body());
        if (alternatives == null) {
            tooMany(written.span());
            return;
        }
        for (List<Formula> alternative : alternatives) {
            DraftRule rule = new DraftRule(relation.id, written.span(), written.plan());
            reader(program, rule).readSubsumption(dominated, dominating, alternative, relation);
            rules.add(rule);
        }
    }

    private void query(Program program, Item.Query written) {
        if (mode == Mode.FACTS) {
            faults.error(
                    AnalysisCode.NOT_A_FACT,
                    written.span(),
                    "this is a question, not a fact",
                    "sovereign query asks");
            return;
        }
        List<List<Formula>> alternatives = Disjunctions.of(written.body());
        if (alternatives == null) {
            tooMany(written.span());
            return;
        }
        Map<String, Span> names = new LinkedHashMap<>();
        Variables.of(written.body(), names);
        names.keySet().removeIf(name -> name.startsWith("_"));
        int[] columns = new int[names.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = slots.add(Slots.ANY, null);
        }
        RelationTable.Entry relation =
                relations.query(written.span(), columns, List.copyOf(names.keySet()));
        for (List<Formula> alternative : alternatives) {
            DraftRule rule = new DraftRule(relation.id, written.span(), List.of());
            RuleReader reader = reader(program, rule);
            reader.readQuery(alternative);
            List<Drafts.DraftTerm> head = new ArrayList<>();
            int column = 0;
            for (Map.Entry<String, Span> name : names.entrySet()) {
                int id = reader.variable(name.getKey());
                if (id < 0) {
                    faults.error(
                            AnalysisCode.UNSAFE,
                            name.getValue(),
                            "variable " + name.getKey() + " stands in one alternative only",
                            "bind it in each, or ask two questions");
                } else {
                    DraftName variable = rule.variables.get(id);
                    if (!slots.merge(columns[column], variable.slot())) {
                        faults.error(
                                AnalysisCode.TYPE,
                                variable.span(),
                                "variable "
                                        + variable.name()
                                        + " is of two types in two alternatives",
                                "name them differently");
                    }
                    head.add(new DraftVariable(id, variable.slot(), variable.span()));
                }
                column++;
            }
            rule.head = head;
            rules.add(rule);
        }
        queries.add(new Query(relation.id, written.span()));
    }

    private void directive(Program program, Item.Directive written) {
        Map<String, String> parameters = new HashMap<>();
        written.parameters()
                .forEach(parameter -> parameters.put(parameter.key(), parameter.value()));
        for (Name name : written.relations()) {
            RelationTable.Entry relation = relations.find(program, name);
            if (relation == null) {
                continue;
            }
            if (written.kind() == Item.DirectiveKind.LIMITSIZE) {
                limit(relation, written, parameters.get("n"));
                continue;
            }
            if (!relation.shaped) {
                faults.error(
                        AnalysisCode.DIRECTIVE,
                        name.span(),
                        "the columns of " + name.shown() + " are not known",
                        "declare it with .decl " + name.text() + "(…)");
                continue;
            }
            if (written.kind() == Item.DirectiveKind.PRINTSIZE) {
                Span before = sizes.putIfAbsent(relation.id, name.span());
                if (before != null) {
                    faults.error(
                            AnalysisCode.DUPLICATE,
                            name.span(),
                            "the size of " + name.shown() + " is printed twice",
                            "remove one",
                            "asked for here first",
                            before);
                }
            }
            mark(relation, written.kind());
            directives.add(
                    new DirectiveOf(written.kind(), relation.id, parameters, written.span()));
        }
    }

    private static void mark(RelationTable.Entry relation, Item.DirectiveKind kind) {
        if (kind == Item.DirectiveKind.INPUT) {
            relation.hasInput = true;
        } else {
            relation.hasOutput = true;
        }
    }

    private void limit(
            RelationTable.Entry relation, Item.Directive written, @Nullable String limit) {
        if (limit == null || !limit.matches("[0-9]{1,18}")) {
            faults.error(
                    AnalysisCode.DIRECTIVE,
                    written.span(),
                    ".limitsize wants a number of tuples",
                    ".limitsize " + relation.name + "(n=1000)");
            return;
        }
        relation.sizeLimit = Long.valueOf(limit);
    }

    /// The old way to say `.input` and `.output`.
    private void qualifiers(Program program, Item.RelationDeclaration declaration) {
        for (Qualifier qualifier : declaration.qualifiers()) {
            Item.DirectiveKind kind =
                    switch (qualifier) {
                        case INPUT -> Item.DirectiveKind.INPUT;
                        case OUTPUT -> Item.DirectiveKind.OUTPUT;
                        case PRINTSIZE -> Item.DirectiveKind.PRINTSIZE;
                        default -> null;
                    };
            if (kind == null) {
                continue;
            }
            for (Name name : declaration.names()) {
                RelationTable.Entry relation = relations.find(program, name);
                if (relation != null) {
                    mark(relation, kind);
                    directives.add(new DirectiveOf(kind, relation.id, Map.of(), name.span()));
                }
            }
        }
    }

    // ---- the whole ----

    /// A module's relation holds the stored facts of its name, and so on: as rules that copy.
    private void unite() {
        for (RelationTable.Entry[] pair : relations.unions()) {
            RelationTable.Entry whole = pair[0];
            RelationTable.Entry part = pair[1];
            if (!part.shaped || !whole.shaped) {
                continue;
            }
            boolean same = whole.slots.length == part.slots.length;
            for (int i = 0; same && i < whole.slots.length; i++) {
                same = slots.merge(whole.slots[i], part.slots[i]);
            }
            if (!same) {
                faults.error(
                        AnalysisCode.TYPE,
                        whole.declared != null ? whole.declared : whole.used,
                        "relation "
                                + whole.name
                                + " has other columns than "
                                + part.name
                                + ", whose tuples it also holds",
                        "give it another name");
                continue;
            }
            DraftRule copy =
                    new DraftRule(
                            whole.id,
                            whole.declared != null ? whole.declared : whole.used,
                            List.of());
            List<Drafts.DraftTerm> arguments = new ArrayList<>();
            for (int i = 0; i < whole.slots.length; i++) {
                copy.variables.add(
                        new DraftName(whole.columnNames.get(i), whole.slots[i], copy.span));
                arguments.add(new DraftVariable(i, whole.slots[i], copy.span));
            }
            copy.head = arguments;
            copy.body.add(new Drafts.DraftAtom(false, part.id, arguments, copy.span));
            rules.add(copy);
        }
    }

    private Strata strata() {
        Strata strata = new Strata(relations.entries().size());
        for (DraftRule rule : rules) {
            uses(strata, rule.relation, rule.body, Strata.Use.POSITIVE);
        }
        return strata;
    }

    private static void uses(
            Strata strata, int head, List<Drafts.DraftLiteral> body, Strata.Use as) {
        for (Drafts.DraftLiteral literal : body) {
            switch (literal) {
                case Drafts.DraftAtom atom ->
                        strata.add(
                                head,
                                atom.relation(),
                                atom.negated() && as == Strata.Use.POSITIVE
                                        ? Strata.Use.NEGATED
                                        : as,
                                atom.span());
                case Drafts.DraftAggregate aggregate ->
                        uses(strata, head, aggregate.body(), Strata.Use.AGGREGATED);
                case Drafts.DraftCompare _,
                        Drafts.DraftTextTest _,
                        Drafts.DraftTruth _,
                        Drafts.DraftRange _ -> {}
            }
        }
    }

    /// A `.plan` names the atoms of the body, each once; a version for each recursive one.
    private void plans(Strata strata) {
        for (DraftRule rule : rules) {
            if (rule.isBroken || rule.plan.isEmpty()) {
                continue;
            }
            long atoms = rule.dominated == null ? 0 : 2;
            long recursive = 0;
            for (Drafts.DraftLiteral literal : rule.body) {
                if (literal instanceof Drafts.DraftAtom atom && !atom.negated()) {
                    atoms++;
                    recursive += strata.isTogether(rule.relation, atom.relation()) ? 1 : 0;
                }
            }
            for (Item.PlanOrder order : rule.plan) {
                String wrong = wrong(order, atoms, recursive, rule.dominated != null);
                if (wrong != null) {
                    faults.error(
                            AnalysisCode.DIRECTIVE,
                            order.span(),
                            wrong,
                            "atoms are numbered from 1 as written, versions from 0");
                }
            }
        }
    }

    private static @Nullable String wrong(
            Item.PlanOrder order, long atoms, long recursive, boolean subsumes) {
        if (!subsumes && recursive == 0) {
            return "a plan is for rules that are recursive";
        }
        if (!subsumes && order.version() >= recursive) {
            return "there is no version "
                    + order.version()
                    + " of this rule: it has "
                    + RelationTable.count((int) recursive, "recursive atom");
        }
        if (order.order().size() != atoms) {
            return "the plan orders "
                    + RelationTable.count(order.order().size(), "atom")
                    + ", the body has "
                    + atoms;
        }
        Set<Long> distinct = new HashSet<>(order.order());
        for (long atom = 1; atom <= atoms; atom++) {
            if (!distinct.contains(atom)) {
                return "the plan leaves out atom " + atom;
            }
        }
        return null;
    }

    /// Numbers that count rows would depend on the order of rounds.
    private void counters(Strata strata) {
        for (DraftRule rule : rules) {
            if (!rule.counters.isEmpty() && rule.body.isEmpty()) {
                faults.error(
                        AnalysisCode.UNSAFE,
                        rule.counters.getFirst(),
                        "a fact holds values only, and autoinc() numbers rows",
                        "number them by a rule");
            } else if (!rule.counters.isEmpty() && strata.isRecursive(rule.relation)) {
                faults.error(
                        AnalysisCode.NOT_STRATIFIABLE,
                        rule.counters.getFirst(),
                        "autoinc() in a rule of "
                                + relations.entries().get(rule.relation).name
                                + ", which depends on itself",
                        "number the rows in a relation of their own");
            }
        }
    }

    // ---- warnings ----

    private void warn() {
        if (mode != Mode.PROGRAM) {
            return;
        }
        for (Program program : written) {
            for (Item item : program.items()) {
                switch (item) {
                    case Item.Rule rule when program.module() == null || programs.size() == 1 ->
                            singletons(rule);
                    case Item.Query query ->
                            faults.warning(
                                    AnalysisCode.QUERY,
                                    query.span(),
                                    "nobody answers a question in a program",
                                    "ask with `sovereign query`, or derive a relation and .output"
                                            + " it");
                    case FactBlock _, Item.Written _ -> {}
                }
            }
        }
        for (DraftRule rule : rules) {
            neverFires(rule);
        }
        boolean anyOutput = relations.entries().stream().anyMatch(entry -> entry.hasOutput);
        for (RelationTable.Entry entry : relations.entries()) {
            Span declared = entry.declared;
            if (declared == null || entry.external || entry.qualifiers.contains(Qualifier.INLINE)) {
                continue;
            }
            boolean empty = !entry.isDerived && !entry.hasInput;
            if (empty
                    && entry.isUsed
                    && !entry.name.startsWith("@")
                    && programOf(declared) == null) {
                faults.warning(
                        AnalysisCode.NEVER_FIRES,
                        declared,
                        "relation "
                                + entry.name
                                + " has neither facts nor rules nor .input: what needs it never"
                                + " fires",
                        "add .input " + entry.name + ", or rules");
            } else if (!entry.isUsed
                    && !entry.hasOutput
                    && (anyOutput || empty)
                    && programOf(declared) == null) {
                faults.warning(
                        AnalysisCode.UNUSED,
                        declared,
                        "relation " + entry.name + " is not used",
                        "use it, add .output " + entry.name + ", or remove it");
            }
        }
    }

    private void neverFires(DraftRule rule) {
        for (Drafts.DraftLiteral literal : rule.body) {
            boolean never =
                    switch (literal) {
                        case Drafts.DraftTruth truth -> !truth.value();
                        case Drafts.DraftCompare(
                                        var comparison,
                                        Drafts.DraftConstant left,
                                        Drafts.DraftConstant right,
                                        Span _) ->
                                left.written().kind() == ConstantKind.NUMBER
                                        && right.written().kind() == ConstantKind.NUMBER
                                        && !holds(
                                                comparison,
                                                Long.compare(
                                                        left.written().bits(),
                                                        right.written().bits()));
                        case Drafts.DraftCompare _,
                                Drafts.DraftAtom _,
                                Drafts.DraftTextTest _,
                                Drafts.DraftRange _,
                                Drafts.DraftAggregate _ ->
                                false;
                    };
            if (never) {
                faults.warning(
                        AnalysisCode.NEVER_FIRES,
                        literal.span(),
                        "this is never true, so the rule never fires",
                        null);
            }
        }
    }

    private static boolean holds(Comparison comparison, int order) {
        return switch (comparison) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    /// A variable that comes from a column of one type cannot go to a column of a type that does
    /// not include it. Only what is certain is refused: a variable of several types may well fit.
    private void subtypes() {
        for (DraftRule rule : rules) {
            if (rule.isBroken || rule.dominated != null) {
                continue;
            }
            RelationTable.Entry head = relations.entries().get(rule.relation);
            if (head.types.isEmpty()) {
                continue;
            }
            for (int i = 0; i < rule.head.size(); i++) {
                if (rule.head.get(i) instanceof Drafts.DraftCall call) {
                    String cast = rule.casts.get(call);
                    if (cast != null && !types.includes(head.types.get(i), cast)) {
                        faults.error(
                                AnalysisCode.TYPE,
                                call.span(),
                                "this is taken for a "
                                        + cast
                                        + ", column "
                                        + head.columnNames.get(i)
                                        + " of "
                                        + head.name
                                        + " is of type "
                                        + head.types.get(i),
                                null,
                                "declared here",
                                head.declared);
                    }
                }
                if (rule.head.get(i) instanceof DraftVariable variable) {
                    Set<String> from = typesOf(rule, variable.id());
                    String into = head.types.get(i);
                    if (from.size() == 1 && !types.includes(into, from.iterator().next())) {
                        faults.error(
                                AnalysisCode.TYPE,
                                variable.span(),
                                rule.variables.get(variable.id()).name()
                                        + " is of type "
                                        + from.iterator().next()
                                        + ", column "
                                        + head.columnNames.get(i)
                                        + " of "
                                        + head.name
                                        + " is of type "
                                        + into,
                                "as("
                                        + rule.variables.get(variable.id()).name()
                                        + ", "
                                        + into
                                        + ") takes it for one",
                                "declared here",
                                head.declared);
                    }
                }
            }
        }
    }

    /// The declared types of the columns that give a variable its values; empty when one of them is
    /// not known.
    private Set<String> typesOf(DraftRule rule, int variable) {
        Set<String> found = new HashSet<>();
        for (Drafts.DraftLiteral literal : rule.body) {
            if (literal instanceof Drafts.DraftAtom atom && !atom.negated()) {
                List<String> columns = relations.entries().get(atom.relation()).types;
                for (int i = 0; i < atom.arguments().size(); i++) {
                    if (atom.arguments().get(i) instanceof DraftVariable(int id, int _, Span _)
                            && id == variable) {
                        if (columns.isEmpty()) {
                            return Set.of();
                        }
                        found.add(columns.get(i));
                    }
                }
            } else if (literal instanceof Drafts.DraftCompare compare) {
                // an equation may narrow it in ways that are not followed
                if (compare.comparison() == Comparison.EQUAL
                        && (isVariable(compare.left(), variable)
                                || isVariable(compare.right(), variable))) {
                    return Set.of();
                }
            }
        }
        return found;
    }

    private static boolean isVariable(Drafts.DraftTerm term, int variable) {
        return term instanceof DraftVariable(int id, int _, Span _) && id == variable;
    }

    /// The module that a place lies in; null when it is none.
    private @Nullable String programOf(Span span) {
        for (Program program : programs) {
            if (program.source() == span.source()) {
                return program.module();
            }
        }
        return null;
    }

    private void singletons(Item.Rule written) {
        Map<String, Integer> counts = new HashMap<>();
        Map<String, Span> places = new LinkedHashMap<>();
        Occurrences.count(written, counts, places);
        places.forEach((name, span) -> {
            if (counts.getOrDefault(name, 0) == 1 && !name.startsWith("_")) {
                faults.warning(
                        AnalysisCode.SINGLETON,
                        span,
                        "variable " + name + " occurs once",
                        "write _ when its value does not matter");
            }
        });
    }
}
