package dev.sovereign.node;

import dev.sovereign.core.AnswerSink;
import dev.sovereign.core.Committed;
import dev.sovereign.core.KnowledgeBase;
import dev.sovereign.core.Question;
import dev.sovereign.core.ast.Atom;
import dev.sovereign.core.ast.FactBlock;
import dev.sovereign.core.ast.Formula;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Name;
import dev.sovereign.core.ast.Term;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.eval.Limits;
import dev.sovereign.core.eval.OuterFunctors;
import dev.sovereign.core.io.JsonText;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.ParseResult;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.core.parse.SourceResolver;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.ErrorKind;
import dev.sovereign.error.SovereignException;
import dev.sovereign.runtime.Knowledge;
import dev.sovereign.runtime.pack.Capability;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/// The knowledge base as skills see it: only relations that were granted. Names are compared with
/// the grant on the parsed text, before anything that is known has been looked at, and a granted
/// relation that is not there is refused in the same words. Stateless.
final class SkillKnowledge {

    /// Derived tuples of one question.
    private static final long QUERY_TUPLES = 2_000_000;

    /// Heap of one question.
    private static final long QUERY_MEMORY = 64L << 20;

    /// Joins of one question: some seconds.
    private static final long QUERY_FUEL = 100_000_000;

    private SkillKnowledge() {}

    /// As [Knowledge#query].
    ///
    /// @param functors of stored rules; the query itself calls none
    static byte[] query(
            KnowledgeBase knowledge,
            String text,
            Collection<Capability.Read> granted,
            int maxBytes,
            long deadlineNanos,
            OuterFunctors functors)
            throws Knowledge.Refused, IOException, InterruptedException {
        Item.Query asked = oneQuery(text);
        new Names((name, arity) ->
                granted.stream()
                        .anyMatch(read ->
                                read.relation().equals(name) && read.columns().size() == arity))
                .formula(asked.body());
        long millis = Math.max(1, (deadlineNanos - System.nanoTime()) / 1_000_000);
        Rows rows = new Rows(maxBytes);
        try (Control control =
                new Control(new Limits(millis, QUERY_TUPLES, QUERY_MEMORY, QUERY_FUEL))) {
            control.lend(functors);
            var answered =
                    knowledge.ask(
                            new Question(
                                    new KnowledgeBase.Text("query", text),
                                    List.of(),
                                    null,
                                    Long.MAX_VALUE,
                                    false),
                            (name, _) -> {
                                throw new IOException("no file: " + name);
                            },
                            rows,
                            control);
            if (answered.answer() != null) {
                return ("{\"answer\":" + answered.answer() + "}\n")
                        .getBytes(StandardCharsets.UTF_8);
            }
        } catch (SovereignException refused) {
            throw told(refused);
        }
        if (rows.isFull) {
            throw new Knowledge.Refused(
                    Knowledge.Refused.Why.LIMIT,
                    "the answer is larger than " + maxBytes + " bytes");
        }
        return rows.bytes.toByteArray();
    }

    /// As [Knowledge#check].
    static int check(String facts, Set<String> granted) throws Knowledge.Refused {
        Names names = new Names((name, _) -> granted.contains(name));
        int count = 0;
        for (Item item : parsed("facts", facts, Mode.FACTS)) {
            switch (item) {
                case FactBlock block -> {
                    names.require(block.relation(), block.arity());
                    count += block.count();
                }
                case Item.Rule(_, List<Atom> heads, Formula body, _) when body == null -> {
                    for (Atom head : heads) {
                        names.atom(head);
                        if (head.arguments().stream().anyMatch(Names::isPattern)) {
                            throw text("a fact has no variables");
                        }
                        count++;
                    }
                }
                default -> throw text("only facts can be asserted and retracted");
            }
        }
        return count;
    }

    /// As [Knowledge#commit].
    static Knowledge.Written commit(
            KnowledgeBase knowledge,
            List<String> asserts,
            List<String> retracts,
            Set<String> granted,
            String author,
            String reason)
            throws Knowledge.Refused, IOException, InterruptedException {
        for (String text : asserts) {
            check(text, granted);
        }
        for (String text : retracts) {
            check(text, granted);
        }
        Committed done =
                knowledge.change(
                        texts(asserts),
                        texts(retracts),
                        author,
                        other -> sameSkill(author, other),
                        "run",
                        reason);
        return new Knowledge.Written(done.tx(), done.asserted(), done.retracted());
    }

    /// Whatever version wrote it: `skill disk-watch 1.2.0`.
    private static boolean sameSkill(String author, String other) {
        return other.startsWith(author.substring(0, author.lastIndexOf(' ') + 1));
    }

    private static List<KnowledgeBase.Text> texts(List<String> facts) {
        List<KnowledgeBase.Text> texts = new ArrayList<>();
        for (String fact : facts) {
            texts.add(new KnowledgeBase.Text("facts", fact));
        }
        return texts;
    }

    private static Item.Query oneQuery(String text) throws Knowledge.Refused {
        List<Item> items = parsed("query", text, Mode.QUERY);
        if (items.size() != 1 || !(items.getFirst() instanceof Item.Query query)) {
            throw text("expected one query and nothing else");
        }
        return query;
    }

    private static List<Item> parsed(String name, String text, Mode mode) throws Knowledge.Refused {
        ParseResult parsed = Parser.parse(name, text, mode, SourceResolver.NONE);
        for (Diagnostic diagnostic : parsed.diagnostics()) {
            if (diagnostic.severity() == Diagnostic.Severity.ERROR) {
                throw text(diagnostic.message());
            }
        }
        return parsed.program().items();
    }

    private static Knowledge.Refused text(String message) {
        return new Knowledge.Refused(Knowledge.Refused.Why.TEXT, message);
    }

    private static Knowledge.Refused noRelation(String name) {
        return new Knowledge.Refused(
                Knowledge.Refused.Why.NO_RELATION, "there is no relation " + name);
    }

    /// What the skill hears of a refusal.
    private static Knowledge.Refused told(SovereignException refused) {
        Diagnostic first = refused.first();
        if (first.code().equals("core.unknown-relation")) {
            String words = first.message().substring(first.message().lastIndexOf("relation ") + 9);
            return noRelation(words.replaceFirst("[: ].*", ""));
        }
        return new Knowledge.Refused(
                first.kind() == ErrorKind.LIMIT
                        ? Knowledge.Refused.Why.LIMIT
                        : Knowledge.Refused.Why.TEXT,
                first.message());
    }

    /// Walks everything of a text that can name a relation.
    private static final class Names {

        private final BiPredicate<String, Integer> granted;

        Names(BiPredicate<String, Integer> granted) {
            this.granted = granted;
        }

        void require(Name relation, int arity) throws Knowledge.Refused {
            if (!granted.test(relation.shown(), arity)) {
                throw noRelation(relation.shown());
            }
        }

        void atom(Atom atom) throws Knowledge.Refused {
            require(atom.relation(), atom.arguments().size());
            for (Term term : atom.arguments()) {
                term(term);
            }
        }

        void formula(Formula formula) throws Knowledge.Refused {
            switch (formula) {
                case Formula.And(_, List<Formula> parts) -> {
                    for (Formula part : parts) {
                        formula(part);
                    }
                }
                case Formula.Or(_, List<Formula> parts) -> {
                    for (Formula part : parts) {
                        formula(part);
                    }
                }
                case Formula.Not(_, Formula part) -> formula(part);
                case Formula.Holds(Atom atom) -> atom(atom);
                case Formula.Compare(_, _, Term left, Term right) -> {
                    term(left);
                    term(right);
                }
                case Formula.Match(_, Term pattern, Term text) -> {
                    term(pattern);
                    term(text);
                }
                case Formula.Contains(_, Term part, Term text) -> {
                    term(part);
                    term(text);
                }
                case Formula.Truth _ -> {}
            }
        }

        void term(Term term) throws Knowledge.Refused {
            switch (term) {
                case Term.Variable _,
                        Term.Wildcard _,
                        Term.Constant _,
                        Term.Nil _,
                        Term.Counter _,
                        Term.IterationCount _ -> {}
                case Term.RecordInit(_, List<Term> arguments) -> terms(arguments);
                case Term.BranchInit(_, _, List<Term> arguments) -> terms(arguments);
                case Term.Call(_, _, _, List<Term> arguments) -> terms(arguments);
                case Term.Cast(_, Term value, _) -> term(value);
                case Term.Aggregate(_, _, @Nullable Term target, Formula body) -> {
                    if (target != null) {
                        term(target);
                    }
                    formula(body);
                }
                case Term.UserCall _, Term.UserAggregate _ ->
                        throw text("a skill's query calls no functors of skills");
            }
        }

        private void terms(List<Term> terms) throws Knowledge.Refused {
            for (Term term : terms) {
                term(term);
            }
        }

        static boolean isPattern(Term term) {
            return term instanceof Term.Variable || term instanceof Term.Wildcard;
        }
    }

    /// Rows as JSON, one object a line.
    private static final class Rows implements AnswerSink {

        private final int maxBytes;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private List<String> names = List.of();
        private boolean isFull;

        Rows(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public void columns(String query, List<String> names, List<String> types) {
            this.names = List.copyOf(names);
        }

        @Override
        public void rows(List<List<@Nullable Object>> rows) {
            StringBuilder line = new StringBuilder();
            for (List<@Nullable Object> row : rows) {
                if (isFull) {
                    return;
                }
                line.setLength(0);
                for (int i = 0; i < names.size(); i++) {
                    line.append(i == 0 ? '{' : ',');
                    JsonText.quote(line, names.get(i));
                    line.append(':');
                    value(line, row.get(i));
                }
                line.append("}\n");
                byte[] encoded = line.toString().getBytes(StandardCharsets.UTF_8);
                isFull = encoded.length > maxBytes - bytes.size();
                if (!isFull) {
                    bytes.writeBytes(encoded);
                }
            }
        }

        @Override
        public void note(Diagnostic note) {
            // a word for people; a skill is none
        }

        private static void value(StringBuilder out, @Nullable Object value) {
            switch (value) {
                case null -> out.append("null");
                case Long number -> out.append(number.longValue());
                case BigInteger number -> out.append(number);
                case Double number when Double.isFinite(number) -> out.append(number.doubleValue());
                default -> JsonText.quote(out, value.toString());
            }
        }
    }
}
