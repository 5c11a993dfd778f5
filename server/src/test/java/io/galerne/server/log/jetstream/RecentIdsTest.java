package io.galerne.server.log.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.Seed;
import io.galerne.server.log.IdHash;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentIdsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final long HOUR_MILLIS = HOUR.toMillis();
  private static final long SLICE_MILLIS = HOUR_MILLIS / 4;
  private static final long NOW = 1_774_864_800_037L;
  private static final int PLENTY = 1_000_000;

  /// How many entries the table of a slice has in the beginning.
  private static final int ENTRIES = 1 << 10;

  private static IdHash id(long number) {
    return new IdHash(number * 0x9e3779b97f4a7c15L, number);
  }

  @Test
  void findsWhatWasAddedAndNothingElse() {
    RecentIds ids = new RecentIds(HOUR);
    assertThat(ids.find(id(1))).isEqualTo(RecentIds.UNKNOWN);
    ids.add(id(1), 17, NOW);
    assertThat(ids.find(id(1))).isEqualTo(17);
    assertThat(ids.find(id(2))).isEqualTo(RecentIds.UNKNOWN);
    assertThat(ids.find(new IdHash(id(1).high(), 2))).isEqualTo(RecentIds.UNKNOWN);
    assertThat(ids.find(new IdHash(2, id(1).low()))).isEqualTo(RecentIds.UNKNOWN);
  }

  @Test
  void anIdOfZerosIsAnId() {
    RecentIds ids = new RecentIds(HOUR);
    assertThat(ids.find(new IdHash(0, 0))).isEqualTo(RecentIds.UNKNOWN);
    ids.add(new IdHash(0, 0), 5, NOW);
    assertThat(ids.find(new IdHash(0, 0))).isEqualTo(5);
  }

  @Test
  void theFirstSequenceOfAnIdStays() {
    RecentIds ids = new RecentIds(HOUR);
    ids.add(id(1), 17, NOW);
    ids.add(id(1), 18, NOW);
    ids.add(id(1), 19, NOW + SLICE_MILLIS);
    assertThat(ids.find(id(1))).isEqualTo(17);
  }

  @Test
  void recognisesAnIdForTheWholeWindowWhereverASliceBegins() {
    for (long offset = 0; offset < SLICE_MILLIS; offset += 7_001) {
      RecentIds ids = new RecentIds(HOUR, PLENTY);
      long added = NOW + offset;
      ids.add(id(1), 1, added);
      for (long later = 0; later <= HOUR_MILLIS; later += HOUR_MILLIS / 20) {
        ids.add(id(2 + later), 2, added + later);
      }
      assertThat(ids.find(id(1))).as("offset %s", offset).isEqualTo(1);
    }
  }

  @Test
  void recognisesAnIdForTheWholeOfATinyWindow() {
    for (int millis : new int[] {0, 1, 2, 3, 5, 7}) {
      RecentIds ids = new RecentIds(Duration.ofMillis(millis), PLENTY);
      ids.add(id(1), 1, NOW);
      ids.add(id(2), 2, NOW + millis);
      assertThat(ids.find(id(1))).as("a window of %s ms", millis).isEqualTo(1);
    }
  }

  @Test
  void forgetsAnIdASliceBeyondTheWindow() {
    for (long offset = 0; offset < SLICE_MILLIS; offset += 7_001) {
      RecentIds ids = new RecentIds(HOUR, PLENTY);
      long added = NOW + offset;
      ids.add(id(1), 1, added);
      ids.add(id(2), 2, added + HOUR_MILLIS + SLICE_MILLIS);
      assertThat(ids.find(id(1))).as("offset %s", offset).isEqualTo(RecentIds.UNKNOWN);
      assertThat(ids.find(id(2))).isEqualTo(2);
    }
  }

  @Test
  void forgetsAllAfterALongSilence() {
    RecentIds ids = new RecentIds(HOUR, PLENTY);
    for (int i = 1; i <= 5; i++) {
      ids.add(id(i), i, NOW + i * SLICE_MILLIS);
    }
    ids.add(id(6), 6, NOW + 100 * HOUR_MILLIS);
    for (int i = 1; i <= 5; i++) {
      assertThat(ids.find(id(i))).isEqualTo(RecentIds.UNKNOWN);
    }
    assertThat(ids.find(id(6))).isEqualTo(6);
  }

  @Test
  void idsThatWantTheSamePlaceAreToldApart() {
    RecentIds ids = new RecentIds(HOUR, PLENTY);
    // all of them at the last place of the table, so that they go on at its beginning
    for (int i = 0; i < 500; i++) {
      ids.add(new IdHash((long) ENTRIES * i - 1, i % 2), i + 1, NOW);
    }
    for (int i = 0; i < 500; i++) {
      long high = (long) ENTRIES * i - 1;
      assertThat(ids.find(new IdHash(high, i % 2))).isEqualTo(i + 1);
      assertThat(ids.find(new IdHash(high, 1 - i % 2))).isEqualTo(RecentIds.UNKNOWN);
    }
  }

  @Test
  void findsAllOfManyInAnyOrder() {
    Random random = Seed.random("RecentIdsTest");
    RecentIds ids = new RecentIds(HOUR, PLENTY);
    Map<IdHash, Long> added = new HashMap<>();
    long millis = NOW;
    for (long sequence = 1; sequence <= 20_000; sequence++) {
      IdHash id = new IdHash(random.nextLong(), random.nextLong());
      if (random.nextInt(4) == 0) {
        id = new IdHash(id.high() & 0xf, id.low() & 0xf);
      }
      millis += random.nextInt(100);
      ids.add(id, sequence, millis);
      added.putIfAbsent(id, sequence);
    }
    added.forEach((id, sequence) -> assertThat(ids.find(id)).isEqualTo(sequence));
    for (int i = 0; i < 20_000; i++) {
      IdHash other = new IdHash(random.nextLong(), random.nextLong());
      assertThat(ids.find(other)).isEqualTo(RecentIds.UNKNOWN);
    }
  }

  @Test
  void keepsNoMoreIdsThanItMayAndForgetsTheOldestFirst() {
    RecentIds ids = new RecentIds(HOUR, 1_000);
    for (int i = 1; i <= 5_000; i++) {
      ids.add(id(i), i, NOW + i * 100L);
    }
    assertBounded(ids, 5_000, 1_000);
  }

  /// A burst may fall into less time than a slice has.
  @Test
  void keepsNoMoreIdsThanItMayWhereAllComeAtOnce() {
    RecentIds ids = new RecentIds(HOUR, 1_000);
    for (int i = 1; i <= 5_000; i++) {
      ids.add(id(i), i, NOW);
    }
    assertBounded(ids, 5_000, 1_000);
    for (int i = 5_001; i <= 9_000; i++) {
      ids.add(id(i), i, NOW + SLICE_MILLIS);
    }
    assertBounded(ids, 9_000, 1_000);
  }

  @Test
  void keepsTheLastIdHoweverFewItMayKeep() {
    RecentIds ids = new RecentIds(HOUR, 1);
    for (int i = 1; i <= 10; i++) {
      ids.add(id(i), i, NOW);
      assertThat(ids.find(id(i))).isEqualTo(i);
    }
  }

  /// What is left are the newest, without gaps, and at least half of what may be.
  private static void assertBounded(RecentIds ids, int added, int most) {
    int kept = 0;
    while (kept < added && ids.find(id(added - kept)) == added - kept) {
      kept++;
    }
    assertThat(kept).isBetween(most / 2, most);
    for (int i = 1; i <= added - kept; i++) {
      assertThat(ids.find(id(i))).isEqualTo(RecentIds.UNKNOWN);
    }
  }
}
