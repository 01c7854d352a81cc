package dev.sovereign.finance;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Where a SHA-256 comes from.
final class Sha256 {
    private Sha256() {}

    /// A fresh digest, for one thread.
    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
