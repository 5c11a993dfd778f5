package io.galerne.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  @ParameterizedTest
  @CsvSource({
    "PT-1S, 0 ms",
    "PT0S, 0 ms",
    "PT0.085S, 85 ms",
    "PT1.2S, 1.20 s",
    "PT9.999S, 9.99 s",
    "PT12.34S, 12.3 s",
    "PT59.99S, 59.9 s",
    "PT1M, 1 min",
    "PT3M5S, 3 min 5 s",
    "PT2H10M, 2 h 10 min",
    "P4DT3H2M, 4 d 3 h"
  })
  void durationsHaveTwoUnitsAtMost(Duration duration, String words) {
    assertThat(Words.of(duration)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"PT-1S, 0 s", "PT59S, 59 s", "PT3M59S, 3 min", "PT2H59M, 2 h", "P3DT4H, 3 d"})
  void agesHaveOneUnit(Duration age, String words) {
    Instant moment = Instant.ofEpochSecond(1_000_000);

    assertThat(Words.age(moment, moment.plus(age))).isEqualTo(words);
  }
}
