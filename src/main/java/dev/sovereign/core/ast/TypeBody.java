package dev.sovereign.core.ast;

import java.util.List;

/// The right-hand side of a type declaration.
public sealed interface TypeBody {

    /// `<: base`; also the old `.number_type`, `.symbol_type` and a bare `.type`.
    record Subset(Name base) implements TypeBody {}

    /// `= a | b`, or `= a`, which is another name for `a`.
    record Union(List<Name> members) implements TypeBody {
        public Union {
            members = List.copyOf(members);
        }
    }

    /// `= [x:number, y:symbol]`.
    @SuppressWarnings("AvoidCommonTypeNames") // the word of the language
    record Record(List<Attribute> fields) implements TypeBody {
        public Record {
            fields = List.copyOf(fields);
        }
    }

    /// `= Leaf {} | Node {left:Tree, right:Tree}`.
    record Algebraic(List<Branch> branches) implements TypeBody {
        public Algebraic {
            branches = List.copyOf(branches);
        }
    }

    /// One branch of an algebraic type.
    record Branch(Name name, List<Attribute> fields) {
        public Branch {
            fields = List.copyOf(fields);
        }
    }
}
