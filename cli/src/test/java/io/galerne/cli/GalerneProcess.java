package io.galerne.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command as a separate process, as users run it.
public final class GalerneProcess {
  /// Options for a short-lived JVM.
  public static final List<String> SHORT_LIVED =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  /// Tests in the background ignore SIGINT, and so do the programs that they start, unless `env`
  /// restores the signal. Only Linux's `env` can.
  private static final List<String> DEFAULT_SIGNALS =
      System.getProperty("os.name").equals("Linux")
          ? List.of("env", "--default-signal=HUP,INT,TERM")
          : List.of();

  private GalerneProcess() {}

  /// Starts a process without settings from the environment.
  ///
  /// @param errors the file for its standard error
  public static Process start(Path errors, String... args) throws IOException {
    return start(errors, List.of(), args);
  }

  /// As [#start(Path, String...)], with more options for the JVM.
  static Process start(Path errors, List<String> jvmOptions, String... args) throws IOException {
    return start(command(jvmOptions, args), errors);
  }

  /// Starts a command line in an environment without settings.
  static Process start(List<String> command, Path errors) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("GALERNE_") || name.startsWith("MISTRAL_"));
    builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    return builder.start();
  }

  /// Returns the command line that runs `galerne` with these arguments.
  static List<String> command(List<String> jvmOptions, String... args) {
    List<String> command = new ArrayList<>(DEFAULT_SIGNALS);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(SHORT_LIVED);
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Galerne.class.getName());
    command.addAll(List.of(args));
    return command;
  }
}
