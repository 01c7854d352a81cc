package dev.sovereign.node.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

class SurroundingsTest {

    private long wallMillis = 1_000_000;
    private long nanos = 5;
    private String interfaces = "eth0 192.0.2.7";

    private final Surroundings surroundings =
            new Surroundings(() -> Instant.ofEpochMilli(wallMillis), () -> nanos, () -> interfaces);

    private void pass(long millis) {
        wallMillis += millis;
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void nothingHappensWhileTimeJustPasses() {
        for (int i = 0; i < 100; i++) {
            pass(Surroundings.PERIOD.toMillis() + i % 7);
            assertEquals("", surroundings.change());
        }
    }

    @Test
    void aSleepIsAClockThatJumped() {
        pass(2_000);
        wallMillis += 3_600_000; // the lid was closed: nothing ran, and it is later
        assertTrue(surroundings.change().contains("jumped by 3600000 ms"));
        pass(2_000);
        assertEquals("", surroundings.change(), "said once");
    }

    @Test
    void aClockThatIsSetBackIsOneToo() {
        pass(2_000);
        wallMillis -= 60_000;
        assertTrue(surroundings.change().contains("jumped by -60000 ms"));
    }

    @Test
    void aClockThatIsNudgedIsNone() {
        pass(2_000);
        wallMillis += 400;
        assertEquals("", surroundings.change());
    }

    @Test
    void aMachineThatWasStoppedAsAWholeIsNoticed() {
        pass(60_000);
        assertTrue(surroundings.change().contains("stood still"));
    }

    @Test
    void anotherNetworkIsNoticed() {
        pass(2_000);
        interfaces = "";
        assertTrue(surroundings.change().contains("addresses"));
        pass(2_000);
        assertEquals("", surroundings.change());
        pass(2_000);
        interfaces = "eth0 198.51.100.9";
        assertTrue(surroundings.change().contains("addresses"));
    }
}
