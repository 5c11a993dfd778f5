package io.galerne.client.internal.http;

import java.net.URI;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Redacts URLs for messages: removes user info and the values of parameters that look like
/// secrets.
public final class SafeUrl {
  /// Parts of parameter names whose values are secret.
  private static final String SECRET_NAMES =
      ".*(key|token|secret|password|passwd|auth|credential|signature|cookie|session).*|sig|jwt";

  private SafeUrl() {}

  public static String of(URI url) {
    StringBuilder text = new StringBuilder();
    text.append(url.getScheme()).append("://").append(url.getHost());
    if (url.getPort() >= 0) {
      text.append(':').append(url.getPort());
    }
    text.append(url.getRawPath() == null ? "" : url.getRawPath());
    if (url.getRawQuery() != null) {
      text.append('?').append(query(url.getRawQuery()));
    }
    return text.toString();
  }

  private static String query(String query) {
    return Stream.of(query.split("&", -1)).map(SafeUrl::parameter).collect(Collectors.joining("&"));
  }

  private static String parameter(String parameter) {
    int equals = parameter.indexOf('=');
    String name = equals < 0 ? parameter : parameter.substring(0, equals);
    boolean secret = name.toLowerCase(Locale.ROOT).matches(SECRET_NAMES);
    return secret && equals >= 0 ? name + "=***" : parameter;
  }
}
