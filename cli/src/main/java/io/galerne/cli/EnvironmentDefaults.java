package io.galerne.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Takes what the command line leaves out from the environment: `--retention-age` from
/// `GALERNE_RETENTION_AGE`, and `--api-key` from the variable that all clients of the API know. A
/// variable that is empty counts as missing.
final class EnvironmentDefaults implements IDefaultValueProvider {
  private final Map<String, String> environment;

  EnvironmentDefaults(Map<String, String> environment) {
    this.environment = environment;
  }

  /// The variable for an option.
  static String variable(OptionSpec option) {
    String name = option.longestName().substring("--".length());
    if (name.equals("api-key")) {
      return "MISTRAL_API_KEY";
    }
    return "GALERNE_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /// The same for these options; every other is left alone.
  IDefaultValueProvider only(Set<String> names) {
    return arg ->
        arg instanceof OptionSpec option && names.contains(option.longestName())
            ? defaultValue(option)
            : null;
  }

  /// What the environment holds for an option.
  Optional<String> value(OptionSpec option) {
    return Optional.ofNullable(environment.get(variable(option))).filter(text -> !text.isBlank());
  }

  @Override
  public @Nullable String defaultValue(ArgSpec arg) {
    return arg instanceof OptionSpec option && !option.usageHelp()
        ? value(option).orElse(null)
        : null;
  }
}
