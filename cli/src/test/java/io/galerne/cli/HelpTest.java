package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HelpTest {
  @TempDir Path folder;

  @Test
  void helpOfACommandEqualsItsHelpOption() {
    assertThat(CommandRun.of("help")).isEqualTo(CommandRun.of("--help"));
    assertThat(CommandRun.of("help", "tail")).isEqualTo(CommandRun.of("tail", "--help"));
    assertThat(CommandRun.of("help", "keys")).isEqualTo(CommandRun.of("keys", "--help"));
    assertThat(CommandRun.of("help", "keys", "add"))
        .isEqualTo(CommandRun.of("keys", "add", "--help"));
  }

  @Test
  void helpOfAnUnknownCommandSuggestsOne() {
    CommandRun run = CommandRun.of("help", "tal");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "galerne: there is no command 'tal'; did you mean 'tail'? See 'galerne --help'"
                + System.lineSeparator());
  }

  @Test
  void bashCompletesCommandsAndOptions() throws Exception {
    assertThat(completions("galerne ta")).containsExactly("tail");
    assertThat(completions("./galerne keys re")).containsExactly("revoke");
    assertThat(completions("galerne tail --until")).containsExactly("--until-terminal");
    assertThat(completions("galerne list --wi")).containsExactly("--wide");
    assertThat(completions("galerne sh")).containsExactly("show");
    assertThat(completions("galerne show --time")).containsExactly("--timeline");
    assertThat(completions("galerne runs --status CANC")).containsExactly("CANCELED");
  }

  @Test
  void zshGetsTheSameScriptAndOtherShellsAreRefused() {
    assertThat(CommandRun.of("completion", "zsh")).isEqualTo(CommandRun.of("completion", "bash"));
    assertThat(CommandRun.of("completion", "bash").out()).contains("bashcompinit");

    CommandRun fish = CommandRun.of("completion", "fish");
    assertThat(fish.exitCode()).isEqualTo(2);
    assertThat(fish.err()).contains("bash or zsh", "'fish'").hasLineCount(1);
    assertThat(CommandRun.of("completion").exitCode()).isEqualTo(2);
  }

  /// Returns bash's completions at the end of a line.
  private List<String> completions(String line) throws Exception {
    Path script =
        Files.writeString(folder.resolve("completion"), CommandRun.of("completion", "bash").out());
    Path offered = folder.resolve("offered.txt");
    String ask =
        """
        source '%s'
        COMP_WORDS=(%s)
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        spec=$(complete -p galerne) && function=${spec#*-F } && ${function%%%% *}
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(script, line);
    Process bash =
        new ProcessBuilder("bash", "--norc", "-c", ask)
            .redirectError(ProcessBuilder.Redirect.DISCARD) // compopt is for bash's own calls
            .redirectOutput(offered.toFile())
            .start();
    assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readAllLines(offered);
  }
}
