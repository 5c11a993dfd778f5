package io.galerne.server.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PostingListTest {
  /// These bytes are on disk: how far each sequence is from the last one.
  @Test
  void keepsItsFormat() {
    PostingList list = new PostingList();
    for (long sequence : new long[] {1, 2, 200, 1_000_000}) {
      list.add(sequence);
    }
    assertThat(list.last()).isEqualTo(1_000_000);
    assertThat(HexFormat.of().formatHex(list.write()))
        .isEqualTo("bf843d" + "be843d" + "f8823d" + "00");
  }

  @Test
  void readsWhatItHasWritten() {
    long seed = System.nanoTime();
    System.out.println("PostingListTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      TreeSet<Long> sequences = new TreeSet<>();
      long next = random.nextLong() >>> (11 + random.nextInt(50));
      for (int count = 1 + random.nextInt(300); count > 0; count--) {
        next += 1 + (random.nextInt(3) == 0 ? random.nextInt(100_000) : 0);
        sequences.add(next);
      }
      PostingList list = new PostingList();
      sequences.forEach(list::add);
      assertThat(PostingList.read(list.write(), list.last()))
          .as("seed %s, round %s", seed, i)
          .isEqualTo(sequences.stream().mapToLong(Long::longValue).toArray());
    }
  }

  @Test
  void keepsASequenceOnceThatIsAddedTwice() {
    PostingList list = new PostingList();
    list.add(5);
    list.add(5);
    list.add(6);
    list.add(6);
    assertThat(PostingList.read(list.write(), 6)).containsExactly(5, 6);
  }
}
