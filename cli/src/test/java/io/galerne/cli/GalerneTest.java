package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
        "--retention-size, 1,     --retention-size must be 1 MiB or more",
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "tail --start-seq abc       | option '--start-seq': 'abc' is not a whole number",
        "tail --last-event-id 1.5   | option '--last-event-id': '1.5' is not a whole number",
        "tail --metadata tenant     | option '--metadata' (KEY=VALUE) should be in KEY=VALUE format",
        "tail --scope all           | option '--scope': expected one of [",
        "list --limit many          | 'many' is not a whole number",
        "export --start-seq 1e3     | '1e3' is not a whole number",
        "demo --speed fast          | 'fast' is not a number",
        "list --url localhost       | --url must be like https://host:port/path",
        "list --url ht!tp://a       | --url must be like https://host:port/path",
        "list --url http://a:b@c/   | --url must be like https://host:port/path",
        "list --url                 | option '--url'",
        "completion                 | 'SHELL'",
        "keys add                   | --namespace",
        "keys revoke                | 'ID'",
      })
  void wrongUsageIsSaidInTheWordsOfTheCommandLine(String line, String message) {
    CommandRun run = CommandRun.of(line.split(" +"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("galerne: ")
        .contains(message)
        .doesNotContain("option option", "java", "Exception", " long", " double", "PT0S")
        .hasLineCount(1);
  }

  @Test
  void aPortThatIsTakenIsSaidWithoutTheSystemsCall() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CommandRun run = CommandRun.of("demo", "--port", Integer.toString(taken.getLocalPort()));

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err())
          .contains("Address already in use")
          .doesNotContain("(..)", "error(")
          .hasLineCount(1);
    }
  }

  @Test
  void aKeyFileThatCannotBeReadIsSaidWithoutJava(@TempDir Path folder) {
    CommandRun run = CommandRun.of("keys", "list", "--keys", folder.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains(folder.toString(), "is a directory")
        .doesNotContain("java", "Exception")
        .hasLineCount(1);
  }
}
