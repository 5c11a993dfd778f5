package io.galerne.cli.events;

import io.galerne.cli.Examples;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which server to talk to, and as whom.
@SuppressWarnings("NullAway.Init") // picocli sets what has a default
final class ServerOptions {
  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = Examples.SERVER,
      description = {"Where the server is.", "GALERNE_URL; default: ${DEFAULT-VALUE}"})
  String url;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description = {
        "An API key. Better in the environment, where nobody else sees it.",
        "MISTRAL_API_KEY; default: none"
      })
  @Nullable String apiKey;
}
