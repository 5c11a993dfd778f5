package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.docs.Documents;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class SettingsTableTest {
  /// The options that can also be set in the environment.
  private static final List<String> SERVER = List.of("--url", "--api-key", "--ca-cert");

  @Test
  void hasEveryOptionOfServeWithItsVariableAndDefault() {
    assertThat(rows("## Settings"))
        .containsExactlyInAnyOrderElementsOf(
            command("serve").getCommandSpec().options().stream()
                .filter(option -> !option.usageHelp())
                .map(SettingsTableTest::row)
                .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tail", "list", "runs", "show", "publish", "export", "import"})
  void hasTheOptionsThatReachAServer(String name) {
    assertThat(rows("## Commands that talk to a server"))
        .containsExactlyElementsOf(
            command(name).getCommandSpec().options().stream()
                .filter(option -> SERVER.contains(option.longestName()))
                .map(SettingsTableTest::row)
                .toList());
  }

  /// Returns the first three columns: option, variable, default.
  private static List<List<String>> rows(String heading) {
    return Documents.table(Documents.text("docs/operations.md"), heading).stream()
        .map(row -> row.subList(0, 3).stream().map(cell -> cell.replace("`", "")).toList())
        .toList();
  }

  /// Returns the option, its variable from the help, and its default.
  private static List<String> row(OptionSpec option) {
    String help = option.description()[option.description().length - 1];
    String variable = help.substring(0, help.indexOf(';'));
    String fallback = option.defaultValue();
    return List.of(option.longestName(), variable, fallback == null ? "none" : fallback);
  }

  private static CommandLine command(String name) {
    CommandLine galerne =
        Galerne.commandLine(
            new Shell(
                Map.of(),
                () -> {
                  throw new AssertionError("Nothing is drawn");
                }));
    return galerne.getSubcommands().get(name);
  }
}
