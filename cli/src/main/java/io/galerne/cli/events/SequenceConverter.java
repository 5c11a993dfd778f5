package io.galerne.cli.events;

import java.math.BigInteger;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a sequence of the log.
public class SequenceConverter implements ITypeConverter<Long> {
  private final long least;

  public SequenceConverter() {
    this(0);
  }

  private SequenceConverter(long least) {
    this.least = least;
  }

  /// Reads the start of a stream: a sequence, or a negative number for new events only.
  static final class OrNow extends SequenceConverter {
    OrNow() {
      super(Long.MIN_VALUE);
    }
  }

  @Override
  public Long convert(String text) {
    BigInteger number;
    try {
      number = new BigInteger(text.strip());
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is not a whole number");
    }
    if (number.bitLength() >= Long.SIZE || number.longValue() < least) {
      throw new TypeConversionException(
          "'" + text + "' is not a sequence: give a whole number from 0 to " + Long.MAX_VALUE);
    }
    return number.longValue();
  }
}
