package io.galerne.client.internal.http;

import java.net.URI;

/// Validates the URL of a server.
public final class ServerUrl {
  private ServerUrl() {}

  /// Returns the URL without a trailing slash.
  ///
  /// @throws IllegalArgumentException if it is not a URL, or has a part that is not allowed
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
