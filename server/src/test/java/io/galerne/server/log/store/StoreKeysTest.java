package io.galerne.server.log.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.log.IdHash;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every pinned value here is on disk.
class StoreKeysTest {
  @Test
  void keepsTheNamesOfMetadataKeys() {
    assertThat(new String(StoreKeys.LOG_ID, US_ASCII)).isEqualTo("log-id");
    assertThat(new String(StoreKeys.OLDEST, US_ASCII)).isEqualTo("oldest");
    assertThat(new String(StoreKeys.FLOOR, US_ASCII)).isEqualTo("floor");
  }

  @Test
  void writesNumbersBigEndian() {
    assertThat(hex(StoreKeys.number(0x0102030405060708L))).isEqualTo("0102030405060708");
    assertThat(StoreKeys.number(StoreKeys.number(0x0102030405060708L)))
        .isEqualTo(0x0102030405060708L);
  }

  @Test
  void writesSegmentKeyAndLastSequenceOfAnIndexEntry() {
    byte[] key = StoreKeys.index(3, 0xfedcba9876543210L, 0x300007L);
    assertThat(hex(key)).isEqualTo("00000003" + "fedcba9876543210" + "0000000000300007");
    assertThat(StoreKeys.lastSequence(key)).isEqualTo(0x300007L);
    assertThat(hex(StoreKeys.segmentStart(3))).isEqualTo("00000003");
  }

  @Test
  void writesBucketAndHashOfAnId() {
    IdHash hash = new IdHash(0x0001020304050607L, 0x08090a0b0c0d0e0fL);
    byte[] key = StoreKeys.id(0x01020304, hash);
    assertThat(hex(key)).isEqualTo("01020304" + "000102030405060708090a0b0c0d0e0f");
    assertThat(StoreKeys.bucket(key)).isEqualTo(0x01020304);
    assertThat(hex(StoreKeys.bucketStart(0x01020304))).isEqualTo("01020304");
  }

  @ParameterizedTest
  @CsvSource({
    "1,             0",
    "1048575,       0",
    "1048576,       1",
    "2097151,       1",
    "2097152,       2",
    "1073741824,    1024",
    "4503599627370495, 4294967295",
  })
  void aSegmentHasAMillionSequences(long sequence, long segment) {
    assertThat(Integer.toUnsignedLong(StoreKeys.segment(sequence))).isEqualTo(segment);
    assertThat(StoreKeys.firstOfSegment((int) segment))
        .isLessThanOrEqualTo(sequence)
        .isGreaterThan(sequence - (1 << 20));
  }

  @Test
  void keysSortNumerically() {
    long seed = System.nanoTime();
    System.out.println("StoreKeysTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      long one = random.nextLong() >>> (12 + random.nextInt(51)); // below 2^52
      long other = random.nextLong() >>> (12 + random.nextInt(51));
      assertThat(sign(Arrays.compareUnsigned(StoreKeys.number(one), StoreKeys.number(other))))
          .as("%s and %s", one, other)
          .isEqualTo(Long.compare(one, other));
      byte[] oneEntry = StoreKeys.index(StoreKeys.segment(one), 7, one);
      byte[] otherEntry = StoreKeys.index(StoreKeys.segment(other), 7, other);
      assertThat(sign(Arrays.compareUnsigned(oneEntry, otherEntry)))
          .as("entries of %s and %s", one, other)
          .isEqualTo(Long.compare(one, other));
    }
  }

  @Test
  void entriesOfOneKeyAndSegmentShareTheirPrefix() {
    byte[] entry = StoreKeys.index(1, 7, 1 << 20);
    assertThat(StoreKeys.samePrefix(entry, StoreKeys.index(1, 7, (1 << 20) + 5))).isTrue();
    assertThat(StoreKeys.samePrefix(entry, StoreKeys.index(1, 8, 1 << 20))).isFalse();
    assertThat(StoreKeys.samePrefix(entry, StoreKeys.index(2, 7, 1 << 20))).isFalse();
  }

  private static int sign(int comparison) {
    return Integer.signum(comparison);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
