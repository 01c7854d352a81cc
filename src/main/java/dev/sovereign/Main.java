package dev.sovereign;

/// Composition root: wires cli and node together; nothing depends on it.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("sovereign");
    }
}
