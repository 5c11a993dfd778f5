package io.galerne.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;

/// What standard output can show.
///
/// @param interactive whether somebody looks at it, and no program reads it
/// @param colour whether it takes colours; `NO_COLOR` forbids them
/// @param unicode whether its encoding has more than ASCII
/// @param columns how wide a line may be
public record Terminal(boolean interactive, boolean colour, boolean unicode, int columns) {
  /// What lines are cut to where there is no window.
  private static final int COLUMNS_IN_A_PIPE = 120;

  /// What this process has.
  static Terminal ofProcess() {
    boolean interactive =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    return new Terminal(
        interactive,
        CommandLine.Help.Ansi.AUTO.enabled(),
        System.out.charset().newEncoder().canEncode("└▸✓…"),
        interactive ? windowWidth() : COLUMNS_IN_A_PIPE);
  }

  /// Whether somebody looks at standard error, which may be so where standard output goes elsewhere.
  /// Where the system does not tell, standard output decides.
  public boolean errorsAreSeen() {
    try {
      String errors = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return errors.startsWith("/dev/pts/") || errors.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return interactive;
    }
  }

  private static int windowWidth() {
    return CommandLine.Model.CommandSpec.create().usageMessage().autoWidth(true).width();
  }
}
