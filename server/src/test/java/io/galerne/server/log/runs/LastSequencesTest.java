package io.galerne.server.log.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LastSequencesTest {
  private static final RunKey ONE = new RunKey(1, 2, 3);

  private record Known(long sequence, boolean retrying) {}

  /// Few runs, so that most are seen again. Which of them want the same slot differs by process.
  private static RunKey key(Random random) {
    return new RunKey(random.nextInt(3), random.nextInt(40), random.nextInt(20));
  }

  @Test
  void agreesWithAMapUnderRandomChanges() {
    long seed = System.nanoTime();
    System.out.println("agreesWithAMapUnderRandomChanges seed " + seed);
    Random random = new Random(seed);
    LastSequences last = new LastSequences();
    Map<RunKey, Known> expected = new HashMap<>();
    for (int sequence = 1; sequence <= 20_000; sequence++) {
      RunKey key = key(random);
      boolean retrying = random.nextInt(4) == 0;
      switch (random.nextInt(8)) {
        case 0 -> assertThat(last.remove(key)).isEqualTo(expected.remove(key) != null);
        case 1 -> {
          last.setRetrying(key, retrying);
          expected.computeIfPresent(key, (_, known) -> new Known(known.sequence, retrying));
        }
        case 2, 3 -> {
          Known known = expected.get(key);
          boolean moves = known != null && !(retrying && known.retrying);
          assertThat(last.move(key, sequence, retrying)).isEqualTo(moves);
          if (known != null && moves) {
            expected.put(key, new Known(sequence, known.retrying));
          }
        }
        default -> {
          Known before = expected.put(key, new Known(sequence, retrying));
          assertThat(last.put(key, sequence, retrying)).isEqualTo(before == null);
        }
      }
      RunKey other = key(random);
      Known known = expected.get(other);
      assertThat(last.get(other)).isEqualTo(known == null ? 0 : known.sequence);
    }
    List<LastSequences.Last> all = new ArrayList<>();
    expected.forEach((key, known) -> all.add(new LastSequences.Last(key, known.sequence)));
    assertThat(last.toList()).containsExactlyInAnyOrderElementsOf(all);
  }

  /// Workers choose run ids: many executions may share one.
  @Test
  void runsOfOneIdAreSpreadOverTheTable() {
    long different =
        LongStream.range(0, 10_000)
            .map(execution -> new RunKey(1, 2, execution).hashCode())
            .distinct()
            .count();

    assertThat(different).isGreaterThan(9_900);
  }

  @Test
  void aForgottenRunIsUnknownUntilItsNextEvent() {
    LastSequences last = new LastSequences();
    last.put(ONE, 7, true);

    assertThat(last.remove(ONE)).isTrue();
    last.setRetrying(ONE, true);

    assertThat(last.isEmpty()).isTrue();
    assertThat(last.get(ONE)).isZero();
    assertThat(last.move(ONE, 8, false)).isFalse();
    assertThat(last.toList()).isEmpty();
    assertThat(last.put(ONE, 9, false)).isTrue();
    assertThat(last.get(ONE)).isEqualTo(9);
    assertThat(last.move(ONE, 10, true)).isTrue();
  }
}
