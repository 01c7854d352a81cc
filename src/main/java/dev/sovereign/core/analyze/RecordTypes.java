package dev.sovereign.core.analyze;

import dev.sovereign.core.analyze.Drafts.DraftRecord;
import dev.sovereign.core.analyze.Drafts.DraftRule;
import dev.sovereign.core.analyze.Drafts.DraftTerm;
import dev.sovereign.core.ast.Attribute;
import dev.sovereign.core.ast.Span;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds of which type each `[…]` is, which only its surroundings say, and gives its arguments the
/// types of the fields.
final class RecordTypes {

    private record Open(DraftRule rule, DraftRecord record) {}

    private final TypeTable types;
    private final Slots slots;
    private final Faults faults;

    RecordTypes(TypeTable types, Slots slots, Faults faults) {
        this.types = types;
        this.slots = slots;
        this.faults = faults;
    }

    /// Settles all records of the rules; what is known of one may tell another, so this goes on
    /// until nothing more becomes known.
    void settle(List<DraftRule> rules) {
        List<Open> open = new ArrayList<>();
        for (DraftRule rule : rules) {
            // from the outside inward, which is mostly how they become known
            rule.records.reversed().forEach(record -> open.add(new Open(rule, record)));
        }
        do {
            int before = -1;
            while (!open.isEmpty() && open.size() != before) {
                before = open.size();
                open.removeIf(this::isSettled);
            }
        } while (unite(open));
    }

    /// Makes records that are one value alike, field by field, where no declared type says how they
    /// are: `[x, 1] = [2, y]` needs none.
    ///
    /// @return whether anything became known by it
    private boolean unite(List<Open> open) {
        boolean any = false;
        Map<Integer, DraftRecord> first = new HashMap<>();
        for (Open one : open) {
            DraftRecord record = one.record();
            DraftRecord other = first.putIfAbsent(slots.id(record.slot()), record);
            if (other == null || one.rule().isBroken) {
                continue;
            }
            if (other.arguments().size() != record.arguments().size()) {
                one.rule().isBroken = true;
                faults.error(
                        AnalysisCode.ARITY,
                        record.span(),
                        "a record of "
                                + RelationTable.count(record.arguments().size(), "value")
                                + " is never one of "
                                + RelationTable.count(other.arguments().size(), "value"),
                        null,
                        "it is so from here",
                        other.span());
                continue;
            }
            for (int i = 0; i < record.arguments().size(); i++) {
                DraftTerm argument = record.arguments().get(i);
                int of = other.arguments().get(i).slot();
                any |= slots.id(of) != slots.id(argument.slot());
                if (!slots.merge(of, argument.slot())) {
                    one.rule().isBroken = true;
                    clash(argument, of, "the other record's", other.arguments().get(i).span());
                    break;
                }
            }
        }
        return any;
    }

    private boolean isSettled(Open open) {
        DraftRecord record = open.record();
        String type = slots.structure(record.slot());
        if (type == null) {
            return false;
        }
        List<Attribute> fields = types.recordFields(type);
        List<DraftTerm> arguments = record.arguments();
        if (fields.size() != arguments.size()) {
            open.rule().isBroken = true;
            faults.error(
                    AnalysisCode.ARITY,
                    record.span(),
                    "a "
                            + type
                            + " has "
                            + RelationTable.count(fields.size(), "field")
                            + ", here it is given "
                            + RelationTable.count(arguments.size(), "value"),
                    null,
                    "declared here",
                    types.declaredAt(type));
            return true;
        }
        for (int i = 0; i < fields.size(); i++) {
            Kind kind = types.kind(fields.get(i).type());
            if (kind == null) {
                continue; // reported where it is declared
            }
            String name = fields.get(i).type().text();
            int field = slots.add(kind, name, types.base(name), fields.get(i).span());
            DraftTerm argument = arguments.get(i);
            if (!slots.merge(field, argument.slot())) {
                open.rule().isBroken = true;
                clash(
                        argument,
                        field,
                        "field " + fields.get(i).name() + " of " + type,
                        fields.get(i).span());
            }
        }
        return true;
    }

    private void clash(DraftTerm argument, int expected, String of, Span from) {
        faults.error(
                AnalysisCode.TYPE,
                argument.span(),
                "this is a "
                        + slots.shown(argument.slot())
                        + ", "
                        + of
                        + " is a "
                        + slots.shown(expected),
                null,
                "it is so from here",
                from);
    }
}
