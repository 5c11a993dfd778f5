package io.galerne.client.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-06T08:49:00Z");

  private static java.util.Optional<Duration> of(String value) {
    return RetryAfter.of(
        HttpHeaders.of(Map.of("retry-after", List.of(value)), (name, text) -> true), NOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          37                             | PT37S
          0.5                            | PT0.5S
          Fri, 06 Nov 2026 08:49:37 GMT  | PT37S
          Friday, 06-Nov-26 08:49:37 GMT | PT37S
          friday, 06-nov-26 08:49:37 gmt | PT37S
          Fri Nov  6 08:49:37 2026       | PT37S
          Tue Nov 10 08:49:00 2026       | PT96H
          Wednesday, 06-Nov-30 08:49:00 GMT | PT35064H
          """)
  void parsesEveryFormat(String value, Duration expected) {
    assertThat(of(value)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "0",
        "-5",
        "NaN",
        "Fri, 06 Nov 2026 08:48:59 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Monday, 06-Nov-26 08:49:37 GMT"
      })
  void ignoresPastAndInvalidValues(String value) {
    assertThat(of(value)).isEmpty();
  }
}
