package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
            "runs",
            "show",
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
        "--port,           70000, `--port must be from 0 to 65535, not 70000`",
        "--max-event-size, 64MiB, `--max-event-size must be from 1 KiB to 15 MiB, not 67108864 bytes`",
        "--max-body-size,  1KiB,  --max-body-size must not be below --max-event-size",
        "--max-batch-events, 0,   `--max-batch-events must be 1 or more, not 0`",
        "--max-connections, -1,   `--max-connections must be 1 or more, not -1`",
        "--max-streams,    0,     `--max-streams must be 1 or more, not 0`",
        "--keep-alive,     0s,    --keep-alive must be more than zero",
        "--max-stream-duration, 0s, --max-stream-duration must be more than zero",
        "--execution-grace, 2h,   --execution-grace must be from 0 s to 1 h",
        "--repeat-window,  1s,    --repeat-window must be one minute or more",
        "--retention-age,  0s,    --retention-age must be more than zero",
        "--host,           0.0.0.0, `Without --keys, anyone who reaches --host 0.0.0.0`",
        "--host,           no.invalid, --host no.invalid cannot be resolved",
        "--host,           [],    --host must not be empty",
        "--cors-origin,    foo,   --cors-origin: 'foo' can never match",
        "--temporal,       foo,   --temporal must be HOST:PORT",
        "--after-restore=x, --wide, 'x' is neither true nor false",
        "--data,           ``,    --data must not be empty",
        "--temporal,       ``,    --temporal must be HOST:PORT",
        "--retention-size, 1,     --retention-size must be 1 MiB or more",
        "--tls-cert,       c.pem, --tls-cert and --tls-key go together",
      })
  void aWrongSettingIsReportedInOneLineWithTheRemedy(String option, String value, String message) {
    CommandRun run = CommandRun.of("serve", option, value);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("galerne: ").contains(message).hasLineCount(1);
  }

  @Test
  void aWrongSettingInTheEnvironmentNamesItsVariable() {
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
        "tail --scope all           | 'all' is not a scope: use workflow or activity",
        "list --limit many          | 'many' is not a whole number",
        "export --start-seq 1e3     | '1e3' is not a whole number",
        "tail --last-event-id -5    | option '--last-event-id': '-5' is not a sequence",
        "tail --start-seq 9223372036854775808 | '9223372036854775808' is not a sequence",
        "export --start-seq -1      | option '--start-seq': '-1' is not a sequence",
        "import --start-seq -1      | option '--start-seq': '-1' is not a sequence",
        "show hello-1 --at-seq -1   | option '--at-seq': '-1' is not a sequence",
        "tail hello-1               | 'hello-1' is one argument too many",
        "export a b                 | 'b' is one argument too many",
        "tail --metadata =acme      | --metadata needs a key before the =",
        "demo --speed Infinity      | --speed must be from 0.01 to 1000",
        "demo --speed 1e-9          | --speed must be from 0.01 to 1000",
        "demo --speed fast          | 'fast' is not a number",
        "list --url localhost       | --url must be like https://host:port/path",
        "list --url ht!tp://a       | --url must be like https://host:port/path",
        "list --url http://a:65536  | --url must be like https://host:port/path",
        "list --url http://a:b@c/   | --url must be like https://host:port/path",
        "list --url                 | option '--url'",
        "completion                 | 'SHELL'",
        "keys add                   | --namespace",
        "keys revoke                | 'ID'",
      })
  void wrongUsageIsReportedInTheWordsOfTheCommandLine(String line, String message) {
    CommandRun run = CommandRun.of(line.split(" +"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("galerne: ")
        .contains(message)
        .doesNotContain("option option", "java", "Exception", " long", " double", "PT0S")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GALERNE_PORT           | 70000   | serve | GALERNE_PORT must be from 0 to 65535",
        "GALERNE_MAX_EVENT_SIZE | 64MiB   | serve | GALERNE_MAX_EVENT_SIZE must be from 1 KiB",
        "GALERNE_AFTER_RESTORE  | maybe   | serve | GALERNE_AFTER_RESTORE: 'maybe' is neither true",
        "GALERNE_TEMPORAL_TLS   | maybe   | serve | GALERNE_TEMPORAL_TLS: 'maybe' is neither true",
        "GALERNE_HOST           | 0.0.0.0 | serve | anyone who reaches GALERNE_HOST 0.0.0.0",
        "GALERNE_REPEAT_WINDOW  | 1s      | serve | GALERNE_REPEAT_WINDOW must be one minute",
        "GALERNE_TLS_CERT       | c.pem   | serve | GALERNE_TLS_CERT and --tls-key go together",
        "GALERNE_KEYS           | /n/k    | serve | GALERNE_KEYS: there is no key file /n/k; create one with: galerne keys add --keys /n/k",
        "GALERNE_STREAM         | X       | serve | GALERNE_STREAM is for a log on NATS: give --log",
        "GALERNE_URL            | foo     | list  | GALERNE_URL must be like https://host:port",
        "GALERNE_CA_CERT        | /n/c    | list  | GALERNE_CA_CERT /n/c: there is no such file",
      })
  void aWrongValueFromTheEnvironmentNamesItsVariable(
      String variable, String value, String command, String message) {
    CommandRun run = CommandRun.of(Map.of(variable, value), CommandRun.PIPE, command);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("galerne: ").contains(message).hasLineCount(1);
    CommandRun option =
        CommandRun.of(
            Map.of(variable, value),
            CommandRun.PIPE,
            command,
            variable.replace("GALERNE_", "--").toLowerCase(Locale.ROOT).replace('_', '-')
                + "="
                + value);
    assertThat(option.err()).doesNotContain(variable).hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file          | it is a file; choose a folder with --data",
        "file/data     | file is not a folder; choose another with --data",
        "link/data     | link is not a folder; choose another with --data",
        "full          | full is not empty and holds no Galerne log; choose another with --data",
      })
  void anUnusableDataFolderIsReportedWithoutJava(String name, String message, @TempDir Path folder)
      throws Exception {
    Files.writeString(folder.resolve("file"), "");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("/nowhere/at/all"));
    Files.writeString(Files.createDirectory(folder.resolve("full")).resolve("file"), "");

    CommandRun run =
        CommandRun.of("serve", "--port", "0", "--data", folder.resolve(name).toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains(message)
        .doesNotContain("Exception", "java", "`")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not json                 | it is not JSON at line 1, column",
        "{\"a\":1}                | it has no list 'keys'",
        "{\"keys\":[{\"id\":1}]}  | key 1: it has no list 'may'",
        "''                       | it has no list 'keys'",
      })
  void anInvalidKeyFileIsReportedWithoutItsParser(String text, String message, @TempDir Path folder)
      throws Exception {
    Path keys = Files.writeString(folder.resolve("keys.json"), text);
    for (String command : List.of("keys list", "serve --port 0 --data " + folder.resolve("data"))) {
      CommandRun run = CommandRun.of((command + " --keys " + keys).split(" "));

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err())
          .contains("The key file " + keys + " is malformed: " + message)
          .doesNotContain("ObjectNode", "token", "Exception")
          .hasLineCount(1);
    }
  }

  @Test
  void aFolderInPlaceOfTheKeyFileIsNamed(@TempDir Path folder) {
    CommandRun run =
        CommandRun.of(
            "serve", "--port", "0", "--data", folder + "/data", "--keys", folder.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--keys: " + folder + " is a folder").hasLineCount(1);
  }

  @Test
  void anAddressOfAnotherMachineNamesTheOptionToChange(@TempDir Path folder) {
    String keys = folder.resolve("keys.json").toString();
    CommandRun.of("keys", "add", "--namespace", "acme", "--may", "read", "--keys", keys);

    CommandRun run =
        CommandRun.of("serve", "--host", "192.0.2.1", "--keys", keys, "--data", folder + "/data");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("choose another with --host").hasLineCount(1);
  }

  @Test
  void aTakenPortIsReportedWithoutTheSystemCall() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CommandRun run = CommandRun.of("demo", "--port", Integer.toString(taken.getLocalPort()));

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err())
          .contains("ddress already in use; choose another with --port")
          .doesNotContain("(..)", "error(")
          .hasLineCount(1);
    }
  }

  @Test
  void anUnreadableKeyFileIsReportedWithoutJava(@TempDir Path folder) {
    CommandRun run = CommandRun.of("keys", "list", "--keys", folder.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains(folder.toString(), "is a directory")
        .doesNotContain("java", "Exception")
        .hasLineCount(1);
  }
}
