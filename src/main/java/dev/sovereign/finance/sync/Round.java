package dev.sovereign.finance.sync;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks several at the same time, each on a virtual thread of its own. Once one is done the others
/// have a fixed time to follow: what one shows is not held up by another's silence. Nobody is
/// interrupted, which would close a file under a write of the header store: whoever is too slow is
/// hung up on, and fails by that.
final class Round {
    private Round() {}

    /// What is asked of each.
    interface Task<S, T> {
        T ask(S source) throws Exception;
    }

    /// Ends what one is asked, from another thread.
    interface GiveUp<S> {
        void on(S source);
    }

    /// How one did: an answer, or a failure, or neither when it was too slow.
    record Result<T>(@Nullable T answer, @Nullable Throwable failure) {}

    /// @param patienceMillis for the others, once one is done
    /// @return one result for each source, in their order
    static <S, T> List<Result<T>> of(
            List<S> sources, long patienceMillis, Task<S, T> task, GiveUp<S> giveUp)
            throws InterruptedException {
        List<CompletableFuture<T>> answers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (S source : sources) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            answers.add(answer);
            threads.add(
                    Thread.ofVirtual()
                            .name("look")
                            .start(() -> {
                                try {
                                    answer.complete(task.ask(source));
                                } catch (Exception | LinkageError | StackOverflowError e) {
                                    answer.completeExceptionally(e);
                                }
                            }));
        }
        List<Result<T>> results = new ArrayList<>();
        try {
            await(answers, patienceMillis);
        } finally {
            for (int i = 0; i < answers.size(); i++) {
                results.add(result(answers.get(i)));
                if (!answers.get(i).isDone()) {
                    giveUp.on(sources.get(i));
                }
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return results;
    }

    /// A failure is no reason to hurry the others: only an answer is.
    private static <T> void await(List<CompletableFuture<T>> answers, long patienceMillis)
            throws InterruptedException {
        CompletableFuture<?> all =
                CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
        CompletableFuture<@Nullable Object> any = new CompletableFuture<>();
        for (CompletableFuture<T> answer : answers) {
            CompletableFuture<Void> _ = answer.thenAccept(any::complete);
        }
        CompletableFuture<?> enough = CompletableFuture.anyOf(any, all.handle((_, _) -> null));
        try {
            enough.get();
            all.get(patienceMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException slowOrFailed) {
            // each has its own result
        }
    }

    private static <T> Result<T> result(CompletableFuture<T> answer) {
        return switch (answer.state()) {
            case SUCCESS -> new Result<>(answer.resultNow(), null);
            case FAILED -> new Result<>(null, answer.exceptionNow());
            case RUNNING, CANCELLED -> new Result<>(null, null);
        };
    }
}
