package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GalerneTest {
  @Test
  void helpShowsEveryCommandAndExamples() {
    CommandRun run = CommandRun.of("--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains(
            "serve",
            "demo",
            "tail",
            "list",
            "publish",
            "export",
            "import",
            "keys",
            "help",
            "completion")
        .contains("Examples:", "galerne serve");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void withoutACommandItShowsTheHelp() {
    assertThat(CommandRun.of()).isEqualTo(CommandRun.of("--help"));
  }

  @Test
  void versionIsDevelopmentOutsideOfAJar() {
    assertThat(CommandRun.of("--version"))
        .isEqualTo(new CommandRun(0, "galerne development" + System.lineSeparator(), ""));
  }

  @ParameterizedTest
  @CsvSource({
    "srve,        'there is no command ''srve''; did you mean ''serve''? See ''galerne --help'''",
    "--verion,    'there is no option ''--verion''; did you mean ''--version''?"
        + " See ''galerne --help'''",
    "frobnicate,  'there is no command ''frobnicate''. See ''galerne --help'''",
  })
  void anUnknownWordGetsASuggestion(String word, String message) {
    assertThat(CommandRun.of(word))
        .isEqualTo(new CommandRun(2, "", "galerne: " + message + System.lineSeparator()));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "--prot,           1,     there is no option '--prot'; did you mean '--port'?",
        "--port,           http,  'http' is not a whole number",
        "--keep-alive,     15,    '15' is not a duration: write a whole number and ms",
        "--retention-size, 20Gb!, '20Gb!' is not a size: write a whole number of bytes",
        "--max-event-size, 4GiB,  '4GiB' is too large",
        "--port,           70000, port must be from 0 to 65535",
        "--retention-size, 1,     retention size must be 1 MiB or more",
        "--tls-cert,       c.pem, --tls-cert and --tls-key go together",
      })
  void aWrongSettingIsOneLineThatSaysWhatIsRight(String option, String value, String message) {
    CommandRun run = CommandRun.of("serve", option, value);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("galerne: ").contains(message).hasLineCount(1);
  }

  @Test
  void aWrongSettingInTheEnvironmentIsBlamedOnTheEnvironment() {
    CommandRun run = CommandRun.of(Map.of("GALERNE_KEEP_ALIVE", "soon"), CommandRun.PIPE, "serve");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("galerne: Invalid value for environment variable GALERNE_KEEP_ALIVE")
        .contains("'soon' is not a duration")
        .hasLineCount(1);
  }
}
