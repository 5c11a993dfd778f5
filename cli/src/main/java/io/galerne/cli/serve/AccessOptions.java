package io.galerne.cli.serve;

import io.galerne.server.ServerConfig;
import io.galerne.server.ServerConfig.Tls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The keys, the certificate and the web pages of clients.
@SuppressWarnings("NullAway.Init") // picocli sets every one
final class AccessOptions {
  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description = {
        "File of API keys, created by 'galerne keys add'; changes take effect within two seconds."
            + " Without one, anyone on this machine can read and publish.",
        "GALERNE_KEYS; default: none"
      })
  private Optional<Path> keys;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = {
        "Certificate chain for HTTPS, as PEM; needs --tls-key.",
        "GALERNE_TLS_CERT; default: none"
      })
  private Optional<Path> tlsCert;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = {"Its private key, as PEM (PKCS#8).", "GALERNE_TLS_KEY; default: none"})
  private Optional<Path> tlsKey;

  @Option(
      names = "--cors-origin",
      paramLabel = "ORIGIN",
      split = ",",
      hideParamSyntax = true,
      description = {
        "Web origin whose pages may use the server, such as https://runs.example.org; * for any."
            + " May be repeated, or list several with commas.",
        "GALERNE_CORS_ORIGIN; default: none"
      })
  private List<String> corsOrigins = List.of();

  @Option(
      names = "--console",
      arity = "1",
      paramLabel = "on|off",
      converter = OnOffConverter.class,
      defaultValue = "on",
      description = {
        "Whether / serves the console, a page on which people watch runs.",
        "GALERNE_CONSOLE; default: ${DEFAULT-VALUE}"
      })
  private boolean console;

  /// @throws IllegalArgumentException if a certificate lacks its key, or a key its certificate
  void applyTo(ServerConfig.Builder config) {
    config.keys(keys).tls(tls()).corsOrigins(corsOrigins).console(console);
  }

  private Optional<Tls> tls() {
    if (tlsCert.isPresent() != tlsKey.isPresent()) {
      throw new IllegalArgumentException(
          "--tls-cert and --tls-key go together: give both, or neither");
    }
    return tlsCert.flatMap(cert -> tlsKey.map(key -> new Tls(cert, key)));
  }
}
