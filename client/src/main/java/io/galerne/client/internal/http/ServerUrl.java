package io.galerne.client.internal.http;

import java.net.URI;

/// Checks the URL of a server.
public final class ServerUrl {
  private ServerUrl() {}

  /// The URL without a slash at its end.
  ///
  /// @throws IllegalArgumentException if it is none, or has a part that it must not have
  public static URI of(String text) {
    URI url = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    boolean usable =
        ("http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()))
            && url.getHost() != null
            && url.getRawQuery() == null
            && url.getRawFragment() == null
            && url.getRawUserInfo() == null;
    if (!usable) {
      throw new IllegalArgumentException(
          "The server URL must be as https://host:port/path, without user, query or fragment");
    }
    return url;
  }
}
