package dev.sovereign.finance;

import dev.sovereign.error.SovereignException;

import org.bitcoinj.base.BitcoinNetwork;
import org.bitcoinj.base.LegacyAddress;
import org.bitcoinj.base.SegwitAddress;
import org.bitcoinj.base.exceptions.AddressFormatException;

import java.util.HexFormat;
import java.util.Locale;

/// The address that a license is paid to, with the locking script it stands for. One of P2PKH,
/// P2SH, P2WPKH, P2WSH and P2TR; anything newer is refused although it parses, for nobody knows yet
/// who can spend what is paid there.
public final class PaymentAddress {

    /// What an address stands for.
    public enum Type {
        P2PKH(546),
        P2SH(540),
        P2WPKH(294),
        P2WSH(330),
        P2TR(330);

        private final long dustSats;

        Type(long dustSats) {
            this.dustSats = dustSats;
        }

        /// Below this, nodes do not relay a payment.
        public long dustSats() {
            return dustSats;
        }
    }

    /// The longest form is bech32 of 90 characters (BIP-0173).
    private static final int MAX_CHARS = 90;

    private final String text;
    private final Type type;
    private final byte[] script;

    private PaymentAddress(String text, Type type, byte[] script) {
        this.text = text;
        this.type = type;
        this.script = script;
    }

    /// Reads an address of exactly this network.
    ///
    /// @throws SovereignException `license.address`, naming the cause
    public static PaymentAddress parse(Network network, String text) {
        if (text.isEmpty()) {
            throw refused(text, "it is empty");
        }
        if (text.length() > MAX_CHARS) {
            throw refused(text.substring(0, 20) + "…", "it has " + text.length() + " characters");
        }
        if (!text.equals(text.strip())) {
            throw refused(text, "there are blanks around it");
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                throw refused(text, "character " + (i + 1) + " cannot be part of an address");
            }
        }
        String lower = text.toLowerCase(Locale.ROOT);
        int separator = lower.lastIndexOf('1');
        String prefix = separator < 0 ? "" : lower.substring(0, separator);
        boolean isBech32 = prefix.equals("bc") || prefix.equals("tb") || prefix.equals("bcrt");
        try {
            return isBech32 ? segwit(network, text, lower, prefix) : legacy(network, text);
        } catch (AddressFormatException.InvalidChecksum wrong) {
            throw refused(text, "its checksum is wrong: a character is mistyped or missing");
        } catch (AddressFormatException.InvalidCharacter wrong) {
            throw refused(
                    text, "character " + (wrong.position + 1) + " cannot be part of an address");
        } catch (AddressFormatException.UnexpectedWitnessVersion wrong) {
            throw refused(
                    text,
                    "its checksum is of the wrong kind: version 0 takes bech32, later ones"
                            + " bech32m");
        } catch (AddressFormatException.InvalidDataLength wrong) {
            throw refused(text, "its length fits no address");
        } catch (IllegalArgumentException wrong) {
            throw refused(text, "it is no Bitcoin address");
        }
    }

    private static PaymentAddress segwit(
            Network network, String text, String lower, String prefix) {
        if (!text.equals(lower) && !text.equals(text.toUpperCase(Locale.ROOT))) {
            throw refused(text, "it mixes upper and lower case");
        }
        String ours =
                switch (network) {
                    case MAINNET -> "bc";
                    case TESTNET, TESTNET4, SIGNET -> "tb";
                    case REGTEST -> "bcrt";
                };
        if (!prefix.equals(ours)) {
            throw refused(text, otherNetwork(network, prefix.equals("bc")));
        }
        SegwitAddress address = SegwitAddress.fromBech32(text, parameters(network));
        byte[] program = address.getWitnessProgram();
        int version = address.getWitnessVersion();
        Type type;
        if (version == 0 && program.length == 20) {
            type = Type.P2WPKH;
        } else if (version == 0 && program.length == 32) {
            type = Type.P2WSH;
        } else if (version == 1 && program.length == 32) {
            type = Type.P2TR;
        } else {
            throw refused(
                    text,
                    "witness version "
                            + version
                            + " with "
                            + program.length
                            + " bytes is not known to be safe");
        }
        int opcode = version == 0 ? 0 : 0x50 + version;
        return new PaymentAddress(
                text, type, join(new byte[] {(byte) opcode, (byte) program.length}, program, ""));
    }

    private static PaymentAddress legacy(Network network, String text) {
        LegacyAddress address;
        try {
            address = LegacyAddress.fromBase58(text, parameters(network));
        } catch (AddressFormatException.WrongNetwork wrong) {
            throw switch (text.charAt(0)) {
                case '1', '3' -> refused(text, otherNetwork(network, true));
                case 'm', 'n', '2' -> refused(text, otherNetwork(network, false));
                default -> refused(text, "it is of another currency");
            };
        }
        byte[] hash = address.getHash();
        return address.p2sh
                ? new PaymentAddress(
                        text, Type.P2SH, join(new byte[] {(byte) 0xa9, 20}, hash, "87"))
                : new PaymentAddress(
                        text, Type.P2PKH, join(new byte[] {0x76, (byte) 0xa9, 20}, hash, "88ac"));
    }

    private static String otherNetwork(Network network, boolean isMain) {
        return "it is of "
                + (isMain ? "mainnet" : "a test network")
                + ", and license.network is "
                + network;
    }

    /// Addresses of testnet4 and testnet3 are the same.
    private static BitcoinNetwork parameters(Network network) {
        return switch (network) {
            case MAINNET -> BitcoinNetwork.MAINNET;
            case TESTNET, TESTNET4 -> BitcoinNetwork.TESTNET;
            case SIGNET -> BitcoinNetwork.SIGNET;
            case REGTEST -> BitcoinNetwork.REGTEST;
        };
    }

    private static byte[] join(byte[] front, byte[] middle, String backHex) {
        byte[] back = HexFormat.of().parseHex(backHex);
        byte[] all = new byte[front.length + middle.length + back.length];
        System.arraycopy(front, 0, all, 0, front.length);
        System.arraycopy(middle, 0, all, front.length, middle.length);
        System.arraycopy(back, 0, all, front.length + middle.length, back.length);
        return all;
    }

    private static SovereignException refused(String text, String why) {
        return new SovereignException(
                LicenseError.ADDRESS,
                "cannot pay to \"" + text + "\": " + why,
                "a license is paid to one address of type P2PKH, P2SH, P2WPKH, P2WSH or P2TR");
    }

    public Type type() {
        return type;
    }

    /// A copy of the locking script.
    public byte[] script() {
        return script.clone();
    }

    /// Whether an output with this script pays here: byte for byte.
    boolean isPaidBy(byte[] outputScript) {
        return java.util.Arrays.equals(script, outputScript);
    }

    /// As it was written.
    @Override
    public String toString() {
        return text;
    }
}
