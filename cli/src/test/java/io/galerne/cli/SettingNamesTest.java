package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingNamesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "choose another name with the setting `stream`|choose another name with --stream",
        "set `replicas` to 1|set --replicas to 1",
        "keep less with the settings `retentionAge` and `retentionBytes`|keep less with --retention-age and --retention-size",
        "`nats.tls.key`: cannot read it|--nats-tls-key: cannot read it",
        "run `nats stream info`|run `nats stream info`",
        "a `colour` is no setting|a `colour` is no setting",
        "cost $1 \\ more with the setting `folder`|cost $1 \\ more with --data",
        "nothing to change|nothing to change",
      })
  void areTurnedIntoOptions(String message, String expected) {
    assertThat(SettingNames.asOptions(message)).isEqualTo(expected);
  }
}
