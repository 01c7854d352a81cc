package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Name;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.ast.TypeBody;
import dev.sovereign.core.parse.Spelling;

import org.jspecify.annotations.Nullable;

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
    private final Faults faults;

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
                .sorted(
                        java.util.Comparator.comparingInt(
                                declaration -> declaration.span().start()))
                .forEach(declaration -> kind(declaration.name(), new HashSet<>()));
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
            faults.error(
                    AnalysisCode.TYPE_CYCLE,
                    declaration.name().span(),
                    "type " + name.text() + " is defined by itself",
                    null);
            return null;
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
        }
        return kind;
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
            common = common == null ? kind : common;
        }
        return common;
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
