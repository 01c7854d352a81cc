package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Attribute;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Program;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The functors that programs declare with `.functor`. Texts that are evaluated together share
/// them; where two declare one name in different ways, each means its own.
final class DeclaredFunctors {

    private final IdentityHashMap<Program, Map<String, Item.FunctorDeclaration>> own =
            new IdentityHashMap<>();
    private final Map<String, Item.FunctorDeclaration> all = new TreeMap<>();

    DeclaredFunctors(List<Program> programs, Faults faults) {
        for (Program program : programs) {
            Map<String, Item.FunctorDeclaration> declared = new HashMap<>();
            own.put(program, declared);
            for (Item item : program.items()) {
                if (!(item instanceof Item.FunctorDeclaration functor)) {
                    continue;
                }
                String name = functor.name().text();
                Item.FunctorDeclaration before = declared.putIfAbsent(name, functor);
                if (before != null && !sameTypes(before, functor)) {
                    faults.error(
                            AnalysisCode.DUPLICATE,
                            functor.name().span(),
                            "functor @" + name + " is declared twice, with other types",
                            "keep one of the declarations",
                            "declared here",
                            before.name().span());
                }
                all.putIfAbsent(name, functor);
            }
        }
    }

    private static boolean sameTypes(Item.FunctorDeclaration one, Item.FunctorDeclaration other) {
        return one.stateful() == other.stateful()
                && one.result().text().equals(other.result().text())
                && types(one).equals(types(other));
    }

    private static List<String> types(Item.FunctorDeclaration functor) {
        return functor.arguments().stream().map(Attribute::type).map(name -> name.text()).toList();
    }

    Item.@Nullable FunctorDeclaration find(Program program, String name) {
        Map<String, Item.FunctorDeclaration> declared = own.get(program);
        Item.FunctorDeclaration nearest = declared == null ? null : declared.get(name);
        return nearest != null ? nearest : all.get(name);
    }

    Set<String> names() {
        return all.keySet();
    }
}
