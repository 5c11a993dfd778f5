package io.galerne.bench.scenario;

import java.util.Locale;

/// The unit of a figure.
public enum Unit {
  PER_SECOND("%,.0f/s"),
  PER_CPU_SECOND("%,.0f per CPU-s"),
  MILLISECONDS("%,.2f ms"),
  SECONDS("%.2f s"),
  KILOBYTES("%.1f KB"),
  MEGABYTES("%,.0f MB");

  private final String format;

  Unit(String format) {
    this.format = format;
  }

  public String text(double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
