package io.galerne.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads durations: a whole number and a unit, such as `250ms`, `15s`, `10m`, `24h` or `30d`.
public class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern DURATION = Pattern.compile("(\\d+) ?(ms|s|m|h|d)");

  /// Returns whether a text looks like a duration; it may still be too long.
  public static boolean isDuration(String text) {
    return DURATION.matcher(text.strip()).matches();
  }

  @Override
  public @Nullable Duration convert(String text) {
    return read(text);
  }

  /// Reads a duration.
  ///
  /// @throws TypeConversionException if the text is not a duration, or is too long a duration
  public static Duration read(String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is not a duration: write a whole number and ms, s, m, h or d, as in 90d");
    }
    try {
      return of(Long.parseLong(matcher.group(1)), matcher.group(2));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new TypeConversionException("'" + text + "' is too long");
    }
  }

  private static Duration of(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /// Also reads `none`, as null.
  public static final class OrNone extends DurationConverter {
    @Override
    public @Nullable Duration convert(String text) {
      return text.strip().equals("none") ? null : super.convert(text);
    }
  }
}
