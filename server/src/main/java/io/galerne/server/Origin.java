package io.galerne.server;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A web origin as browsers send it in `Origin`: scheme, host and, unless it is the scheme's
/// default, port.
final class Origin {
  private static final Map<String, Integer> OWN_PORTS = Map.of("http", 80, "https", 443);
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]+]");

  private Origin() {}

  /// Checks that a page's origin can equal this text. `*` allows any page, `null` pages from files.
  ///
  /// @throws IllegalArgumentException if none can; the message gives the reason and the correct
  ///     form
  static void check(String origin) {
    if (origin.equals("*") || origin.equals("null")) {
      return;
    }
    if (origin.contains("*")) {
      throw refused(origin, "* stands for any origin, and only alone; list each origin");
    }
    URI uri = parse(origin);
    String scheme = uri.getScheme();
    String authority = uri.getRawAuthority();
    if (scheme == null || authority == null) {
      throw refused(origin, "it needs a scheme, as in https://runs.example.org");
    }
    if (uri.getRawUserInfo() != null || authority.indexOf('@') >= 0) {
      throw refused(origin, "it must not contain a user");
    }
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']');
    String host = hasPort ? authority.substring(0, colon) : authority;
    if (!HOST.matcher(host).matches()) {
      throw refused(origin, "its host must be a name in ASCII (punycode), or an address");
    }
    Optional<Integer> port =
        hasPort ? Optional.of(port(origin, authority, colon)) : Optional.empty();
    String exact =
        scheme.toLowerCase(Locale.ROOT)
            + "://"
            + host.toLowerCase(Locale.ROOT)
            + port.filter(number -> !number.equals(OWN_PORTS.get(scheme.toLowerCase(Locale.ROOT))))
                .map(number -> ":" + number)
                .orElse("");
    if (!exact.equals(origin)) {
      throw refused(origin, "browsers send " + exact);
    }
  }

  private static URI parse(String origin) {
    try {
      return new URI(origin);
    } catch (URISyntaxException e) {
      throw refused(origin, "it must be like https://runs.example.org");
    }
  }

  private static int port(String origin, String authority, int colon) {
    try {
      int port = Integer.parseInt(authority.substring(colon + 1));
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw refused(origin, "its port must be from 1 to 65535");
  }

  private static IllegalArgumentException refused(String origin, String why) {
    return new IllegalArgumentException(
        "`corsOrigins`: '" + origin + "' can never match a page's origin: " + why);
  }
}
