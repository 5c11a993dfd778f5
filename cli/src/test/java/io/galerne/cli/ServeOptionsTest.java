package io.galerne.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.cli.serve.Serve;
import io.galerne.jetstream.JetStreamLogConfig;
import io.galerne.jetstream.NatsAccess;
import io.galerne.server.ServerConfig;
import io.galerne.server.log.store.StoreConfig;
import io.galerne.server.worker.Temporal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

class ServeOptionsTest {
  @Test
  void withoutOptionsTheDefaultsHold() {
    Serve serve = serve(Map.of());
    assertThat(serve.config()).isEqualTo(ServerConfig.builder().build());
    assertThat(serve.jetStreamLog()).isEmpty();
    assertThat(serve.store()).isEqualTo(StoreConfig.builder(Path.of("galerne-data")).build());
  }

  @Test
  void everyOptionIsTaken() {
    assertEverythingIsSet(
        serve(
            Map.of(), EVERY_OPTION.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue())));
  }

  @Test
  void everyOptionIsTakenFromTheEnvironment() {
    Map<String, String> environment = new HashMap<>();
    EVERY_OPTION.forEach((option, value) ->
        environment.put(
            "GALERNE_" + option.substring(2).toUpperCase(Locale.ROOT).replace('-', '_'), value));

    assertEverythingIsSet(serve(environment));
  }

  private static void assertEverythingIsSet(Serve serve) {
    assertThat(serve.config()).isEqualTo(everythingSet());
    assertThat(serve.jetStreamLog()).contains(everythingOfJetStream());
    assertThat(serve.store()).isEqualTo(everythingStored());
    assertThat(serve.config() + " " + serve.jetStreamLog())
        .doesNotContain("Optional.empty", "OptionalLong.empty", "OptionalInt.empty");
  }

  @Test
  void theCommandLineWinsOverTheEnvironment() {
    Map<String, String> environment =
        Map.of("GALERNE_PORT", "9000", "GALERNE_HOST", "::1", "GALERNE_RETENTION_AGE", "1h");

    Serve serve = serve(environment, Stream.of("--port", "9001", "--retention-age", "none"));

    assertThat(serve.config().port()).isEqualTo(9001);
    assertThat(serve.config().host()).isEqualTo("::1");
    assertThat(serve.store().retentionAge()).isEmpty();
  }

  @Test
  void anEmptyVariableCountsAsMissing() {
    assertThat(serve(Map.of("GALERNE_PORT", "", "GALERNE_KEYS", " ")).config().port())
        .isEqualTo(ServerConfig.DEFAULT_PORT);
  }

  @ParameterizedTest
  @MethodSource("afterRestore")
  void afterRestoreTakesAnOptionalValue(boolean expected, String variable, List<String> args) {
    Serve serve = serve(Map.of("GALERNE_AFTER_RESTORE", variable), args.stream());
    assertThat(serve.store().afterRestore()).isEqualTo(expected);
  }

  static Stream<Arguments> afterRestore() {
    return Stream.of(
        Arguments.of(false, "", List.of()),
        Arguments.of(true, "", List.of("--after-restore")),
        Arguments.of(true, "", List.of("--after-restore", "--port", "1")),
        Arguments.of(true, "true", List.of()),
        Arguments.of(true, "true", List.of("--after-restore")),
        Arguments.of(true, "false", List.of("--after-restore")),
        Arguments.of(false, "true", List.of("--after-restore=false")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--cors-origin=http://a,http://b",
        "--cors-origin=http://a --cors-origin=http://b"
      })
  void originsMayBeListedOrRepeated(String args) {
    assertThat(serve(Map.of(), Stream.of(args.split(" "))).config().corsOrigins())
        .containsExactly("http://a", "http://b");
  }

  @Test
  void aCertificateNeedsItsKey() {
    assertThatThrownBy(() -> serve(Map.of(), Stream.of("--tls-key", "key.pem")).config())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("give both, or neither");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--temporal-namespace=other", "--temporal-tls"})
  void optionsForTemporalNeedItsAddress(String option) {
    assertThatThrownBy(() -> serve(Map.of(), Stream.of(option)).config())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("give --temporal HOST:PORT too");
  }

  @Test
  void helpShowsEveryOptionWithItsVariableAndDefault() {
    String help = CommandRun.of("serve", "--help").out();

    List<OptionSpec> options =
        requireNonNull(galerne(Map.of()).getSubcommands().get("serve"))
            .getCommandSpec()
            .options()
            .stream()
            .filter(o -> !o.usageHelp())
            .toList();
    assertThat(options).hasSameSizeAs(EVERY_OPTION.keySet());
    for (OptionSpec option : options) {
      assertThat(help)
          .contains("  " + option.longestName())
          .containsPattern(EnvironmentDefaults.variable(option) + "; default: \\S");
    }
    assertThat(help).contains("Usage: galerne serve", "GALERNE_LOG_LEVEL", "Examples:");
  }

  private static final Map<String, String> EVERY_OPTION =
      Map.ofEntries(
          Map.entry("--host", "0.0.0.0"),
          Map.entry("--port", "0"),
          Map.entry("--data", "elsewhere"),
          Map.entry("--log", "nats://a:4222,tls://b:4222"),
          Map.entry("--stream", "EVENTS"),
          Map.entry("--replicas", "5"),
          Map.entry("--nats-creds", "user.creds"),
          Map.entry("--nats-nkey", "user.nk"),
          Map.entry("--nats-tls-ca", "ca.pem"),
          Map.entry("--nats-tls-cert", "nats-cert.pem"),
          Map.entry("--nats-tls-key", "nats-key.pem"),
          Map.entry("--retention-age", "90d"),
          Map.entry("--retention-size", "20GiB"),
          Map.entry("--repeat-window", "10m"),
          Map.entry("--after-restore", "true"),
          Map.entry("--max-event-size", "512KiB"),
          Map.entry("--max-body-size", "1MB"),
          Map.entry("--max-batch-events", "10"),
          Map.entry("--max-connections", "20"),
          Map.entry("--max-streams", "30"),
          Map.entry("--keep-alive", "250ms"),
          Map.entry("--max-stream-duration", "1h"),
          Map.entry("--execution-grace", "5s"),
          Map.entry("--tls-cert", "cert.pem"),
          Map.entry("--tls-key", "key.pem"),
          Map.entry("--cors-origin", "https://a.example,https://b.example"),
          Map.entry("--console", "off"),
          Map.entry("--temporal", "temporal.example:7233"),
          Map.entry("--temporal-namespace", "production"),
          Map.entry("--temporal-tls", "true"),
          Map.entry("--keys", "keys.json"));

  private static ServerConfig everythingSet() {
    return ServerConfig.builder()
        .host("0.0.0.0")
        .port(0)
        .maxEventBytes(512 * 1024)
        .maxBodyBytes(1_000_000)
        .maxBatchEvents(10)
        .maxConnections(20)
        .maxStreams(30)
        .keepAlive(Duration.ofMillis(250))
        .maxStreamDuration(Optional.of(Duration.ofHours(1)))
        .executionGrace(Duration.ofSeconds(5))
        .tls(Optional.of(new ServerConfig.Tls(Path.of("cert.pem"), Path.of("key.pem"))))
        .corsOrigins(List.of("https://a.example", "https://b.example"))
        .console(false)
        .temporal(Optional.of(new Temporal("temporal.example:7233", "production", true)))
        .keys(Optional.of(Path.of("keys.json")))
        .build();
  }

  private static JetStreamLogConfig everythingOfJetStream() {
    NatsAccess access =
        new NatsAccess(
            List.of("nats://a:4222", "tls://b:4222"),
            Optional.of(Path.of("user.creds")),
            Optional.of(Path.of("user.nk")),
            Optional.of(
                new NatsAccess.Tls(
                    Optional.of(Path.of("ca.pem")),
                    Optional.of(Path.of("nats-cert.pem")),
                    Optional.of(Path.of("nats-key.pem")))));
    return JetStreamLogConfig.builder(access, everythingStored()).stream("EVENTS")
        .replicas(OptionalInt.of(5))
        .build();
  }

  private static StoreConfig everythingStored() {
    return StoreConfig.builder(Path.of("elsewhere"))
        .retentionAge(Optional.of(Duration.ofDays(90)))
        .retentionBytes(OptionalLong.of(20L << 30))
        .repeatWindow(Duration.ofMinutes(10))
        .afterRestore(true)
        .build();
  }

  private static Serve serve(Map<String, String> environment) {
    return serve(environment, Stream.of());
  }

  private static Serve serve(Map<String, String> environment, Stream<String> args) {
    CommandLine galerne = galerne(environment);
    String[] words = Stream.concat(Stream.of("serve"), args).toArray(String[]::new);
    ParseResult parsed = galerne.parseArgs(words).subcommand();
    return (Serve) parsed.commandSpec().userObject();
  }

  private static CommandLine galerne(Map<String, String> environment) {
    return Galerne.commandLine(new Shell(environment, () -> CommandRun.PIPE));
  }
}
