package io.galerne.cli.serve;

import io.galerne.cli.CountConverter;
import io.galerne.server.ServerConfig;
import picocli.CommandLine.Option;

/// The address that the server listens on.
@SuppressWarnings("NullAway.Init") // picocli sets every one
final class ListenOptions {
  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = ServerConfig.DEFAULT_HOST,
      description = {
        "Address to listen on. Other machines can only connect if you also give --keys.",
        "GALERNE_HOST; default: ${DEFAULT-VALUE}"
      })
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      converter = CountConverter.class,
      defaultValue = "" + ServerConfig.DEFAULT_PORT,
      description = {
        "Port to listen on; 0 picks a free one.",
        "GALERNE_PORT; default: ${DEFAULT-VALUE}"
      })
  private int port;

  void applyTo(ServerConfig.Builder config) {
    config.host(host).port(port);
  }
}
