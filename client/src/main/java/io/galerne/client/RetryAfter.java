package io.galerne.client;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// How long an answer asks to wait before the next try: `retry-after-ms`, or `Retry-After` in
/// seconds or as a date.
final class RetryAfter {
  /// Longer than any client would wait; so that nothing overflows.
  private static final double MOST_MILLIS = Duration.ofDays(3650).toMillis();

  private RetryAfter() {}

  /// Empty where the answer does not say, says nothing sensible, or says "at once".
  static Optional<Duration> of(HttpHeaders headers, Instant now) {
    return headers
        .firstValue("retry-after-ms")
        .flatMap(millis -> millis(millis, 1))
        .or(() -> headers.firstValue("retry-after").flatMap(value -> secondsOrDate(value, now)))
        .filter(delay -> !delay.isNegative() && !delay.isZero());
  }

  private static Optional<Duration> secondsOrDate(String value, Instant now) {
    return millis(value, 1000).or(() -> date(value).map(date -> Duration.between(now, date)));
  }

  private static Optional<Duration> millis(String number, int millisPerUnit) {
    try {
      double millis = Double.parseDouble(number.strip()) * millisPerUnit;
      return Double.isNaN(millis)
          ? Optional.empty()
          : Optional.of(Duration.ofMillis((long) Math.min(millis, MOST_MILLIS)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> date(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
