package io.galerne.cli.events;

import io.galerne.cli.Examples;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The server to talk to, and the key for it.
@SuppressWarnings("NullAway.Init") // picocli sets what has a default
public final class ServerOptions {
  private static final String MISTRAL_KEY_VARIABLE = "MISTRAL_API_KEY";

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = Examples.SERVER,
      description = {"URL of the server.", "GALERNE_URL; default: ${DEFAULT-VALUE}"})
  String url;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description = {
        "The API key. Other users of this machine cannot see it if you set the variable instead."
            + " Without it, MISTRAL_API_KEY is used if the server is Mistral's own.",
        "GALERNE_API_KEY; default: none"
      })
  @Nullable String apiKey;

  @Option(
      names = "--ca-cert",
      paramLabel = "FILE",
      description = {
        "Certificates of the authorities to trust, as PEM, instead of those that Java trusts: for a"
            + " server whose certificate is signed by an authority of your own.",
        "GALERNE_CA_CERT; default: none"
      })
  @Nullable Path caCert;

  @Option(
      names = "--insecure-http",
      description = {
        "Send the key over http:// to other machines too. Anyone on the network path can read it."
      })
  boolean insecureHttp;

  /// Returns the server's URL as given.
  public String url() {
    return url;
  }

  /// Returns the key to send; null for none.
  ///
  /// @throws IllegalArgumentException if the key would leave this machine unencrypted
  @Nullable String key(Map<String, String> environment) {
    URI server = URI.create(url);
    String key = apiKey != null ? apiKey : mistralKey(server, environment);
    boolean readable = "http".equalsIgnoreCase(server.getScheme()) && !isThisMachine(server);
    if (key != null && readable && !insecureHttp) {
      throw new IllegalArgumentException(
          "--url "
              + url
              + " would send the API key unencrypted to another machine: give an https:// URL, or add"
              + " --insecure-http if anyone on the network may read the key");
    }
    return key;
  }

  /// Sends Mistral's key to Mistral only: any other server could abuse it there.
  private static @Nullable String mistralKey(URI server, Map<String, String> environment) {
    String key = environment.get(MISTRAL_KEY_VARIABLE);
    return key == null || key.isBlank() || !isMistral(server) ? null : key;
  }

  /// Returns whether `MISTRAL_API_KEY` is set but not meant for this server.
  boolean leavesMistralKeyOut(Map<String, String> environment) {
    return apiKey == null
        && environment.containsKey(MISTRAL_KEY_VARIABLE)
        && !isMistral(URI.create(url));
  }

  private static boolean isMistral(URI server) {
    String host = host(server);
    return "https".equalsIgnoreCase(server.getScheme())
        && (host.equals("mistral.ai") || host.endsWith(".mistral.ai"));
  }

  /// Returns whether the name or address is this machine's, without asking name servers.
  private static boolean isThisMachine(URI server) {
    String host = host(server);
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }

  private static String host(URI server) {
    return server.getHost() == null ? "" : server.getHost().toLowerCase(Locale.ROOT);
  }
}
