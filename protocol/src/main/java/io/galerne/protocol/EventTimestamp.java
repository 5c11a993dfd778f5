package io.galerne.protocol;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;

/// Converts between the two timestamp formats of the wire: nanoseconds since 1970, and ISO 8601
/// (contract, section 2).
public final class EventTimestamp {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private EventTimestamp() {}

  /// Formats a timestamp as ISO 8601 in UTC, always with nine fractional digits:
  /// `2026-03-30T10:00:00.037000000Z`.
  ///
  /// @param nanos nanoseconds since 1970-01-01T00:00:00Z; may be negative
  public static String format(long nanos) {
    int fraction = (int) Math.floorMod(nanos, NANOS_PER_SECOND);
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(nanos, NANOS_PER_SECOND), fraction, ZoneOffset.UTC);
    char[] text = "0000-00-00T00:00:00.000000000Z".toCharArray();
    digits(text, 4, time.getYear());
    digits(text, 7, time.getMonthValue());
    digits(text, 10, time.getDayOfMonth());
    digits(text, 13, time.getHour());
    digits(text, 16, time.getMinute());
    digits(text, 19, time.getSecond());
    digits(text, 29, fraction);
    return new String(text);
  }

  /// Parses ISO 8601 with up to nine fractional digits, and `Z` or any offset such as `+02:00`.
  /// Empty if the text is invalid, or the nanoseconds do not fit in a `long`.
  public static OptionalLong parse(String text) {
    try {
      return OptionalLong.of(nanos(OffsetDateTime.parse(text).toInstant()));
    } catch (DateTimeException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  /// Converts an instant to nanoseconds since 1970-01-01T00:00:00Z; negative before that.
  ///
  /// @throws ArithmeticException if the result does not fit in a `long`: before 1677 or after 2262
  public static long nanos(Instant moment) {
    long seconds = moment.getEpochSecond();
    long fraction = moment.getNano();
    if (seconds < 0) { // so that the product does not overflow if the sum fits
      seconds++;
      fraction -= NANOS_PER_SECOND;
    }
    return Math.addExact(Math.multiplyExact(seconds, NANOS_PER_SECOND), fraction);
  }

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
  }

  /// Writes the number with its last digit before `end`.
  private static void digits(char[] text, int end, int number) {
    int at = end;
    for (int rest = number; rest > 0; rest /= 10) {
      text[--at] = (char) ('0' + rest % 10);
    }
  }
}
