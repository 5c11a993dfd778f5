package io.galerne.server.log.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.server.Seed;
import io.galerne.server.log.IdHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentTest {
  private static final long MILLIS = 1_774_864_800_037L;

  private record Event(IdHash id, long sequence) {}

  private static Segment read(long number, byte[] data, List<Event> events) {
    return Segment.read(number, data, (id, sequence) -> events.add(new Event(id, sequence)));
  }

  @ParameterizedTest
  @CsvSource({
    "1,             0",
    "4096,          0",
    "4097,          1",
    "8192,          1",
    "8193,          2",
    "1073741824,    262143",
    "1073741825,    262144",
  })
  void aSegmentHas4096Sequences(long sequence, long number) {
    assertThat(Segment.of(sequence)).isEqualTo(number);
    assertThat(sequence).isBetween(Segment.first(number), Segment.last(number));
    assertThat(Segment.last(number) - Segment.first(number)).isEqualTo(4095);
    assertThat(Segment.first(number + 1)).isEqualTo(Segment.last(number) + 1);
  }

  /// These bytes are in streams that are there already.
  @Test
  void keepsItsFormat() {
    Segment.Builder segment = new Segment.Builder(2);
    segment.add(new long[] {3, -1}, Segment.first(2), MILLIS - 1);
    segment.add(new IdHash(0x0102030405060708L, 0xf1f2f3f4f5f6f7f8L), Segment.first(2));
    segment.add(new long[] {3}, Segment.last(2), MILLIS);
    segment.add(new IdHash(-1, 0), Segment.last(2));
    String hex =
        "02" // version
            + "0000019d3e2f9925" // the time of the last
            + "00000002" // keys
            + "ffffffffffffffff000001" // the key -1, once, at one place
            + "0000000000000003000102" // the key 3, twice, at two
            + "0000" // where the key -1 is
            + "00000fff" // where the key 3 is
            + "0002" // events
            + "00000102030405060708f1f2f3f4f5f6f7f8"
            + "0fffffffffffffffffff0000000000000000";
    byte[] data = segment.write(segment.build());
    assertThat(HexFormat.of().formatHex(data)).isEqualTo(hex);

    List<Event> events = new ArrayList<>();
    Segment read = read(2, data, events);
    assertThat(read.number()).isEqualTo(2);
    assertThat(read.millis()).isEqualTo(MILLIS);
    assertThat(read.count(3)).isEqualTo(2);
    assertThat(read.count(-1)).isEqualTo(1);
    assertThat(read.count(4)).isZero();
    assertThat(read.sequences(3)).containsExactly(8193L, 12_288L);
    assertThat(read.sequences(-1)).containsExactly(8193L);
    assertThat(read.sequences(4)).isEmpty();
    assertThat(events)
        .containsExactly(
            new Event(new IdHash(0x0102030405060708L, 0xf1f2f3f4f5f6f7f8L), 8193),
            new Event(new IdHash(-1, 0), 12_288));
  }

  @Test
  void countsAllMessagesOfASegmentUnderOneKey() {
    Segment.Builder segment = new Segment.Builder(0);
    for (long sequence = 1; sequence <= Segment.SEQUENCES; sequence++) {
      segment.add(new long[] {42}, sequence, MILLIS);
      segment.add(new IdHash(sequence, -sequence), sequence);
    }
    assertThat(segment.count(42)).isEqualTo(4096);
    List<Event> events = new ArrayList<>();
    Segment read = read(0, segment.write(segment.build()), events);
    assertThat(read.count(42)).isEqualTo(4096);
    assertThat(events).hasSize(4096).contains(new Event(new IdHash(4096, -4096), 4096));
  }

  @Test
  void knowsWhereEventsBeginAsLongAsTheyAreFew() {
    Segment.Builder segment = new Segment.Builder(0);
    for (int i = 1; i <= 3; i++) {
      segment.add(new long[] {9}, 7, MILLIS); // three parts of one event
    }
    for (long sequence = 10; sequence < 10 + Tally.FEW; sequence++) {
      assertThat(segment.sequences(5)).hasSize((int) sequence - 10);
      segment.add(new long[] {5, 6}, sequence, MILLIS);
    }
    segment.add(new long[] {6, 7}, 4096, MILLIS);
    Segment read = read(0, segment.write(segment.build()), new ArrayList<>());
    for (Tally tally : List.of(segment, read)) {
      assertThat(tally.count(9)).isEqualTo(3);
      assertThat(tally.sequences(9)).containsExactly(7L);
      assertThat(tally.sequences(5)).hasSize(Tally.FEW).startsWith(10L, 11L);
      assertThat(tally.count(6)).isEqualTo(Tally.FEW + 1);
      assertThat(tally.sequences(6)).isEmpty();
      assertThat(tally.sequences(7)).containsExactly(4096L);
    }
  }

  @Test
  void aSegmentOfNothingIsASegment() {
    Segment.Builder segment = new Segment.Builder(7);
    List<Event> events = new ArrayList<>();
    Segment read = read(7, segment.write(segment.build()), events);
    assertThat(read.count(0)).isZero();
    assertThat(events).isEmpty();
  }

  @Test
  void readsWhatWasWritten() {
    Random random = Seed.random("SegmentTest");
    for (int i = 0; i < 50; i++) {
      long number = random.nextLong() >>> random.nextInt(13, 60);
      Segment.Builder segment = new Segment.Builder(number);
      Map<Long, List<Long>> sequences = new HashMap<>();
      List<Event> events = new ArrayList<>();
      long millis = MILLIS;
      for (int at = random.nextInt(50); at < Segment.SEQUENCES; at += 1 + random.nextInt(50)) {
        long[] keys = random.longs(6).map(key -> key >> random.nextInt(64)).distinct().toArray();
        millis += random.nextInt(1000);
        segment.add(keys, Segment.first(number) + at, millis);
        long sequence = Segment.first(number) + at;
        for (long key : keys) {
          sequences.computeIfAbsent(key, _ -> new ArrayList<>()).add(sequence);
        }
        if (random.nextBoolean()) {
          Event event =
              new Event(
                  new IdHash(random.nextLong(), random.nextLong()), Segment.first(number) + at);
          events.add(event);
          segment.add(event.id(), event.sequence());
        }
      }
      List<Event> found = new ArrayList<>();
      Segment built = segment.build();
      Segment read = read(number, segment.write(built), found);
      assertThat(found).isEqualTo(events);
      assertThat(read.millis()).isEqualTo(millis).isEqualTo(built.millis());
      sequences.forEach((key, each) -> {
        for (Tally tally : List.of(read, built, segment)) {
          assertThat(tally.count(key)).isEqualTo(each.size());
          assertThat(tally.sequences(key).boxed())
              .isEqualTo(each.size() <= Tally.FEW ? each : List.of());
        }
      });
    }
  }

  @Test
  void refusesBytesThatEndTooEarlyAtEveryByte() {
    Segment.Builder segment = new Segment.Builder(0);
    segment.add(new long[] {3, -1}, 1, MILLIS);
    segment.add(new IdHash(1, 2), 1);
    byte[] data = segment.write(segment.build());
    for (int length = 0; length < data.length; length++) {
      byte[] cut = Arrays.copyOf(data, length);
      assertThatThrownBy(() -> read(0, cut, new ArrayList<>()))
          .as("cut at %s", length)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesMoreKeysThanItHasBytesForWithoutAskingForTheMemory() {
    byte[] data =
        HexFormat.of().parseHex("02" + "0000019d3e2f9925" + "7fffffff" + "0000000000000001");
    assertThatThrownBy(() -> read(0, data, new ArrayList<>()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesOtherVersions() {
    Segment.Builder segment = new Segment.Builder(0);
    byte[] data = segment.write(segment.build());
    data[0] = 1;
    assertThatThrownBy(() -> read(0, data, new ArrayList<>()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 2");
  }
}
