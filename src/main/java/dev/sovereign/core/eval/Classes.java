package dev.sovereign.core.eval;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/// The generated classes of one evaluation. Lanes that carry out the same rule share a class, so
/// that the JIT compiler has it once. Any thread.
final class Classes {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private final Map<ByteBuffer, MethodHandle> constructors = new HashMap<>();

    /// An instance of the class with this code.
    ///
    /// @param parts what the code works on
    Kernel instance(byte[] code, Object[] parts, Control control) {
        try {
            return (Kernel) constructor(code).invoke(parts, control);
        } catch (Throwable failure) {
            throw new IllegalStateException("generated code does not link", failure);
        }
    }

    private synchronized MethodHandle constructor(byte[] code) throws ReflectiveOperationException {
        MethodHandle known = constructors.get(ByteBuffer.wrap(code));
        if (known == null) {
            MethodHandles.Lookup made = LOOKUP.defineHiddenClass(code, true);
            known =
                    made.findConstructor(
                            made.lookupClass(),
                            MethodType.methodType(void.class, Object[].class, Control.class));
            constructors.put(ByteBuffer.wrap(code), known);
        }
        return known;
    }
}
