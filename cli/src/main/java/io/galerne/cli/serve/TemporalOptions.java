package io.galerne.cli.serve;

import io.galerne.server.ServerConfig;
import io.galerne.server.worker.Temporal;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The Temporal server that workers learn from this server.
@SuppressWarnings("NullAway.Init") // picocli sets every one
final class TemporalOptions {
  @Option(
      names = "--temporal",
      paramLabel = "HOST:PORT",
      description = {
        "Address at which workers reach Temporal. Without it, set it on each worker.",
        "GALERNE_TEMPORAL; default: none"
      })
  private Optional<String> address;

  @Option(
      names = "--temporal-namespace",
      paramLabel = "NAME",
      defaultValue = Temporal.DEFAULT_NAMESPACE,
      description = {
        "Namespace on Temporal that workers use.",
        "GALERNE_TEMPORAL_NAMESPACE; default: ${DEFAULT-VALUE}"
      })
  private String namespace;

  @Option(
      names = "--temporal-tls",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      defaultValue = "false",
      description = {
        "Workers connect to Temporal with TLS.",
        "GALERNE_TEMPORAL_TLS; default: ${DEFAULT-VALUE}"
      })
  private boolean tls;

  /// @throws IllegalArgumentException if there are settings but no address
  void applyTo(ServerConfig.Builder config) {
    config.temporal(server());
  }

  private Optional<Temporal> server() {
    if (address.isEmpty() && (tls || !namespace.equals(Temporal.DEFAULT_NAMESPACE))) {
      throw new IllegalArgumentException(
          (tls ? "--temporal-tls" : "--temporal-namespace")
              + " is for a Temporal server: give --temporal HOST:PORT too, or neither");
    }
    return address.map(it -> new Temporal(it, namespace, tls));
  }
}
