package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.access.ApiKey;
import io.galerne.server.access.KeyFile;
import io.galerne.server.access.Right;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {
  @TempDir Path folder;

  @Test
  void addPrintsOnlyTheSecretAndExplainsItOnStandardError() {
    CommandRun run = keys("add", "--namespace", "acme", "--may", "read,publish");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).matches("gk_\\S+\\R");
    ApiKey key = file().read().getFirst();
    assertThat(key.namespace()).isEqualTo("acme");
    assertThat(key.may()).containsExactlyInAnyOrder(Right.READ, Right.PUBLISH);
    assertThat(run.err())
        .contains(key.id(), "read and publish in namespace acme", "shown only once")
        .contains("galerne serve --keys " + path())
        .contains("GALERNE_API_KEY=", "curl -N")
        .doesNotContain(run.out().strip());
  }

  @Test
  void rightsMayBeListedOrRepeated() {
    keys("add", "--namespace", "acme", "--may", "read", "--may", "publish");
    keys("add", "--namespace", "acme", "--may", "publish");

    assertThat(file().read())
        .extracting(ApiKey::may)
        .containsExactly(
            java.util.Set.of(Right.READ, Right.PUBLISH), java.util.Set.of(Right.PUBLISH));
  }

  @Test
  void theFileMayComeFromTheEnvironmentAndNothingElse() {
    Map<String, String> environment =
        Map.of("GALERNE_KEYS", path(), "GALERNE_NAMESPACE", "other", "GALERNE_MAY", "read");

    assertThat(run(environment, "keys", "add", "--namespace", "acme", "--may", "read").exitCode())
        .isZero();
    assertThat(file().read()).extracting(ApiKey::namespace).containsExactly("acme");
    assertThat(run(environment, "keys", "add").exitCode()).isEqualTo(2);
  }

  @Test
  void addRefusesUnknownRightsAndInvalidNamespaces() {
    CommandRun right = keys("add", "--namespace", "acme", "--may", "write");
    assertThat(right.exitCode()).isEqualTo(2);
    assertThat(right.err()).contains("'write' is not a right").hasLineCount(1);

    CommandRun namespace = keys("add", "--namespace", "a b", "--may", "read");
    assertThat(namespace.exitCode()).isEqualTo(2);
    assertThat(namespace.err()).startsWith("galerne: 'a b' is not a namespace").hasLineCount(1);
    assertThat(Files.exists(Path.of(path()))).isFalse();
  }

  @Test
  void listInAPipeIsLinesWithTabs() {
    keys("add", "--namespace", "acme", "--may", "read");
    keys("add", "--namespace", "other", "--may", "publish,read");
    List<ApiKey> made = file().read();

    assertThat(keys("list").out().lines())
        .containsExactly(
            String.join("\t", made.get(0).id(), "acme", "read", made.get(0).created().toString()),
            String.join(
                "\t", made.get(1).id(), "other", "read,publish", made.get(1).created().toString()));
  }

  @Test
  void listOnATerminalIsATable() {
    keys("add", "--namespace", "a-rather-long-namespace", "--may", "read");

    Terminal terminal = new Terminal(true, true, true, 80);
    List<String> lines =
        CommandRun.of(Map.of(), terminal, "keys", "list", "--keys", path()).out().lines().toList();

    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).startsWith("ID ").contains("NAMESPACE").endsWith("CREATED");
    assertThat(lines.getLast().indexOf("a-rather-long"))
        .isEqualTo(lines.getFirst().indexOf("NAMESPACE"));
  }

  @Test
  void anEmptyListOfKeysSaysHowToMakeOne() {
    CommandRun run = keys("list");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("no keys", "galerne keys add");
  }

  @Test
  void revokeTakesTheKeyAwayOnce() {
    keys("add", "--namespace", "acme", "--may", "read");
    String id = file().read().getFirst().id();

    assertThat(keys("revoke", id))
        .isEqualTo(new CommandRun(0, "Revoked key " + id + "." + System.lineSeparator(), ""));
    assertThat(file().read()).isEmpty();

    CommandRun again = keys("revoke", id);
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).startsWith("galerne: there is no key '" + id + "'").hasLineCount(1);
  }

  @Test
  void leavesAnInvalidKeyFileAlone() throws Exception {
    Files.writeString(Path.of(path()), "my notes");

    CommandRun run = keys("add", "--namespace", "acme", "--may", "read");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("galerne: The key file " + path()).hasLineCount(1);
    assertThat(Files.readString(Path.of(path()))).isEqualTo("my notes");
  }

  private CommandRun keys(String command, String... more) {
    String[] args = new String[more.length + 4];
    args[0] = "keys";
    args[1] = command;
    System.arraycopy(more, 0, args, 2, more.length);
    args[more.length + 2] = "--keys";
    args[more.length + 3] = path();
    return CommandRun.of(args);
  }

  private static CommandRun run(Map<String, String> environment, String... args) {
    return CommandRun.of(environment, CommandRun.PIPE, args);
  }

  private String path() {
    return folder.resolve("keys.json").toString();
  }

  private KeyFile file() {
    return new KeyFile(folder.resolve("keys.json"));
  }
}
