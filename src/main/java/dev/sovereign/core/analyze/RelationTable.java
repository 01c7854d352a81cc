package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Attribute;
import dev.sovereign.core.ast.FactBlock;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Name;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.ast.Qualifier;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.Spelling;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which relation a name means, in which text, and what is known of its columns.
///
/// A module's own relations are those it has rules or facts for; they are called `@module.name`
/// inside. Every other name is global: a stored relation, one of the question's own, or the one
/// module's that derives it (specs/datalog.md section 1).
final class RelationTable {

    /// One relation under construction.
    static final class Entry {
        final int id;
        final String name;
        final Span used;
        int[] slots = {};
        List<String> columnNames = List.of();

        /// Declared types of the columns; empty when nobody declared them.
        List<String> types = List.of();

        boolean shaped;
        boolean external;
        boolean readOnly;
        boolean query;
        boolean hasInput;
        boolean hasOutput;
        boolean isDerived;
        boolean isUsed;
        @Nullable Span declared;
        @Nullable Long sizeLimit;
        final List<List<Integer>> choices = new ArrayList<>();
        final Set<Qualifier> qualifiers = EnumSet.noneOf(Qualifier.class);

        Entry(int id, String name, Span used) {
            this.id = id;
            this.name = name;
            this.used = used;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Entry> byName = new HashMap<>();

    /// Names that each module derives, and that programs outside of modules define.
    private final Map<String, Set<String>> derivedBy = new HashMap<>();

    private final Map<String, List<String>> modulesOf = new HashMap<>();
    private final Set<String> local = new HashSet<>();

    /// Texts that declare relations. By identity: a program's hash code is that of all its items.
    private final Set<Program> closed = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Catalog catalog;
    private final TypeTable types;
    private final Slots slots;
    private final Faults faults;
    private final Mode mode;

    RelationTable(
            List<Program> programs,
            Catalog catalog,
            Mode mode,
            TypeTable types,
            Slots slots,
            Faults faults) {
        this.catalog = catalog;
        this.types = types;
        this.slots = slots;
        this.faults = faults;
        this.mode = mode;
        for (Program program : programs) {
            collectHeads(program);
        }
        for (Program program : programs) {
            for (Item item : program.items()) {
                if (item instanceof Item.RelationDeclaration declaration) {
                    closed.add(program);
                    declare(program, declaration, types);
                }
            }
        }
    }

    List<Entry> entries() {
        return entries;
    }

    private void collectHeads(Program program) {
        for (Item item : program.items()) {
            switch (item) {
                case FactBlock block -> head(program, block.relation());
                case Item.Rule rule -> rule.heads().forEach(atom -> head(program, atom.relation()));
                case Item.Subsumption subsumption ->
                        head(program, subsumption.dominated().relation());
                case Item.RelationDeclaration declaration -> {
                    if (program.module() == null) {
                        declaration.names().forEach(name -> local.add(name.text()));
                    }
                }
                default -> {}
            }
        }
    }

    private void head(Program program, Name name) {
        String module = program.module();
        if (name.module() != null) {
            return; // reported where the rule is read
        }
        if (module == null) {
            local.add(name.text());
        } else if (derivedBy.computeIfAbsent(module, _ -> new HashSet<>()).add(name.text())) {
            modulesOf.computeIfAbsent(name.text(), _ -> new ArrayList<>()).add(module);
        }
    }

    private boolean derives(@Nullable String module, String name) {
        return module != null && derivedBy.getOrDefault(module, Set.of()).contains(name);
    }

    // ---- declarations ----

    private void declare(Program program, Item.RelationDeclaration declaration, TypeTable types) {
        if (declaration.deltaOf() != null) {
            faults.error(
                    AnalysisCode.UNSUPPORTED,
                    declaration.span(),
                    "debug_delta is not carried out",
                    "leave it out");
        }
        for (Name name : declaration.names()) {
            if (name.text().startsWith("sys_")) {
                faults.error(
                        AnalysisCode.READ_ONLY,
                        name.span(),
                        "relation " + name.text() + " is the system's",
                        "names that begin with sys_ are reserved; use another name");
                continue;
            }
            String key =
                    derives(program.module(), name.text())
                            ? "@" + program.module() + "." + name.text()
                            : name.text();
            Entry entry = entry(key, name.span());
            if (entry.declared != null) {
                faults.error(
                        AnalysisCode.DUPLICATE,
                        name.span(),
                        "relation " + name.text() + " is declared twice",
                        "declare it once",
                        "declared here first",
                        entry.declared);
                continue;
            }
            entry.declared = name.span();
            entry.qualifiers.addAll(declaration.qualifiers());
            columns(entry, declaration, types);
            if (declaration.qualifiers().contains(Qualifier.EQREL)) {
                equivalence(entry, name.span());
            }
            choices(entry, declaration);
        }
    }

    private void equivalence(Entry entry, Span span) {
        if (entry.slots.length != 2 || !slots.merge(entry.slots[0], entry.slots[1])) {
            faults.error(
                    AnalysisCode.TYPE,
                    span,
                    "relation "
                            + entry.name
                            + " is an equivalence (eqrel), so it has two columns of one type",
                    null);
        }
    }

    private void choices(Entry entry, Item.RelationDeclaration declaration) {
        for (List<Name> key : declaration.choiceDomain()) {
            List<Integer> columns = new ArrayList<>();
            for (Name attribute : key) {
                int column = entry.columnNames.indexOf(attribute.text());
                if (column < 0) {
                    String near = Spelling.nearest(attribute.text(), entry.columnNames);
                    faults.error(
                            AnalysisCode.UNKNOWN_ATTRIBUTE,
                            attribute.span(),
                            "relation "
                                    + entry.name
                                    + " has no attribute "
                                    + attribute.text()
                                    + " to choose by",
                            near == null ? null : "did you mean " + near + "?");
                } else {
                    columns.add(column);
                }
            }
            entry.choices.add(columns);
        }
    }

    private void columns(Entry entry, Item.RelationDeclaration declaration, TypeTable types) {
        List<Attribute> attributes = declaration.attributes();
        Set<String> names = new HashSet<>();
        int[] declared = new int[attributes.size()];
        List<String> columnNames = new ArrayList<>();
        for (int i = 0; i < declared.length; i++) {
            Attribute attribute = attributes.get(i);
            if (!names.add(attribute.name())) {
                faults.error(
                        AnalysisCode.DUPLICATE,
                        attribute.span(),
                        "relation " + entry.name + " has two attributes " + attribute.name(),
                        "name each differently");
            }
            Kind kind = types.kind(attribute.type());
            declared[i] =
                    kind == null
                            ? slots.add(Slots.ANY, null)
                            : slots.add(
                                    kind,
                                    attribute.type().text(),
                                    types.base(attribute.type().text()),
                                    attribute.span());
            columnNames.add(attribute.name());
        }
        if (entry.shaped) { // the catalog knows it too
            agree(entry, declared, declaration.span());
            return;
        }
        entry.slots = declared;
        entry.types = attributes.stream().map(attribute -> attribute.type().text()).toList();
        entry.columnNames = columnNames;
        entry.shaped = true;
    }

    private void agree(Entry entry, int[] declared, Span span) {
        boolean same = declared.length == entry.slots.length;
        for (int i = 0; same && i < declared.length; i++) {
            same = slots.merge(declared[i], entry.slots[i]);
        }
        if (!same) {
            StringBuilder stored = new StringBuilder();
            for (int slot : entry.slots) {
                stored.append(stored.isEmpty() ? "" : ", ").append(slots.shown(slot));
            }
            faults.error(
                    AnalysisCode.TYPE,
                    span,
                    "relation "
                            + entry.name
                            + " is declared otherwise than it is stored: ("
                            + stored
                            + ")",
                    "declare it as it is stored, or use another name");
        }
    }

    // ---- names ----

    /// An entry under its inner name, made when it is new; one that the catalog knows gets its
    /// columns.
    private Entry entry(String key, Span used) {
        Entry known = byName.get(key);
        if (known != null) {
            return known;
        }
        Entry entry = add(key, used);
        Catalog.Known stored = key.startsWith("@") ? null : catalog.find(key);
        if (stored != null) {
            entry.external = true;
            entry.readOnly = stored.readOnly();
            entry.shaped = true;
            entry.slots = new int[stored.columns().size()];
            entry.columnNames = stored.columns().stream().map(Column::name).toList();
            for (int i = 0; i < entry.slots.length; i++) {
                Column column = stored.columns().get(i);
                entry.slots[i] =
                        slots.add(column.kind(), column.type(), types.base(column.type()), null);
            }
        }
        return entry;
    }

    private Entry add(String key, Span used) {
        Entry entry = new Entry(entries.size(), key, used);
        entries.add(entry);
        byName.put(key, entry);
        return entry;
    }

    /// A relation that stands for a query.
    Entry query(Span span, int[] columns, List<String> names) {
        Entry entry = add("?" + entries.size(), span);
        entry.query = true;
        entry.shaped = true;
        entry.slots = columns;
        entry.columnNames = names;
        return entry;
    }

    /// The relation that a rule or fact of a program adds to; null when it may not.
    @Nullable Entry head(Program program, Name name, int arity) {
        if (name.module() != null) {
            faults.error(
                    AnalysisCode.READ_ONLY,
                    name.span(),
                    "only module " + name.module() + " itself adds to " + name.shown(),
                    "derive a relation of another name");
            return null;
        }
        Entry entry =
                derives(program.module(), name.text())
                        ? entry("@" + program.module() + "." + name.text(), name.span())
                        : entry(name.text(), name.span());
        if (entry.readOnly || name.text().startsWith("sys_")) {
            faults.error(
                    AnalysisCode.READ_ONLY,
                    name.span(),
                    "relation " + name.text() + " is the system's: nothing can be added to it",
                    "names that begin with sys_ are reserved; use another name");
            return null;
        }
        if (!requireDeclared(program, entry, name)) {
            return null;
        }
        return shape(entry, name, arity) ? entry : null;
    }

    /// The relation that a body of a program means; null when there is none.
    @Nullable Entry body(Program program, Name name, int arity) {
        Entry entry = find(program, name);
        if (entry == null || !shape(entry, name, arity)) {
            return null;
        }
        entry.isUsed = true;
        return entry;
    }

    /// The relation that a name of a directive or body means; a fault and null when there is none.
    @Nullable Entry find(Program program, Name name) {
        String text = name.text();
        String module = name.module();
        if (module != null) {
            if (derives(module, text)) {
                return entry("@" + module + "." + text, name.span());
            }
            unknown(program, name);
            return null;
        }
        if (derives(program.module(), text)) {
            return entry("@" + program.module() + "." + text, name.span());
        }
        List<String> modules = modulesOf.getOrDefault(text, List.of());
        if (local.contains(text) || modules.isEmpty()) {
            boolean known =
                    byName.containsKey(text) || local.contains(text) || catalog.find(text) != null;
            if (!known) {
                unknown(program, name);
                return null;
            }
            Entry entry = entry(text, name.span());
            return requireDeclared(program, entry, name) ? entry : null;
        }
        if (modules.size() > 1) {
            StringBuilder list = new StringBuilder();
            modules.forEach(one ->
                    list.append(list.isEmpty() ? "" : " and ")
                            .append('@')
                            .append(one)
                            .append('.')
                            .append(text));
            faults.error(
                    AnalysisCode.AMBIGUOUS,
                    name.span(),
                    "relation " + text + " is derived by " + modules.size() + " modules: " + list,
                    "say which one you mean, such as @" + modules.getFirst() + "." + text);
            return null;
        }
        return entry("@" + modules.getFirst() + "." + text, name.span());
    }

    /// A text that declares a relation declares all that neither the store nor another text knows.
    private boolean requireDeclared(Program program, Entry entry, Name name) {
        if (entry.declared != null
                || entry.external
                || !closed.contains(program)
                || mode == Mode.FACTS) {
            return true;
        }
        String near = Spelling.nearest(name.text(), declaredNames());
        faults.error(
                AnalysisCode.UNKNOWN_RELATION,
                name.span(),
                "relation " + name.text() + " is not declared",
                near != null
                        ? "did you mean " + near + "?"
                        : "declare it with .decl " + name.text() + "(…)");
        return false;
    }

    private Set<String> declaredNames() {
        Set<String> names = new TreeSet<>();
        for (Entry entry : entries) {
            if (entry.declared != null || entry.external) {
                names.add(entry.name);
            }
        }
        return names;
    }

    private void unknown(Program program, Name name) {
        Set<String> names = new TreeSet<>(catalog.names());
        names.addAll(local);
        modulesOf.keySet().forEach(names::add);
        names.addAll(declaredNames());
        if (program.module() != null) {
            names.addAll(derivedBy.getOrDefault(program.module(), Set.of()));
        }
        String near = Spelling.nearest(name.text(), names);
        faults.error(
                AnalysisCode.UNKNOWN_RELATION,
                name.span(),
                closed.contains(program)
                        ? "relation " + name.shown() + " is not declared"
                        : "there is no relation "
                                + name.shown()
                                + ": it has neither facts nor rules",
                near != null && !near.equals(name.text())
                        ? "did you mean " + near + "?"
                        : closed.contains(program)
                                ? "declare it with .decl " + name.text() + "(…)"
                                : null);
    }

    /// Gives a relation its columns by its first use, or checks their number.
    private boolean shape(Entry entry, Name name, int arity) {
        if (!entry.shaped) {
            entry.shaped = true;
            entry.slots = new int[arity];
            List<String> names = new ArrayList<>();
            for (int i = 0; i < arity; i++) {
                entry.slots[i] = slots.add(Slots.ANY, null);
                names.add("c" + (i + 1));
            }
            entry.columnNames = names;
            return true;
        }
        if (entry.slots.length == arity) {
            return true;
        }
        faults.error(
                AnalysisCode.ARITY,
                name.span(),
                "relation "
                        + name.shown()
                        + " has "
                        + count(entry.slots.length, "column")
                        + ", here it is given "
                        + count(arity, "argument"),
                null,
                entry.declared != null ? "declared here" : "first used here",
                entry.declared != null ? entry.declared : entry.external ? null : entry.used);
        return false;
    }

    static String count(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    /// Pairs of relations of which the first holds whatever the second holds: a module's relation
    /// its stored facts, a question's own the one of the module that derives it too.
    List<Entry[]> unions() {
        List<Entry[]> unions = new ArrayList<>();
        for (Entry entry : List.copyOf(entries)) {
            if (entry.name.startsWith("@")) {
                String plain = entry.name.substring(entry.name.indexOf('.') + 1);
                if (catalog.find(plain) != null) {
                    unions.add(new Entry[] {entry, entry(plain, entry.used)});
                }
            } else if (!entry.query && local.contains(entry.name)) {
                List<String> modules = modulesOf.getOrDefault(entry.name, List.of());
                if (modules.size() == 1) {
                    unions.add(
                            new Entry[] {
                                entry,
                                entry("@" + modules.getFirst() + "." + entry.name, entry.used)
                            });
                }
            }
        }
        return unions;
    }
}
