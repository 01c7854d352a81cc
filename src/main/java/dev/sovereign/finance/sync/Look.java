package dev.sovereign.finance.sync;

import dev.sovereign.finance.HeaderChain;
import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// One look at all sources: first everybody's headers, then, of those who showed some, whatever
/// else is wanted. Keeps how each of them did. One thread.
final class Look {

    /// Milliseconds that the others have once one source is done: one answer's time.
    private static final long PATIENCE_MILLIS = 20_000;

    /// Blocks that a source may be behind without a word about it: news takes some seconds.
    private static final int BEHIND = 1;

    /// How a member did so far.
    private static final class Standing {
        private final Member member;
        private HeaderSync.@Nullable Outcome headers;
        private @Nullable ServerException failure;
        private String words = "";

        Standing(Member member) {
            this.member = member;
        }
    }

    /// What is asked of each source.
    interface Question<T> {
        T ask(Source source) throws IOException, InterruptedException;
    }

    private final HeaderChain chain;
    private final List<Standing> standings = new ArrayList<>();

    Look(HeaderChain chain, List<Member> members) {
        this.chain = chain;
        for (Member member : members) {
            Standing standing = new Standing(member);
            standing.failure = member.shunnedFor();
            standings.add(standing);
        }
    }

    /// Brings the chain up to what each shows.
    ///
    /// @throws IOException when headers cannot be kept
    void headers(Progress progress) throws IOException, InterruptedException {
        List<Standing> asked = standings.stream().filter(s -> s.failure == null).toList();
        List<HeaderSync.@Nullable Outcome> outcomes =
                round(asked, source -> source.syncHeaders(chain, progress));
        for (int i = 0; i < asked.size(); i++) {
            asked.get(i).headers = outcomes.get(i);
        }
    }

    /// Asks those whose headers were seen.
    ///
    /// @return what they answered; those who failed are left out
    List<Evidence> evidence(Question<Evidence> question) throws IOException, InterruptedException {
        List<Standing> asked = worthAsking();
        List<Evidence> all = new ArrayList<>();
        List<@Nullable Evidence> answers = round(asked, question);
        for (int i = 0; i < asked.size(); i++) {
            Evidence answer = answers.get(i);
            if (answer != null) {
                asked.get(i).words = answer.words();
                all.add(answer);
            }
        }
        return all;
    }

    /// Asks those whose headers were seen for anything else.
    <T> List<T> answers(Question<T> question) throws IOException, InterruptedException {
        List<T> all = new ArrayList<>();
        for (T answer : round(worthAsking(), question)) {
            if (answer != null) {
                all.add(answer);
            }
        }
        return all;
    }

    private List<Standing> worthAsking() {
        return standings.stream().filter(s -> s.failure == null && s.headers != null).toList();
    }

    private <T> List<@Nullable T> round(List<Standing> asked, Question<T> question)
            throws IOException, InterruptedException {
        List<Round.Result<T>> results =
                Round.of(
                        asked,
                        PATIENCE_MILLIS,
                        standing -> question.ask(standing.member.source()),
                        standing -> standing.member.source().hangUp());
        List<@Nullable T> answers = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Round.Result<T> result = results.get(i);
            answers.add(result.answer());
            if (result.answer() == null) {
                settle(asked.get(i), result.failure());
            }
        }
        return answers;
    }

    /// Notes why a source gave no answer; what is our own failure goes on.
    private static void settle(Standing standing, @Nullable Throwable failure) throws IOException {
        switch (failure) {
            case null -> {
                standing.failure =
                        new ServerException(
                                ServerError.TIMEOUT, "it was still busy when others were done");
            }
            case ServerException why -> {
                standing.failure = why;
                if (why.error() == ServerError.FAULT) {
                    standing.member.shun(why);
                }
            }
            case IOException ours -> throw ours;
            case RuntimeException bug -> throw bug;
            default -> throw new IllegalStateException(failure);
        }
    }

    /// The first failure with its source's name; null when there was none.
    @Nullable ServerException failure() {
        for (Standing standing : standings) {
            if (standing.failure != null) {
                String name = standing.member.source().name();
                ServerException why = standing.failure;
                return why.words().startsWith(name) ? why : why.of(name);
            }
        }
        return null;
    }

    List<SourceReport> reports() {
        return standings.stream().map(this::report).toList();
    }

    private SourceReport report(Standing standing) {
        Source source = standing.member.source();
        int height = source.tipHeight();
        ServerException failure = standing.failure;
        if (failure != null) {
            return new SourceReport(
                    source.name(),
                    failure.error() == ServerError.FAULT
                            ? SourceReport.Standing.LIED
                            : SourceReport.Standing.FAILED,
                    height,
                    failure.error().code(),
                    failure.words());
        }
        if (standing.headers instanceof HeaderSync.Outcome.OtherBranch other) {
            return new SourceReport(
                    source.name(),
                    SourceReport.Standing.OTHER_BRANCH,
                    height,
                    null,
                    "it leaves the chain with the most work behind block "
                            + other.fork()
                            + ", for "
                            + other.headers()
                            + " blocks with less");
        }
        int behind = chain.tip().height() - height;
        if (height >= 0 && behind > BEHIND) {
            return new SourceReport(
                    source.name(),
                    SourceReport.Standing.BEHIND,
                    height,
                    null,
                    "it is " + behind + " blocks behind the chain with the most work");
        }
        return new SourceReport(
                source.name(), SourceReport.Standing.AGREES, height, null, standing.words);
    }
}
