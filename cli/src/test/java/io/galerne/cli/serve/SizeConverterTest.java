package io.galerne.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SizeConverterTest {
  @ParameterizedTest
  @CsvSource({
    "1048576,1048576",
    "100B,100",
    "512KiB,524288",
    "1MB,1000000",
    "1 MiB,1048576",
    "8mib,8388608",
    "20GiB,21474836480",
    "2TB,2000000000000",
    "1TiB,1099511627776"
  })
  void readsANumberWithOrWithoutAUnit(String text, long bytes) {
    assertThat(new SizeConverter().convert(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "big", "-1", "1.5GiB", "20G", "1 KiB 1", "none", "1ΚB"})
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> new SizeConverter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("as in 20GiB");
  }

  @Test
  void refusesMoreThanAnyDiskHolds() {
    assertThatThrownBy(() -> new SizeConverter().convert("9223372036854775807KiB"))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("too large");
  }

  @Test
  void noneIsNotASize() {
    assertThat(new SizeConverter.OrNone().convert("none")).isNull();
    assertThat(new SizeConverter.OrNone().convert("1KiB")).isEqualTo(1024L);
  }

  @Test
  void sizesHeldInMemoryStayBelowTwoGibibytes() {
    assertThat(new SizeConverter.InMemory().convert("2147483647")).isEqualTo(Integer.MAX_VALUE);
    assertThatThrownBy(() -> new SizeConverter.InMemory().convert("2GiB"))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("must be below 2GiB");
  }
}
