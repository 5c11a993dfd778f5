package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.docs.Documents;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class SettingsTableTest {
  @Test
  void hasEveryOptionOfServeWithItsVariableAndDefault() {
    List<List<String>> options =
        serve().getCommandSpec().options().stream()
            .filter(option -> !option.usageHelp())
            .map(SettingsTableTest::row)
            .toList();

    assertThat(Documents.table(Documents.text("docs/operations.md"), "## Settings"))
        .extracting(row -> row.subList(0, 3).stream().map(cell -> cell.replace("`", "")).toList())
        .containsExactlyInAnyOrderElementsOf(options);
  }

  /// The option, the variable that its help names, and its default.
  private static List<String> row(OptionSpec option) {
    String help = option.description()[option.description().length - 1];
    String variable = help.substring(0, help.indexOf(';'));
    String fallback = option.defaultValue();
    return List.of(option.longestName(), variable, fallback == null ? "none" : fallback);
  }

  private static CommandLine serve() {
    CommandLine galerne =
        Galerne.commandLine(
            Map.of(),
            () -> {
              throw new AssertionError("Nothing is drawn");
            });
    return galerne.getSubcommands().get("serve");
  }
}
