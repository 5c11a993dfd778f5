package io.galerne.protocol;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;

/// The two ways in which the wire writes when an event happened: nanoseconds since 1970, and the
/// same moment as ISO 8601 (contract, section 2).
public final class EventTimestamp {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private EventTimestamp() {}

  /// The moment as ISO 8601 in UTC, always with nine digits of fraction:
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

  /// The moment that ISO 8601 text names: with up to nine digits of fraction, and `Z` or any offset
  /// such as `+02:00`. Empty if it names none, or one that nanoseconds in a `long` cannot hold.
  public static OptionalLong parse(String text) {
    try {
      return OptionalLong.of(nanos(OffsetDateTime.parse(text).toInstant()));
    } catch (DateTimeException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  /// The moment in nanoseconds since 1970-01-01T00:00:00Z; negative before that.
  ///
  /// @throws ArithmeticException if a `long` cannot hold it: before 1677 or after 2262
  public static long nanos(Instant moment) {
    long seconds = moment.getEpochSecond();
    long fraction = moment.getNano();
    if (seconds < 0) { // so that the product does not overflow where the sum would fit
      seconds++;
      fraction -= NANOS_PER_SECOND;
    }
    return Math.addExact(Math.multiplyExact(seconds, NANOS_PER_SECOND), fraction);
  }

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
  }

  /// Writes the number so that its last digit stands before `end`.
  private static void digits(char[] text, int end, int number) {
    int at = end;
    for (int rest = number; rest > 0; rest /= 10) {
      text[--at] = (char) ('0' + rest % 10);
    }
  }
}
