package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
  @ParameterizedTest
  @CsvSource({
    "srve, serve",
    "server, serve",
    "key, keys",
    "dema, demo",
    "--retention-ages, --retention-age",
    "--retentionsize, --retention-size",
    "--prot, --port",
    "stop,",
    "s,",
    "--verbose,"
  })
  void suggestsTheNearestWord(String typed, String meant) {
    List<String> known =
        List.of("serve", "demo", "keys", "--port", "--retention-age", "--retention-size");

    assertThat(Suggestion.of(typed, known).orElse(null)).isEqualTo(meant);
  }
}
