package io.galerne.cli;

import java.util.Map;
import java.util.function.Supplier;

/// The shell that a command was started from.
///
/// @param environment its variables
/// @param terminals describes standard output; called only if something is drawn
public record Shell(Map<String, String> environment, Supplier<Terminal> terminals) {
  public Shell {
    environment = Map.copyOf(environment);
  }

  public Terminal terminal() {
    return terminals.get();
  }
}
