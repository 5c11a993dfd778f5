package io.galerne.client.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.client.internal.stream.SeenSequences.Known;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeenSequencesTest {
  @Test
  void agreesWithAPlainList() {
    long seed = System.nanoTime();
    System.out.println("SeenSequencesTest: seed " + seed);
    Random random = new Random(seed);
    long start = random.nextInt(50);
    SeenSequences seen = new SeenSequences(start);
    List<Long> all = new ArrayList<>();
    long last = start;
    for (int i = 0; i < 3 * SeenSequences.CAPACITY; i++) {
      last += 1 + random.nextInt(3);
      seen.add(last);
      all.add(last);
      long asked = Math.max(0, last - random.nextInt(4000));
      assertThat(seen.lookUp(asked))
          .as("%d of %d", asked, last)
          .isEqualTo(known(all, start, asked));
    }
  }

  private static Known known(List<Long> all, long start, long sequence) {
    int forgotten = Math.max(0, all.size() - SeenSequences.CAPACITY);
    if (all.subList(forgotten, all.size()).contains(sequence)) {
      return Known.REPEATED;
    }
    long floor = forgotten == 0 ? start : all.get(forgotten - 1);
    return sequence <= floor ? Known.OLD : Known.MISSED;
  }
}
