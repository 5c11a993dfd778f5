package io.galerne.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;

/// What standard output can show.
///
/// @param interactive whether it is a terminal that people look at, rather than a pipe or a file
/// @param colour whether it takes colours; `NO_COLOR` forbids them
/// @param unicode whether its encoding has more than ASCII
/// @param columns the width of its lines
public record Terminal(boolean interactive, boolean colour, boolean unicode, int columns) {
  /// What lines are cut to if there is no window.
  private static final int COLUMNS_IN_A_PIPE = 120;

  /// That of this process.
  static Terminal ofProcess() {
    boolean interactive = isTerminal(1).orElseGet(Terminal::hasConsole);
    return new Terminal(
        interactive,
        CommandLine.Help.Ansi.AUTO.enabled(),
        System.out.charset().newEncoder().canEncode("└▸✓…"),
        interactive ? windowWidth() : COLUMNS_IN_A_PIPE);
  }

  /// Whether standard error is a terminal, which may be so if standard output goes elsewhere. If the
  /// system does not say, standard output decides.
  public boolean errorsAreSeen() {
    return isTerminal(2).orElse(interactive);
  }

  /// Whether a file descriptor is a terminal; empty if the system does not say.
  private static Optional<Boolean> isTerminal(int fileDescriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fileDescriptor)).toString();
      return Optional.of(target.matches("/dev/(pts/|tty|console).*"));
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /// Java's own answer: whether standard input and standard output both are terminals.
  private static boolean hasConsole() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  private static int windowWidth() {
    return CommandLine.Model.CommandSpec.create().usageMessage().autoWidth(true).width();
  }
}
