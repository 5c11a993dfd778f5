package io.galerne.server.worker;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The Temporal server that this server tells workers to use.
///
/// @param address `HOST:PORT`, with an IPv6 address in brackets
/// @param namespace Temporal's namespace, unrelated to the namespaces of keys
/// @param tls whether connections to it are encrypted
public record Temporal(String address, String namespace, boolean tls) {
  public static final String DEFAULT_NAMESPACE = "default";

  private static final Pattern ADDRESS =
      Pattern.compile("(?:[^\\s/:@\\[\\]]+|\\[[0-9A-Fa-f:.]+]):([0-9]{1,5})");

  private static final int HIGHEST_PORT = 65535;

  /// @throws IllegalArgumentException if the address is not `HOST:PORT`, or the namespace is empty
  public Temporal {
    Matcher parts = ADDRESS.matcher(address);
    int port = parts.matches() ? Integer.parseInt(parts.group(1)) : 0;
    if (port < 1 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException(
          "`temporal.address` must be HOST:PORT, such as 127.0.0.1:7233, not '" + address + "'");
    }
    if (namespace.isBlank()) {
      throw new IllegalArgumentException(
          "`temporal.namespace` must not be empty; Temporal's own default is " + DEFAULT_NAMESPACE);
    }
  }
}
