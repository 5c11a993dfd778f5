package io.galerne.server.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which pages may read the server's answers.
final class Cors {
  private static final String EXPOSED =
      "Galerne-Oldest-Sequence, Galerne-Head-Sequence, Galerne-Log-Id, X-Request-Id, Retry-After";

  private static final Pattern HEADER_NAMES =
      Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,2000}");

  /// What a page may send if its browser does not ask for anything in particular.
  private static final String USUAL_HEADERS =
      "authorization, cache-control, content-type, last-event-id, x-request-id";

  private final List<String> origins;

  /// @param origins such as `https://runs.example.org`; `*` for any
  Cors(List<String> origins) {
    this.origins = origins;
  }

  /// The page's origin, if it may read the answer.
  private Optional<String> allowed(HttpHeaders request) {
    @Nullable String origin = request.get("origin");
    return Optional.ofNullable(origin)
        .filter(page -> origins.contains("*") || origins.contains(page));
  }

  /// Adds to a response what the page's browser asks for.
  void apply(HttpHeaders request, HttpHeaders response) {
    if (origins.isEmpty()) {
      return;
    }
    response.add("vary", "origin");
    allowed(request)
        .ifPresent(origin ->
            response
                .set("access-control-allow-origin", origin)
                .set("access-control-expose-headers", EXPOSED));
  }

  /// The headers that answer a browser that asks before it sends; empty if this is no such request.
  Optional<Map<String, String>> preflight(HttpHeaders request) {
    if (origins.isEmpty() || !request.contains("access-control-request-method")) {
      return Optional.empty();
    }
    return Optional.of(
        allowed(request).isEmpty()
            ? Map.of()
            : Map.of(
                "access-control-allow-methods",
                "GET, HEAD, POST",
                "access-control-allow-headers",
                // whatever the page sends: nothing but the key in it gives a right
                wanted(request),
                "access-control-max-age",
                "86400"));
  }

  private static String wanted(HttpHeaders request) {
    String names = request.get("access-control-request-headers", "");
    return HEADER_NAMES.matcher(names).matches() ? names : USUAL_HEADERS;
  }
}
