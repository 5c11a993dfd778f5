package io.galerne.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;

/// The result of one run of the command within this process.
record CommandRun(int exitCode, String out, String err) {
  static final Terminal PIPE = new Terminal(false, false, true, 120);

  static CommandRun of(String... args) {
    return of(Map.of(), PIPE, args);
  }

  static CommandRun of(Map<String, String> environment, Terminal terminal, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CommandRun run = printingTo(out, environment, terminal, args);
    return new CommandRun(run.exitCode, out.toString(UTF_8), run.err);
  }

  /// Runs a command whose standard output is this stream.
  static CommandRun printingTo(
      OutputStream out, Map<String, String> environment, Terminal terminal, String... args) {
    StringWriter err = new StringWriter();
    CommandLine command = Galerne.commandLine(new Shell(environment, () -> terminal));
    command.setOut(StandardOutput.to(out, UTF_8));
    command.setErr(new PrintWriter(err, true));
    int exitCode = command.execute(args);
    return new CommandRun(exitCode, "", err.toString());
  }
}
