package dev.sovereign.cli;

import dev.sovereign.protocol.Response;

/// Prints verdicts.
final class LicenseVerdicts {
    private LicenseVerdicts() {}

    /// @return the exit status of the verdict
    static int print(Invocation call, Response.LicenseVerdict verdict) {
        if (call.globals.json()) {
            call.line(json(verdict));
        } else {
            text(call, verdict);
        }
        return switch (verdict.verdict()) {
            case "valid" -> 0;
            case "pending" -> 10;
            case "no-match" -> 11;
            case "not-found", "none" -> 12;
            default -> 13;
        };
    }

    private static void text(Invocation call, Response.LicenseVerdict verdict) {
        for (Response.LicenseStep step : verdict.steps()) {
            call.line((step.passed() ? "ok   " : "FAIL ") + step.name());
            for (String line : step.lines()) {
                call.line("     " + Display.visible(line));
            }
        }
        Fields fields = new Fields(call);
        String network = verdict.network() + (verdict.testNetwork() ? " (TEST NETWORK)" : "");
        fields.add("verdict", verdict.verdict());
        fields.add("network", network);
        add(fields, "txid", verdict.txid());
        if (verdict.height() != null) {
            fields.add("height", verdict.height().toString());
        }
        add(fields, "block", verdict.block());
        if (verdict.confirmations() != null) {
            fields.add(
                    "confirmations",
                    verdict.confirmations()
                            + (verdict.needed() == null ? "" : " of " + verdict.needed()));
        }
        if (verdict.paidSats() != null) {
            fields.add("paid", verdict.paidSats() + " sats");
        }
        if (!verdict.reasons().isEmpty()) {
            fields.add("reasons", String.join(", ", verdict.reasons()));
        }
        if (!verdict.asked().isEmpty()) {
            fields.add("asked", String.join(", ", verdict.asked()));
        }
        add(fields, "cause", verdict.cause());
        add(fields, "detail", verdict.detail());
        fields.print();
        call.out.flush();
        if (verdict.dropped() != null) {
            call.say(
                    "a reorganization dropped block "
                            + verdict.dropped()
                            + ", which held the transaction");
        }
        for (String hint : verdict.hints()) {
            call.say("hint: " + hint);
        }
        if (verdict.testNetwork()) {
            call.say("TEST NETWORK: its blocks cost nothing, so this proves nothing");
        }
    }

    private static void add(
            Fields fields, String name, @org.jspecify.annotations.Nullable String value) {
        if (value != null) {
            fields.add(name, value);
        }
    }

    static String json(Response.LicenseVerdict verdict) {
        JsonLine line = new JsonLine().open('{').field("verdict", verdict.verdict());
        line.field("network", verdict.network()).field("testNetwork", verdict.testNetwork());
        line.field("txid", verdict.txid());
        number(line, "height", verdict.height());
        line.field("block", verdict.block());
        number(line, "confirmations", verdict.confirmations());
        number(line, "needed", verdict.needed());
        number(line, "paidSats", verdict.paidSats());
        line.field("dropped", verdict.dropped());
        line.strings("reasons", verdict.reasons()).strings("hints", verdict.hints());
        line.strings("asked", verdict.asked());
        line.field("cause", verdict.cause()).field("detail", verdict.detail());
        if (!verdict.steps().isEmpty()) {
            line.name("steps").open('[');
            for (Response.LicenseStep step : verdict.steps()) {
                line.open('{').field("name", step.name()).field("passed", step.passed());
                line.strings("lines", step.lines()).close('}');
            }
            line.close(']');
        }
        return line.close('}').toString();
    }

    private static void number(
            JsonLine line, String name, @org.jspecify.annotations.Nullable Long value) {
        if (value == null) {
            line.field(name, (String) null);
        } else {
            line.field(name, value.longValue());
        }
    }
}
