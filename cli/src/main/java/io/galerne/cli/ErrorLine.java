package io.galerne.cli;

import io.galerne.server.files.FileFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Reports a failure in one line on standard error, and as the exit code: 2 for wrong usage or
/// settings, 141 if nothing reads the output any more, 1 for everything else. Stack traces are
/// shown with `GALERNE_LOG_LEVEL=debug` only.
final class ErrorLine implements IParameterExceptionHandler, IExecutionExceptionHandler {
  /// The exit code of a command that `SIGPIPE` ends; Java ignores that signal.
  private static final int NO_READER = 128 + 13;

  private final EnvironmentDefaults environment;

  ErrorLine(EnvironmentDefaults environment) {
    this.environment = environment;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    if (asksForHelp(args) && command.getCommandSpec().defaultValueProvider() != null) {
      CommandLine root = command.getCommandSpec().root().commandLine();
      root.setDefaultValueProvider(null); // help works even if a variable is wrong
      return root.execute(args);
    }
    String problem =
        e instanceof UnmatchedArgumentException unmatched
            ? unknown(unmatched)
            : blamed(e, List.of(args)) + ".";
    String help = "See '" + command.getCommandSpec().qualifiedName() + " --help'";
    return report(command, problem + " " + help, ExitCode.USAGE);
  }

  private static boolean asksForHelp(String[] args) {
    return Arrays.stream(args).anyMatch(arg -> arg.equals("-h") || arg.equals("--help"));
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    LoggerFactory.getLogger(ErrorLine.class).debug("The command failed", e);
    String message =
        switch (e) {
          case UncheckedIOException wrapped -> withoutJava(message(wrapped), wrapped.getCause());
          case IOException io -> FileFailure.words(io);
          default -> message(e);
        };
    int exitCode = e instanceof IllegalArgumentException ? ExitCode.USAGE : ExitCode.SOFTWARE;
    return report(command, inWordsOfTheUser(message, command), exitCode);
  }

  /// Replaces Java's text for the failure in the message by plain words.
  private static String withoutJava(String message, @Nullable IOException cause) {
    return cause == null ? message : message.replace(cause.toString(), FileFailure.words(cause));
  }

  /// Names variables instead of options that were taken from the environment. Only the first
  /// mention is replaced: it names the fault; later ones are advice on what to type.
  private String inWordsOfTheUser(String message, CommandLine command) {
    String said = message;
    ParseResult parsed = command.getParseResult();
    for (OptionSpec option : command.getCommandSpec().options()) {
      Optional<String> variable = environment.variableInUse(option);
      if (variable.isPresent()
          && !parsed.hasMatchedOption(option)
          && !message.contains(variable.get())) {
        said =
            said.replaceFirst("(?<![\\w-])" + option.longestName() + "(?![\\w-])", variable.get());
      }
    }
    return said;
  }

  /// Flushes the command's output.
  ///
  /// @param exitCode of the command
  /// @return the exit code; not 0 if some output could not be written
  int finish(CommandLine command, int exitCode) {
    Optional<IOException> failure = StandardOutput.failure(command.getOut());
    if (failure.isEmpty()) {
      return exitCode;
    }
    if (StandardOutput.isReaderGone(command.getOut(), failure.get())) {
      return NO_READER; // no message: `| head` has seen enough
    }
    String why = FileFailure.reason(failure.get());
    return report(command, "standard output cannot be written: " + why, ExitCode.SOFTWARE);
  }

  private static int report(CommandLine command, String message, int exitCode) {
    PrintWriter err = command.getErr();
    err.println("galerne: " + message.lines().reduce((one, next) -> one + " " + next).orElse(""));
    err.flush();
    return exitCode;
  }

  /// Removes Java's types from picocli's message, and the second "option" that it puts before an
  /// option with `KEY=VALUE`.
  private static String plain(String message) {
    return message
        .replace("option option", "option")
        .replaceAll(" is not an? (long|int|short|byte)\\b", " is not a whole number")
        .replaceAll(" is not a (double|float)\\b", " is not a number")
        .replace(" is not a boolean", " is neither true nor false")
        .replace(" (case-insensitive)", "");
  }

  private static String message(Exception e) {
    return SettingNames.asOptions(Optional.ofNullable(e.getMessage()).orElseGet(e::toString));
  }

  private static String unknown(UnmatchedArgumentException e) {
    String word = e.getUnmatched().getFirst().split("=", 2)[0];
    CommandSpec command = e.getCommandLine().getCommandSpec();
    boolean option = word.startsWith("-");
    if (!option && command.subcommands().isEmpty()) {
      return "'" + e.getUnmatched().getFirst() + "' is one argument too many.";
    }
    String problem = "there is no " + (option ? "option" : "command") + " '" + word + "'";
    return Suggestion.of(
            word, option ? command.optionsMap().keySet() : command.subcommands().keySet())
        .map(suggestion -> problem + "; did you mean '" + suggestion + "'?")
        .orElse(problem + ".");
  }

  /// Names the environment variable if that is at fault rather than the command line.
  private String blamed(ParameterException e, List<String> args) {
    String message = plain(message(e));
    if (e.getArgSpec() instanceof OptionSpec option) {
      String name = option.longestName();
      boolean given = args.stream().anyMatch(arg -> arg.equals(name) || arg.startsWith(name + "="));
      Optional<String> variable = environment.variableInUse(option);
      if (variable.isPresent() && !given) {
        return message.replace("option '" + name + "'", "environment variable " + variable.get());
      }
    }
    return message;
  }
}
