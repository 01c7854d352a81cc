package dev.sovereign.finance;

import dev.sovereign.error.SovereignException;

/// The text that tells this machine from others. Confidential (machine-id(5)): it is in no log,
/// error or file of ours, and only [Payload]s made from it leave.
public final class MachineId {

    private static final int MIN_CHARS = 8;

    /// What firmware and images say when nobody gave them an id.
    private static final java.util.Set<String> PLACEHOLDERS =
            java.util.Set.of("unknown", "uninitialized", "03000200-0400-0500-0006-000700080009");

    private final String text;

    private MachineId(String text) {
        this.text = text;
    }

    /// Takes an id as it is: no byte of it is changed.
    ///
    /// @param from where it comes from; errors say so
    /// @throws SovereignException `license.machine-id` for what many machines share, and for what
    ///   is no id; the message does not quote it
    public static MachineId of(String text, String from) {
        String wrong = fault(text);
        if (wrong != null) {
            throw new SovereignException(
                    LicenseError.MACHINE_ID,
                    "the machine id from " + from + " " + wrong,
                    "give this machine an id (systemd-machine-id-setup), or set"
                            + " license.machine-id");
        }
        return new MachineId(text);
    }

    private static @org.jspecify.annotations.Nullable String fault(String text) {
        if (text.isEmpty()) {
            return "is empty";
        }
        int characters = text.codePointCount(0, text.length());
        if (characters < MIN_CHARS || characters > FinanceLimits.MAX_MACHINE_ID_CHARS) {
            return "has "
                    + characters
                    + " characters; "
                    + MIN_CHARS
                    + " to "
                    + FinanceLimits.MAX_MACHINE_ID_CHARS
                    + " are allowed";
        }
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        if (PLACEHOLDERS.contains(lower)) {
            return "is a placeholder that many machines share";
        }
        String digits = lower.replace("-", "");
        if (digits.chars().allMatch(c -> c == '0') || digits.chars().allMatch(c -> c == 'f')) {
            return "is all " + digits.charAt(0);
        }
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            return "has control characters";
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))
                    && !Character.isSurrogatePair(
                            text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : 0)
                    && !(i > 0 && Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i)))) {
                return "is no Unicode text";
            }
        }
        return null;
    }

    /// What binds a license to this machine.
    public Payload payload() {
        return Payload.ofText(Payload.PREFIX, text);
    }

    /// The id itself, for the person whose machine this is, and for the rule's hints.
    public String reveal() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MachineId id && text.equals(id.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /// Not the id.
    @Override
    public String toString() {
        return "machine id (confidential)";
    }
}
