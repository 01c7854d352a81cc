package dev.sovereign.node;

import dev.sovereign.error.SovereignException;
import dev.sovereign.finance.LicenseError;
import dev.sovereign.finance.LicenseRule;
import dev.sovereign.finance.LicenseTerms;
import dev.sovereign.finance.MachineId;
import dev.sovereign.finance.MachineIds;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.Payload;
import dev.sovereign.finance.PaymentAddress;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.node.config.Key;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// What a license costs here, from a command line or the configuration, and where its files are.
final class LicenseSettings {

    private final Configuration configuration;

    LicenseSettings(Configuration configuration) {
        this.configuration = configuration;
    }

    /// Headers and proofs of a home.
    static Path folder(Home home) {
        return home.data().resolve("license");
    }

    /// Whether address and price are configured.
    boolean areSet() {
        return configuration.isSet(Key.LICENSE_ADDRESS) && configuration.isSet(Key.LICENSE_SATS);
    }

    Network network(@Nullable String asked) {
        String word = asked != null ? asked : configuration.text(Key.LICENSE_NETWORK);
        Network network = Network.ofWord(word == null ? "mainnet" : word);
        if (network == null) {
            throw new SovereignException(
                    LicenseError.TERMS,
                    "there is no network \"" + word + "\"",
                    "one of mainnet, testnet, testnet4, signet, regtest");
        }
        return network;
    }

    MachineIds machine() {
        return MachineIds.find(configuration.text(Key.LICENSE_MACHINE_ID));
    }

    /// @param asked what was given; the rest is taken from the configuration
    LicenseTerms terms(Request.LicenseTerms asked) {
        Network network = network(asked.network());
        String address =
                asked.address() != null ? asked.address() : configuration.text(Key.LICENSE_ADDRESS);
        Long sats = asked.sats() != null ? asked.sats() : configuration.number(Key.LICENSE_SATS);
        if (address == null || sats == null) {
            boolean noAddress = address == null;
            throw new SovereignException(
                    LicenseError.UNSET,
                    (noAddress ? "license.address" : "license.sats") + " is not set",
                    "`sovereign config set "
                            + (noAddress ? "license.address ADDRESS" : "license.sats N")
                            + "`, or "
                            + (noAddress ? "--address" : "--sats"));
        }
        Long deep =
                asked.confirmations() != null
                        ? asked.confirmations()
                        : configuration.number(Key.LICENSE_CONFIRMATIONS);
        return new LicenseTerms(
                network,
                PaymentAddress.parse(network, address),
                sats,
                deep == null
                        ? network.defaultConfirmations()
                        : Math.clamp(deep, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    /// The rule for a machine that was named, or for this one.
    LicenseRule rule(Request.LicenseTerms asked) {
        LicenseTerms terms = terms(asked);
        if (asked.payload() != null) {
            return new LicenseRule(terms, Payload.ofHex(asked.payload()));
        }
        return asked.machineId() != null
                ? new LicenseRule(terms, MachineId.of(asked.machineId(), "--machine-id"))
                : new LicenseRule(terms, machine());
    }
}
