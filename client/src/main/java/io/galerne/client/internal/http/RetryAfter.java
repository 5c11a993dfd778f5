package io.galerne.client.internal.http;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Parses the wait that a response asks for: `retry-after-ms`, or `Retry-After` in seconds or as a
/// date in any of HTTP's three formats (RFC 9110, section 5.6.7).
final class RetryAfter {
  /// Longer than any client would wait; prevents overflows.
  private static final double MOST_MILLIS = Duration.ofDays(3650).toMillis();

  private static final DateTimeFormatter ASCTIME =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("EEE MMM ppd HH:mm:ss uuuu")
          .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
          .toFormatter(Locale.US);

  private RetryAfter() {}

  /// Empty if the headers are missing, invalid or zero.
  static Optional<Duration> of(HttpHeaders headers, Instant now) {
    return headers
        .firstValue("retry-after-ms")
        .flatMap(millis -> millis(millis, 1))
        .or(() -> headers.firstValue("retry-after").flatMap(value -> secondsOrDate(value, now)))
        .filter(delay -> !delay.isNegative() && !delay.isZero());
  }

  private static Optional<Duration> secondsOrDate(String value, Instant now) {
    return millis(value, 1000)
        .or(() -> date(value.strip(), now).map(date -> Duration.between(now, date)));
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

  private static Optional<Instant> date(String text, Instant now) {
    for (DateTimeFormatter form :
        List.of(DateTimeFormatter.RFC_1123_DATE_TIME, rfc850(now), ASCTIME)) {
      try {
        return Optional.of(OffsetDateTime.parse(text, form).toInstant());
      } catch (DateTimeException e) {
        // another format, or not a date
      }
    }
    return Optional.empty();
  }

  /// The obsolete format with a two-digit year: more than fifty years ahead means the previous
  /// century.
  private static DateTimeFormatter rfc850(Instant now) {
    int firstYear = now.atOffset(ZoneOffset.UTC).getYear() - 49;
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, firstYear)
        .appendPattern(" HH:mm:ss 'GMT'")
        .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
        .toFormatter(Locale.US);
  }
}
