package io.galerne.cli.serve;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads sizes in bytes: a whole number, alone or with a unit, such as `1048576`, `512KiB` or
/// `20GiB`. `KiB` is 1024 bytes, `KB` is 1000; case does not matter.
class SizeConverter implements ITypeConverter<Long> {
  private static final Pattern SIZE = Pattern.compile("(\\d+) ?([A-Za-z]*)");
  private static final Map<String, Long> UNITS =
      Map.of(
          "", 1L,
          "b", 1L,
          "kb", 1_000L,
          "kib", 1L << 10,
          "mb", 1_000_000L,
          "mib", 1L << 20,
          "gb", 1_000_000_000L,
          "gib", 1L << 30,
          "tb", 1_000_000_000_000L,
          "tib", 1L << 40);

  @Override
  public @Nullable Long convert(String text) {
    Matcher matcher = SIZE.matcher(text.strip());
    Long unit = matcher.matches() ? UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit == null) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is not a size: write a whole number of bytes, or one with KiB, MiB, GiB, TiB,"
              + " KB, MB, GB or TB, as in 20GiB");
    }
    try {
      return new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(unit)).longValueExact();
    } catch (ArithmeticException e) {
      throw new TypeConversionException("'" + text + "' is too large");
    }
  }

  /// Also reads `none`, as null.
  static final class OrNone extends SizeConverter {
    @Override
    public @Nullable Long convert(String text) {
      return text.strip().equals("none") ? null : super.convert(text);
    }
  }

  /// Reads sizes of values that are held in memory at once: below 2 GiB.
  static final class InMemory implements ITypeConverter<Integer> {
    private final SizeConverter sizes = new SizeConverter();

    @Override
    public @Nullable Integer convert(String text) {
      Long bytes = sizes.convert(text);
      if (bytes != null && bytes > Integer.MAX_VALUE) {
        throw new TypeConversionException("'" + text + "' is too large: it must be below 2GiB");
      }
      return bytes == null ? null : bytes.intValue();
    }
  }
}
