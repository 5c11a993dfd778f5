package io.galerne.cli.runs;

import io.galerne.cli.DurationConverter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads times: ISO 8601 with an offset or in local time, a local date, which means its start, or
/// an age, such as `2h`.
final class MomentConverter implements ITypeConverter<Instant> {
  private final InstantSource clock;
  private final ZoneId zone;

  MomentConverter() {
    this(InstantSource.system(), ZoneId.systemDefault());
  }

  MomentConverter(InstantSource clock, ZoneId zone) {
    this.clock = clock;
    this.zone = zone;
  }

  @Override
  public Instant convert(String text) {
    String moment = text.strip();
    try {
      if (DurationConverter.isDuration(moment)) {
        return clock.instant().minus(DurationConverter.read(moment));
      }
      if (moment.matches("\\d{4}-\\d\\d-\\d\\d")) {
        return LocalDate.parse(moment).atStartOfDay(zone).toInstant();
      }
      TemporalAccessor time =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              moment.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
      return time instanceof OffsetDateTime offset
          ? offset.toInstant()
          : LocalDateTime.from(time).atZone(zone).toInstant();
    } catch (DateTimeException | ArithmeticException e) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is not a time: write how long ago, as in 2h, or a date, as in 2026-03-30 or"
              + " 2026-03-30T10:00:00Z");
    }
  }
}
