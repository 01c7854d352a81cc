package dev.sovereign.node;

import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.eval.OuterFunctors;
import dev.sovereign.error.SovereignException;
import dev.sovereign.runtime.PureTool;
import dev.sovereign.runtime.RunReport;
import dev.sovereign.runtime.Skills;
import dev.sovereign.runtime.ToolJson;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Functors of Datalog as tools of skills: arguments go in as a JSON array, one JSON value comes
/// out. Any thread.
final class SkillFunctors implements OuterFunctors {

    /// Fuel of a skill that weighs as much as one row that an evaluation looks at.
    private static final long FUEL_OF_A_ROW = 32;

    /// Where the skills come from; waits until they are open.
    interface Source {
        Skills skills() throws InterruptedException;
    }

    private final Source source;

    SkillFunctors(Source source) {
        this.source = source;
    }

    @Override
    public Outer find(String name) throws Refused {
        try {
            PureTool tool = source.skills().pure(name);
            return (arguments, result, control) -> call(name, tool, arguments, result, control);
        } catch (SovereignException refused) {
            throw new Refused(
                    Refused.Why.MISSING,
                    "the functor @" + name + " cannot be computed: " + refused.first().message(),
                    refused.first().hint());
        } catch (InterruptedException cancelled) {
            throw interrupted(name);
        }
    }

    /// The thread stays interrupted: what the evaluation does next ends it.
    private static Refused interrupted(String name) {
        Thread.currentThread().interrupt();
        return new Refused(Refused.Why.LIMIT, "the functor @" + name + " was cancelled", null);
    }

    private static Object call(
            String name, PureTool tool, List<Object> arguments, Kind result, Control control)
            throws Refused {
        RunReport report;
        try {
            report =
                    tool.call(
                            ToolJson.write(arguments), ticket -> control.onCancel(ticket::cancel));
        } catch (SovereignException refused) {
            throw new Refused(
                    Refused.Why.FAILED, refused.first().message(), refused.first().hint());
        } catch (InterruptedException cancelled) {
            throw interrupted(name);
        } finally {
            control.onCancel(null);
        }
        control.check();
        control.worked(report.fuel() / FUEL_OF_A_ROW);
        String called = OuterFunctors.shown(name, arguments) + " by " + tool.author();
        return switch (report.verdict()) {
            case OK -> value(called, report.output(), result);
            case FAILED, TRAP, REJECTED, REFUSED ->
                    throw new Refused(
                            Refused.Why.FAILED,
                            called + " has no value: " + report.message() + said(report),
                            "add a condition that keeps such rows away");
            case OUT_OF_FUEL, CALL_STACK, TIMEOUT, MEMORY, CANCELLED ->
                    throw new Refused(
                            Refused.Why.LIMIT,
                            called + " takes more than it may: " + report.message(),
                            "add a condition that keeps such rows away");
        };
    }

    /// The first line that it logged.
    private static String said(RunReport report) {
        String log = new String(report.log(), StandardCharsets.UTF_8).strip();
        return log.isEmpty() ? "" : " (" + log.lines().findFirst().orElse("") + ")";
    }

    private static Object value(String called, byte[] output, Kind result) throws Refused {
        Object value = ToolJson.read(output);
        if (value == null) {
            String text = new String(output, StandardCharsets.UTF_8).strip();
            throw new Refused(
                    Refused.Why.FAILED,
                    called
                            + " gave "
                            + OuterFunctors.shown(text)
                            + ", which is no number and no string of JSON",
                    "a tool that rules call prints one number or one string");
        }
        return value instanceof String text ? text(text, result) : value;
    }

    /// Floats that JSON has no number for travel as texts.
    private static Object text(String text, Kind result) {
        return result == Kind.FLOAT && List.of("NaN", "Infinity", "-Infinity").contains(text)
                ? (Object) Double.valueOf(text)
                : text;
    }
}
