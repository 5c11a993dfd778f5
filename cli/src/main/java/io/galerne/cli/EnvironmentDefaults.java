package io.galerne.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Takes options that the command line leaves out from the environment: `--retention-age` from
/// `GALERNE_RETENTION_AGE`. An empty variable counts as missing.
final class EnvironmentDefaults {
  private static final String PREFIX = "GALERNE_";
  private static final String LOG_LEVEL = "GALERNE_LOG_LEVEL";
  private static final Set<String> LOG_LEVELS =
      Set.of("error", "warn", "info", "debug", "trace", "off");

  /// Variables that belong to no option.
  private static final Set<String> OTHER_VARIABLES = Set.of(LOG_LEVEL, "GALERNE_JAVA_OPTS");

  private static final Pattern SERVICE_URL = Pattern.compile("(?i)(tcp|udp|sctp)://.*");
  private static final Pattern SERVICE_VARIABLE =
      Pattern.compile("\\w+_SERVICE_(HOST|PORT(_\\w+)?)|\\w+_PORT_\\d+_(TCP|UDP|SCTP)(_\\w+)?");

  private final Map<String, String> environment;

  EnvironmentDefaults(Map<String, String> environment) {
    this.environment = environment;
  }

  /// Fills in options that the command line leaves out.
  ///
  /// @param reads which options have a variable
  private record Reader(EnvironmentDefaults environment, Predicate<OptionSpec> reads)
      implements IDefaultValueProvider {
    @Override
    public @Nullable String defaultValue(ArgSpec arg) {
      return arg instanceof OptionSpec option
          ? environment.value(this, option).map(Map.Entry::getValue).orElse(null)
          : null;
    }
  }

  /// Returns the variable of an option.
  static String variable(OptionSpec option) {
    String name = option.longestName().substring("--".length());
    return PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /// Returns the defaults for a command whose options all have variables.
  IDefaultValueProvider all() {
    return new Reader(this, option -> !option.usageHelp());
  }

  /// Returns the defaults for a command of whose options only these have variables.
  IDefaultValueProvider only(Set<String> names) {
    return new Reader(this, option -> names.contains(option.longestName()));
  }

  /// Returns the variable that an option is taken from if the command line leaves it out; empty if
  /// none is set.
  Optional<String> variableInUse(OptionSpec option) {
    return option.command().defaultValueProvider() instanceof Reader reader
        ? value(reader, option).map(Map.Entry::getKey)
        : Optional.empty();
  }

  private Optional<Map.Entry<String, String>> value(Reader reader, OptionSpec option) {
    if (!reader.reads().test(option)) {
      return Optional.empty();
    }
    String variable = variable(option);
    return Optional.ofNullable(environment.get(variable))
        .filter(text -> !text.isBlank())
        .filter(text -> !isOfKubernetes(variable, text))
        .map(text -> Map.entry(variable, text));
  }

  /// Kubernetes describes every Service to every container: one named `galerne` as
  /// `GALERNE_PORT=tcp://10.0.0.1:8080`, `GALERNE_SERVICE_HOST` and so on. These are not settings.
  private static boolean isOfKubernetes(String variable, String text) {
    return (variable.endsWith("_PORT") && SERVICE_URL.matcher(text).matches())
        || SERVICE_VARIABLE.matcher(variable).matches();
  }

  /// Reports variables that look like settings although no command reads them, with suggestions.
  ///
  /// @param command the command with all of its subcommands
  List<String> unknown(CommandSpec command) {
    Set<String> known = known(command);
    return environment.entrySet().stream()
        .filter(entry -> !known.contains(entry.getKey()))
        .filter(entry -> entry.getKey().startsWith(PREFIX) || isMisspelt(entry.getKey(), known))
        .filter(entry -> !isOfKubernetes(entry.getKey(), entry.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .map(name ->
            "environment variable "
                + name
                + " is not a setting and is ignored"
                + similar(name, known)
                    .map(suggestion -> "; did you mean " + suggestion + "?")
                    .orElse(""))
        .toList();
  }

  /// Returns every variable that some command reads.
  static Set<String> known(CommandSpec command) {
    Set<String> known = new TreeSet<>(OTHER_VARIABLES);
    addVariables(command, known);
    return known;
  }

  private static void addVariables(CommandSpec command, Set<String> known) {
    if (command.defaultValueProvider() instanceof Reader reader) {
      command.options().stream()
          .filter(reader.reads())
          .map(EnvironmentDefaults::variable)
          .forEach(known::add);
    }
    command.subcommands().values().forEach(sub -> addVariables(sub.getCommandSpec(), known));
  }

  /// Returns whether the prefix itself is misspelt, as in `GALERN_PORT` or `galerne_port`.
  private static boolean isMisspelt(String name, Set<String> known) {
    String upper = name.toUpperCase(Locale.ROOT);
    int end = upper.indexOf('_') + 1;
    return Suggestion.of(upper.substring(0, end), Set.of(PREFIX)).isPresent()
        && known.contains(PREFIX + upper.substring(end));
  }

  /// Compares names without the prefix, which would make all of them similar.
  private static Optional<String> similar(String name, Set<String> known) {
    Set<String> words =
        known.stream().map(it -> it.substring(PREFIX.length())).collect(Collectors.toSet());
    String word = name.substring(name.indexOf('_') + 1).toUpperCase(Locale.ROOT);
    return Suggestion.of(word, words).map(suggestion -> PREFIX + suggestion);
  }

  /// Reports an unknown log level; empty if the level is valid or not set.
  Optional<String> wrongLogLevel() {
    return Optional.ofNullable(environment.get(LOG_LEVEL))
        .map(String::strip)
        .filter(level -> !level.isEmpty() && !LOG_LEVELS.contains(level.toLowerCase(Locale.ROOT)))
        .map(level ->
            "environment variable "
                + LOG_LEVEL
                + ": '"
                + level
                + "' is not a level: use error, warn, info, debug or trace");
  }
}
