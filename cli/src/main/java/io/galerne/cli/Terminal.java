package io.galerne.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/// The capabilities of standard output.
///
/// @param interactive whether it is a terminal that people look at, rather than a pipe or a file
/// @param colour whether it shows colours; `NO_COLOR` turns them off
/// @param unicode whether its encoding has more than ASCII
/// @param columns the width of its lines
public record Terminal(boolean interactive, boolean colour, boolean unicode, int columns) {
  /// The width of lines if there is no window.
  private static final int COLUMNS_IN_A_PIPE = 120;

  /// Returns the terminal of this process.
  static Terminal ofProcess() {
    boolean interactive = isTerminal(1).orElseGet(Terminal::hasConsole);
    return new Terminal(
        interactive,
        Ansi.AUTO.enabled(),
        System.out.charset().newEncoder().canEncode("└▸✓…"),
        interactive ? windowWidth() : COLUMNS_IN_A_PIPE);
  }

  /// Returns the text in a style, if the terminal shows colours. The text is printed as it is, even
  /// if it looks like picocli's markup.
  public String paint(Style style, String text) {
    return colour && !text.isEmpty() ? style.on() + text + Style.reset.on() : text;
  }

  /// Returns whether standard error is a terminal, even if standard output is not. If the system
  /// does not say, standard output decides.
  public boolean errorsAreSeen() {
    return isTerminal(2).orElse(interactive);
  }

  /// Returns whether a file descriptor is a terminal; empty if the system does not say.
  private static Optional<Boolean> isTerminal(int fileDescriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fileDescriptor)).toString();
      return Optional.of(target.matches("/dev/(pts/|tty|console).*"));
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /// Returns whether standard input and output are both terminals, according to Java.
  private static boolean hasConsole() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  private static int windowWidth() {
    return CommandLine.Model.CommandSpec.create().usageMessage().autoWidth(true).width();
  }
}
