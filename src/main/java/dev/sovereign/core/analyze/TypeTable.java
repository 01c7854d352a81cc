package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Attribute;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Name;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.ast.TypeBody;
import dev.sovereign.core.parse.Spelling;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The types of a set of programs by name, and what kind of value each stands for.
final class TypeTable {

    private static final Map<String, Kind> PRIMITIVE =
            Map.of(
                    "number",
                    Kind.NUMBER,
                    "unsigned",
                    Kind.UNSIGNED,
                    "float",
                    Kind.FLOAT,
                    "symbol",
                    Kind.SYMBOL);

    private final Map<String, Item.TypeDeclaration> declared = new HashMap<>();
    private final Map<String, Kind> kinds = new HashMap<>();

    /// The type that has the fields or branches, by each name for it.
    private final Map<String, String> bases = new HashMap<>();

    private final Map<String, BranchOf> branches = new HashMap<>();
    private final Faults faults;

    /// A branch of an algebraic type.
    ///
    /// @param tag position among the type's branches, which are sorted by name
    record BranchOf(String type, int tag, TypeBody.Branch branch) {}

    TypeTable(List<Program> programs, Faults faults) {
        this.faults = faults;
        for (Program program : programs) {
            for (Item item : program.items()) {
                if (item instanceof Item.TypeDeclaration declaration) {
                    declare(declaration);
                }
            }
        }
        declared.values().stream()
                .sorted(Comparator.comparingInt(declaration -> declaration.span().start()))
                .forEach(declaration -> {
                    cycle(declaration);
                    kind(declaration.name(), new HashSet<>());
                    check(declaration);
                });
    }

    /// A type that comes back to itself through bases and unions has no values of its own.
    private void cycle(Item.TypeDeclaration declaration) {
        String name = declaration.name().text();
        if (leadsTo(declaration, name)) {
            faults.error(
                    AnalysisCode.TYPE_CYCLE,
                    declaration.name().span(),
                    "type " + name + " is defined by itself",
                    "base it on number, unsigned, float or symbol, or make it a record");
            return;
        }
        List<String> members = members(name);
        Item.TypeDeclaration meant = members.size() == 1 ? declared.get(members.getFirst()) : null;
        if (meant != null && leadsTo(meant, meant.name().text())) {
            faults.error(
                    AnalysisCode.TYPE_CYCLE,
                    declaration.name().span(),
                    "type "
                            + name
                            + " is another name for "
                            + members.getFirst()
                            + ", which is defined by itself",
                    null);
        }
    }

    private boolean leadsTo(Item.TypeDeclaration from, String wanted) {
        Set<String> seen = new HashSet<>();
        ArrayDeque<Item.TypeDeclaration> open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty()) {
            List<Name> next =
                    switch (open.pop().body()) {
                        case TypeBody.Subset(Name base) -> List.of(base);
                        case TypeBody.Union(List<Name> members) -> members;
                        case TypeBody.Record _, TypeBody.Algebraic _ -> List.of();
                    };
            for (Name name : next) {
                if (name.text().equals(wanted)) {
                    return true;
                }
                Item.TypeDeclaration declaration = declared.get(name.text());
                if (declaration != null && seen.add(name.text())) {
                    open.push(declaration);
                }
            }
        }
        return false;
    }

    /// Fields and branches of one declaration.
    private void check(Item.TypeDeclaration declaration) {
        switch (declaration.body()) {
            case TypeBody.Record(List<Attribute> fields) ->
                    fields(fields, "type " + declaration.name().text());
            case TypeBody.Algebraic(List<TypeBody.Branch> written) -> {
                List<TypeBody.Branch> sorted = sorted(written);
                for (TypeBody.Branch branch : written) {
                    fields(branch.fields(), "branch " + branch.name().text());
                    BranchOf before =
                            branches.putIfAbsent(
                                    branch.name().text(),
                                    new BranchOf(
                                            declaration.name().text(),
                                            sorted.indexOf(branch),
                                            branch));
                    if (before != null) {
                        faults.error(
                                AnalysisCode.DUPLICATE,
                                branch.name().span(),
                                "branch " + branch.name().text() + " is declared twice",
                                "a branch belongs to one type: use another name",
                                "declared here first",
                                before.branch().name().span());
                    }
                }
            }
            case TypeBody.Subset(Name base) -> {
                if (kinds.get(base.text()) == Kind.RECORD) {
                    faults.error(
                            AnalysisCode.TYPE,
                            base.span(),
                            "a record type such as " + base.text() + " has no subtypes",
                            ".type "
                                    + declaration.name().text()
                                    + " = "
                                    + base.text()
                                    + " is another name for it");
                }
            }
            case TypeBody.Union _ -> {}
        }
    }

    private void fields(List<Attribute> fields, String of) {
        Map<String, Attribute> byName = new HashMap<>();
        for (Attribute field : fields) {
            kind(field.type());
            Attribute before = byName.putIfAbsent(field.name(), field);
            if (before != null) {
                faults.error(
                        AnalysisCode.DUPLICATE,
                        field.span(),
                        of + " has two fields " + field.name(),
                        "name each differently",
                        "declared here first",
                        before.span());
            }
        }
    }

    private static List<TypeBody.Branch> sorted(List<TypeBody.Branch> written) {
        return written.stream()
                .sorted(Comparator.comparing(branch -> branch.name().text()))
                .toList();
    }

    /// The type with fields or branches that a name stands for; null for other types.
    @Nullable String base(String type) {
        return bases.get(type);
    }

    /// The branch of this name; null when there is none.
    @Nullable BranchOf branch(String name) {
        return branches.get(name);
    }

    Set<String> branchNames() {
        return new TreeSet<>(branches.keySet());
    }

    /// The fields of a record type, which is its own base.
    List<Attribute> recordFields(String base) {
        Item.TypeDeclaration declaration = declared.get(base);
        return declaration != null
                        && declaration.body() instanceof TypeBody.Record(List<Attribute> fields)
                ? fields
                : List.of();
    }

    /// Where a type is declared.
    @Nullable Span declaredAt(String type) {
        Item.TypeDeclaration declaration = declared.get(type);
        return declaration == null ? null : declaration.name().span();
    }

    /// Record types under each of their names.
    Map<String, CheckedProgram.RecordType> records() {
        Map<String, CheckedProgram.RecordType> found = new HashMap<>();
        bases.forEach((name, base) -> {
            if (kinds.get(name) == Kind.RECORD) {
                found.put(name, new CheckedProgram.RecordType(name, columns(recordFields(base))));
            }
        });
        return found;
    }

    /// Algebraic types under each of their names.
    Map<String, CheckedProgram.AlgebraicType> algebraics() {
        Map<String, CheckedProgram.AlgebraicType> found = new HashMap<>();
        bases.forEach((name, base) -> {
            Item.TypeDeclaration declaration = declared.get(base);
            if (declaration != null
                    && declaration.body()
                            instanceof TypeBody.Algebraic(List<TypeBody.Branch> written)) {
                found.put(
                        name,
                        new CheckedProgram.AlgebraicType(
                                name,
                                sorted(written).stream()
                                        .map(branch ->
                                                new CheckedProgram.Branch(
                                                        branch.name().text(),
                                                        columns(branch.fields())))
                                        .toList()));
            }
        });
        return found;
    }

    private List<Column> columns(List<Attribute> fields) {
        List<Column> columns = new ArrayList<>(fields.size());
        for (Attribute field : fields) {
            Kind kind = kind(field.type());
            if (kind == null) {
                throw new IllegalStateException("no type " + field.type().text());
            }
            columns.add(new Column(field.name(), field.type().text(), kind));
        }
        return columns;
    }

    private void declare(Item.TypeDeclaration declaration) {
        String name = declaration.name().text();
        if (PRIMITIVE.containsKey(name)) {
            faults.error(
                    AnalysisCode.DUPLICATE,
                    declaration.name().span(),
                    "type " + name + " is built in",
                    "use another name");
            return;
        }
        Item.TypeDeclaration before = declared.putIfAbsent(name, declaration);
        if (before != null) {
            faults.error(
                    AnalysisCode.DUPLICATE,
                    declaration.name().span(),
                    "type " + name + " is declared twice",
                    null,
                    "declared here first",
                    before.name().span());
        }
    }

    /// The kind of a type; a fault is reported and null returned when there is no such type.
    @Nullable Kind kind(Name name) {
        return kind(name, new HashSet<>());
    }

    private @Nullable Kind kind(Name name, Set<String> under) {
        Kind primitive = PRIMITIVE.get(name.text());
        if (primitive != null) {
            return primitive;
        }
        Kind known = kinds.get(name.text());
        if (known != null) {
            return known;
        }
        Item.TypeDeclaration declaration = declared.get(name.text());
        if (declaration == null) {
            Set<String> names = new TreeSet<>(PRIMITIVE.keySet());
            names.addAll(declared.keySet());
            String near = Spelling.nearest(name.text(), names);
            faults.error(
                    AnalysisCode.UNKNOWN_TYPE,
                    name.span(),
                    "there is no type " + name.text(),
                    near == null
                            ? "built in are number, unsigned, float and symbol"
                            : "did you mean " + near + "?");
            return null;
        }
        if (!under.add(name.text())) {
            return null; // reported for each type of the circle
        }
        Kind kind =
                switch (declaration.body()) {
                    case TypeBody.Subset(Name base) -> kind(base, under);
                    case TypeBody.Union(List<Name> members) -> union(declaration, members, under);
                    case TypeBody.Record _ -> Kind.RECORD;
                    case TypeBody.Algebraic _ -> Kind.ADT;
                };
        under.remove(name.text());
        if (kind != null) {
            kinds.put(name.text(), kind);
            String base = baseOf(name.text(), declaration.body());
            if (kind.isStructured() && base != null) {
                bases.put(name.text(), base);
            }
        }
        return kind;
    }

    private @Nullable String baseOf(String name, TypeBody body) {
        return switch (body) {
            case TypeBody.Subset(Name base) -> bases.get(base.text());
            case TypeBody.Union(List<Name> members) -> bases.get(members.getFirst().text());
            case TypeBody.Record _, TypeBody.Algebraic _ -> name;
        };
    }

    private @Nullable Kind union(
            Item.TypeDeclaration declaration, List<Name> members, Set<String> under) {
        Kind common = null;
        for (Name member : members) {
            Kind kind = kind(member, under);
            if (kind != null && common != null && kind != common) {
                faults.error(
                        AnalysisCode.TYPE,
                        member.span(),
                        "type "
                                + declaration.name().text()
                                + " joins "
                                + common.word()
                                + " and "
                                + kind.word(),
                        "members of a union share one of number, unsigned, float and symbol");
                return common;
            }
            if (members.size() > 1 && kind != null && kind.isStructured()) {
                faults.error(
                        AnalysisCode.TYPE,
                        declaration.name().span(),
                        "type "
                                + declaration.name().text()
                                + " joins "
                                + member.text()
                                + ", whose values have fields",
                        "join them as branches: .type "
                                + declaration.name().text()
                                + " = First { x : "
                                + member.text()
                                + " } | …");
            }
            common = common == null ? kind : common;
        }
        return common;
    }

    /// Adds the types whose values are of both types; none when no value is.
    void common(String one, String other, Set<String> into) {
        common(one, other, into, new HashSet<>());
    }

    private void common(String one, String other, Set<String> into, Set<List<String>> asked) {
        if (!asked.add(List.of(one, other))) {
            return;
        }
        String left = resolved(one);
        String right = resolved(other);
        if (includes(left, right)) {
            into.add(right);
            return;
        }
        if (includes(right, left)) {
            into.add(left);
            return;
        }
        for (String member : members(left)) {
            common(member, right, into, asked);
        }
        for (String member : members(right)) {
            common(left, member, into, asked);
        }
    }

    /// What another name stands for in the end.
    private String resolved(String name) {
        String at = name;
        for (int i = 0; i <= declared.size(); i++) {
            List<String> members = members(at);
            if (members.size() != 1) {
                break;
            }
            at = members.getFirst();
        }
        return at;
    }

    private List<String> members(String type) {
        Item.TypeDeclaration declaration = declared.get(type);
        return declaration != null
                        && declaration.body() instanceof TypeBody.Union(List<Name> members)
                ? members.stream().map(Name::text).toList()
                : List.of();
    }

    /// Whether every value of `part` is one of `whole`.
    boolean includes(String whole, String part) {
        return includes(whole, part, new HashSet<>());
    }

    private boolean includes(String whole, String part, Set<List<String>> asked) {
        if (whole.equals(part)) {
            return true;
        }
        if (!asked.add(List.of(whole, part))) {
            return false; // found out already, or a circle
        }
        Item.TypeDeclaration upper = declared.get(whole);
        if (upper != null && upper.body() instanceof TypeBody.Union(List<Name> members)) {
            for (Name member : members) {
                if (includes(member.text(), part, asked)) {
                    return true;
                }
            }
        }
        Item.TypeDeclaration lower = declared.get(part);
        return switch (lower == null ? null : lower.body()) {
            case null -> false;
            case TypeBody.Subset(Name base) -> includes(whole, base.text(), asked);
            case TypeBody.Union(List<Name> members) -> {
                for (Name member : members) {
                    if (!includes(whole, member.text(), asked)) {
                        yield false;
                    }
                }
                yield true;
            }
            case TypeBody.Record _, TypeBody.Algebraic _ -> false;
        };
    }
}
