package dev.sovereign.runtime;

import dev.sovereign.error.SovereignException;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Lets a fixed number of runs compute at a time. Those who wait are served in turn by skill, so
/// that one that is called a thousand times delays another by one run and not by a thousand. Any
/// thread.
final class Slots {

    /// Runs of one skill that may wait.
    static final int MAX_WAITING = 256;

    private static final class Waiter {
        boolean served;
    }

    private final int size;

    /// Guarded by `this`, like the fields below.
    private int free;

    /// By skill, the next to be served first.
    private final Map<String, Deque<Waiter>> waiting = new LinkedHashMap<>();

    Slots(int size) {
        this.size = size;
        this.free = size;
    }

    int running() {
        synchronized (this) {
            return size - free;
        }
    }

    /// Waits for a slot.
    ///
    /// @throws SovereignException `skill.busy` when too many wait, or none is free by the deadline
    void take(String skill, long deadlineNanos) throws InterruptedException {
        synchronized (this) {
            if (free > 0 && waiting.isEmpty()) {
                free--;
                return;
            }
            Deque<Waiter> queue = waiting.computeIfAbsent(skill, _ -> new ArrayDeque<>());
            if (queue.size() >= MAX_WAITING) {
                throw busy(skill, queue.size() + " runs of it wait already");
            }
            Waiter waiter = new Waiter();
            queue.add(waiter);
            try {
                while (!waiter.served) {
                    long left = deadlineNanos - System.nanoTime();
                    if (left <= 0) {
                        throw busy(skill, "no slot became free in its time");
                    }
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                }
            } catch (InterruptedException | SovereignException gone) {
                leave(skill, waiter);
                throw gone;
            }
        }
    }

    private void leave(String skill, Waiter waiter) {
        if (waiter.served) {
            free++;
            serve();
            return;
        }
        Deque<Waiter> queue = waiting.get(skill);
        if (queue != null) {
            queue.remove(waiter);
            if (queue.isEmpty()) {
                waiting.remove(skill);
            }
        }
    }

    void give() {
        synchronized (this) {
            free++;
            serve();
        }
    }

    /// Serves the skill that has waited longest since it was served, then puts it last.
    private void serve() {
        while (free > 0 && !waiting.isEmpty()) {
            Iterator<Map.Entry<String, Deque<Waiter>>> first = waiting.entrySet().iterator();
            Map.Entry<String, Deque<Waiter>> next = first.next();
            String skill = next.getKey();
            Deque<Waiter> queue = next.getValue();
            first.remove();
            queue.remove().served = true;
            free--;
            if (!queue.isEmpty()) {
                waiting.put(skill, queue);
            }
            notifyAll();
        }
    }

    private static SovereignException busy(String skill, String why) {
        return new SovereignException(
                SkillError.BUSY,
                "skill \"" + skill + "\" cannot run now: " + why,
                "try again when some have ended; sovereign status shows how many run");
    }
}
