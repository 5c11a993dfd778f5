package io.galerne.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimestampTest {
  @ParameterizedTest
  @CsvSource({
    "0,                    1970-01-01T00:00:00.000000000Z",
    "1,                    1970-01-01T00:00:00.000000001Z",
    "-1,                   1969-12-31T23:59:59.999999999Z",
    "999999999,            1970-01-01T00:00:00.999999999Z",
    "1000000000,           1970-01-01T00:00:01.000000000Z",
    "-1000000000,          1969-12-31T23:59:59.000000000Z",
    "-1000000001,          1969-12-31T23:59:58.999999999Z",
    "951782400000000000,   2000-02-29T00:00:00.000000000Z",
    "1774864800037000000,  2026-03-30T10:00:00.037000000Z",
    "9007199254740992,     1970-04-15T05:59:59.254740992Z",
    "9223372036854775807,  2262-04-11T23:47:16.854775807Z",
    "-9223372036854775808, 1677-09-21T00:12:43.145224192Z",
  })
  void formatsWithNineDigits(long nanos, String text) {
    assertThat(EventTimestamp.format(nanos)).isEqualTo(text);
  }

  @Test
  void formatsTheSameInstantAsTheNanoseconds() {
    long seed = System.nanoTime();
    System.out.println("EventTimestampTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      long nanos = random.nextLong() >> random.nextInt(64);
      String text = EventTimestamp.format(nanos);
      Instant moment = Instant.ofEpochSecond(0, nanos);
      assertThat(Instant.parse(text)).as("%s, seed %s", nanos, seed).isEqualTo(moment);
      assertThat(text).hasSize(30);
      assertThat(EventTimestamp.parse(text)).as("%s, seed %s", text, seed).hasValue(nanos);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-30T10:00:00.037000000Z,      1774864800037000000",
    "2026-03-30T12:00:00.037+02:00,       1774864800037000000",
    "2026-03-30T04:30:00.037000001-05:30, 1774864800037000001",
    "2026-03-30T10:00Z,                   1774864800000000000",
    "2026-03-30T10:00:00Z,                1774864800000000000",
    "1969-12-31T23:59:59.999999999Z,      -1",
    "2262-04-11T23:47:16.854775807Z,      9223372036854775807",
    "1677-09-21T00:12:43.145224192Z,      -9223372036854775808",
  })
  void parsesAnyOffsetAndUpToNineDigits(String text, long nanos) {
    assertThat(EventTimestamp.parse(text)).hasValue(nanos);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "2026-03-30",
        "2026-03-30T10:00:00",
        "2026-02-30T10:00:00Z",
        "2026-03-30T10:00:00.0000000001Z",
        "2262-04-11T23:47:16.854775808Z",
        "1677-09-21T00:12:43.145224191Z",
        "+999999999-12-31T23:59:59Z"
      })
  void rejectsInvalidTimestamps(String text) {
    assertThat(EventTimestamp.parse(text)).isEmpty();
  }
}
