package dev.sovereign.core.analyze;

import dev.sovereign.core.analyze.Drafts.DraftAtom;
import dev.sovereign.core.analyze.Drafts.DraftCompare;
import dev.sovereign.core.analyze.Drafts.DraftLiteral;
import dev.sovereign.core.analyze.Drafts.DraftRule;
import dev.sovereign.core.analyze.Drafts.DraftTerm;
import dev.sovereign.core.analyze.Drafts.DraftVariable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Finds variables whose values come from columns of types that have none in common, such as two
/// subtypes of symbol: nothing can be equal there, and comparing them is a mistake. Variables that
/// are compared count as one.
final class CommonTypes {

    private final TypeTable types;
    private final RelationTable relations;
    private final Slots slots;
    private final Faults faults;

    CommonTypes(TypeTable types, RelationTable relations, Slots slots, Faults faults) {
        this.types = types;
        this.relations = relations;
        this.slots = slots;
        this.faults = faults;
    }

    void check(List<DraftRule> rules) {
        for (DraftRule rule : rules) {
            if (!rule.isBroken && rule.dominated == null) {
                check(rule);
            }
        }
    }

    private void check(DraftRule rule) {
        int[] together = new int[rule.variables.size()];
        for (int i = 0; i < together.length; i++) {
            together[i] = i;
        }
        for (DraftLiteral literal : rule.body) {
            if (literal instanceof DraftCompare compare
                    && compare.left() instanceof DraftVariable left
                    && compare.right() instanceof DraftVariable right
                    && slots.id(left.slot()) == slots.id(right.slot())) {
                int from = root(together, left.id());
                together[from] = root(together, right.id());
            }
        }
        Map<Integer, Set<String>> common = new HashMap<>();
        for (DraftLiteral literal : rule.body) {
            if (literal instanceof DraftAtom atom && !atom.negated()) {
                RelationTable.Entry relation = relations.entries().get(atom.relation());
                List<String> columns = relation.types;
                for (int i = 0; i < columns.size() && i < atom.arguments().size(); i++) {
                    DraftTerm argument = atom.arguments().get(i);
                    if (argument instanceof DraftVariable variable
                            && slots.id(variable.slot()) == slots.id(relation.slots[i])) {
                        narrow(root(together, variable.id()), columns.get(i), common);
                    }
                }
            }
        }
        for (int variable = 0; variable < together.length; variable++) {
            Set<String> left = common.get(root(together, variable));
            if (left != null && left.isEmpty() && occursInAtom(rule, variable)) {
                Drafts.DraftName name = rule.variables.get(variable);
                faults.error(
                        AnalysisCode.TYPE,
                        name.span(),
                        "variable "
                                + name.name()
                                + " takes or is compared with values of types that have none in"
                                + " common",
                        "as(" + name.name() + ", T) takes a value for one of type T");
            }
        }
    }

    private static int root(int[] together, int variable) {
        int at = variable;
        while (together[at] != at) {
            together[at] = together[together[at]];
            at = together[at];
        }
        return at;
    }

    private void narrow(int root, String type, Map<Integer, Set<String>> common) {
        Set<String> before = common.get(root);
        if (before == null) {
            common.put(root, Set.of(type));
            return;
        }
        Set<String> after = new TreeSet<>();
        before.forEach(one -> types.common(one, type, after));
        common.put(root, after);
    }

    private static boolean occursInAtom(DraftRule rule, int variable) {
        for (DraftLiteral literal : rule.body) {
            if (literal instanceof DraftAtom atom && !atom.negated()) {
                for (DraftTerm argument : atom.arguments()) {
                    if (argument instanceof DraftVariable found && found.id() == variable) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
