package io.galerne.server.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Logs;
import io.galerne.server.log.RandomEvents;
import io.galerne.server.log.SampleEvent;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BlockTest {
  /// These bytes are on disk: version, first sequence, commit time, count, then each event.
  @Test
  void keepsItsFormat() {
    EventRecord one = SampleEvent.any().id("one").record();
    EventRecord two = SampleEvent.any().id("two!").record();
    EventRecord[] events = {SampleEvent.any().record(), one, two, SampleEvent.any().record()};
    byte[] block = write(events, 1, 3, 0x0102030405060708L, 1774864800000L);
    assertThat(hex(block))
        .isEqualTo(
            "01"
                + "0102030405060708"
                + "0000019d3e2f9900"
                + "00000002"
                + HexFormat.of().toHexDigits(one.length())
                + hex(Logs.bytes(one))
                + HexFormat.of().toHexDigits(two.length())
                + hex(Logs.bytes(two)));
  }

  @Test
  void tellsWhatItHolds() {
    EventRecord[] events = events(5);
    Block block = new Block(write(events, 0, 5, 100, 42));
    assertThat(block.first()).isEqualTo(100);
    assertThat(block.last()).isEqualTo(104);
    assertThat(block.commitMillis()).isEqualTo(42);
    assertThat(Stream.of(block.events()).map(BlockTest::hex))
        .isEqualTo(Stream.of(events).map(BlockTest::hex).toList());
  }

  @Test
  void findsEveryEventInWhateverOrderItIsAskedFor() {
    long seed = System.nanoTime();
    System.out.println("BlockTest seed " + seed);
    Random random = new Random(seed);
    EventRecord[] events = events(40);
    Block block = new Block(write(events, 0, 40, 7, 42));
    for (int i = 0; i < 2000; i++) {
      int position = random.nextInt(40);
      assertThat(hex(block.find(7 + position)))
          .as("seed %s", seed)
          .isEqualTo(hex(events[position]));
    }
    assertThat(block.find(6)).isNull();
    assertThat(block.find(47)).isNull();
    assertThat(hex(block.find(7))).isEqualTo(hex(events[0]));
  }

  @Test
  void refusesWhatIsNoBlockOfThisVersion() {
    byte[] block = write(events(1), 0, 1, 7, 42);
    byte[] newer = block.clone();
    newer[0] = 2;
    for (byte[] bad : List.of(newer, new byte[0], new byte[] {1}, new byte[20])) {
      assertThatThrownBy(() -> new Block(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static EventRecord[] events(int count) {
    return new RandomEvents(count).records(count, "acme").toArray(EventRecord[]::new);
  }

  private static String hex(EventRecord event) {
    return hex(Logs.bytes(event));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] write(EventRecord[] events, int from, int to, long first, long millis) {
    ByteBuffer out = ByteBuffer.allocate(Block.size(events, from, to));
    Block.write(out, events, from, to, first, millis);
    assertThat(out.hasRemaining()).isFalse();
    return out.array();
  }
}
