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

/// Reports what went wrong in one line on standard error, and as the exit code: 2 for wrong usage or
/// settings, 141 if nobody reads the output any more, 1 for everything else. No stack traces:
/// `GALERNE_LOG_LEVEL=debug` shows them.
final class ErrorLine implements IParameterExceptionHandler, IExecutionExceptionHandler {
  /// As if `SIGPIPE` had ended the command, which Java ignores.
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
      root.setDefaultValueProvider(null); // which a wrong variable must not keep help from
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

  /// The message, with the failure in words if it quotes that as Java does.
  private static String withoutJava(String message, @Nullable IOException cause) {
    return cause == null ? message : message.replace(cause.toString(), FileFailure.words(cause));
  }

  /// The message with variables instead of the options that were taken from the environment. Only
  /// where the message first names the option: then it is what is wrong; later, what may be typed.
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

  /// Writes out what the command has printed.
  ///
  /// @param exitCode of the command
  /// @return the exit code; not 0 if something could not be written
  int finish(CommandLine command, int exitCode) {
    Optional<IOException> failure = StandardOutput.failure(command.getOut());
    if (failure.isEmpty()) {
      return exitCode;
    }
    if (StandardOutput.isReaderGone(command.getOut(), failure.get())) {
      return NO_READER; // not worth a word: `| head` has seen enough
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

  /// Picocli's message in the words of the command line: it names the types of Java and, before an
  /// option with `KEY=VALUE`, says "option" twice.
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

  /// The message, naming the environment variable if that and not the command line is wrong.
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
