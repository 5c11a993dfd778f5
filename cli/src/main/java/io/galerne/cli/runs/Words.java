package io.galerne.cli.runs;

import java.time.Duration;
import java.time.Instant;

/// Formats durations with two units at most.
final class Words {
  private Words() {}

  /// Returns text such as `85 ms`, `1.23 s`, `3 min 5 s`, `2 h 10 min` or `4 d 3 h`.
  static String of(Duration duration) {
    long millis = Math.max(0, duration.toMillis());
    if (millis < 1000) {
      return millis + " ms";
    } else if (millis < 10_000) {
      return millis / 1000 + "." + "%02d".formatted(millis % 1000 / 10) + " s";
    } else if (millis < 60_000) {
      return millis / 1000 + "." + millis % 1000 / 100 + " s";
    }
    long seconds = millis / 1000;
    if (seconds < 3600) {
      return two(seconds / 60, "min", seconds % 60, "s");
    } else if (seconds < 86_400) {
      return two(seconds / 3600, "h", seconds % 3600 / 60, "min");
    }
    return two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }

  /// Returns the time from a moment to now, in the largest unit alone from minutes on: `3 min`.
  static String age(Instant moment, Instant now) {
    Duration age = Duration.between(moment, now);
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    } else if (seconds < 3600) {
      return seconds / 60 + " min";
    }
    return seconds < 86_400 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
  }
}
