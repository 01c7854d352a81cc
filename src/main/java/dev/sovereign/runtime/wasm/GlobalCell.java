package dev.sovereign.runtime.wasm;

/// A global that instances share.
final class GlobalCell {

    final ValueType type;
    final boolean mutable;
    long value;

    GlobalCell(ValueType type, boolean mutable, long value) {
        this.type = type;
        this.mutable = mutable;
        this.value = value;
    }
}
