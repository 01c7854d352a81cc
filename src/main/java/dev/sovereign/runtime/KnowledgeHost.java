package dev.sovereign.runtime;

import dev.sovereign.runtime.wasm.Caller;
import dev.sovereign.runtime.wasm.FunctionType;
import dev.sovereign.runtime.wasm.HostFunction;
import dev.sovereign.runtime.wasm.HostFunctions;
import dev.sovereign.runtime.wasm.Import;
import dev.sovereign.runtime.wasm.Memory;
import dev.sovereign.runtime.wasm.ValueType;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The functions of the import module `sovereign` for one run, on the run's thread. What the run
/// asserts and retracts is kept until it has ended well, and is not seen by its own queries.
///
/// A call that fails answers -1; `error_code` and `error_text` then say why.
final class KnowledgeHost implements HostFunctions {

    static final String MODULE = "sovereign";

    /// Bytes of one query.
    static final int QUERY_BYTES = 64 << 10;

    /// Bytes of one answer: an eighth of the memory that a skill has.
    static final int ANSWER_BYTES = 8 << 20;

    /// Bytes of all facts that one run writes.
    static final int FACT_BYTES = 4 << 20;

    /// Facts that one run writes.
    static final int FACTS = 20_000;

    /// Bytes of log lines of one run.
    static final int LOG_BYTES = 64 << 10;

    private static final int FAILED = -1;
    private static final String[] LEVELS = {"error", "warn", "info", "debug"};

    private interface Call {
        int run(Caller caller, int[] arguments)
                throws Knowledge.Refused, IOException, InterruptedException;
    }

    private final Knowledge knowledge;
    private final Grants grants;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final List<String> asserts = new ArrayList<>();
    private final List<String> retracts = new ArrayList<>();
    private int factBytes;
    private int facts;

    private int errorCode;
    private byte[] errorText = {};

    /// The last query and its answer while its caller has not had room for it.
    private String pendingQuery = "";

    private byte @Nullable [] pendingAnswer;

    KnowledgeHost(Knowledge knowledge, Grants grants) {
        this.knowledge = knowledge;
        this.grants = grants;
    }

    @Override
    public @Nullable HostFunction find(Import wanted) {
        if (!wanted.module().equals(MODULE)) {
            return null;
        }
        return switch (wanted.name()) {
            case "query" -> function(wanted, 4, this::query);
            case "assert" -> function(wanted, 2, (c, v) -> facts(c, v, asserts));
            case "retract" -> function(wanted, 2, (c, v) -> facts(c, v, retracts));
            case "log" -> function(wanted, 3, this::log);
            case "error_code" -> function(wanted, 0, (_, _) -> errorCode);
            case "error_text" -> function(wanted, 2, (c, v) -> deliver(c, errorText, v[0], v[1]));
            default -> null;
        };
    }

    private @Nullable HostFunction function(Import wanted, int parameters, Call call) {
        FunctionType type =
                new FunctionType(
                        Collections.nCopies(parameters, ValueType.I32), List.of(ValueType.I32));
        if (!wanted.type().equals(type)) {
            return null;
        }
        boolean keepsError = wanted.name().startsWith("error_");
        return (caller, values) -> {
            int[] arguments = new int[parameters];
            for (int i = 0; i < parameters; i++) {
                arguments[i] = (int) values[i];
            }
            if (Thread.interrupted() || System.nanoTime() - caller.deadlineNanos() >= 0) {
                throw new InterruptedException();
            }
            try {
                values[0] = call.run(caller, arguments);
                if (!keepsError) {
                    error(0, "");
                }
            } catch (Knowledge.Refused refused) {
                error(refused.why().code(), String.valueOf(refused.getMessage()));
                values[0] = FAILED;
            }
        };
    }

    private void error(int code, String text) {
        errorCode = code;
        errorText = text.getBytes(StandardCharsets.UTF_8);
    }

    /// `query(query, length, buffer, room)`: the answer's size. With too little room nothing is
    /// written, and the same query again is answered with the same rows.
    private int query(Caller caller, int[] v)
            throws Knowledge.Refused, IOException, InterruptedException {
        String text = text(caller, v[0], v[1], QUERY_BYTES);
        caller.memory().check(v[2], v[3]);
        byte[] answer = text.equals(pendingQuery) ? pendingAnswer : null;
        if (answer == null) {
            answer = knowledge.query(text, grants.readable(), ANSWER_BYTES, caller.deadlineNanos());
        }
        boolean fits = answer.length <= v[3];
        pendingQuery = fits ? "" : text;
        pendingAnswer = fits ? null : answer;
        return deliver(caller, answer, v[2], v[3]);
    }

    private int facts(Caller caller, int[] v, List<String> into) throws Knowledge.Refused {
        String text = text(caller, v[0], v[1], FACT_BYTES);
        int count = knowledge.check(text, grants.writable());
        if (v[1] > FACT_BYTES - factBytes || count > FACTS - facts) {
            throw new Knowledge.Refused(
                    Knowledge.Refused.Why.LIMIT,
                    "a run writes at most " + FACTS + " facts in " + (FACT_BYTES >> 20) + " MiB");
        }
        factBytes += v[1];
        facts += count;
        into.add(text);
        return 0;
    }

    private int log(Caller caller, int[] v) throws Knowledge.Refused {
        int level = Math.clamp(v[0], 0, LEVELS.length - 1);
        String line = LEVELS[level] + ": " + text(caller, v[1], v[2], LOG_BYTES).strip() + "\n";
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        log.write(bytes, 0, Math.min(bytes.length, LOG_BYTES - log.size()));
        return 0;
    }

    private static String text(Caller caller, int address, int length, int most)
            throws Knowledge.Refused {
        Memory memory = caller.memory();
        memory.check(address, length);
        if (length > most) {
            throw new Knowledge.Refused(
                    Knowledge.Refused.Why.LIMIT, "a text of " + length + " bytes, at most " + most);
        }
        caller.charge(length >>> 6);
        return memory.readUtf8(address, length);
    }

    private static int deliver(Caller caller, byte[] bytes, int address, int room) {
        Memory memory = caller.memory();
        memory.check(address, room);
        if (bytes.length <= room) {
            caller.charge(bytes.length >>> 6);
            memory.write(address, bytes);
        }
        return bytes.length;
    }

    boolean hasWritten() {
        return !asserts.isEmpty() || !retracts.isEmpty();
    }

    /// Makes everything true at once.
    Knowledge.Written commit(String author, String reason)
            throws Knowledge.Refused, IOException, InterruptedException {
        return knowledge.commit(asserts, retracts, grants.writable(), author, reason);
    }

    byte[] log() {
        return log.toByteArray();
    }
}
