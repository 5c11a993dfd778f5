package io.galerne.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.jetstream.JetStreamLogConfig;
import io.galerne.jetstream.NatsAccess;
import io.galerne.server.ServerConfig;
import io.galerne.server.log.store.StoreConfig;
import io.galerne.server.worker.Temporal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingNamesTest {
  /// Components that operators do not set, or that consist of others.
  private static final Set<String> WITHOUT_OPTION =
      Set.of(
          "access",
          "store",
          "expiryInterval",
          "clock",
          "indexBytes",
          "tls",
          "temporal",
          "shutdownGrace");

  @Test
  void everySettingHasItsOption() {
    Set<String> options =
        requireNonNull(
                Galerne.commandLine(new Shell(Map.of(), () -> CommandRun.PIPE))
                    .getSubcommands()
                    .get("serve"))
            .getCommandSpec()
            .optionsMap()
            .keySet();
    List<String> settings =
        Stream.of(
                settings("", ServerConfig.class),
                settings("", StoreConfig.class),
                settings("", JetStreamLogConfig.class),
                settings("tls.", ServerConfig.Tls.class),
                settings("temporal.", Temporal.class),
                settings("nats.", NatsAccess.class),
                settings("nats.tls.", NatsAccess.Tls.class))
            .flatMap(names -> names)
            .filter(name -> !WITHOUT_OPTION.contains(name) && !name.equals("nats.tls"))
            .toList();

    assertThat(settings)
        .isNotEmpty()
        .allSatisfy(
            setting -> assertThat(options).contains(SettingNames.asOptions("`" + setting + "`")));
  }

  private static Stream<String> settings(String prefix, Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents()).map(part -> prefix + part.getName());
  }

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
