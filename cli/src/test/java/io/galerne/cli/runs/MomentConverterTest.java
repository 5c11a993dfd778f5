package io.galerne.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class MomentConverterTest {
  private final MomentConverter converter =
      new MomentConverter(
          InstantSource.fixed(Instant.parse("2026-11-29T03:00:00Z")), ZoneId.of("Europe/Paris"));

  @ParameterizedTest
  @CsvSource({
    "2h, 2026-11-29T01:00:00Z",
    "90d, 2026-08-31T03:00:00Z",
    "2026-03-30, 2026-03-29T22:00:00Z",
    "2026-03-30T10:00, 2026-03-30T08:00:00Z",
    "2026-03-30 10:00:01, 2026-03-30T08:00:01Z",
    "2026-03-30T10:00:00Z, 2026-03-30T10:00:00Z",
    "2026-03-30T10:00:00.123456789+05:30, 2026-03-30T04:30:00.123456789Z"
  })
  void readsAgesAndDates(String text, Instant moment) {
    assertThat(converter.convert(text)).isEqualTo(moment);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "2026-13-01", "10:00", "99999999999999d", "2w"})
  void saysHowToWriteATime(String text) {
    assertThatThrownBy(() -> converter.convert(text)).isInstanceOf(TypeConversionException.class);
  }
}
