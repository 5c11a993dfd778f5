package io.galerne.cli.serve;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads switches that are `on` or `off`.
final class OnOffConverter implements ITypeConverter<Boolean> {
  @Override
  public Boolean convert(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "on", "true" -> true;
      case "off", "false" -> false;
      default -> throw new TypeConversionException("'" + text + "' is neither 'on' nor 'off'");
    };
  }
}
