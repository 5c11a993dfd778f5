package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.cli.serve.Serve;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class EnvironmentDefaultsTest {
  /// The variables that Kubernetes sets in every container for Services named `galerne` and
  /// `galerne-nats`.
  private static final Map<String, String> OF_KUBERNETES =
      Map.ofEntries(
          Map.entry("GALERNE_SERVICE_HOST", "10.0.0.1"),
          Map.entry("GALERNE_SERVICE_PORT", "8080"),
          Map.entry("GALERNE_SERVICE_PORT_HTTP", "8080"),
          Map.entry("GALERNE_PORT", "tcp://10.0.0.1:8080"),
          Map.entry("GALERNE_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
          Map.entry("GALERNE_PORT_8080_TCP_PROTO", "tcp"),
          Map.entry("GALERNE_PORT_8080_TCP_PORT", "8080"),
          Map.entry("GALERNE_PORT_8080_TCP_ADDR", "10.0.0.1"),
          Map.entry("GALERNE_PORT_53_UDP", "udp://10.0.0.1:53"),
          Map.entry("GALERNE_NATS_SERVICE_HOST", "10.0.0.2"),
          Map.entry("GALERNE_NATS_PORT", "tcp://10.0.0.2:4222"),
          Map.entry("GALERNE_NATS_PORT_4222_TCP", "tcp://10.0.0.2:4222"));

  private static List<String> unknown(Map<String, String> environment) {
    CommandLine galerne = Galerne.commandLine(new Shell(environment, () -> CommandRun.PIPE));
    return new EnvironmentDefaults(environment).unknown(galerne.getCommandSpec());
  }

  private static int port(Map<String, String> environment) {
    CommandLine galerne = Galerne.commandLine(new Shell(environment, () -> CommandRun.PIPE));
    Serve serve = (Serve) galerne.parseArgs("serve").subcommand().commandSpec().userObject();
    return serve.config().port();
  }

  @Test
  void ignoresVariablesOfKubernetesServices() {
    assertThat(port(OF_KUBERNETES)).isEqualTo(8080);
    assertThat(unknown(OF_KUBERNETES)).isEmpty();
    assertThat(port(Map.of("GALERNE_PORT", "9000"))).isEqualTo(9000);
  }

  @Test
  void refusesAnInvalidPort() {
    CommandRun run = CommandRun.of(Map.of("GALERNE_PORT", "eighty"), CommandRun.PIPE, "serve");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("GALERNE_PORT", "'eighty'");
  }

  @ParameterizedTest
  @CsvSource({
    "GALERNE_RETENTON_AGE, GALERNE_RETENTION_AGE",
    "GALERNE_KEY, GALERNE_KEYS",
    "GALERNE_TLS_CERTS, GALERNE_TLS_CERT",
    "GALERNE_LOGLEVEL, GALERNE_LOG_LEVEL",
    "GALERNE_JAVA_OPT, GALERNE_JAVA_OPTS"
  })
  void aMisspeltVariableIsNamedWithTheRightOne(String name, String right) {
    assertThat(unknown(Map.of(name, "1"))).singleElement().asString().contains(name, right + "?");
  }

  @Test
  void everyVariableIsKnown() {
    Map<String, String> environment = new HashMap<>();
    for (String name :
        List.of("PORT", "DATA", "KEYS", "URL", "LOG", "LOG_LEVEL", "JAVA_OPTS", "TEMPORAL_TLS")) {
      environment.put("GALERNE_" + name, "1");
    }
    environment.put("GALERN_OTHER", "1");
    environment.put("PATH", "/bin");
    assertThat(unknown(environment)).isEmpty();
    assertThat(unknown(Map.of("GALERNE_QQQQQQQQQQQQQQQQ", "1")))
        .containsExactly(
            "environment variable GALERNE_QQQQQQQQQQQQQQQQ is not a setting and is ignored");
  }

  @Test
  void aMisspeltPrefixIsReportedToo() {
    assertThat(unknown(Map.of("GALERN_PORT", "1")))
        .containsExactly(
            "environment variable GALERN_PORT is not a setting and is ignored; did you mean"
                + " GALERNE_PORT?");
    assertThat(unknown(Map.of("galerne_retention_age", "1")))
        .singleElement()
        .asString()
        .endsWith("did you mean GALERNE_RETENTION_AGE?");
    assertThat(unknown(Map.of("GALAXY_PORT", "1", "GALERIE_HOME", "1", "PORT", "1", "_", "1")))
        .isEmpty();
  }

  /// No command reads these, although options of some have such names.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "NAMESPACE",
        "MAY",
        "INSECURE_HTTP",
        "STATE",
        "METADATA",
        "SCOPE",
        "LIMIT",
        "START_SEQ",
        "SPEED",
        "FOREVER",
        "WIDE",
        "HELP",
        "VERSION",
        "WORKFLOW_EXEC_ID"
      })
  void aVariableThatNoCommandReadsIsUnknown(String name) {
    assertThat(unknown(Map.of("GALERNE_" + name, "1")))
        .singleElement()
        .asString()
        .contains("GALERNE_" + name + " is not a setting and is ignored");
  }

  @Test
  void theKnownVariablesAreThoseInTheHelp() {
    CommandLine galerne = Galerne.commandLine(new Shell(Map.of(), () -> CommandRun.PIPE));
    String help =
        Stream.of(
                "serve",
                "demo",
                "tail",
                "list",
                "runs",
                "show",
                "publish",
                "export",
                "import",
                "keys add")
            .map(command -> CommandRun.of(("help " + command).split(" ")).out())
            .collect(Collectors.joining());
    Set<String> named =
        Pattern.compile("(GALERNE_\\w+); default|(GALERNE_LOG_LEVEL)")
            .matcher(help)
            .results()
            .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
            .collect(Collectors.toSet());
    named.add("GALERNE_JAVA_OPTS"); // of the script that starts Java

    assertThat(EnvironmentDefaults.known(galerne.getCommandSpec()))
        .containsExactlyInAnyOrderElementsOf(named);
  }

  @Test
  void everyCommandWarnsInOneLine() {
    Map<String, String> environment = new HashMap<>(OF_KUBERNETES);
    environment.put("GALERNE_APIKEY", "gk_secret");
    environment.put("GALERNE_URL", "http://127.0.0.1:1");
    for (String line :
        List.of(
            "tail",
            "list",
            "publish no-such-file",
            "export",
            "import no-such-file",
            "keys list",
            "serve --port -1")) {
      CommandRun run = CommandRun.of(environment, CommandRun.PIPE, line.split(" "));
      assertThat(run.err().lines().filter(it -> it.contains("variable")))
          .as(line)
          .containsExactly(
              "galerne: environment variable GALERNE_APIKEY is not a setting and is ignored; did you"
                  + " mean GALERNE_API_KEY?");
      assertThat(run.err()).doesNotContain("gk_secret");
    }
  }

  @Test
  void helpDoesNotDependOnTheEnvironment() {
    Map<String, String> environment =
        Map.of("GALERNE_LOG_LEVEL", "loud", "GALERNE_APIKEY", "1", "GALERNE_PORT", "eighty");
    for (String line :
        List.of(
            "--version",
            "--help",
            "help",
            "help serve",
            "serve --help",
            "keys",
            "keys add --help",
            "completion bash",
            "tail -h")) {
      assertThat(CommandRun.of(environment, CommandRun.PIPE, line.split(" ")))
          .as(line)
          .isEqualTo(CommandRun.of(line.split(" ")));
    }
  }

  @Test
  void anOptionWithoutAVariableNamesNone() {
    CommandRun run =
        CommandRun.of(
            Map.of("GALERNE_SCOPE", "activity"), CommandRun.PIPE, "tail", "--scope", "all");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("option '--scope'").doesNotContain("variable GALERNE_SCOPE:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"loud", "1", "warning", "info,debug"})
  void everyCommandRefusesAnUnknownLevel(String level) {
    Map<String, String> environment = Map.of("GALERNE_LOG_LEVEL", level);
    for (String[] command : List.of(new String[] {"serve"}, new String[] {"keys", "list"})) {
      CommandRun run = CommandRun.of(environment, CommandRun.PIPE, command);
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err())
          .contains("GALERNE_LOG_LEVEL", "'" + level + "'", "error, warn, info, debug or trace")
          .hasLineCount(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "error", "WARN", "Info", "debug", "trace"})
  void acceptsAKnownLevel(String level) {
    CommandRun run =
        CommandRun.of(
            Map.of("GALERNE_LOG_LEVEL", level, "GALERNE_KEYS", "/nowhere/keys.json"),
            CommandRun.PIPE,
            "keys",
            "list");
    assertThat(run.exitCode()).as(run.err()).isZero();
  }
}
