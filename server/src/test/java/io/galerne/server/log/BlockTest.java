package io.galerne.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockTest {
  private static EventRecord[] events(long seed, int count) {
    return new RandomEvents(seed).records(count, "acme").toArray(EventRecord[]::new);
  }

  private static EventRecord[] large(int count, int bytes) {
    String text = "\"" + "x".repeat(bytes) + "\"";
    return Stream.generate(() -> SampleEvent.any().with("large", text).record("acme"))
        .limit(count)
        .toArray(EventRecord[]::new);
  }

  private static List<byte[]> bytes(EventRecord[] events) {
    return Arrays.stream(events).map(Logs::bytes).toList();
  }

  private static byte[] concatenated(List<Block> blocks) {
    byte[] all = new byte[blocks.stream().mapToInt(Block::length).sum()];
    int at = 0;
    for (Block block : blocks) {
      System.arraycopy(block.bytes(), block.start(), all, at, block.length());
      at += block.length();
    }
    return all;
  }

  @Test
  void keepsTheBytesOfEveryEvent() {
    long seed = System.nanoTime();
    System.out.println("BlockTest seed " + seed);
    for (int count : new int[] {1, 2, 7, 300}) {
      EventRecord[] events = events(seed + count, count);
      List<EventRecord> read = new ArrayList<>();
      for (Block block : Block.cut(events, 1000, 42, 7)) {
        read.addAll(List.of(block.events()));
      }
      assertThat(bytes(read.toArray(EventRecord[]::new)))
          .as("seed %s, %s events", seed, count)
          .containsExactlyElementsOf(bytes(events));
    }
  }

  @Test
  void pinsTheHeaderOfFormat2() {
    Block block =
        Block.cut(large(1, 10), 0x0102030405060708L, 0x1112131415161718L, 0x2122L).getFirst();
    String length = "%08x".formatted(block.length());
    assertThat(HexFormat.of().formatHex(block.bytes(), 0, 33))
        .isEqualTo(
            "02"
                + length
                + "0102030405060708"
                + "1112131415161718"
                + "0000000000002122"
                + "00000001");
  }

  @Test
  void splitsALargeGroupCommitIntoConsecutiveBlocks() {
    List<Block> blocks = Block.cut(large(100, 1000), 5, 42, 900);
    assertThat(blocks).hasSizeGreaterThan(2);
    long next = 5;
    long before = 900;
    for (Block block : blocks) {
      assertThat(block.first()).isEqualTo(next);
      assertThat(block.logBytes()).isEqualTo(before);
      assertThat(block.commitMillis()).isEqualTo(42);
      assertThat(block.length()).isLessThan(Block.TARGET_BYTES + 2000);
      next = block.last() + 1;
      before += block.length();
    }
    assertThat(next).isEqualTo(105);
  }

  @Test
  void anOversizedEventGetsItsOwnBlock() {
    List<Block> blocks = Block.cut(large(3, 3 * Block.TARGET_BYTES), 1, 0, 0);
    assertThat(blocks).hasSize(3).allSatisfy(block -> assertThat(block.count()).isEqualTo(1));
  }

  @Test
  void readsAdjacentBlocks() {
    List<Block> blocks = Block.cut(large(100, 1000), 1, 42, 0);
    byte[] all = concatenated(blocks);
    byte[] framed = new byte[all.length + 20];
    System.arraycopy(all, 0, framed, 13, all.length);
    List<Block> read = Block.readAll(framed, 13, 13 + all.length);
    assertThat(read).hasSameSizeAs(blocks);
    for (int i = 0; i < read.size(); i++) {
      assertThat(read.get(i).first()).isEqualTo(blocks.get(i).first());
      assertThat(bytes(read.get(i).events()))
          .containsExactlyElementsOf(bytes(blocks.get(i).events()));
    }
  }

  @Test
  void refusesBlocksTruncatedAnywhere() {
    byte[] all = concatenated(Block.cut(large(40, 1000), 1, 42, 0));
    int border = new Block(all, 0).length();
    for (int length = 1; length < all.length; length += length < 100 ? 1 : 97) {
      byte[] cut = Arrays.copyOf(all, length);
      if (length != border) {
        assertThatThrownBy(() -> Block.readAll(cut, 0, cut.length))
            .as("cut to %s", length)
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void refusesADamagedBlockOrStaysWithinItsBytes() {
    long seed = System.nanoTime();
    System.out.println("BlockTest seed " + seed);
    Random random = new Random(seed);
    byte[] good = concatenated(Block.cut(events(1, 20), 1, 42, 0));
    for (int i = 0; i < 2000; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        Block.readAll(bad, 0, bad.length).forEach(Block::events);
      } catch (IllegalArgumentException e) {
        assertThat(e).as("seed %s", seed).hasMessageNotContaining("null");
      }
    }
  }

  @Test
  void aCursorFindsEventsInAscendingOrder() {
    EventRecord[] events = events(3, 10);
    Block block = Block.cut(events, 101, 0, 0).getFirst();
    int last = (int) (block.last() - 101);
    Block.Cursor cursor = block.cursor();
    for (int i : new int[] {0, 2, 3, last}) {
      EventRecord found = cursor.find(101 + i);
      assertThat(found).isNotNull();
      assertThat(Logs.bytes(found)).isEqualTo(Logs.bytes(events[i]));
    }
    assertThat(cursor.find(101)).as("behind the cursor").isNull();
    assertThat(block.cursor().find(100)).isNull();
    assertThat(block.cursor().find(block.last() + 1)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 255})
  void refusesAnotherVersion(int version) {
    byte[] bytes = concatenated(Block.cut(events(1, 1), 1, 0, 0));
    bytes[0] = (byte) version;
    assertThatThrownBy(() -> new Block(bytes, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("format 2");
  }
}
