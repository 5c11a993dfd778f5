package io.galerne.server.log.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PostingListTest {
  @Test
  void keepsSequencesInOrder() {
    long seed = System.nanoTime();
    System.out.println("PostingListTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 1000; round++) {
      int[] offsets = random.ints(1 + random.nextInt(50), 0, 1 << 23).distinct().sorted().toArray();
      long base = random.nextLong() >>> 12;
      int from = random.nextInt(offsets.length);
      int count = 1 + random.nextInt(offsets.length - from);
      byte[] list = PostingList.write(offsets, from, count, base);
      assertThat(PostingList.read(list, base + offsets[from + count - 1]))
          .as("seed %s", seed)
          .isEqualTo(
              Arrays.stream(offsets, from, from + count)
                  .mapToLong(offset -> base + offset)
                  .toArray());
    }
  }

  @Test
  void pinsItsBytes() {
    assertThat(HexFormat.of().formatHex(PostingList.write(new int[] {0, 1, 200}, 0, 3, 1000)))
        .isEqualTo("c801" + "c701" + "00");
  }
}
