package io.galerne.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;

/// What one run of the command came to, within this process.
record CommandRun(int exitCode, String out, String err) {
  static final Terminal PIPE = new Terminal(false, false, true, 120);

  static CommandRun of(String... args) {
    return of(Map.of(), PIPE, args);
  }

  static CommandRun of(Map<String, String> environment, Terminal terminal, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Galerne.commandLine(environment, () -> terminal);
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    int exitCode = command.execute(args);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }
}
