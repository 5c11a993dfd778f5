package io.galerne.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// Parses damaged events.
class EventReaderFuzzTest {
  private static final String SPICE = "{}[]\",:\\0123456789eE+-.ntfu \u0000\n\ud800é";

  @Test
  void damagedEventsThrowOnlyMalformedEventException() {
    long seed = System.nanoTime();
    System.out.println("EventReaderFuzzTest seed " + seed);
    Random random = new Random(seed);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      String event = Scenario.events().get(random.nextInt(50));
      String damaged = damaged(Scenario.streamEvent(event, i), random);
      try {
        StreamEvent streamEvent = EventReader.streamEvent(damaged);
        assertThat(damaged).contains(streamEvent.json().text());
        Events.rendered(streamEvent.data());
        new TaskStates().apply(streamEvent.data());
        streamEvent.timestamp();
        read++;
      } catch (MalformedEventException e) {
        assertThat(e).hasMessageMatching("(?s).{20,}");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", event " + i + ": " + damaged, e);
      }
    }
    assertThat(read).as("seed %s", seed).isPositive();
  }

  private static String damaged(String text, Random random) {
    StringBuilder damaged = new StringBuilder(text);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(damaged.length());
      char spice = SPICE.charAt(random.nextInt(SPICE.length()));
      switch (random.nextInt(5)) {
        case 0 -> damaged.setCharAt(at, spice);
        case 1 -> damaged.insert(at, spice);
        case 2 -> damaged.deleteCharAt(at);
        case 3 -> damaged.delete(at, Math.min(damaged.length(), at + random.nextInt(30)));
        default -> damaged.insert(at, damaged.substring(0, random.nextInt(damaged.length())));
      }
      if (damaged.isEmpty()) {
        return "";
      }
    }
    return damaged.toString();
  }
}
