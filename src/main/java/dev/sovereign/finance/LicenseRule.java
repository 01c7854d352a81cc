package dev.sovereign.finance;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The rule (license.md, section 1): some output pays the price to the developer's script, and some
/// OP_RETURN output pushes exactly the payload. On bytes; nothing is asked of anybody.
public final class LicenseRule {

    private static final int OP_RETURN = 0x6a;

    /// Other payloads that are named in hints; a transaction can hold thousands.
    private static final int MAX_OTHERS = 3;

    private final LicenseTerms terms;
    private final Payload payload;
    private final @Nullable MachineId id;
    private final List<MachineId> others;

    /// Judges for a payload whose machine id is not known: fewer hints.
    public LicenseRule(LicenseTerms terms, Payload payload) {
        this(terms, payload, null, List.of());
    }

    /// Judges for a machine.
    public LicenseRule(LicenseTerms terms, MachineIds ids) {
        this(terms, ids.id().payload(), ids.id(), ids.others());
    }

    /// Judges for a machine id.
    public LicenseRule(LicenseTerms terms, MachineId id) {
        this(terms, id.payload(), id, List.of());
    }

    private LicenseRule(
            LicenseTerms terms, Payload payload, @Nullable MachineId id, List<MachineId> others) {
        this.terms = terms;
        this.payload = payload;
        this.id = id;
        this.others = List.copyOf(others);
    }

    public LicenseTerms terms() {
        return terms;
    }

    public Payload payload() {
        return payload;
    }

    /// Judges raw bytes.
    public Judgement judge(byte[] raw) {
        RawTransaction transaction;
        try {
            transaction = RawTransaction.parse(raw);
        } catch (MalformedException wrong) {
            return new Judgement(null, EnumSet.of(Reason.MALFORMED), List.of(), 0);
        }
        return judge(transaction);
    }

    /// Judges a transaction.
    public Judgement judge(RawTransaction transaction) {
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        if (!transaction.valuesAreInRange()) {
            reasons.add(Reason.VALUE_RANGE);
        }
        long largest = Long.MIN_VALUE;
        int payments = 0;
        long sum = 0;
        boolean anyReturn = false;
        boolean bound = false;
        for (RawTransaction.Output output : transaction.outputs()) {
            byte[] script = output.script();
            if (terms.address().isPaidBy(script)) {
                payments++;
                largest = Math.max(largest, output.value());
                sum += Math.clamp(output.value(), 0, FinanceLimits.MAX_SATS);
            }
            if (script.length > 0 && (script[0] & 0xff) == OP_RETURN) {
                anyReturn = true;
                byte[] pushed = onlyPush(script);
                bound |= pushed != null && Arrays.equals(pushed, payload.bytes());
            }
        }
        if (payments == 0) {
            reasons.add(Reason.PAYMENT_MISSING);
        } else if (largest < terms.requiredSats()) {
            reasons.add(Reason.PAYMENT_TOO_SMALL);
        }
        if (!anyReturn) {
            reasons.add(Reason.BINDING_MISSING);
        } else if (!bound) {
            reasons.add(Reason.BINDING_MISMATCH);
        }
        List<Hint> hints = new ArrayList<>();
        if (!reasons.isEmpty()) {
            paymentHints(payments, largest, sum, hints);
            if (!bound) {
                bindingHints(transaction, hints);
            }
            boolean paid = payments > 0 && largest >= terms.requiredSats();
            if (paid != bound) {
                hints.add(
                        new Hint(
                                Hint.Kind.TWO_TRANSACTIONS,
                                (paid
                                                ? "the payment is here, the binding is not"
                                                : "the binding is here, the payment is not")
                                        + ": both have to be outputs of one transaction"));
            }
        }
        return new Judgement(transaction, reasons, hints, Math.max(0, largest));
    }

    /// What an OP_RETURN script pushes when it pushes once and does nothing else; null otherwise.
    static byte @Nullable [] onlyPush(byte[] script) {
        if (script.length < 2) {
            return null;
        }
        int opcode = script[1] & 0xff;
        int at = 2;
        long length;
        switch (opcode) {
            case 0x4c, 0x4d, 0x4e -> {
                int width = 1 << (opcode - 0x4c);
                if (script.length < at + width) {
                    return null;
                }
                length = 0;
                for (int i = width - 1; i >= 0; i--) {
                    length = (length << 8) | (script[at + i] & 0xff);
                }
                at += width;
            }
            default -> {
                if (opcode > 0x4b) {
                    return null;
                }
                length = opcode;
            }
        }
        return length == script.length - at ? Arrays.copyOfRange(script, at, script.length) : null;
    }

    private void paymentHints(int payments, long largest, long sum, List<Hint> hints) {
        long price = terms.requiredSats();
        if (payments == 0 || largest >= price) {
            return;
        }
        if (payments > 1 && sum >= price) {
            hints.add(
                    new Hint(
                            Hint.Kind.SPLIT_PAYMENT,
                            payments
                                    + " outputs together pay "
                                    + sum
                                    + " sats; one output has to reach "
                                    + price));
        } else {
            hints.add(
                    new Hint(
                            Hint.Kind.SATS_MISSING,
                            "the largest payment is "
                                    + Math.max(0, largest)
                                    + " of "
                                    + price
                                    + " sats: "
                                    + (price - Math.max(0, largest))
                                    + " are missing, and a second transaction cannot add them"));
        }
    }

    private void bindingHints(RawTransaction transaction, List<Hint> hints) {
        int others = 0;
        Set<Hint.Kind> said = EnumSet.noneOf(Hint.Kind.class);
        for (RawTransaction.Output output : transaction.outputs()) {
            byte[] script = output.script();
            if (script.length == 0 || (script[0] & 0xff) != OP_RETURN) {
                continue;
            }
            byte[] pushed = onlyPush(script);
            Hint hint =
                    pushed == null
                            ? besidePayload(script)
                            : pushed.length == Payload.BYTES
                                    ? ofAnotherPayload(pushed)
                                    : pushed.length == 2 * Payload.BYTES ? ofText(pushed) : null;
            if (hint == null) {
                continue;
            }
            if (hint.kind() == Hint.Kind.OTHER_MACHINE
                    ? others++ < MAX_OTHERS
                    : said.add(hint.kind())) {
                hints.add(hint);
            }
        }
    }

    private @Nullable Hint besidePayload(byte[] script) {
        byte[] wanted = payload.bytes();
        for (int i = 1; i + wanted.length <= script.length; i++) {
            if (Arrays.equals(script, i, i + wanted.length, wanted, 0, wanted.length)) {
                return new Hint(
                        Hint.Kind.NOT_ALONE,
                        "the payload is there, but not alone: the output has to push these 32 bytes"
                                + " once, and nothing else");
            }
        }
        return null;
    }

    private @Nullable Hint ofText(byte[] pushed) {
        String text = new String(pushed, java.nio.charset.StandardCharsets.ISO_8859_1);
        return text.equalsIgnoreCase(payload.hex())
                ? new Hint(
                        Hint.Kind.HEX_TEXT,
                        "the payload stands there as 64 characters of text; the wallet has to take"
                                + " it as 32 bytes in hex")
                : null;
    }

    private Hint ofAnotherPayload(byte[] pushed) {
        Payload found = Payload.ofBytes(pushed);
        byte[] reversed = payload.bytes();
        for (int i = 0, j = reversed.length - 1; i < j; i++, j--) {
            byte swap = reversed[i];
            reversed[i] = reversed[j];
            reversed[j] = swap;
        }
        if (Arrays.equals(pushed, reversed)) {
            return new Hint(Hint.Kind.REVERSED, "the payload's bytes are there in reverse order");
        }
        if (Arrays.equals(pushed, Sha256.digest().digest(payload.bytes()))) {
            return new Hint(
                    Hint.Kind.HASHED_TWICE,
                    "the hash of the payload is there: the payload is the hash already");
        }
        Hint variant = ofVariant(found);
        return variant != null
                ? variant
                : new Hint(
                        Hint.Kind.OTHER_MACHINE,
                        "it binds the machine with payload "
                                + found
                                + "; the payload here is "
                                + payload);
    }

    private @Nullable Hint ofVariant(Payload found) {
        for (MachineId other : others) {
            if (found.equals(other.payload())) {
                return new Hint(
                        Hint.Kind.OTHER_ID,
                        "it binds another id that this machine reports; `license id` says which one"
                                + " counts, license.machine-id can name the other");
            }
        }
        if (id == null) {
            return null;
        }
        String text = id.reveal();
        String undashed = text.replace("-", "");
        if (is(found, text.toUpperCase(Locale.ROOT)) || is(found, text.toLowerCase(Locale.ROOT))) {
            return new Hint(
                    Hint.Kind.OTHER_CASE,
                    "it binds this machine's id in other letter case, which is another id");
        }
        if (is(found, text + "\n") || is(found, text + "\r\n")) {
            return new Hint(
                    Hint.Kind.NEWLINE, "the id was hashed together with the newline after it");
        }
        if (is(found, undashed) || is(found, dashed(undashed))) {
            return new Hint(Hint.Kind.DASHES, "the id was hashed with dashes added or taken away");
        }
        for (String prefix :
                List.of("license", "LICENSE:", "LICENSE-", "LICENSE ", "LICENSE_", "")) {
            if (found.equals(Payload.ofText(prefix, text))) {
                return new Hint(
                        Hint.Kind.PREFIX,
                        "the id was hashed with another prefix; it is LICENSE, with nothing between"
                                + " it and the id");
            }
        }
        return null;
    }

    private static boolean is(Payload found, String id) {
        return found.equals(Payload.ofText(Payload.PREFIX, id));
    }

    /// 8-4-4-4-12, as UUIDs are written; unchanged when there are not 32 characters.
    private static String dashed(String digits) {
        return digits.length() != 32
                ? digits
                : String.join(
                        "-",
                        digits.substring(0, 8),
                        digits.substring(8, 12),
                        digits.substring(12, 16),
                        digits.substring(16, 20),
                        digits.substring(20));
    }
}
